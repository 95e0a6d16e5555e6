with
    source as (
        select *
        from {{ source("raw", "record_part") }}
        where source_id in (select source_id from {{ ref("stg_sources") }})
    ),

    renamed as (
        select
            -- ids
            source_id,
            'record:' || key as locator,

            -- texts
            figure,
            reach,

            -- numbers
            part,
            sign
        from source
    )

select *
from renamed
