with
    source as (select * from {{ source("raw", "area_members") }}),

    renamed as (
        select
            -- ids
            group_area,
            member_area,

            -- texts
            seed_file,

            -- numbers
            seed_line
        from source
    )

select *
from renamed
