{#- The age of figures is told in days. -#}
{{
    config(
        meta={
            "description": "天数算至统计时点 · days are counted up to the day of the build",
            "dagster": {"ref": {"name": "data_freshness"}},
        }
    )
}}
select f.indicator_id, f.latest_date, f.days_since_latest, b.as_of_date
from {{ ref("data_freshness") }} as f
cross join {{ ref("build_info") }} as b
where f.days_since_latest is distinct from b.as_of_date - f.latest_date
