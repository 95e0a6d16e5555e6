with
    source as (select * from {{ source("raw", "code_lists") }}),

    renamed as (
        select
            -- ids
            code_list,
            code,

            -- texts
            name_zh,
            name_en,
            seed_file,

            -- numbers
            seed_line
        from source
    )

select *
from renamed
