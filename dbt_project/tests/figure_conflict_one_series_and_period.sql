{#- Different things do not contradict each other. -#}
{{
    config(
        meta={
            "description": "两数属同一序列同一期 · both figures belong to the series and period",
            "dagster": {"ref": {"name": "figure_conflict"}},
        }
    )
}}
select c.series_id, c.time_period_end, c.earlier_observation_id, c.later_observation_id
from {{ ref("figure_conflict") }} as c
left join {{ ref("fct_observation") }} as e on e.observation_id = c.earlier_observation_id
left join {{ ref("fct_observation") }} as l on l.observation_id = c.later_observation_id
where
    e.series_id is distinct from c.series_id
    or l.series_id is distinct from c.series_id
    or e.time_period_end is distinct from c.time_period_end
    or l.time_period_end is distinct from c.time_period_end
