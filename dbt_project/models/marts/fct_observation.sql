{{ config(post_hook="{{ create_table_macro('observation_as_of', observations_known_on()) }}") }}

-- depends_on: {{ ref('build_info') }}
with observations as (select * from {{ ref("int_observation") }})

select
    observation_id,
    source_id,
    indicator_id,
    domain_id,
    ref_area,
    breakdown,
    stock_flow,
    series_id,
    time_period_start,
    time_period_end,
    time_text,
    as_of_basis,
    date_published,
    value_text,
    obs_value,
    unit_measure,
    value_qualifier,
    lower_bound,
    lower_closed,
    upper_bound,
    upper_closed,
    bound_basis,
    bound_rule,
    base_unit,
    base_value,
    base_lower_bound,
    base_upper_bound,
    locator,
    obs_status,
    initiative_id,
    comparability_note,
    comment,
    segment,
    next_break,
    realtime_start,
    realtime_end,
    is_current_vintage
from observations
