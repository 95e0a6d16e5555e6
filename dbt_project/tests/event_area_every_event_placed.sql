{#- An event without an area is found nowhere. -#}
{{
    config(
        meta={
            "description": "每个事件都有地区 · every event has an area",
            "dagster": {"ref": {"name": "event_area"}},
        }
    )
}}
select e.event_id, e.source_id, e.locator, e.areas
from {{ ref("fct_event") }} as e
anti join {{ ref("event_area") }} as b using (event_id)
