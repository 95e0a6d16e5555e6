with
    source as (select * from {{ source("raw", "exclusions") }}),

    renamed as (
        select
            -- ids
            source_id,
            locator,
            token,

            -- texts
            reason,
            comment,
            seed_file,

            -- numbers
            seed_line
        from source
    )

select *
from renamed
