{#- A lost domain is lost progress. -#}
{{
    config(
        meta={
            "description": "有序列的领域都在 · every domain that has a series is there",
            "dagster": {"ref": {"name": "domain_scorecard"}},
        }
    )
}}
select p.domain_id, count(*) as n_series
from {{ ref("integration_progress") }} as p
left join {{ ref("domain_scorecard") }} as s on s.domain_id = p.domain_id
where s.domain_id is null
group by p.domain_id
