{%- set series = [
    "series_id",
    "indicator_id",
    "domain_id",
    "ref_area",
    "breakdown",
    "unit_measure",
    "stock_flow",
    "period_type",
] -%}
{%- set figure = [
    "observation_id",
    "time_period_end",
    "obs_value",
    "lower_bound",
    "lower_closed",
    "upper_bound",
    "upper_closed",
    "stated_lower_bound",
    "stated_lower_closed",
    "stated_upper_bound",
    "stated_upper_closed",
    "segment",
    "next_break",
    "evidence",
    "host_quality",
    "obs_status",
    "date_precision",
] -%}
with
    -- One name for each reading: what is named thrice DuckDB first copies, all its columns.
    holdings_now as (select * from {{ ref("int_holding") }} where held_to is null),
    latest as (select * from {{ ref("int_holding") }}),
    first_figure as (select * from {{ ref("int_holding") }}),
    states as (select * from {{ ref("int_series_state") }}),
    segments as (select * from {{ ref("int_segment") }} where near_since is null or near_since < starts_on),

    -- Of what holds now, each period with the one before it.
    in_order as (
        select
            'NEIGHBOURS' as pair_type,
            held_from as valid_from,
            held_to as valid_to,
            {{ series | join(", ") }},
            differs_until,
            cast(null as bigint) as n_periods,
            cast(null as bigint) as n_comparable,
            comparability_note,
            {% for column in figure -%}
                {{ column }} as to_{{ column }},
                lag({{ column }}) over (partition by series_id order by time_period_end) as from_{{ column }}
                {{- "," if not loop.last }}
            {% endfor %}
        from holdings_now
    ),

    -- Of what held at any time, the first period since the last break with the latest; where there is only
    -- one, the same figure twice.
    spans as (
        select
            'SPAN' as pair_type,
            states.valid_from,
            states.valid_to,
            {% for column in series -%} latest.{{ column }}, {% endfor -%}
            states.differs_until,
            states.n_periods,
            states.n_comparable,
            states.comparability_note,
            {% for column in figure -%}
                latest.{{ column }} as to_{{ column }},
                first_figure.{{ column }} as from_{{ column }}
                {{- "," if not loop.last }}
            {% endfor %}
        from states
        join
            latest
            on latest.series_id = states.series_id
            and latest.time_period_end = states.latest_date
            and latest.held_from <= states.valid_from
        join
            first_figure
            on first_figure.series_id = states.series_id
            and first_figure.time_period_end = states.first_date
            and first_figure.held_from <= states.valid_from
        where
            (latest.held_to is null or latest.held_to > states.valid_from)
            and (first_figure.held_to is null or first_figure.held_to > states.valid_from)
    ),

    pairs as (
        select *
        from in_order
        where from_time_period_end is not null
        union all
        select *
        from spans
    ),

    -- What lies between two segments; of a place's breaks of an indicator, which are few, each with each.
    crossings as (
        select
            before_break.indicator_id,
            before_break.ref_area,
            before_break.segment as from_segment,
            after_break.segment as to_segment,
            {{ dbt.listagg("crossed.break_reason", "'; '", "order by crossed.starts_on") }} as break_reason
        from segments as before_break
        join
            segments as after_break
            on after_break.indicator_id = before_break.indicator_id
            and after_break.ref_area = before_break.ref_area
            and after_break.segment > before_break.segment
        join
            segments as crossed
            on crossed.indicator_id = before_break.indicator_id
            and crossed.ref_area = before_break.ref_area
            and crossed.segment > before_break.segment
            and crossed.segment <= after_break.segment
        group by before_break.indicator_id, before_break.ref_area, before_break.segment, after_break.segment
    ),

    -- A definition belongs to the step across which it changes: later pairs under one definition are the
    -- same.
    judged as (
        select
            pairs.*,
            -- Between days of which one is not known no days can be counted; none lie between a figure and
            -- itself.
            case
                when
                    pairs.from_time_period_end < pairs.to_time_period_end
                    and (pairs.from_date_precision <> 'DAY' or pairs.to_date_precision <> 'DAY')
                then null
                else {{ dbt.datediff("pairs.from_time_period_end", "pairs.to_time_period_end", "day") }}
            end as days,
            pairs.from_time_period_end = pairs.to_time_period_end as is_single,
            pairs.from_segment <> pairs.to_segment as is_broken,
            coalesce(pairs.differs_until >= pairs.from_time_period_end, false) as is_other_definition,
            pairs.period_type = 'SINCE:?' as is_of_unknown_start,
            pairs.from_observation_id is null or pairs.to_observation_id is null as is_undecided,
            crossings.break_reason
        from pairs
        left join
            crossings
            on crossings.indicator_id = pairs.indicator_id
            and crossings.ref_area = pairs.ref_area
            and crossings.from_segment = pairs.from_segment
            and crossings.to_segment = pairs.to_segment
    ),

    with_comparability as (
        select
            *,
            case
                when is_single
                then null
                when is_broken
                then 'BROKEN'
                when is_other_definition or is_of_unknown_start
                then 'NEAR'
                else 'SAME'
            end as comparability
        from judged
    )

select
    pair_type,
    valid_from,
    valid_to,
    {{ series | join(", ") }},
    days,
    n_periods,
    n_comparable,
    {% for side in ["from", "to"] -%}
        {{ side }}_observation_id,
        {{ side }}_time_period_end as {{ side }}_date,
        {{ side }}_obs_value as {{ side }}_value,
        {{ side }}_lower_bound,
        {{ side }}_lower_closed,
        {{ side }}_upper_bound,
        {{ side }}_upper_closed,
        {{ side }}_stated_lower_bound,
        {{ side }}_stated_lower_closed,
        {{ side }}_stated_upper_bound,
        {{ side }}_stated_upper_closed,
        {{ side }}_obs_status,
        {{ side }}_date_precision,
    {% endfor -%}
    to_next_break as next_break,
    is_single,
    is_other_definition,
    is_of_unknown_start,
    is_undecided,
    comparability,
    case when is_other_definition then comparability_note end as comparability_note,
    break_reason,
    {{ weaker_evidence("from_evidence", "to_evidence") }} as evidence,
    from_evidence <> to_evidence as evidence_mixed,
    {{ weaker_host("from_host_quality", "to_host_quality") }} as host_quality
from with_comparability
