with
    source as (
        select *
        from {{ source("raw", "events") }}
        where source_id in (select source_id from {{ ref("stg_sources") }})
    ),

    renamed as (
        select
            -- ids
            source_id,
            event_id,
            {{ known_initiative("initiative_id") }} as initiative_id,
            fulfils_commitment_id,
            same_event_id,
            domain_id,

            -- texts
            event_type,
            status,
            title_zh,
            title_en,
            date_precision,
            date_text,
            date_basis,
            areas,
            actors,
            locator,
            comment,
            seed_file,

            -- numbers
            seed_line,

            -- dates
            date_start,
            date_end
        from source
    )

select *
from renamed
