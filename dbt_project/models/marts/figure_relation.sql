with
    readings as (select * from {{ ref("int_relation_reading") }}),

    by_policy as (select * from readings where reading = 'POLICY'),

    as_stated as (select * from readings where reading = 'STATED'),

    joined as (
        select
            by_policy.*,
            as_stated.verdict as verdict_stated,
            by_policy.verdict is distinct from as_stated.verdict as verdict_needs_policy,
            {{ evidence_of_rank("by_policy.weakest") }} as evidence,
            by_policy.weakest <> by_policy.strongest as evidence_mixed
        from by_policy
        join
            as_stated
            on as_stated.relation_id = by_policy.relation_id
            and as_stated.relation_type = by_policy.relation_type
    ),

    with_reason as (
        select
            *,
            {{
                reason_codes(
                    {
                        "NO_FIGURE_OF_THE_PLAN": "relation_type = 'RATE_OF_PLAN' and subject_observation_id is null",
                        "PLAN_OF_OTHER_PERIOD": "relation_type = 'RATE_OF_PLAN' and not is_same_period",
                        "PERIODS_DIFFER": "relation_type <> 'RATE_OF_PLAN' and not is_same_period",
                        "UNITS_DIFFER": "relation_type <> 'GOES_WITH' and not is_same_unit",
                        "PART_WITHOUT_INTERVAL": "is_comparable and (subject_lower_bound is null or subject_upper_bound is null "
                        ~ "or object_lower_bound is null or object_upper_bound is null)",
                        "WHOLE_TOUCHES_ZERO": "is_comparable and divisor_lower_bound = 0",
                        "ENDS_DISAGREE": "verdict = 'POSSIBLE'",
                    }
                )
            }}
            as reason
        from joined
    )

select
    relation_id,
    relation_type,
    subject_observation_id,
    object_observation_id,
    object_commitment_id,
    rate_observation_id,
    n_parts,
    is_same_period,
    is_same_unit,
    subject_unit,
    subject_value,
    subject_lower_bound,
    subject_lower_closed,
    subject_upper_bound,
    subject_upper_closed,
    object_unit,
    object_value,
    object_lower_bound,
    object_lower_closed,
    object_upper_bound,
    object_upper_closed,
    ratio,
    ratio_low,
    ratio_low_closed,
    ratio_high,
    ratio_high_closed,
    verdict,
    verdict_stated,
    verdict_needs_policy,
    reason,
    evidence,
    evidence_mixed
from with_reason
