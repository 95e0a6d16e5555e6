{#- Reviewed is not adopted, started is not built. -#}
{{
    config(
        meta={
            "description": "以事件兑现者，事件已完成 · an event that fulfils a promise is done",
            "dagster": {"ref": {"name": "commitment_outcome"}},
        }
    )
}}
select o.commitment_id, o.version, o.event_id, e.status, o.source_id, o.locator
from {{ ref("commitment_outcome") }} as o
join {{ ref("fct_event") }} as e on e.event_id = o.event_id
where
    o.outcome_type = 'FULFILS'
    and e.status in (
        'PROPOSED',
        'PREPARATION',
        'SITE_SELECTED',
        'DRAFTED',
        'REVIEWED',
        'SUBMITTED',
        'UNDER_WAY',
        'CONSTRUCTION_STARTED',
        'UNDER_CONSTRUCTION',
        'FINISHING',
        'RESUMED',
        'TRIAL_OPERATION'
    )
