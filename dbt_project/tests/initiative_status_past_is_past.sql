{#- Where the days settle the order, they do. -#}
{{
    config(
        meta={
            "description": "确在其前者不为最新 · what another surely follows is not the last",
            "dagster": {"ref": {"name": "initiative_status"}},
        }
    )
}}
select b.statement_id, b.date_by, max(o.date_from) as followed_on, b.may_be_latest, b.is_latest
from {{ ref("initiative_status") }} as b
join {{ ref("initiative_status") }} as o on o.initiative_id = b.initiative_id
group by b.statement_id, b.date_by, b.may_be_latest, b.is_latest
having
    coalesce(max(o.date_from) > b.date_by, false) = b.may_be_latest or (b.is_latest and not b.may_be_latest)
