{#- No date may change on the way. -#}
{{
    config(
        meta={
            "description": "最新日期与进展表一致 · the latest date is that of integration_progress",
            "dagster": {"ref": {"name": "data_freshness"}},
        }
    )
}}
select f.indicator_id, f.latest_date, max(p.latest_date) as latest_in_progress
from {{ ref("data_freshness") }} as f
left join {{ ref("integration_progress") }} as p on p.indicator_id = f.indicator_id
group by f.indicator_id, f.latest_date
having f.latest_date is distinct from max(p.latest_date)
