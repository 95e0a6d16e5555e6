{#- A railway that has opened no longer reads construction started. -#}
{{
    config(
        meta={
            "description": "状态为最新的陈述 · the status is the last statement",
            "dagster": {"ref": {"name": "initiative_register"}},
        }
    )
}}
select r.initiative_id, r.status, r.status_basis, s.status as last, r.status_date, s.date_by
from {{ ref("initiative_register") }} as r
left join {{ ref("initiative_status") }} as s on s.initiative_id = r.initiative_id and s.is_latest
where
    r.status is distinct from coalesce(s.status, 'NOT_STATED')
    or r.status_date is distinct from s.date_by
    or r.status_basis is distinct from s.basis
    or r.status_source_id is distinct from s.source_id
    or r.status_event_id is distinct from s.event_id
