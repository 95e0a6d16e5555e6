with
    claims as (select * from {{ ref("int_claim") }}),
    witnesses as (select * from {{ ref("int_claim_witness") }}),
    readings as (select * from {{ ref("int_claim_reading") }}),

    -- A multiple or growth since a starting point without a date: each implies it, as an interval.
    undated as (
        select
            claims.claim_id,
            claims.source_id,
            claims.indicator_id,
            claims.ref_area,
            claims.breakdown,
            claims.date_published,
            claims.time_period_end,
            claims.value_text,
            claims.base_text,
            coalesce(claims.price_basis, claims.level_price_basis, 'CURRENT') as price_basis,
            claims.evidence,
            witnesses.level_observation_id,
            witnesses.level_evidence
        from claims
        join witnesses on witnesses.claim_id = claims.claim_id
        where
            claims.claim_test = 'BASE'
            and claims.comparison = 'SINCE_BASE'
            and witnesses.base_end is null
            and not witnesses.is_level_estimate
    ),

    with_evidence as (
        select *, {{ weaker_evidence("evidence", "level_evidence") }} as base_evidence from undated
    ),

    -- The earlier claim first; of one day the order of names, which decides nothing here.
    paired as (
        select
            one.claim_id as earlier_claim_id,
            other.claim_id as later_claim_id,
            one.source_id as earlier_source_id,
            other.source_id as later_source_id,
            one.indicator_id,
            one.ref_area,
            one.breakdown,
            one.value_text as earlier_text,
            other.value_text as later_text,
            one.base_text as earlier_base_text,
            other.base_text as later_base_text,
            one.level_observation_id as earlier_observation_id,
            other.level_observation_id as later_observation_id,
            case when one.base_text = other.base_text then 'SAME_WORDS' else 'OTHER_WORDS' end as base_match,
            one.base_evidence as earlier_evidence,
            other.base_evidence as later_evidence
        from with_evidence as one
        join
            with_evidence as other
            on other.indicator_id = one.indicator_id
            and other.ref_area = one.ref_area
            and other.breakdown = one.breakdown
            and other.price_basis = one.price_basis
        where
            (one.time_period_end, one.date_published, one.claim_id)
            < (other.time_period_end, other.date_published, other.claim_id)
    ),

    with_bases as (
        select
            paired.*,
            earlier.reading,
            earlier.level_unit as unit_measure,
            earlier.level_unit = later.level_unit as is_same_unit,
            {% for side in ["earlier", "later"] -%}
                {{ side }}.implied_base as {{ side }}_base,
                {{ side }}.implied_base_low as {{ side }}_lower_bound,
                {{ side }}.implied_base_low_closed as {{ side }}_lower_closed,
                {{ side }}.implied_base_high as {{ side }}_upper_bound,
                {{ side }}.implied_base_high_closed as {{ side }}_upper_closed
                {{- "," if not loop.last }}
            {% endfor %}
        from paired
        join readings as earlier on earlier.claim_id = paired.earlier_claim_id
        join readings as later on later.claim_id = paired.later_claim_id and later.reading = earlier.reading
    ),

    with_type as (
        select
            *,
            case
                when
                    not coalesce(is_same_unit, false)
                    or (earlier_lower_bound is null and earlier_upper_bound is null)
                    or (later_lower_bound is null and later_upper_bound is null)
                then 'UNKNOWN'
                when {{ lies_below("earlier", "later") }} or {{ lies_below("later", "earlier") }}
                then 'CONTRADICTS'
                else 'AGREES'
            end as agreement_type
        from with_bases
    ),

    by_policy as (select * from with_type where reading = 'POLICY'),

    as_stated as (select * from with_type where reading = 'STATED'),

    -- Two units of one thing are not compared here: the words name no date, and nothing else ties them.
    agreements as (
        select
            by_policy.*,
            as_stated.agreement_type as agreement_type_stated,
            by_policy.agreement_type <> as_stated.agreement_type as agreement_type_needs_policy,
            {{ weaker_evidence("by_policy.earlier_evidence", "by_policy.later_evidence") }} as evidence,
            by_policy.earlier_evidence <> by_policy.later_evidence as evidence_mixed,
            {{
                reason_codes(
                    {
                        "BASE_IN_OTHER_WORDS": "by_policy.base_match = 'OTHER_WORDS'",
                        "NO_IMPLIED_BASE": "by_policy.agreement_type = 'UNKNOWN'",
                    }
                )
            }} as reason
        from by_policy
        join
            as_stated
            on as_stated.earlier_claim_id = by_policy.earlier_claim_id
            and as_stated.later_claim_id = by_policy.later_claim_id
    )

select
    earlier_claim_id,
    later_claim_id,
    earlier_source_id,
    later_source_id,
    indicator_id,
    ref_area,
    breakdown,
    unit_measure,
    earlier_observation_id,
    earlier_text,
    earlier_base_text,
    earlier_base,
    earlier_lower_bound as earlier_base_low,
    earlier_lower_closed as earlier_base_low_closed,
    earlier_upper_bound as earlier_base_high,
    earlier_upper_closed as earlier_base_high_closed,
    later_observation_id,
    later_text,
    later_base_text,
    later_base,
    later_lower_bound as later_base_low,
    later_lower_closed as later_base_low_closed,
    later_upper_bound as later_base_high,
    later_upper_closed as later_base_high_closed,
    base_match,
    agreement_type,
    agreement_type_stated,
    agreement_type_needs_policy,
    reason,
    evidence,
    evidence_mixed
from agreements
