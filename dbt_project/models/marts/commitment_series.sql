-- On which series a promise that names a number and a day can be read: that by which it is judged, else the
-- levels or years that represent its indicator there. A total over a period is read on no series of other
-- periods.
with
    promises as (
        select *, coalesce(actual_observation_id, base_observation_id) as judged_by_observation_id
        from {{ ref("commitment_progress") }}
        where target is not null and due_date is not null
    ),

    figures as (select * from {{ ref("fct_observation") }}),
    series as (select * from {{ ref("integration_progress") }} where is_representative),

    judged as (
        select promises.commitment_id, promises.version, figures.series_id, true as is_judged_by
        from promises
        join figures on figures.observation_id = promises.judged_by_observation_id
        where
            figures.unit_measure = promises.unit_measure
            and (
                promises.accounting <> 'OVER_PERIOD'
                or (
                    figures.time_period_start = promises.start_date
                    and figures.time_period_end = promises.due_date
                )
            )
    ),

    represented as (
        select promises.commitment_id, promises.version, series.series_id, false as is_judged_by
        from promises
        join
            series
            on series.indicator_id = promises.indicator_id
            and series.ref_area = promises.ref_area
            and series.breakdown = promises.breakdown
            and series.unit_measure = promises.unit_measure
        left join
            judged on judged.commitment_id = promises.commitment_id and judged.version = promises.version
        where
            judged.commitment_id is null
            and case
                promises.accounting
                when 'AT_DATE'
                then series.period_type in ('P', 'A')
                when 'OVER_PERIOD'
                then
                    series.period_type = 'A'
                    and {{ dbt.datediff("promises.start_date", "promises.due_date", "day") }} in (364, 365)
                else false
            end
    ),

    read_on as (
        select *
        from judged
        union all
        select *
        from represented
    )

select *
from read_on
order by commitment_id, version
