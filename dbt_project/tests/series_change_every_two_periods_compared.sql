{#- A lost pair is a lost change. -#}
{{
    config(
        meta={
            "description": "每个序列的相邻两期都在 · every two neighbouring periods of a series are there",
            "dagster": {"ref": {"name": "series_change"}},
        }
    )
}}
with
    periods as (
        select series_id, count(distinct time_period_end) as n, min(observation_id) as observation_id
        from {{ ref("fct_observation") }}
        where vintage_status in ('CURRENT', 'UNDECIDED')
        group by series_id
    ),
    pairs as (select series_id, count(*) as n from {{ ref("series_change") }} group by series_id)
select periods.series_id, periods.observation_id, periods.n as periods, pairs.n as pairs
from periods
left join pairs on pairs.series_id = periods.series_id
where periods.n - 1 <> coalesce(pairs.n, 0)
