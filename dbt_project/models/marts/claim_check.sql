with
    claims as (select * from {{ ref("int_claim") }}),
    witnesses as (select * from {{ ref("int_claim_witness") }}),
    readings as (select * from {{ ref("int_claim_reading") }}),
    rankings as (select * from {{ ref("int_claim_ranking") }}),
    known_by as (select * from {{ ref("int_source_evidence") }}),

    by_policy as (select * from readings where reading = 'POLICY'),

    as_stated as (select * from readings where reading = 'STATED'),

    counted as (select * from rankings where reading = 'POLICY'),

    -- The witnesses' evidence: of a rank that of all members, of a plan that of its source.
    with_evidence as (
        select witnesses.*, coalesce(witnesses.compared_evidence, known_by.evidence) as other_evidence
        from witnesses
        left join known_by on known_by.source_id = witnesses.compared_source_id
    ),

    joined as (
        select
            claims.claim_id,
            claims.source_id,
            claims.indicator_id,
            claims.domain_id,
            claims.ref_area,
            claims.breakdown,
            claims.time_period_start,
            claims.time_period_end,
            claims.claim_type,
            claims.value_text,
            claims.factor,
            claims.comparison,
            claims.base_text,
            claims.whole_indicator_id,
            claims.whole_ref_area,
            claims.whole_commitment_id,
            claims.price_basis,
            claims.locator,
            claims.evidence as claim_evidence,
            with_evidence.claim_test,
            with_evidence.level_observation_id,
            with_evidence.level_evidence,
            with_evidence.compared_observation_id,
            with_evidence.compared_commitment_id,
            case
                when
                    with_evidence.compared_observation_id is not null
                    or with_evidence.compared_commitment_id is not null
                then with_evidence.other_evidence
            end as compared_evidence,
            with_evidence.base_period_basis,
            with_evidence.base_start,
            with_evidence.base_end,
            with_evidence.is_level_of_other_period,
            with_evidence.is_plan_there,
            with_evidence.is_plan_a_number,
            with_evidence.is_broken,
            with_evidence.is_estimate,
            with_evidence.is_other_definition,
            with_evidence.is_of_unknown_start,
            with_evidence.is_other_price,
            with_evidence.is_told_by_itself,
            with_evidence.is_revised_since,
            by_policy.is_own_witness,
            by_policy.is_ratio_scale,
            by_policy.expected,
            by_policy.expected_low,
            by_policy.expected_low_closed,
            by_policy.expected_high,
            by_policy.expected_high_closed,
            by_policy.level_unit,
            by_policy.level,
            by_policy.level_low,
            by_policy.level_low_closed,
            by_policy.level_high,
            by_policy.level_high_closed,
            by_policy.implied_base,
            by_policy.implied_base_low,
            by_policy.implied_base_low_closed,
            by_policy.implied_base_high,
            by_policy.implied_base_high_closed,
            by_policy.found,
            by_policy.found_low,
            by_policy.found_low_closed,
            by_policy.found_high,
            by_policy.found_high_closed,
            by_policy.verdict,
            as_stated.verdict as verdict_stated,
            counted.n_members,
            counted.n_with_figure,
            counted.is_member,
            counted.weakest as members_weakest,
            counted.strongest as members_strongest
        from claims
        join with_evidence on with_evidence.claim_id = claims.claim_id
        join by_policy on by_policy.claim_id = claims.claim_id
        join as_stated on as_stated.claim_id = claims.claim_id
        left join counted on counted.claim_id = claims.claim_id
    ),

    -- The weakest of what the row is made of.
    with_ranks as (
        select
            *,
            greatest(
                {{ evidence_rank("claim_evidence") }},
                coalesce({{ evidence_rank("level_evidence") }}, 0),
                coalesce({{ evidence_rank("compared_evidence") }}, 0),
                coalesce(members_weakest, 0)
            ) as weakest,
            least(
                {{ evidence_rank("claim_evidence") }},
                coalesce({{ evidence_rank("level_evidence") }}, 9),
                coalesce({{ evidence_rank("compared_evidence") }}, 9),
                coalesce(members_strongest, 9)
            ) as strongest
        from joined
    ),

    with_reason as (
        select
            *,
            {{ claim_reason() }} as reason,
            {{ evidence_of_rank("weakest") }} as evidence,
            weakest <> strongest as evidence_mixed
        from with_ranks
    )

select
    claim_id,
    source_id,
    indicator_id,
    domain_id,
    ref_area,
    breakdown,
    time_period_start,
    time_period_end,
    claim_type,
    value_text,
    factor,
    comparison,
    base_text,
    expected,
    expected_low,
    expected_low_closed,
    expected_high,
    expected_high_closed,
    level_observation_id,
    level,
    level_low as level_lower_bound,
    level_low_closed as level_lower_closed,
    level_high as level_upper_bound,
    level_high_closed as level_upper_closed,
    level_unit as unit_measure,
    implied_base,
    implied_base_low,
    implied_base_low_closed,
    implied_base_high,
    implied_base_high_closed,
    base_period_basis,
    base_start as base_period_start,
    base_end as base_period_end,
    claim_test,
    whole_indicator_id,
    whole_ref_area,
    whole_commitment_id,
    price_basis,
    compared_observation_id,
    compared_commitment_id,
    n_members,
    n_with_figure,
    found,
    found_low,
    found_low_closed,
    found_high,
    found_high_closed,
    verdict,
    verdict_stated,
    verdict <> verdict_stated as verdict_needs_policy,
    reason,
    evidence,
    evidence_mixed,
    locator
from with_reason
