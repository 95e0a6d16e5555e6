with
    figures as (select * from {{ ref("int_current_vintage") }}),
    breaks as (select * from {{ ref("stg_breaks") }}),

    ordered as (
        select
            *,
            lag(observation_id) over (partition by series_id order by time_period_end) as previous_id,
            row_number() over (
                partition by series_id order by segment desc, time_period_end
            ) as rank_in_latest,
            row_number() over (partition by series_id order by time_period_end desc) as rank_from_latest
        from figures
    ),

    neighbours as (
        select
            'NEIGHBOURS' as pair_kind, previous_id as from_observation_id, observation_id as to_observation_id
        from ordered
        where previous_id is not null
    ),

    -- From the first figure since the last break to the latest; the same figure where there is only one.
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

    with_comparability as (
        select
            with_figures.*,
            case
                when with_figures.is_broken
                then 'BROKEN'
                when with_figures.note is not null
                then 'NEAR'
                else 'SAME'
            end as comparability,
            case
                when with_figures.is_broken then break_reasons.break_reason else with_figures.note
            end as comparability_reason
        from with_figures
        left join
            break_reasons
            on break_reasons.pair_kind = with_figures.pair_kind
            and break_reasons.to_observation_id = with_figures.to_observation_id
    )

select *
from with_comparability
