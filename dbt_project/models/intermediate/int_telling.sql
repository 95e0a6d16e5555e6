with
    observations as (select * from {{ ref("stg_observations") }}),
    bounds as (select * from {{ ref("int_figure_bounds") }}),
    indicators as (select * from {{ ref("stg_indicators") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    known_by as (select * from {{ ref("int_source_evidence") }}),
    units as (select * from {{ ref("stg_units") }}),
    segments as (select * from {{ ref("int_segment") }}),

    joined as (
        select
            observations.observation_id,
            observations.source_id,
            observations.indicator_id,
            indicators.domain_id,
            observations.ref_area,
            observations.breakdown,
            indicators.stock_flow,
            indicators.is_headline,
            observations.time_period_start,
            observations.time_period_end,
            observations.time_text,
            observations.as_of_basis,
            -- A figure of the day on which its page came out is of no more exact a day than that.
            case
                when observations.as_of_basis = 'PUBLICATION' then sources.date_precision else 'DAY'
            end as date_precision,
            sources.issuer,
            sources.date_published,
            sources.published_from,
            sources.published_by,
            sources.primary_source_id is not null as is_reprint,
            observations.value_text,
            observations.obs_value,
            observations.unit_measure,
            bounds.value_qualifier,
            bounds.lower_bound,
            bounds.lower_closed,
            bounds.upper_bound,
            bounds.upper_closed,
            bounds.lower_basis,
            bounds.upper_basis,
            bounds.bound_basis,
            bounds.stated_lower_bound,
            bounds.stated_lower_closed,
            bounds.stated_upper_bound,
            bounds.stated_upper_closed,
            bounds.bound_rule,
            units.base_unit,
            units.factor_num,
            units.factor_den,
            observations.locator,
            {{ status_of_figure() }} as obs_status,
            observations.initiative_id,
            observations.comparability_note,
            observations.differs_from,
            observations.repeats_observation_id,
            observations.comment,
            known_by.evidence,
            known_by.host_quality
        from observations
        left join
            bounds on bounds.figure_type = 'OBSERVATION' and bounds.figure_id = observations.observation_id
        left join indicators on indicators.indicator_id = observations.indicator_id
        left join sources on sources.source_id = observations.source_id
        left join known_by on known_by.source_id = observations.source_id
        left join units on units.unit_measure = observations.unit_measure
    ),

    with_type as (select *, {{ period_type() }} as period_type from joined),

    with_series as (
        select
            *,
            {{ series_id() }} as series_id,
            {{ in_base_unit("obs_value", "half_up") }} as base_value,
            {{ in_base_unit("lower_bound", "down") }} as base_lower_bound,
            {{ in_base_unit("upper_bound", "up") }} as base_upper_bound
        from with_type
    ),

    -- Figures of one segment are comparable: no break lies between them. Plain comparisons of columns only:
    -- any other condition of an outer join has each row compared with each.
    with_segment as (
        select
            with_series.*,
            cast(coalesce(segments.segment, 0) as {{ dbt.type_bigint() }}) as segment,
            segments.next_break,
            segments.near_since,
            segments.near_reason
        from with_series
        left join
            segments
            on segments.indicator_id = with_series.indicator_id
            and segments.ref_area = with_series.ref_area
            and segments.starts_on <= with_series.time_period_end
            and segments.ends_before > with_series.time_period_end
    ),

    -- Up to which day the definition was another one: that of the figure that the source gave before, else
    -- the day that is named, or on which the source can first have been read; never after the figure itself.
    named as (
        select observation_id, series_id, time_period_end, differs_from
        from with_segment
        where differs_from is not null
    ),

    given_before as (
        select named.observation_id, max(earlier.time_period_end) as differs_until
        from named
        join
            with_segment as earlier
            on earlier.series_id = named.series_id
            and earlier.source_id = named.differs_from
            and earlier.time_period_end < named.time_period_end
        group by named.observation_id
    ),

    with_named_day as (
        select
            with_segment.*,
            coalesce(
                given_before.differs_until,
                -- Names of sources begin with a day, which a lenient cast would take.
                case
                    when length(with_segment.differs_from) = 10
                    then try_cast(with_segment.differs_from as date)
                end,
                other_sources.published_by
            ) as named_day
        from with_segment
        left join given_before on given_before.observation_id = with_segment.observation_id
        left join sources as other_sources on other_sources.source_id = with_segment.differs_from
    ),

    with_named_step as (
        select
            *,
            case
                when named_day < time_period_end
                then named_day
                when named_day is not null
                then cast({{ dbt.dateadd("day", -1, "time_period_end") }} as date)
            end as named_until,
            cast({{ dbt.dateadd("day", -1, "near_since") }} as date) as near_until
        from with_named_day
    ),

    -- The figure's own step, or a later one of its series.
    with_definition as (
        select
            *,
            case
                when near_until is null or named_until >= near_until then named_until else near_until
            end as differs_until,
            case
                when near_until is null or named_until >= near_until then comparability_note else near_reason
            end as step_note
        from with_named_step
    )

select *
from with_definition
