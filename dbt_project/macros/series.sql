{#- A series from its figures: the vintage that holds, which figures are compared, where it stands. The arithmetic of two
    figures is in change.sql. Each macro is given the relations it reads, so that a build and a question about another
    day share one definition. -#}
{#- How long a total was added up: whole months, else days; null where it is no total, or its first day is not known. -#}
{% macro period_length() -%}
    case
        when stock_flow <> 'PERIOD_TOTAL' or time_period_start is null
        then null
        when
            extract(day from time_period_start) = 1
            and time_period_end = {{ dbt.last_day("time_period_end", "month") }}
        then concat_ws(' ', {{ dbt.datediff("time_period_start", "time_period_end", "month") }} + 1, 'months')
        else concat_ws(' ', {{ dbt.datediff("time_period_start", "time_period_end", "day") }} + 1, 'days')
    end
{%- endmacro %}

{#- One row per series and period: the vintage for which `holds` is true. -#}
{% macro figures_of(observations, holds) -%}
    with
        observations as (select * from {{ observations }}),

        current_vintage as (
            select
                series_id,
                observation_id,
                source_id,
                indicator_id,
                domain_id,
                ref_area,
                breakdown,
                unit_measure,
                stock_flow,
                time_period_end,
                obs_value,
                lower_bound,
                lower_closed,
                upper_bound,
                upper_closed,
                comparability_note,
                segment,
                next_break,
                {{ period_length() }} as period_length
            from observations
            where {{ holds }}
        )

    select *
    from current_vintage
{%- endmacro %}

{#- One row per two neighbouring periods of a series, and one from its first figure since the last break to its latest.
    A break between two figures shows in their segments; `breaks` say why. Eleven months and twelve are not compared.
    Each step reads the figures themselves: a common table expression that is used more than once is kept whole in
    memory. -#}
{% macro pairs_of(figures, breaks) -%}
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
        "period_length",
        "comparability_note",
    ] -%}
    with
        neighbours as (
            select
                'NEIGHBOURS' as pair_kind,
                {{ series | join(", ") }},
                {% for column in figure -%}
                    {{ column }} as to_{{ column }},
                    lag({{ column }}) over (
                        partition by series_id order by time_period_end
                    ) as from_{{ column }}
                    {{- "," if not loop.last }}
                {% endfor %}
            from {{ figures }}
        ),

        latest_dates as (
            select series_id, max(time_period_end) as latest_date from {{ figures }} group by series_id
        ),

        latest as (
            select figures.*
            from {{ figures }} as figures
            join
                latest_dates
                on latest_dates.series_id = figures.series_id
                and latest_dates.latest_date = figures.time_period_end
        ),

        -- Since the last break, of totals the first over as long a period as the latest.
        first_dates as (
            select figures.series_id, min(figures.time_period_end) as first_date
            from {{ figures }} as figures
            join
                latest
                on latest.series_id = figures.series_id
                and latest.segment = figures.segment
                and coalesce(latest.period_length = figures.period_length, true)
            group by figures.series_id
        ),

        -- The same figure twice where there is only one.
        spans as (
            select
                'SPAN' as pair_kind,
                {% for column in series -%} latest.{{ column }}, {% endfor -%}
                {% for column in figure -%}
                    latest.{{ column }} as to_{{ column }},
                    first_figure.{{ column }} as from_{{ column }}
                    {{- "," if not loop.last }}
                {% endfor %}
            from latest
            join first_dates on first_dates.series_id = latest.series_id
            join
                {{ figures }} as first_figure
                on first_figure.series_id = first_dates.series_id
                and first_figure.time_period_end = first_dates.first_date
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
            from {{ breaks }} as breaks
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

        judged as (
            select
                pairs.*,
                {{ dbt.datediff("pairs.from_time_period_end", "pairs.to_time_period_end", "day") }} as days,
                pairs.from_observation_id = pairs.to_observation_id as is_single,
                pairs.from_segment <> pairs.to_segment as is_broken,
                coalesce(pairs.from_period_length <> pairs.to_period_length, false) as is_other_length,
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

    -- Of a single figure there is nothing to compare.
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
        case
            when is_single
            then null
            when is_broken or is_other_length
            then 'BROKEN'
            when note is not null
            then 'NEAR'
            else 'SAME'
        end as comparability,
        case
            when is_single
            then null
            when is_broken or is_other_length
            then
                concat_ws(
                    '; ',
                    break_reason,
                    case when is_other_length then '期间长短不同 · periods of different length' end
                )
            else note
        end as comparability_reason
    from judged
{%- endmacro %}

{#- One row per series: its trend, judged at both ends of its change, and whether it is still reported. -#}
{% macro progress_of(changes, figures, indicators, areas, day) -%}
    with
        changes as (select * from {{ changes }}),
        indicators as (select * from {{ indicators }}),
        areas as (select * from {{ areas }}),
        days as (select {{ day }} as as_of_date),

        spans as (select * from changes where pair_kind = 'SPAN'),

        counted as (select series_id, count(*) as n_observations from {{ figures }} group by series_id),

        series_sources as (select distinct series_id, source_id from {{ figures }}),

        listed as (
            select series_id, {{ dbt.listagg("source_id", "';'", "order by source_id") }} as source_ids
            from series_sources
            group by series_id
        ),

        with_signs as (
            select
                *,
                {{ sign_at_lower("change_low", "change_low_closed") }} as sign_low,
                {{ sign_at_upper("change_high", "change_high_closed") }} as sign_high
            from spans
        ),

        joined as (
            select
                with_signs.*,
                indicators.name_zh as indicator_zh,
                indicators.name_en as indicator_en,
                areas.name_zh as area_zh,
                areas.name_en as area_en,
                indicators.direction,
                indicators.is_headline,
                counted.n_observations,
                with_signs.to_date as latest_date,
                {{ dbt.datediff("with_signs.to_date", "days.as_of_date", "day") }} as days_since_latest,
                {{ expected_by("with_signs.to_date", "indicators.freq") }} as expected_by,
                latest.next_break,
                days.as_of_date,
                listed.source_ids
            from with_signs
            cross join days
            left join
                {{ figures }} as latest
                on latest.series_id = with_signs.series_id
                and latest.observation_id = with_signs.to_observation_id
            left join indicators on indicators.indicator_id = with_signs.indicator_id
            left join areas on areas.ref_area = with_signs.ref_area
            left join counted on counted.series_id = with_signs.series_id
            left join listed on listed.series_id = with_signs.series_id
        ),

        with_trend as (
            select
                *,
                {{ reporting_status() }} as reporting_status,
                case
                    when from_observation_id <> to_observation_id then {{ trend_of("sign_low", "direction") }}
                end as trend_low,
                case
                    when from_observation_id <> to_observation_id
                    then {{ trend_of("sign_high", "direction") }}
                end as trend_high,
                case
                    when from_observation_id = to_observation_id
                    then 'SINGLE_OBSERVATION'
                    when direction <> 'NONE' and sign_low <> sign_high
                    then 'INDETERMINATE'
                    else {{ trend_of("sign_low", "direction") }}
                end as trend
            from joined
        )

    select
        series_id,
        indicator_id,
        indicator_zh,
        indicator_en,
        domain_id,
        ref_area,
        area_zh,
        area_en,
        breakdown,
        unit_measure,
        stock_flow,
        is_headline,
        direction,
        n_observations,
        from_observation_id as first_observation_id,
        from_date as first_date,
        from_value as first_value,
        from_lower_bound as first_lower_bound,
        from_lower_closed as first_lower_closed,
        from_upper_bound as first_upper_bound,
        from_upper_closed as first_upper_closed,
        to_observation_id as latest_observation_id,
        latest_date,
        to_value as latest_value,
        to_lower_bound as latest_lower_bound,
        to_lower_closed as latest_lower_closed,
        to_upper_bound as latest_upper_bound,
        to_upper_closed as latest_upper_closed,
        days,
        {% for measure in ["change", "pct_change"] -%}
            {{ measure }},
            {{ measure }}_low,
            {{ measure }}_low_closed,
            {{ measure }}_high,
            {{ measure }}_high_closed,
        {% endfor -%}
        trend_low,
        trend_high,
        trend,
        days_since_latest,
        expected_by,
        reporting_status,
        comparability,
        reason,
        source_ids
    from with_trend
{%- endmacro %}
