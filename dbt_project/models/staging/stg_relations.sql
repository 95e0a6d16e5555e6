with
    -- Of two figures that were both published by the as-of day.
    source as (
        select relations.*
        from {{ source("raw", "relations") }} as relations
        where
            relations.subject_id in (select observation_id from {{ ref("stg_observations") }})
            and relations.object_id in (select observation_id from {{ ref("stg_observations") }})
    ),

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
