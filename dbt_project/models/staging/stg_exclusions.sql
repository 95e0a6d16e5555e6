with
    source as (
        select *
        from {{ source("raw", "exclusions") }}
        where source_id in (select source_id from {{ ref("stg_sources") }})
    ),

    renamed as (
        select
            -- ids
            source_id,
            locator,
            token,

            -- texts
            reason,
            comment,
            seed_file,

            -- numbers
            seed_line
        from source
    )

select *
from renamed
