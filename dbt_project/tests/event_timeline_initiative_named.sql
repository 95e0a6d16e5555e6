{#- Readers find the initiative from the event. -#}
{{
    config(
        meta={
            "description": "所属项目与事件表相同，中英文名与路径齐全 · the initiative is that of fct_event, with names and paths in both languages",
            "dagster": {"ref": {"name": "event_timeline"}},
        }
    )
}}
select
    t.event_id,
    t.source_id,
    t.locator,
    t.initiative_id,
    e.initiative_id as initiative_of_event,
    t.initiative_zh,
    t.initiative_en,
    t.initiative_path_zh,
    t.initiative_path_en
from {{ ref("event_timeline") }} as t
left join {{ ref("fct_event") }} as e on e.event_id = t.event_id
left join {{ ref("initiative_register") }} as r on r.initiative_id = t.initiative_id
where
    t.initiative_id is distinct from e.initiative_id
    or t.initiative_zh is distinct from r.name_zh
    or t.initiative_en is distinct from r.name_en
    or t.initiative_path_zh is distinct from r.path_zh
    or t.initiative_path_en is distinct from r.path_en
    or (t.initiative_id is not null and (r.path_zh is null or r.path_en is null))
