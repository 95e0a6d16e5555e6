with
    source as (select * from {{ source("raw", "breaks") }}),

    renamed as (
        select
            -- ids
            indicator_id,
            ref_area,

            -- texts
            coalesce(comparability, 'BROKEN') as comparability,
            reason,
            seed_file,

            -- numbers
            seed_line,

            -- dates
            break_date
        from source
    )

select *
from renamed
