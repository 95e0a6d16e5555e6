with
    changes as (select * from {{ ref("int_change") }} where pair_type = 'NEIGHBOURS'),

    with_signs as (
        select
            *,
            {{ sign_at_lower("change_low", "change_low_closed") }} as sign_low,
            {{ sign_at_upper("change_high", "change_high_closed") }} as sign_high
        from changes
    )

select
    series_id,
    indicator_id,
    domain_id,
    ref_area,
    breakdown,
    unit_measure,
    stock_flow,
    period_type,
    from_observation_id,
    to_observation_id,
    from_date,
    from_date_precision,
    to_date,
    to_date_precision,
    days,
    from_value,
    from_lower_bound,
    from_lower_closed,
    from_upper_bound,
    from_upper_closed,
    from_obs_status,
    to_value,
    to_lower_bound,
    to_lower_closed,
    to_upper_bound,
    to_upper_closed,
    to_obs_status,
    {% for measure in ["change", "multiple", "pct_change", "annual_rate"] -%}
        {{ measure }},
        {{ measure }}_low,
        {{ measure }}_low_closed,
        {{ measure }}_high,
        {{ measure }}_high_closed,
    {% endfor -%}
    case when sign_low = sign_high then cast(sign_low as bigint) end as change_sign,
    comparability,
    comparability_note,
    break_reason,
    reason,
    evidence,
    evidence_mixed,
    host_quality
from with_signs
order by indicator_id, ref_area, series_id, from_date, to_date, from_observation_id, to_observation_id
