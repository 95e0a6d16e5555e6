with
    observations as (select * from {{ ref("fct_observation") }}),

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
            segment
        from observations
        where is_current_vintage
    )

select *
from current_vintage
