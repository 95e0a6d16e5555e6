with
    source as (
        select *
        from {{ source("raw", "commitments") }}
        where source_id in (select source_id from {{ ref("stg_sources") }})
    ),

    renamed as (
        select
            -- ids
            source_id,
            commitment_id,
            version,
            indicator_id,
            {{ known_initiative("initiative_id") }} as initiative_id,
            domain_id,
            ref_area,
            unit_measure,
            base_observation_id,
            supersedes,
            restates,

            -- texts
            title_zh,
            title_en,
            commitment_type,
            modality,
            value_text,
            value_qualifier,
            accounting,
            authority,
            said_by,
            responsible,
            locator,
            comment,
            seed_file,

            -- numbers
            target_value,
            lower_bound,
            lower_closed,
            upper_bound,
            upper_closed,
            seed_line,

            -- dates
            date_announced,
            date_precision,
            period_start,
            due_date
        from source
    )

select *
from renamed
