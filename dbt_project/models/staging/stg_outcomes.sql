with
    source as (
        select *
        from {{ source("raw", "outcomes") }}
        where source_id in (select source_id from {{ ref("stg_sources") }})
    ),

    renamed as (
        select
            -- ids
            source_id,
            outcome_id,
            commitment_id,
            event_id,
            observation_id,

            -- texts
            outcome_type,
            locator,
            title_zh,
            title_en,
            comment,
            seed_file,

            -- numbers
            version,
            seed_line,

            -- dates
            date_start,
            date_end
        from source
    )

select *
from renamed
