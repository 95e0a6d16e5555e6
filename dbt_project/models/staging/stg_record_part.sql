with
    source as (select * from {{ source("raw", "record_part") }}),

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
