{#- Tellings neither add nor lose an event. -#}
{{
    config(
        meta={
            "description": "每个事件有其首次记录，每次讲述有其事件 · each event has its first record, each report its event",
            "dagster": {"ref": {"name": "event_source"}},
        }
    )
}}
select coalesce(b.event_id, e.event_id) as event_id, b.told_as, e.source_id, e.locator
from {{ ref("event_source") }} as b
full join {{ ref("fct_event") }} as e on e.event_id = b.event_id
where b.event_id is null or e.event_id is null
union all
select e.event_id, null, e.source_id, e.locator
from {{ ref("fct_event") }} as e
where
    not exists (
        select 1
        from {{ ref("event_source") }} as b
        where
            b.event_id = e.event_id and b.source_id = e.source_id and b.locator is not distinct from e.locator
    )
