{#- What is basically built no longer reads trial operation. -#}
{{
    config(
        meta={
            "description": "最新状态不落后于日期确在其后的事件 · the last status is not behind an event that surely followed it",
            "dagster": {"ref": {"name": "initiative_status"}},
        }
    )
}}
select b.initiative_id, b.status, b.date_by, o.status as followed_by, o.date_from
from {{ ref("initiative_status") }} as b
join {{ ref("initiative_status") }} as o on o.initiative_id = b.initiative_id
where b.is_latest and o.basis = 'EVENT' and o.date_from > b.date_by
