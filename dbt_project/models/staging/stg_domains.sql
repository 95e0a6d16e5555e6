with
    source as (select * from {{ source("raw", "domains") }}),

    renamed as (
        select
            -- ids
            domain_id,

            -- texts
            name_zh,
            name_en,
            seed_file,

            -- numbers
            is_keyword,
            sort_order,
            seed_line
        from source
    )

select *
from renamed
