with
    source as (select * from {{ source("raw", "areas") }}),

    renamed as (
        select
            -- ids
            ref_area,
            parent_area,

            -- texts
            name_zh,
            name_en,
            area_type,
            seed_file,

            -- numbers
            seed_line
        from source
    )

select *
from renamed
