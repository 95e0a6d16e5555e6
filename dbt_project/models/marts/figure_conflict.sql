{%- set in_two_units = "earlier.unit_measure <> later.unit_measure" -%}
with
    observations as (select * from {{ ref("fct_observation") }}),
    sources as (select * from {{ ref("dim_source") }}),

    told as (
        select
            observations.*,
            sources.issuer,
            sources.published_from,
            sources.published_by,
            sources.primary_source_id is not null as is_reprint
        from observations
        left join sources on sources.source_id = observations.source_id
    ),

    -- A thing told in two units that convert is one thing: its series but for the unit.
    things as (
        select
            *,
            case
                when unit_measure <> base_unit then {{ series_id(unit="base_unit") }} else series_id
            end as thing_id
        from told
    ),

    -- A wording without an interval agrees with everything and says nothing; a figure that is told again
    -- for no period of its own is no second telling. Only what puts them in order: whole rows would be sorted
    -- for the few that are told again.
    placed as (
        select
            observation_id,
            thing_id,
            {{ finality("obs_status") }} as finality,
            row_number() over (
                partition by thing_id, time_period_end
                order by
                    published_by,
                    {{ finality("obs_status") }},
                    base_upper_bound - base_lower_bound nulls last,
                    observation_id
            ) as place,
            count(*) over (partition by thing_id, time_period_end) as n_figures
        from things
        where
            (lower_bound is not null or upper_bound is not null)
            and repeats_observation_id is null
            and not is_reprint
    ),

    -- Most periods are told once and go no further; pairs grow with the tellings of one period, not with
    -- the series.
    told_again as (
        select things.*, placed.finality, placed.place
        from things
        join placed on placed.observation_id = things.observation_id and placed.thing_id = things.thing_id
        where placed.n_figures > 1
    ),

    pairs as (
        select
            earlier.series_id,
            earlier.indicator_id,
            earlier.domain_id,
            earlier.ref_area,
            earlier.breakdown,
            case when {{ in_two_units }} then earlier.base_unit else earlier.unit_measure end as unit_measure,
            earlier.period_type,
            earlier.time_period_start,
            earlier.time_period_end,
            {% for side in ["earlier", "later"] -%}
                {{ side }}.observation_id as {{ side }}_observation_id,
                {{ side }}.source_id as {{ side }}_source_id,
                {{ side }}.published_by as {{ side }}_published,
                {{ side }}.obs_status as {{ side }}_status,
                {{ side }}.finality as {{ side }}_finality,
                {{ side }}.evidence as {{ side }}_evidence,
                {{ side }}.host_quality as {{ side }}_host_quality,
                {{ side }}.value_text as {{ side }}_text,
                {% for column in ["value", "lower_bound", "upper_bound"] -%}
                    case
                        when {{ in_two_units }}
                        then {{ side }}.base_{{ column }}
                        else {{ side }}.{{ "obs_value" if column == "value" else column }}
                    end as {{ side }}_{{ column }},
                {% endfor -%}
                {{ side }}.lower_closed as {{ side }}_lower_closed,
                {{ side }}.upper_closed as {{ side }}_upper_closed,
            {% endfor -%}
            later.published_from > earlier.published_by as is_order_known,
            coalesce(earlier.issuer = later.issuer, false) as is_same_issuer
        from told_again as earlier
        join
            told_again as later
            on later.thing_id = earlier.thing_id
            and later.time_period_end = earlier.time_period_end
            and later.place > earlier.place
    ),

    compared as (
        select
            *,
            {{ encloses("later", "earlier") }} as is_within_later,
            {{ encloses("earlier", "later") }} as is_within_earlier,
            {{ lies_below("earlier", "later") }} or {{ lies_below("later", "earlier") }} as is_disjoint,
            case
                when earlier_value > 0 and later_value > 0
                then
                    cast(greatest(earlier_value, later_value) as double)
                    / cast(least(earlier_value, later_value) as double)
            end as ratio,
            case
                when {{ lies_below("earlier", "later") }}
                then later_lower_bound - earlier_upper_bound
                when {{ lies_below("later", "earlier") }}
                then earlier_lower_bound - later_upper_bound
                else 0
            end as distance
        from pairs
    ),

    with_type as (select *, {{ conflict_type() }} as conflict_type from compared)

select
    series_id,
    indicator_id,
    domain_id,
    ref_area,
    breakdown,
    unit_measure,
    period_type,
    time_period_start,
    time_period_end,
    {% for side in ["earlier", "later"] -%}
        {{ side }}_observation_id,
        {{ side }}_source_id,
        {{ side }}_published,
        {{ side }}_status,
        {{ side }}_text,
        {{ side }}_value,
        {{ side }}_lower_bound,
        {{ side }}_lower_closed,
        {{ side }}_upper_bound,
        {{ side }}_upper_closed,
    {% endfor -%}
    is_order_known,
    is_same_issuer,
    cast(distance as decimal(38, 9)) as gap,
    conflict_type,
    {{ weaker_evidence("earlier_evidence", "later_evidence") }} as evidence,
    earlier_evidence <> later_evidence as evidence_mixed,
    {{ weaker_host("earlier_host_quality", "later_host_quality") }} as host_quality
from with_type
order by ref_area, indicator_id, series_id, earlier_observation_id, later_observation_id
