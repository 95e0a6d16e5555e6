{#- No figure may change on the way. -#}
{{
    config(
        meta={
            "description": "首末两端与数值表一致 · first and latest are figures of fct_observation",
            "dagster": {"ref": {"name": "integration_progress"}},
        }
    )
}}
select
    p.series_id,
    p.first_observation_id,
    p.first_value,
    f.obs_value as first_stated,
    p.latest_observation_id,
    p.latest_value,
    l.obs_value as latest_stated
from {{ ref("integration_progress") }} as p
left join {{ ref("fct_observation") }} as f on f.observation_id = p.first_observation_id
left join {{ ref("fct_observation") }} as l on l.observation_id = p.latest_observation_id
-- Of tellings that nobody can put in order none is the figure, and the reason says so.
where
    (
        f.observation_id is null
        and not coalesce(
            p.first_observation_id is null and ';' || p.reason || ';' like '%;TELLINGS_UNDECIDED;%', false
        )
    )
    or (
        l.observation_id is null
        and not coalesce(
            p.latest_observation_id is null and ';' || p.reason || ';' like '%;TELLINGS_UNDECIDED;%', false
        )
    )
    or p.first_value is distinct from f.obs_value
    or p.first_date <> f.time_period_end
    or p.latest_value is distinct from l.obs_value
    or p.latest_date <> l.time_period_end
    or (
        l.observation_id is not null
        and (
            p.latest_lower_bound is distinct from l.lower_bound
            or p.latest_upper_bound is distinct from l.upper_bound
        )
    )
