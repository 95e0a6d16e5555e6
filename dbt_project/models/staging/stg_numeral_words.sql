with
    source as (select * from {{ source("raw", "numeral_words") }}),

    renamed as (
        select
            -- ids
            word,

            -- texts
            numeral_word_type,
            comment,
            seed_file,

            -- numbers
            seed_line
        from source
    )

select *
from renamed
