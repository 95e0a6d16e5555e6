with
    observations as (select * from {{ ref("int_observation") }}),
    breaks as (select * from {{ ref("stg_breaks") }}),

    -- Ties within a day of publication fall to the final figure, then to the name, so that every build
    -- agrees.
    ranked as (
        select
            *,
            row_number() over (
                partition by series_id, time_period_end
                order by
                    date_published desc nulls last, case obs_status when 'A' then 0 else 1 end, observation_id
            ) as vintage_rank
        from observations
        where not is_reprint
    ),

    current_vintage as (select * from ranked where vintage_rank = 1),

    -- Figures of one segment are comparable: no break lies between them.
    breaks_before as (
        select current_vintage.observation_id, count(breaks.break_date) as segment
        from current_vintage
        left join
            breaks
            on breaks.indicator_id = current_vintage.indicator_id
            and breaks.ref_area = current_vintage.ref_area
            and breaks.break_date <= current_vintage.time_period_end
        group by current_vintage.observation_id
    ),

    with_segment as (
        select
            current_vintage.series_id,
            current_vintage.observation_id,
            current_vintage.source_id,
            current_vintage.indicator_id,
            current_vintage.domain_id,
            current_vintage.ref_area,
            current_vintage.breakdown,
            current_vintage.unit_measure,
            current_vintage.stock_flow,
            current_vintage.time_period_end,
            current_vintage.obs_value,
            current_vintage.lower_bound,
            current_vintage.lower_closed,
            current_vintage.upper_bound,
            current_vintage.upper_closed,
            current_vintage.comparability_note,
            breaks_before.segment
        from current_vintage
        join breaks_before on breaks_before.observation_id = current_vintage.observation_id
    )

select *
from with_segment
