with
    changes as (select * from {{ ref("int_change") }}),
    indicators as (select * from {{ ref("stg_indicators") }}),

    spans as (select * from changes where pair_type = 'SPAN'),

    -- A running total can only rise: that it did is neither better nor worse.
    joined as (
        select
            spans.*,
            case when period_type like 'SINCE:%' then 'NONE' else indicators.direction end as direction,
            indicators.freq
        from spans
        left join indicators on indicators.indicator_id = spans.indicator_id
    ),

    -- However often an indicator is told: after a first quarter, the next of its series comes a year later.
    with_rhythm as (
        select
            *,
            case
                when freq in ('D', 'M', 'Q') and {{ is_calendar_type("period_type") }} then 'A' else freq
            end as rhythm
        from joined
    ),

    with_trend as (
        select
            *,
            {{ expected_by("to_date", "rhythm") }} as expected_by,
            case when not is_single then {{ trend_of("sign_low", "direction") }} end as trend_low,
            case when not is_single then {{ trend_of("sign_high", "direction") }} end as trend_high,
            {{ trend_between("sign_low", "sign_high") }} as trend,
            {{ trend_between("stated_sign_low", "stated_sign_high") }} as stated_trend
        from with_rhythm
    )

select *
from with_trend
