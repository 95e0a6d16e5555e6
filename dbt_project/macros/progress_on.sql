{#- Where each series stands on a day: the state that holds then, with the names that people read and what depends on
    the day itself. `marts` maps names of marts to what they are read from; `asked`: a condition on series. -#}
{% macro progress_on(day, marts, asked="true") -%}
    with
        states as (
            select *
            from {{ marts["integration_progress_history"] }}
            where {{ valid_on(day) }} and {{ asked }}
        ),
        known as (
            select series_id, source_id
            from {{ marts["fct_observation"] }}
            where {{ known_on(day) }} and {{ asked }}
        ),
        indicators as (select * from {{ marts["dim_indicator"] }}),
        areas as (select * from {{ marts["dim_area"] }}),

        series_sources as (select distinct series_id, source_id from known),

        -- Of every series: too many groups for an aggregate of text, which memory must hold all at once.
        listed_so_far as (
            select
                series_id,
                {{ running_list("source_id", "';'", "series_id", "source_id") }} as source_ids,
                row_number() over (partition by series_id order by source_id desc) as place
            from series_sources
        ),

        listed as (select series_id, source_ids from listed_so_far where place = 1),

        -- Which series stands for its indicator and area. Keys alone: whole rows would be sorted for it.
        placed as (
            select
                states.series_id,
                row_number() over (
                    partition by states.indicator_id, states.ref_area
                    order by
                        case when states.breakdown = '_T' then 0 else 1 end,
                        case when states.unit_measure = indicators.unit_measure then 0 else 1 end,
                        {{ period_rank("states.period_type") }},
                        states.n_observations desc,
                        states.latest_date desc,
                        states.series_id
                ) as place
            from states
            left join indicators on indicators.indicator_id = states.indicator_id
        ),

        -- Joined first, both being narrow: each join to whole rows may hold them all.
        beside as (
            select placed.series_id, placed.place, listed.source_ids
            from placed
            left join listed on listed.series_id = placed.series_id
        ),

        joined as (
            select
                states.*,
                indicators.name_zh as indicator_zh,
                indicators.name_en as indicator_en,
                indicators.is_headline,
                areas.name_zh as area_zh,
                areas.name_en as area_en,
                beside.source_ids,
                beside.place,
                {{ day }} as as_of_date,
                {{ dbt.datediff("states.latest_date", day, "day") }} as days_since_latest
            from states
            left join indicators on indicators.indicator_id = states.indicator_id
            left join areas on areas.ref_area = states.ref_area
            left join beside on beside.series_id = states.series_id
        ),

        with_status as (select *, {{ reporting_status() }} as reporting_status from joined)

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
        period_type,
        place = 1 as is_representative,
        is_headline,
        direction,
        n_observations,
        n_comparable,
        first_observation_id,
        first_date,
        first_date_precision,
        first_value,
        first_lower_bound,
        first_lower_closed,
        first_upper_bound,
        first_upper_closed,
        first_obs_status,
        latest_observation_id,
        latest_date,
        latest_date_precision,
        latest_value,
        latest_lower_bound,
        latest_lower_closed,
        latest_upper_bound,
        latest_upper_closed,
        latest_obs_status,
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
        stated_trend,
        verdict_needs_policy,
        coalesce(
            trend in ('IMPROVED', 'WORSENED')
            and comparability = 'SAME'
            and not verdict_needs_policy
            and first_obs_status = 'A'
            and latest_obs_status = 'A',
            false
        ) as is_settled,
        days_since_latest,
        expected_by,
        reporting_status,
        comparability,
        comparability_note,
        reason,
        evidence,
        evidence_mixed,
        host_quality,
        source_ids
    from with_status
{%- endmacro %}
