{#- No data is not no progress. -#}
{{
    config(
        meta={
            "description": "数据状态由日期与次数得出 · the reporting status follows from dates and counts",
            "dagster": {"ref": {"name": "integration_progress"}},
        }
    )
}}
select p.series_id, p.latest_date, p.days_since_latest, p.expected_by, p.n_observations, p.reporting_status
from {{ ref("integration_progress") }} as p
cross join {{ ref("build_info") }} as b
where
    p.reporting_status is null
    or p.days_since_latest is distinct from b.as_of_date - p.latest_date
    or (p.reporting_status = 'OVERDUE' and not coalesce(b.as_of_date > p.expected_by, false))
    or (p.reporting_status = 'CURRENT' and b.as_of_date > p.expected_by)
    or (p.reporting_status = 'ONCE_ONLY' and p.n_observations <> 1)
