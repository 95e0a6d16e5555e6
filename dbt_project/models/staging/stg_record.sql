with
    source as (
        select *
        from {{ source("raw", "record") }}
        where source_id in (select source_id from {{ ref("stg_sources") }})
    ),

    renamed as (
        select
            -- ids
            source_id,
            key as record_key,
            'record:' || key as locator,

            -- texts
            label,
            value_text,
            as_of,
            geo,
            cell_type,
            note,
            seed_file,

            -- numbers
            seed_line
        from source
    )

select *
from renamed
