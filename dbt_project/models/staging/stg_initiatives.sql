with
    source as (
        select *
        from {{ source("raw", "initiatives") }}
        where source_id in (select source_id from {{ ref("stg_sources") }})
    ),

    renamed as (
        select
            -- ids
            source_id,
            initiative_id,
            {{ known_initiative("parent_initiative_id") }} as parent_initiative_id,
            domain_id,

            -- texts
            name_zh,
            name_en,
            initiative_type,
            parties,
            areas,
            locator,
            comment,
            seed_file,

            -- numbers
            seed_line
        from source
    )

select *
from renamed
