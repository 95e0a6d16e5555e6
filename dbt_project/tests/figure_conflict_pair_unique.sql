{#- A repeated pair counts twice. -#}
{{
    config(
        meta={
            "description": "每两个数值只比较一次 · each pair of figures is compared once",
            "dagster": {"ref": {"name": "figure_conflict"}},
        }
    )
}}
select
    least(earlier_observation_id, later_observation_id) as one_observation_id,
    greatest(earlier_observation_id, later_observation_id) as other_observation_id
from {{ ref("figure_conflict") }}
group by 1, 2
having count(*) > 1
