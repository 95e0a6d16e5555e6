{#- One figure is known on any day. -#}
{{
    config(
        meta={
            "description": "同一序列同一期的各版次互不重叠，现行者止于无期 · vintages of a series and period do not overlap, and the current one has no end",
            "dagster": {"ref": {"name": "fct_observation"}},
        }
    )
}}
select *
from
    (
        select
            observation_id,
            source_id,
            locator,
            value_text,
            vintage_status,
            realtime_start,
            realtime_end,
            is_current_vintage,
            lead(realtime_start) over (
                partition by series_id, time_period_end order by realtime_start
            ) as next_start
        from {{ ref("fct_observation") }}
        where realtime_start is not null or is_current_vintage
    ) as vintages
where
    realtime_end <= realtime_start
    or coalesce(realtime_end, date '9999-12-31') > next_start
    or is_current_vintage <> (realtime_end is null)
    or realtime_start is null
