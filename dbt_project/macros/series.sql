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
    A break between two figures shows in their segments; `breaks` say why. Eleven months and twelve are not compared. -#}
{% macro pairs_of(figures, breaks) -%}
    with
        figures as (select * from {{ figures }}),
        breaks as (select * from {{ breaks }}),

        with_latest as (
            select
                *,
                first_value(period_length) over (
                    partition by series_id order by time_period_end desc
                ) as latest_length
            from figures
        ),

        ordered as (
            select
                *,
                lag(observation_id) over (partition by series_id order by time_period_end) as previous_id,
                row_number() over (
                    partition by series_id
                    order by
                        segment desc,
                        case when period_length <> latest_length then 1 else 0 end,
                        time_period_end
                ) as rank_in_latest,
                row_number() over (partition by series_id order by time_period_end desc) as rank_from_latest
            from with_latest
        ),

        neighbours as (
            select
                'NEIGHBOURS' as pair_kind,
                previous_id as from_observation_id,
                observation_id as to_observation_id
            from ordered
            where previous_id is not null
        ),

        -- From the first figure since the last break to the latest, of totals the first over as long a
        -- period; the same figure where there is only one.
        spans as (
            select
                'SPAN' as pair_kind,
                first_figure.observation_id as from_observation_id,
                latest_figure.observation_id as to_observation_id
            from ordered as first_figure
            join
                ordered as latest_figure
                on latest_figure.series_id = first_figure.series_id
                and latest_figure.rank_from_latest = 1
            where first_figure.rank_in_latest = 1
        ),

        pairs as (
            select *
            from neighbours
            union all
            select *
            from spans
        ),

        with_figures as (
            select
                pairs.pair_kind,
                to_figure.series_id,
                to_figure.indicator_id,
                to_figure.domain_id,
                to_figure.ref_area,
                to_figure.breakdown,
                to_figure.unit_measure,
                to_figure.stock_flow,
                pairs.from_observation_id,
                pairs.to_observation_id,
                from_figure.time_period_end as from_date,
                to_figure.time_period_end as to_date,
                {{ dbt.datediff("from_figure.time_period_end", "to_figure.time_period_end", "day") }} as days,
                from_figure.obs_value as from_value,
                from_figure.lower_bound as from_lower_bound,
                from_figure.lower_closed as from_lower_closed,
                from_figure.upper_bound as from_upper_bound,
                from_figure.upper_closed as from_upper_closed,
                to_figure.obs_value as to_value,
                to_figure.lower_bound as to_lower_bound,
                to_figure.lower_closed as to_lower_closed,
                to_figure.upper_bound as to_upper_bound,
                to_figure.upper_closed as to_upper_closed,
                from_figure.segment <> to_figure.segment as is_broken,
                coalesce(from_figure.period_length <> to_figure.period_length, false) as is_other_length,
                nullif(
                    concat_ws(
                        '; ',
                        from_figure.comparability_note,
                        nullif(to_figure.comparability_note, from_figure.comparability_note)
                    ),
                    ''
                ) as note
            from pairs
            join figures as from_figure on from_figure.observation_id = pairs.from_observation_id
            join figures as to_figure on to_figure.observation_id = pairs.to_observation_id
        ),

        break_reasons as (
            select
                with_figures.pair_kind,
                with_figures.to_observation_id,
                {{ dbt.listagg("breaks.reason", "'; '", "order by breaks.break_date") }} as break_reason
            from with_figures
            join
                breaks
                on breaks.indicator_id = with_figures.indicator_id
                and breaks.ref_area = with_figures.ref_area
                and breaks.break_date > with_figures.from_date
                and breaks.break_date <= with_figures.to_date
            group by with_figures.pair_kind, with_figures.to_observation_id
        ),

        -- Of a single figure there is nothing to compare.
        with_comparability as (
            select
                with_figures.*,
                case
                    when with_figures.from_observation_id = with_figures.to_observation_id
                    then null
                    when with_figures.is_broken or with_figures.is_other_length
                    then 'BROKEN'
                    when with_figures.note is not null
                    then 'NEAR'
                    else 'SAME'
                end as comparability,
                case
                    when with_figures.from_observation_id = with_figures.to_observation_id
                    then null
                    when with_figures.is_broken or with_figures.is_other_length
                    then
                        concat_ws(
                            '; ',
                            break_reasons.break_reason,
                            case
                                when with_figures.is_other_length then '期间长短不同 · periods of different length'
                            end
                        )
                    else with_figures.note
                end as comparability_reason
            from with_figures
            left join
                break_reasons
                on break_reasons.pair_kind = with_figures.pair_kind
                and break_reasons.to_observation_id = with_figures.to_observation_id
        )

    select *
    from with_comparability
{%- endmacro %}

{#- One row per series: its trend, judged at both ends of its change, and whether it is still reported. -#}
{% macro progress_of(changes, figures, indicators, areas, day) -%}
    with
        changes as (select * from {{ changes }}),
        figures as (select * from {{ figures }}),
        indicators as (select * from {{ indicators }}),
        areas as (select * from {{ areas }}),
        days as (select {{ day }} as as_of_date),

        spans as (select * from changes where pair_kind = 'SPAN'),

        counted as (select series_id, count(*) as n_observations from figures group by series_id),

        series_sources as (select distinct series_id, source_id from figures),

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
                figures as latest
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
