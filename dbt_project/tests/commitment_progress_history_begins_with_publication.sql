{#- What nobody had read of is not there. -#}
{{
    config(
        meta={
            "description": "自公布之日起有状态 · the first state begins with the publication",
            "dagster": {"ref": {"name": "commitment_progress_history"}},
        }
    )
}}
select commitment_id, version, min(valid_from) as first_day, min(published_by) as published_by
from {{ ref("commitment_progress_history") }}
group by commitment_id, version
having min(valid_from) <> min(published_by)
