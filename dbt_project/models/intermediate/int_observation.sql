with
    observations as (select * from {{ ref("stg_observations") }}),
    bounds as (select * from {{ ref("int_figure_bounds") }}),
    indicators as (select * from {{ ref("stg_indicators") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    units as (select * from {{ ref("stg_units") }}),
    breaks as (select * from {{ ref("stg_breaks") }}),

    joined as (
        select
            observations.observation_id,
            observations.source_id,
            observations.indicator_id,
            indicators.domain_id,
            observations.ref_area,
            observations.breakdown,
            indicators.stock_flow,
            observations.time_period_start,
            observations.time_period_end,
            observations.time_text,
            observations.as_of_basis,
            sources.date_published,
            sources.primary_source_id is not null as is_reprint,
            observations.value_text,
            observations.obs_value,
            observations.unit_measure,
            bounds.value_qualifier,
            bounds.lower_bound,
            bounds.lower_closed,
            bounds.upper_bound,
            bounds.upper_closed,
            bounds.bound_basis,
            bounds.bound_rule,
            units.base_unit,
            units.factor_num,
            units.factor_den,
            observations.locator,
            observations.obs_status,
            observations.initiative_id,
            observations.comparability_note,
            observations.comment
        from observations
        left join
            bounds on bounds.figure_kind = 'OBSERVATION' and bounds.figure_id = observations.observation_id
        left join indicators on indicators.indicator_id = observations.indicator_id
        left join sources on sources.source_id = observations.source_id
        left join units on units.unit_measure = observations.unit_measure
    ),

    with_series as (
        select
            *,
            {{ series_id() }} as series_id,
            {{ in_base_unit("obs_value", "half_up") }} as base_value,
            {{ in_base_unit("lower_bound", "down") }} as base_lower_bound,
            {{ in_base_unit("upper_bound", "up") }} as base_upper_bound
        from joined
    ),

    -- Figures of one segment are comparable: no break lies between them.
    starts as (
        select indicator_id, ref_area, break_date as starts_on
        from breaks
        union all
        select distinct indicator_id, ref_area, cast('0001-01-01' as date) as starts_on
        from breaks
    ),

    segments as (
        select
            indicator_id,
            ref_area,
            starts_on,
            row_number() over (partition by indicator_id, ref_area order by starts_on) - 1 as segment,
            lead(starts_on) over (partition by indicator_id, ref_area order by starts_on) as next_break
        from starts
    ),

    bounded_segments as (
        select *, coalesce(next_break, cast('9999-12-31' as date)) as ends_before from segments
    ),

    -- Plain comparisons of columns only: any other condition of an outer join has each row compared with
    -- each.
    with_segment as (
        select with_series.*, coalesce(segments.segment, 0) as segment, segments.next_break
        from with_series
        left join
            bounded_segments as segments
            on segments.indicator_id = with_series.indicator_id
            and segments.ref_area = with_series.ref_area
            and segments.starts_on <= with_series.time_period_end
            and segments.ends_before > with_series.time_period_end
    ),

    with_next as (
        select
            *,
            lead(date_published) over ({{ vintage_window() }}) as next_published,
            lead(observation_id) over ({{ vintage_window() }}) is null as is_last
        from with_segment
    ),

    with_vintage as (
        select
            *,
            case when not is_reprint then date_published end as realtime_start,
            case when not is_reprint then next_published end as realtime_end,
            is_last and not is_reprint as is_current_vintage
        from with_next
    )

select *
from with_vintage
