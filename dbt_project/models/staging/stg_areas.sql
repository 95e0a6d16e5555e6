with
    source as (select * from {{ source("raw", "areas") }}),

    renamed as (
        select
            -- ids
            ref_area,
            parent_area,
            predecessor,

            -- texts
            name_zh,
            name_en,
            area_type,
            printed,
            seed_file,

            -- numbers
            seed_line,

            -- dates
            valid_from,
            valid_to
        from source
    )

select *
from renamed
