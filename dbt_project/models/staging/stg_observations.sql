with
    source as (
        select *
        from {{ source("raw", "observations") }}
        where source_id in (select source_id from {{ ref("stg_sources") }})
    ),

    renamed as (
        select
            -- ids
            source_id,
            observation_id,
            indicator_id,
            ref_area,
            unit_measure,
            {{ known_initiative("initiative_id") }} as initiative_id,
            whole_commitment_id,
            repeats_observation_id,

            -- texts
            breakdown,
            time_text,
            as_of_basis,
            value_text,
            value_qualifier,
            locator,
            obs_status,
            comparability_note,
            differs_from,
            comment,
            seed_file,

            -- numbers
            obs_value,
            lower_bound,
            lower_closed,
            upper_bound,
            upper_closed,
            seed_line,

            -- dates
            time_period_start,
            time_period_end
        from source
    )

select *
from renamed
