{#- A lost actor is found by nobody. -#}
{{
    config(
        meta={
            "description": "提及参与方的事件都有其参与方 · every event that names actors has them here",
            "dagster": {"ref": {"name": "event_actor"}},
        }
    )
}}
select e.event_id, e.source_id, e.locator, e.actors
from {{ ref("fct_event") }} as e
anti join {{ ref("event_actor") }} as b using (event_id)
where e.actors is not null
