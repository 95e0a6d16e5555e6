{#- No figure may change on the way. -#}
{{
    config(
        meta={
            "description": "基数与实际值与数值表一致，且属同一序列 · base and actual are figures of fct_observation, of one series",
            "dagster": {"ref": {"name": "commitment_progress"}},
        }
    )
}}
select
    p.commitment_id,
    p.version,
    p.base_observation_id,
    p.base,
    f.obs_value as base_stated,
    p.actual_observation_id,
    p.actual,
    t.obs_value as actual_stated
from {{ ref("commitment_progress") }} as p
left join {{ ref("fct_observation") }} as f on f.observation_id = p.base_observation_id
left join {{ ref("fct_observation") }} as t on t.observation_id = p.actual_observation_id
where
    (p.base_observation_id is not null and p.base is distinct from f.obs_value)
    or (p.actual_observation_id is not null and p.actual is distinct from t.obs_value)
    or f.series_id <> t.series_id
