with
    changes as (select * from {{ ref("int_change") }}),
    figures as (select * from {{ ref("int_current_vintage") }}),
    indicators as (select * from {{ ref("stg_indicators") }}),
    areas as (select * from {{ ref("stg_areas") }}),
    breaks as (select * from {{ ref("stg_breaks") }}),
    builds as (select * from {{ ref("build_info") }}),

    spans as (select * from changes where pair_kind = 'SPAN'),

    counted as (select series_id, count(*) as n_observations from figures group by series_id),

    series_sources as (select distinct series_id, source_id from figures),

    listed as (
        select series_id, {{ dbt.listagg("source_id", "';'", "order by source_id") }} as source_ids
        from series_sources
        group by series_id
    ),

    last_breaks as (
        select indicator_id, ref_area, max(break_date) as last_break
        from breaks
        group by indicator_id, ref_area
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
            {{ dbt.datediff("with_signs.to_date", "builds.as_of_date", "day") }} as days_since_latest,
            {{ expected_by("with_signs.to_date", "indicators.freq") }} as expected_by,
            last_breaks.last_break,
            builds.as_of_date,
            listed.source_ids
        from with_signs
        cross join builds
        left join
            last_breaks
            on last_breaks.indicator_id = with_signs.indicator_id
            and last_breaks.ref_area = with_signs.ref_area
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
                when from_observation_id <> to_observation_id then {{ trend_of("sign_high", "direction") }}
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
