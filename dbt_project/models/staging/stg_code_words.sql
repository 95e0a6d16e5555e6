with
    source as (select * from {{ source("raw", "code_words") }}),

    renamed as (
        select
            -- ids
            code_list,
            code,
            word,

            -- texts
            seed_file,

            -- numbers
            seed_line,

            -- flags
            says,
            allows
        from source
    )

select *
from renamed
