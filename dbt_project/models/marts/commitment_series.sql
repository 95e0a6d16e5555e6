-- On which series a promise that names a number and a day can be read: that by which it is judged, else the
-- levels or
-- years that represent its indicator there. A total over a period is read on no series of other periods.
with
    promises as (
        select * from {{ ref("commitment_progress") }} where target is not null and due_date is not null
    ),

    figures as (select * from {{ ref("fct_observation") }}),
    series as (select * from {{ ref("integration_progress") }} where is_representative),

    read_on as (
        select
            promises.commitment_id,
            promises.version,
            judged.series_id as judged_series_id,
            coalesce(judged.series_id, series.series_id) as series_id
        from promises
        left join
            figures as judged
            on judged.observation_id = coalesce(promises.actual_observation_id, promises.base_observation_id)
            and judged.unit_measure = promises.unit_measure
            and (
                promises.accounting <> 'OVER_PERIOD'
                or (
                    judged.time_period_start = promises.start_date
                    and judged.time_period_end = promises.due_date
                )
            )
        left join
            series
            on series.indicator_id = promises.indicator_id
            and series.ref_area = promises.ref_area
            and series.breakdown = promises.breakdown
            and series.unit_measure = promises.unit_measure
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
    )

select commitment_id, version, series_id, judged_series_id is not null as is_judged_by
from read_on
where series_id is not null
order by commitment_id, version
