{#- Both halves read the view itself: a common table expression that is used more than once is kept whole in memory. -#}
{%- set figures = ref("int_current_vintage") -%}
{%- set series = [
    "series_id",
    "indicator_id",
    "domain_id",
    "ref_area",
    "breakdown",
    "unit_measure",
    "stock_flow",
] -%}
{%- set figure = [
    "observation_id",
    "time_period_end",
    "obs_value",
    "lower_bound",
    "lower_closed",
    "upper_bound",
    "upper_closed",
    "segment",
    "comparability_note",
] -%}

with
    breaks as (select * from {{ ref("stg_breaks") }}),

    neighbours as (
        select
            'NEIGHBOURS' as pair_kind,
            {{ series | join(", ") }},
            {% for column in figure -%}
                {{ column }} as to_{{ column }},
                lag({{ column }}) over (partition by series_id order by time_period_end) as from_{{ column }}
                {{- "," if not loop.last }}
            {% endfor %}
        from {{ figures }}
    ),

    segments as (
        select series_id, segment, min(time_period_end) as first_date, max(time_period_end) as latest_date
        from {{ figures }}
        group by series_id, segment
    ),

    ranked_segments as (
        select *, row_number() over (partition by series_id order by segment desc) as rank_from_latest
        from segments
    ),

    -- From the first figure since the last break to the latest; the same figure where there is only one.
    spans as (
        select
            'SPAN' as pair_kind,
            {% for column in series -%} latest_figure.{{ column }}, {% endfor -%}
            {% for column in figure -%}
                latest_figure.{{ column }} as to_{{ column }},
                first_figure.{{ column }} as from_{{ column }}
                {{- "," if not loop.last }}
            {% endfor %}
        from ranked_segments
        join
            {{ figures }} as latest_figure
            on latest_figure.series_id = ranked_segments.series_id
            and latest_figure.time_period_end = ranked_segments.latest_date
        join
            {{ figures }} as first_figure
            on first_figure.series_id = ranked_segments.series_id
            and first_figure.time_period_end = ranked_segments.first_date
        where ranked_segments.rank_from_latest = 1
    ),

    pairs as (
        select *
        from neighbours
        where from_observation_id is not null
        union all
        select *
        from spans
    ),

    numbered_breaks as (
        select *, row_number() over (partition by indicator_id, ref_area order by break_date) as segment
        from breaks
    ),

    -- What lies between two segments; of a place's breaks of an indicator, which are few, each with each.
    crossings as (
        select
            first_break.indicator_id,
            first_break.ref_area,
            first_break.segment - 1 as from_segment,
            last_break.segment as to_segment,
            {{ dbt.listagg("crossed.reason", "'; '", "order by crossed.break_date") }} as break_reason
        from numbered_breaks as first_break
        join
            numbered_breaks as last_break
            on last_break.indicator_id = first_break.indicator_id
            and last_break.ref_area = first_break.ref_area
            and last_break.segment >= first_break.segment
        join
            numbered_breaks as crossed
            on crossed.indicator_id = first_break.indicator_id
            and crossed.ref_area = first_break.ref_area
            and crossed.segment between first_break.segment and last_break.segment
        group by first_break.indicator_id, first_break.ref_area, first_break.segment, last_break.segment
    ),

    with_note as (
        select
            pairs.*,
            {{ dbt.datediff("pairs.from_time_period_end", "pairs.to_time_period_end", "day") }} as days,
            pairs.from_segment <> pairs.to_segment as is_broken,
            crossings.break_reason,
            nullif(
                concat_ws(
                    '; ',
                    pairs.from_comparability_note,
                    nullif(pairs.to_comparability_note, pairs.from_comparability_note)
                ),
                ''
            ) as note
        from pairs
        left join
            crossings
            on crossings.indicator_id = pairs.indicator_id
            and crossings.ref_area = pairs.ref_area
            and crossings.from_segment = pairs.from_segment
            and crossings.to_segment = pairs.to_segment
    )

select
    pair_kind,
    {{ series | join(", ") }},
    days,
    {% for side in ["from", "to"] -%}
        {{ side }}_observation_id,
        {{ side }}_time_period_end as {{ side }}_date,
        {{ side }}_obs_value as {{ side }}_value,
        {{ side }}_lower_bound,
        {{ side }}_lower_closed,
        {{ side }}_upper_bound,
        {{ side }}_upper_closed,
    {% endfor -%}
    case when is_broken then 'BROKEN' when note is not null then 'NEAR' else 'SAME' end as comparability,
    case when is_broken then break_reason else note end as comparability_reason
from with_note
