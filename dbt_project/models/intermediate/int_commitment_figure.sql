with
    commitments as (select * from {{ ref("int_commitment") }} where {{ is_promise() }}),
    tellings as (select * from {{ ref("int_telling") }}),
    holdings as (select * from {{ ref("int_holding") }}),

    -- A base that is given also says which series is meant.
    promised as (
        select
            commitments.version_id,
            commitments.indicator_id,
            commitments.ref_area,
            commitments.breakdown,
            commitments.unit_measure,
            commitments.stock_flow,
            commitments.accounting,
            commitments.is_over_period,
            commitments.start_date,
            commitments.period_start as time_period_start,
            commitments.due_date as time_period_end,
            given.series_id as given_series_id,
            given.time_period_end as given_end,
            given.period_type as given_period_type
        from commitments
        left join tellings as given on given.observation_id = commitments.base_observation_id
        where commitments.indicator_id is not null
    ),

    with_own_type as (
        select
            *,
            {{ period_type() }} as own_period_type,
            time_period_start as period_start,
            time_period_end as due_date
        from promised
    ),

    -- Which figures can tell: parts of the period that add up to it, figures of periods like its own, running
    -- totals of one start, or levels and years. A half-year is neither level nor base of a yearly target.
    with_measure as (
        select
            *,
            case
                when is_over_period
                then 'PARTS'
                when stock_flow = 'CUMULATIVE'
                then 'RUNNING'
                when
                    stock_flow <> 'POINT'
                    and period_start is not null
                    and due_date is not null
                    and {{ is_calendar_type("own_period_type") }}
                then 'LIKE'
                else 'LEVEL'
            end as measure
        from with_own_type
    ),

    figures as (
        select
            with_measure.version_id,
            with_measure.measure,
            holdings.observation_id,
            holdings.series_id,
            holdings.period_type,
            holdings.time_period_start,
            holdings.time_period_end,
            holdings.date_precision,
            holdings.obs_value,
            holdings.lower_bound,
            holdings.lower_closed,
            holdings.upper_bound,
            holdings.upper_closed,
            holdings.stated_lower_bound,
            holdings.stated_lower_closed,
            holdings.stated_upper_bound,
            holdings.stated_upper_closed,
            holdings.segment,
            holdings.differs_until,
            holdings.evidence,
            holdings.host_quality,
            holdings.held_from as valid_from,
            holdings.held_to as valid_to,
            coalesce(
                holdings.series_id = with_measure.given_series_id
                and holdings.time_period_end = with_measure.given_end,
                false
            ) as is_given_base,
            -- Only the whole of a period settles what is promised of it.
            case
                with_measure.measure
                when 'PARTS'
                then holdings.time_period_end = with_measure.due_date
                when 'LIKE'
                then holdings.time_period_end >= with_measure.due_date
                else true
            end as is_whole
        from with_measure
        join
            holdings
            on holdings.indicator_id = with_measure.indicator_id
            and holdings.ref_area = with_measure.ref_area
            and holdings.breakdown = with_measure.breakdown
            and holdings.unit_measure = with_measure.unit_measure
        where
            holdings.obs_status <> 'E'
            and (holdings.lower_bound is not null or holdings.upper_bound is not null)
            and case
                with_measure.measure
                when 'PARTS'
                then
                    holdings.time_period_start = with_measure.start_date
                    and holdings.time_period_end <= with_measure.due_date
                when 'RUNNING'
                then
                    holdings.period_type
                    = coalesce(with_measure.given_period_type, with_measure.own_period_type, 'SINCE:?')
                when 'LIKE'
                then
                    holdings.period_type = with_measure.own_period_type
                    and (
                        with_measure.accounting <> 'OVER_PERIOD'
                        or holdings.time_period_end <= with_measure.due_date
                    )
                else holdings.period_type in ('P', 'A')
            end
    )

select *
from figures
