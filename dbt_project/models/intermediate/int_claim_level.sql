with
    claims as (select * from {{ ref("int_claim") }}),
    observations as (select * from {{ ref("fct_observation") }}),
    current_figures as (select * from observations where is_current_vintage),

    -- The figure of the claim's own indicator, place and very period; of several units the indicator's own.
    -- Each office has its own series of a total whose start is unknown: of these the first, on every engine.
    own_figures as (
        select
            claims.claim_id,
            current_figures.observation_id,
            row_number() over (
                partition by claims.claim_id
                order by
                    case when current_figures.unit_measure = claims.indicator_unit then 0 else 1 end,
                    current_figures.unit_measure,
                    current_figures.series_id
            ) as place
        from claims
        join
            current_figures
            on current_figures.indicator_id = claims.indicator_id
            and current_figures.ref_area = claims.ref_area
            and current_figures.breakdown = claims.breakdown
            and current_figures.time_period_end = claims.time_period_end
        where current_figures.time_period_start is not distinct from claims.time_period_start
    ),

    -- Printed beside the claim, else recorded for its very period. What stands beside a share may be its
    -- whole.
    with_level_id as (
        select
            claims.*,
            own_figures.observation_id as own_observation_id,
            case
                when claims.claim_test = 'BASE' and claims.observation_id is not null
                then claims.observation_id
                when claims.claim_test = 'BASE' and claims.comparison = 'OTHER'
                then null
                when claims.claim_test in ('BASE', 'WHOLE', 'PLAN', 'RANKING')
                then own_figures.observation_id
            end as wanted_observation_id
        from claims
        left join own_figures on own_figures.claim_id = claims.claim_id and own_figures.place = 1
    ),

    with_level as (
        select
            with_level_id.*,
            level.observation_id as level_observation_id,
            level.series_id,
            level.period_type,
            level.segment,
            level.unit_measure as level_unit,
            level.base_unit as level_base_unit,
            level.source_id as level_source_id,
            {{ line_of("level.locator") }} as level_line,
            level.evidence as level_evidence,
            coalesce(level.obs_status = 'E', false) as is_level_estimate,
            level.observation_id is null
            and with_level_id.wanted_observation_id is not null as is_level_of_other_period
        from with_level_id
        left join
            observations as level
            on level.observation_id = with_level_id.wanted_observation_id
            and level.time_period_end = with_level_id.time_period_end
            and level.time_period_start is not distinct from with_level_id.time_period_start
    ),

    -- A year before is known only where the period itself is: a level at a day, or a period with its first
    -- day. A running total begins on the same day in every year.
    with_base_period as (
        select
            *,
            case
                when claim_test <> 'BASE'
                then null
                when base_period_end is not null
                then 'STATED'
                when comparison = 'YOY' and (time_period_start is not null or stock_flow = 'POINT')
                then 'YEAR_BEFORE'
            end as base_period_basis
        from with_level
    ),

    with_base_days as (
        select
            *,
            case
                when base_period_basis = 'STATED'
                then base_period_start
                when base_period_basis = 'YEAR_BEFORE' and period_type like 'SINCE:%'
                then time_period_start
                when base_period_basis = 'YEAR_BEFORE'
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
        from with_base_period
    )

select
    claim_id,
    source_id,
    line,
    date_published,
    claim_test,
    comparison,
    indicator_id,
    ref_area,
    breakdown,
    time_period_start,
    time_period_end,
    price_basis,
    level_price_basis,
    whole_indicator_id,
    whole_ref_area,
    whole_commitment_id,
    own_observation_id,
    level_observation_id,
    series_id,
    period_type,
    segment,
    level_unit,
    level_base_unit,
    level_source_id,
    level_line,
    level_evidence,
    is_level_estimate,
    is_level_of_other_period,
    base_period_basis,
    base_start,
    base_end
from with_base_days
