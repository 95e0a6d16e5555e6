with
    source as (select * from {{ source("raw", "revisions") }}),

    renamed as (
        select
            -- ids
            row_id,
            column_name,

            -- texts
            old_value,
            new_value,
            reason,
            approved_by,
            seed_file,

            -- numbers
            seed_line,

            -- dates
            date_approved
        from source
    )

select *
from renamed
