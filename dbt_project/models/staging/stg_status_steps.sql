with
    source as (select * from {{ source("raw", "status_steps") }}),

    renamed as (
        select
            -- ids
            event_status,
            initiative_status,

            -- texts
            event_types,
            initiative_types,
            seed_file,

            -- numbers
            seed_line
        from source
    )

select *
from renamed
