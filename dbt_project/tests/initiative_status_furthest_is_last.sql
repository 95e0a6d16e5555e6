{#- An undated statement takes nothing back. -#}
{{
    config(
        meta={
            "description": "可能最新者中，最新的走得最远 · of those that may be the last, the last is the furthest along",
            "dagster": {"ref": {"name": "initiative_status"}},
        }
    )
}}
select b.statement_id, b.status, b.stage, o.statement_id as further, o.stage as further_stage
from {{ ref("initiative_status") }} as b
join {{ ref("initiative_status") }} as o on o.initiative_id = b.initiative_id
where b.is_latest and o.may_be_latest and o.stage > b.stage
