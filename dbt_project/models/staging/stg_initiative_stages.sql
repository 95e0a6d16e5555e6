with
    source as (select * from {{ source("raw", "initiative_stages") }}),

    renamed as (
        select
            -- ids
            initiative_status,

            -- texts
            seed_file,

            -- numbers
            stage,
            seed_line
        from source
    )

select *
from renamed
