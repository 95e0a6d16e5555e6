{#- The scorecard counts the series that stand for them. -#}
{{
    config(
        meta={
            "description": "每个指标在每个地区恰有一个代表序列 · exactly one series represents each indicator and area",
            "dagster": {"ref": {"name": "integration_progress"}},
        }
    )
}}
select
    indicator_id,
    ref_area,
    count(*) as n_series,
    count(*) filter (where is_representative) as n_representative
from {{ ref("integration_progress") }}
group by indicator_id, ref_area
having count(*) filter (where is_representative) <> 1
