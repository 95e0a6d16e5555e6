-- Only a quotient is zero whatever it is divided by.
{% set zero_low = "case when claim_type <> 'PP_CHANGE' then level_lower_bound end" %}
{% set zero_high = "case when claim_type <> 'PP_CHANGE' then level_upper_bound end" %}
with
    claims as (select * from {{ ref("fct_claim") }}),
    observations as (select * from {{ ref("fct_observation") }}),
    indicators as (select * from {{ ref("dim_indicator") }}),

    current_figures as (select * from observations where is_current_vintage),

    -- The level: printed beside the claim, else recorded for its very period.
    same_period as (
        select
            claims.claim_id,
            claims.claim_type,
            current_figures.observation_id,
            row_number() over (
                partition by claims.claim_id order by current_figures.observation_id
            ) as rank_by_name
        from claims
        join
            current_figures
            on current_figures.indicator_id = claims.indicator_id
            and current_figures.ref_area = claims.ref_area
            and current_figures.breakdown = claims.breakdown
            and current_figures.time_period_end = claims.time_period_end
        where
            current_figures.time_period_start is not distinct from claims.time_period_start
            and (claims.comparison <> 'OTHER' or claims.claim_type = 'SHARE')
    ),

    same_share as (
        select
            same_period.claim_id,
            current_figures.observation_id,
            current_figures.obs_value,
            current_figures.lower_bound,
            current_figures.lower_closed,
            current_figures.upper_bound,
            current_figures.upper_closed
        from same_period
        join current_figures on current_figures.observation_id = same_period.observation_id
        where same_period.claim_type = 'SHARE' and same_period.rank_by_name = 1
    ),

    -- The figure beside a share is its whole or its part, not the share.
    with_level_id as (
        select
            claims.*,
            case
                when claims.claim_type <> 'SHARE'
                then coalesce(claims.observation_id, same_period.observation_id)
            end as level_observation_id
        from claims
        left join same_period on same_period.claim_id = claims.claim_id and same_period.rank_by_name = 1
    ),

    -- A year before is known only where the period itself is: a level at a day, or a period with its first
    -- day.
    with_level as (
        select
            with_level_id.*,
            level.series_id,
            level.segment,
            level.obs_value as level,
            level.lower_bound as level_lower_bound,
            level.lower_closed as level_lower_closed,
            level.upper_bound as level_upper_bound,
            level.upper_closed as level_upper_closed,
            case
                when with_level_id.base_period_end is not null
                then 'STATED'
                when
                    with_level_id.comparison = 'YOY'
                    and (with_level_id.time_period_start is not null or indicators.stock_flow = 'POINT')
                then 'YEAR_BEFORE'
            end as base_period_basis
        from with_level_id
        left join observations as level on level.observation_id = with_level_id.level_observation_id
        left join indicators on indicators.indicator_id = with_level_id.indicator_id
    ),

    with_base_period as (
        select
            *,
            case
                base_period_basis
                when 'STATED'
                then base_period_start
                when 'YEAR_BEFORE'
                then cast({{ dbt.dateadd("year", -1, "time_period_start") }} as date)
            end as base_start,
            case
                when base_period_basis = 'STATED'
                then base_period_end
                when
                    base_period_basis = 'YEAR_BEFORE'
                    and time_period_end = {{ dbt.last_day("time_period_end", "month") }}
                then {{ dbt.last_day(dbt.dateadd("year", -1, "time_period_end"), "month") }}
                when base_period_basis = 'YEAR_BEFORE'
                then cast({{ dbt.dateadd("year", -1, "time_period_end") }} as date)
            end as base_end
        from with_level
    ),

    -- The same series at the right date and on this side of any break.
    recorded_base as (
        select
            with_base_period.claim_id,
            current_figures.observation_id,
            current_figures.obs_value,
            current_figures.lower_bound,
            current_figures.lower_closed,
            current_figures.upper_bound,
            current_figures.upper_closed
        from with_base_period
        join
            current_figures
            on current_figures.series_id = with_base_period.series_id
            and current_figures.time_period_end = with_base_period.base_end
            and current_figures.segment = with_base_period.segment
        where
            current_figures.observation_id <> with_base_period.level_observation_id
            and (
                current_figures.time_period_start is not distinct from with_base_period.base_start
                or with_base_period.base_start is null
            )
            and with_base_period.comparison <> 'OTHER'
    ),

    -- A share is compared with itself.
    with_compared as (
        select
            with_base_period.*,
            coalesce(base.observation_id, share.observation_id) as compared_observation_id,
            coalesce(base.lower_bound, share.lower_bound) as compared_low,
            coalesce(base.lower_closed, share.lower_closed) as compared_low_closed,
            coalesce(base.upper_bound, share.upper_bound) as compared_high,
            coalesce(base.upper_closed, share.upper_closed) as compared_high_closed,
            coalesce(base.obs_value, share.obs_value) as compared
        from with_base_period
        left join recorded_base as base on base.claim_id = with_base_period.claim_id
        left join same_share as share on share.claim_id = with_base_period.claim_id
    ),

    -- A threshold (more than 10 000) is no value to divide: a point needs both ends of what it is made of.
    with_expected as (
        select
            *,
            lower_bound is not null
            and upper_bound is not null
            and level_lower_bound is not null
            and level_upper_bound is not null as is_base_bounded,
            level_lower_bound is not null
            and level_upper_bound is not null
            and compared_low is not null
            and compared_high is not null as is_found_bounded,
            coalesce(
                level_lower_bound >= 0 and coalesce(compared_low >= 0, compared_observation_id is null), false
            ) as is_ratio_scale,
            {{ expected_factor("factor", "half_up") }} as expected,
            {{ expected_factor("lower_bound", "down") }} as expected_low,
            lower_closed as expected_low_closed,
            {{ expected_factor("upper_bound", "up") }} as expected_high,
            upper_closed as expected_high_closed
        from with_compared
    ),

    -- A share is found as it was recorded; everything else is made of two figures.
    with_results as (
        select
            *,
            case when is_base_bounded then {{ level_against("expected", "half_up") }} end as implied_base,
            {{ level_against("expected", "down") }} as implied_base_low,
            {{ level_against("expected", "up") }} as implied_base_high,
            case
                when claim_type = 'SHARE'
                then compared
                when is_found_bounded
                then {{ level_against("compared", "half_up") }}
            end as found,
            case
                when claim_type = 'SHARE' then compared_low else {{ level_against("compared", "down") }}
            end as found_low,
            case
                when claim_type = 'SHARE' then compared_high else {{ level_against("compared", "up") }}
            end as found_high
        from with_expected
    ),

    with_closed as (
        select
            *,
            {{ closed_end("implied_base_low", "level_lower_closed", "expected_high_closed", zero_low) }}
            as implied_base_low_closed,
            {{ closed_end("implied_base_high", "level_upper_closed", "expected_low_closed", zero_high) }}
            as implied_base_high_closed,
            case
                when claim_type = 'SHARE'
                then compared_low_closed
                else {{ closed_end("found_low", "level_lower_closed", "compared_high_closed", zero_low) }}
            end as found_low_closed,
            case
                when claim_type = 'SHARE'
                then compared_high_closed
                else {{ closed_end("found_high", "level_upper_closed", "compared_low_closed", zero_high) }}
            end as found_high_closed
        from with_results
    ),

    with_verdict as (
        select
            *,
            case
                when
                    compared_observation_id is null
                    or (found_low is null and found_high is null)
                    or (expected_low is null and expected_high is null)
                    or claim_type = 'RANK'
                then 'UNTESTABLE'
                when coalesce({{ found_inside() }}, false)
                then 'CONFIRMED'
                when coalesce({{ found_apart() }}, false)
                then 'REFUTED'
                else 'CONSISTENT'
            end as verdict
        from with_closed
    ),

    with_reason as (select *, {{ claim_reason() }} as reason from with_verdict)

select
    claim_id,
    source_id,
    indicator_id,
    domain_id,
    ref_area,
    breakdown,
    time_period_start,
    time_period_end,
    claim_type,
    value_text,
    factor,
    comparison,
    base_text,
    expected,
    expected_low,
    expected_low_closed,
    expected_high,
    expected_high_closed,
    level_observation_id,
    level,
    level_lower_bound,
    level_lower_closed,
    level_upper_bound,
    level_upper_closed,
    implied_base,
    implied_base_low,
    implied_base_low_closed,
    implied_base_high,
    implied_base_high_closed,
    base_period_basis,
    base_start as base_period_start,
    base_end as base_period_end,
    compared_observation_id,
    found,
    found_low,
    found_low_closed,
    found_high,
    found_high_closed,
    verdict,
    reason,
    locator
from with_reason
