with
    targets as (select * from {{ ref("int_commitment_target") }} where threshold is not null),
    figures as (select * from {{ ref("int_commitment_figure") }}),

    -- Levels after the base, or parts of the period, while both base and figure hold.
    since as (
        select
            targets.version_id,
            targets.reading,
            targets.valid_from as base_from,
            targets.valid_to as base_to,
            targets.due_date,
            targets.threshold,
            targets.threshold_closed,
            coalesce(targets.base_date, targets.date_announced) as since_date,
            figures.observation_id,
            figures.series_id,
            figures.obs_value,
            figures.evidence,
            figures.host_quality,
            figures.time_period_start,
            figures.time_period_end,
            figures.date_precision,
            figures.period_type,
            figures.differs_until,
            figures.is_whole,
            figures.valid_from as known_from,
            figures.valid_to as known_to,
            {% for column in ["lower_bound", "lower_closed", "upper_bound", "upper_closed"] -%}
                figures.{{ column }} as printed_{{ column }},
                case
                    when targets.reading = 'STATED' then figures.stated_{{ column }} else figures.{{ column }}
                end as {{ column }},
            {% endfor -%}
            targets.toward,
            targets.base_best
        from targets
        join figures on figures.version_id = targets.version_id
        where
            figures.time_period_end > coalesce(targets.base_date, targets.date_announced)
            and not targets.is_other_series
            and (targets.base_series_id is null or figures.series_id = targets.base_series_id)
            and (targets.base_segment is null or figures.segment = targets.base_segment)
    ),

    with_ends as (
        select
            *,
            case when toward = 1 then lower_bound else - upper_bound end as worst,
            case when toward = 1 then lower_closed else upper_closed end as worst_closed,
            case when toward = 1 then upper_bound else - lower_bound end as best,
            case when toward = 1 then upper_closed else lower_closed end as best_closed,
            -- What a period holds is not known before it ends.
            {{ later_day("known_from", "time_period_end") }} as told_from,
            {{ earlier_day("known_to", "base_to") }} as holds_to
        from since
    ),

    -- Across a change of definition the comparison is near: from the day on which that change was told.
    with_near as (
        select
            *,
            {{ later_day("told_from", "base_from") }} as valid_from,
            holds_to as valid_to,
            case
                when period_type = 'SINCE:?'
                then told_from
                else
                    min(case when differs_until >= since_date then known_from end) over (
                        partition by version_id, reading, base_from
                        order by time_period_end
                        range between unbounded preceding and current row
                    )
            end as near_from
        from with_ends
    ),

    -- A figure of a near definition, or of a part of the period, settles nothing.
    with_settling as (
        select
            *,
            case when is_whole then valid_from end as settles_from,
            case when is_whole then {{ earlier_day("valid_to", "near_from") }} end as settles_to
        from with_near
        where valid_to is null or valid_from < valid_to
    ),

    judged as (
        select
            *,
            is_whole and (settles_to is null or settles_from < settles_to) as can_settle,
            {{ is_reached("low") }} as reached_low,
            {{ is_reached("high") }} as reached_high,
            coalesce(worst > base_best, false) as is_nearer
        from with_settling
    )

select *
from judged
