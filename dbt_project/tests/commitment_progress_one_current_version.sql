{#- Counts count promises, not versions. -#}
{{
    config(
        meta={
            "description": "每个承诺当日恰有一个现行版本 · of each promise one version holds",
            "dagster": {"ref": {"name": "commitment_progress"}},
        }
    )
}}
select promise_id, count(*) filter (where is_current_version) as n_current, count(*) as n_versions
from {{ ref("commitment_progress") }}
group by promise_id
having count(*) filter (where is_current_version) <> 1
