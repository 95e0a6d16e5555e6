with
    pairs as (select * from {{ ref("int_pair") }}),

    -- No arithmetic across a break; a ratio only where the base can be above zero and neither side below it.
    judged as (
        select
            *,
            comparability <> 'BROKEN' and from_observation_id <> to_observation_id as is_comparable,
            coalesce(from_lower_bound >= 0 and (from_upper_bound is null or from_upper_bound > 0), false)
            and coalesce(to_lower_bound >= 0, to_upper_bound > 0, true) as is_ratio_scale,
            coalesce(from_upper_bound = 0, false) and coalesce(from_lower_bound = 0, false) as is_zero_base,
            -- A threshold (more than 10 000) is no value to subtract: a point needs both ends of both
            -- figures.
            from_lower_bound is not null
            and from_upper_bound is not null
            and to_lower_bound is not null
            and to_upper_bound is not null as is_bounded
        from pairs
    ),

    with_difference as (
        select
            *,
            case when is_comparable and is_bounded then {{ difference("half_up") }} end as change,
            case when is_comparable then {{ difference("down") }} end as change_low,
            case when is_comparable then {{ difference("up") }} end as change_high
        from judged
    ),

    with_ratio as (
        select
            *,
            case
                when is_comparable and is_ratio_scale and is_bounded then {{ ratio("half_up") }}
            end as multiple,
            case when is_comparable and is_ratio_scale then {{ ratio("down") }} end as multiple_low,
            case when is_comparable and is_ratio_scale then {{ ratio("up") }} end as multiple_high,
            case
                when is_comparable and is_ratio_scale and is_bounded then {{ percentage_change("half_up") }}
            end as pct_change,
            case
                when is_comparable and is_ratio_scale then {{ percentage_change("down") }}
            end as pct_change_low,
            case
                when is_comparable and is_ratio_scale then {{ percentage_change("up") }}
            end as pct_change_high
        from with_difference
    ),

    with_rate as (
        select
            *,
            case
                when is_comparable and is_ratio_scale and is_bounded then {{ annual_rate("half_up") }}
            end as annual_rate,
            case when is_comparable and is_ratio_scale then {{ annual_rate("down") }} end as annual_rate_low,
            case when is_comparable and is_ratio_scale then {{ annual_rate("up") }} end as annual_rate_high
        from with_ratio
    ),

    with_closed as (
        select
            *,
            {{ closed_end("change_low", "to_lower_closed", "from_upper_closed") }} as change_low_closed,
            {{ closed_end("change_high", "to_upper_closed", "from_lower_closed") }} as change_high_closed,
            {% for measure in ["multiple", "pct_change", "annual_rate"] -%}
                {{ closed_end(measure ~ "_low", "to_lower_closed", "from_upper_closed", "to_lower_bound") }}
                as {{ measure }}_low_closed,
                {{ closed_end(measure ~ "_high", "to_upper_closed", "from_lower_closed", "to_upper_bound") }}
                as {{ measure }}_high_closed
                {{- "," if not loop.last }}
            {% endfor %}
        from with_rate
    ),

    with_reason as (select *, {{ change_reason() }} as reason from with_closed)

select *
from with_reason
