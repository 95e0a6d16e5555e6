with
    source as (select * from {{ source("raw", "earlier_changes") }}),

    renamed as (
        select
            -- ids
            build_id,
            row_id,
            source_id,

            -- texts
            relation,
            column_name,
            change_type,
            old_value,
            new_value,
            label,
            locator,
            seed_file,
            verdict,
            approval_reason,
            approved_by,

            -- numbers
            seed_line,

            -- dates
            built_at,
            date_approved
        from source
    )

select *
from renamed
