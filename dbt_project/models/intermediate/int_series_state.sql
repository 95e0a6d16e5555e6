with
    holdings as (select * from {{ ref("int_holding") }}),

    with_first as (
        select *, min(held_from) over (partition by series_id, time_period_end) as period_known_from
        from holdings
    ),

    -- Periods of a segment that are known by then.
    counted as (
        select
            *,
            sum(case when held_from = period_known_from then 1 else 0 end) over (
                partition by series_id, segment order by held_from
            ) as n_in_segment
        from with_first
    ),

    -- Days on which something new is known of a series, and what is known from then on. Periods are only ever
    -- added, so running extremes tell the latest; the first since the last break is that of the highest
    -- segment, and both stand in one number: segments count down, days up. So it is with how many periods the
    -- highest segment has.
    known as (
        select
            series_id,
            held_from,
            max(time_period_end) over so_far as latest_date,
            sum(case when held_from = period_known_from then 1 else 0 end) over so_far as n_periods,
            min(
                (1000 - segment) * cast(10000000 as bigint)
                + {{ dbt.datediff("cast('1800-01-01' as date)", "time_period_end", "day") }}
            ) over so_far as first_key,
            max(segment * cast(10000000 as bigint) + n_in_segment) over so_far as count_key
        from counted
        window so_far as (partition by series_id order by held_from)
    ),

    days as (
        select distinct
            series_id,
            held_from as valid_from,
            latest_date,
            cast(n_periods as bigint) as n_periods,
            cast(count_key % 10000000 as bigint) as n_comparable,
            cast(first_key % 10000000 as integer) as first_day
        from known
    ),

    states as (
        select
            series_id,
            valid_from,
            lead(valid_from) over (partition by series_id order by valid_from) as valid_to,
            cast({{ dbt.dateadd("day", "first_day", "cast('1800-01-01' as date)") }} as date) as first_date,
            latest_date,
            n_periods,
            n_comparable
        from days
    ),

    -- The last step from one definition to another, as the figures that hold then tell it.
    steps as (
        select
            states.series_id,
            states.valid_from,
            holdings.differs_until,
            holdings.comparability_note,
            row_number() over (
                partition by states.series_id, states.valid_from
                order by holdings.differs_until desc, holdings.comparability_note nulls last
            ) as place
        from states
        join
            holdings
            on holdings.series_id = states.series_id
            and holdings.held_from <= states.valid_from
            and holdings.differs_until is not null
        where holdings.held_to is null or holdings.held_to > states.valid_from
    ),

    last_steps as (select * from steps where place = 1),

    with_definition as (
        select states.*, last_steps.differs_until, last_steps.comparability_note
        from states
        left join
            last_steps
            on last_steps.series_id = states.series_id
            and last_steps.valid_from = states.valid_from
    )

select *
from with_definition
