with
    source as (
        select *
        from {{ source("raw", "claims") }}
        where source_id in (select source_id from {{ ref("stg_sources") }})
    ),

    renamed as (
        select
            -- ids
            source_id,
            claim_id,
            indicator_id,
            ref_area,
            observation_id,
            {{ known_initiative("initiative_id") }} as initiative_id,
            whole_indicator_id,
            whole_ref_area,
            whole_commitment_id,

            -- texts
            breakdown,
            claim_type,
            value_text,
            value_qualifier,
            base_text,
            comparison,
            price_basis,
            locator,
            comment,
            seed_file,

            -- numbers
            factor,
            lower_bound,
            lower_closed,
            upper_bound,
            upper_closed,
            seed_line,

            -- dates
            time_period_start,
            time_period_end,
            base_period_start,
            base_period_end
        from source
    )

select *
from renamed
