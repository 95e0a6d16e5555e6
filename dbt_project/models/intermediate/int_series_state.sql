with
    holdings as (select * from {{ ref("int_holding") }}),

    -- Days on which something new is known of a series, and what is known from then on. Periods are only ever
    -- added, so running extremes tell the latest; the first since the last break is that of the highest
    -- segment, and both stand in one number: segments count down, days up.
    known as (
        select
            series_id,
            held_from,
            max(time_period_end) over so_far as latest_date,
            max(differs_until) over so_far as differs_until,
            min(
                (1000 - segment) * 10000000
                + {{ dbt.datediff("cast('1800-01-01' as date)", "time_period_end", "day") }}
            ) over so_far as first_key
        from holdings
        window so_far as (partition by series_id order by held_from)
    ),

    days as (
        select distinct
            series_id,
            held_from as valid_from,
            latest_date,
            differs_until,
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
            differs_until
        from days
    )

select *
from states
