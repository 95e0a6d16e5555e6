{#- A lost series is lost progress. -#}
{{
    config(
        meta={
            "description": "每个有数值的序列都在 · every series that has a figure is there",
            "dagster": {"ref": {"name": "integration_progress"}},
        }
    )
}}
select o.series_id, o.observation_id, o.source_id, o.locator, o.value_text
from {{ ref("fct_observation") }} as o
join {{ ref("dim_source") }} as s on s.source_id = o.source_id and s.primary_source_id is null
left join {{ ref("integration_progress") }} as p on p.series_id = o.series_id
where p.series_id is null and o.repeats_observation_id is null and o.vintage_status <> 'UNTRUSTED'
