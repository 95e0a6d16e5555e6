with
    source as (
        select *
        from {{ source("raw", "assessments") }}
        where source_id in (select source_id from {{ ref("stg_sources") }})
    ),

    renamed as (
        select
            -- ids
            source_id,
            assessment_id,
            domain_id,
            ref_area,
            {{ known_initiative("initiative_id") }} as initiative_id,
            answers,

            -- texts
            assessment_type,
            title_zh,
            title_en,
            said_by,
            locator,
            comment,
            seed_file,

            -- numbers
            seed_line,

            -- dates
            as_of
        from source
    )

select *
from renamed
