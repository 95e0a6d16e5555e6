with
    source as (select * from {{ source("raw", "units") }}),

    renamed as (
        select
            -- ids
            unit_measure,
            base_unit,

            -- texts
            name_zh,
            name_en,
            dimension,
            unit_type,
            printed,
            seed_file,

            -- yes or no
            is_item_of_plan,

            -- numbers
            factor_num,
            factor_den,
            seed_line
        from source
    )

select *
from renamed
