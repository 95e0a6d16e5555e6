with
    source as (select * from {{ source("raw", "build_changes") }}),

    renamed as (
        select
            -- ids
            row_id,
            source_id,
            compared_with,

            -- texts
            relation,
            column_name,
            column_was,
            change_type,
            old_value,
            new_value,
            obs_status,
            label,
            locator,
            seed_file,

            -- numbers
            seed_line
        from source
    )

select *
from renamed
