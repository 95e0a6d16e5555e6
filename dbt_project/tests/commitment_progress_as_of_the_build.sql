{#- One build, one day. -#}
{{
    config(
        meta={
            "description": "参照日即统计时点 · the status refers to the day of the build",
            "dagster": {"ref": {"name": "commitment_progress"}},
        }
    )
}}
select p.commitment_id, p.as_of_date, b.as_of_date as build_day
from {{ ref("commitment_progress") }} as p
cross join {{ ref("build_info") }} as b
where p.as_of_date is distinct from b.as_of_date
