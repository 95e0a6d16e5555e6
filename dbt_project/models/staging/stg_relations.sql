with
    source as (select * from {{ source("raw", "relations") }}),

    renamed as (
        select
            -- ids
            relation_id,
            subject_id,
            object_id,

            -- texts
            relation_type,
            reason,
            seed_file,

            -- numbers
            seed_line
        from source
    )

select *
from renamed
