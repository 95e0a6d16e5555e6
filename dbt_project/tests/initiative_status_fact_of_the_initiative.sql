{#- Only an initiative's own events and promises tell its status. -#}
{{
    config(
        meta={
            "description": "所据事件或承诺属于该项目 · the event or the promise that says so is one of the initiative",
            "dagster": {"ref": {"name": "initiative_status"}},
        }
    )
}}
select b.statement_id, b.basis, b.event_id, e.initiative_id, b.commitment, c.initiative_id as promised_of
from {{ ref("initiative_status") }} as b
left join {{ ref("fct_event") }} as e on e.event_id = b.event_id
left join {{ ref("fct_commitment") }} as c on concat_ws('@', c.commitment_id, c.version) = b.commitment
where
    (b.basis = 'EVENT') <> (b.event_id is not null)
    or (b.basis = 'PROMISE') <> (b.commitment is not null)
    or coalesce(e.initiative_id, c.initiative_id) is distinct from b.initiative_id
