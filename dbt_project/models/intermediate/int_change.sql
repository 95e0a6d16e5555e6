with
    pairs as (select * from {{ ref("int_pair") }}),

    -- No arithmetic across a break; a ratio only where the base can be above zero and neither side below it.
    judged as (
        select
            *,
            not is_single and comparability <> 'BROKEN' as is_comparable,
            coalesce(from_lower_bound >= 0 and (from_upper_bound is null or from_upper_bound > 0), false)
            and coalesce(to_lower_bound >= 0, to_upper_bound > 0, true) as is_ratio_scale,
            coalesce(from_upper_bound = 0, false) and coalesce(from_lower_bound = 0, false) as is_zero_base,
            from_lower_bound is not null
            and from_upper_bound is not null
            and to_lower_bound is not null
            and to_upper_bound is not null as is_bounded,
            -- What went on for seven weeks did not go on for a year.
            days >= 365 as is_year_apart
        from pairs
    ),

    with_ratios as (
        select
            *,
            {% for end in ["down", "up", "half_up"] -%}
                case when is_comparable and is_ratio_scale then {{ rough_ratio(end) }} end as ratio_{{ end }}
                {{- "," if not loop.last }}
            {% endfor %}
        from judged
    ),

    with_results as (
        select
            *,
            {{ point_and_ends("change", difference, "is_comparable") }},
            {{ point_and_ends("multiple", ratio, "is_comparable and is_ratio_scale") }},
            {{ point_and_ends("pct_change", percentage_change, "is_comparable and is_ratio_scale") }},
            {{
                point_and_ends(
                    "annual_rate", annual_rate, "is_comparable and is_ratio_scale and is_year_apart"
                )
            }},
            -- The second reading: ends that our policy presumes are left open.
            case
                when is_comparable
                then cast(to_stated_lower_bound - from_stated_upper_bound as decimal(38, 9))
            end as stated_change_low,
            case
                when is_comparable
                then cast(to_stated_upper_bound - from_stated_lower_bound as decimal(38, 9))
            end as stated_change_high
        from with_ratios
    ),

    with_closed as (
        select
            *,
            {{ closed_end("change_low", "to_lower_closed", "from_upper_closed") }} as change_low_closed,
            {{ closed_end("change_high", "to_upper_closed", "from_lower_closed") }} as change_high_closed,
            {{ closed_end("stated_change_low", "to_stated_lower_closed", "from_stated_upper_closed") }}
            as stated_change_low_closed,
            {{ closed_end("stated_change_high", "to_stated_upper_closed", "from_stated_lower_closed") }}
            as stated_change_high_closed,
            {% for measure in ["multiple", "pct_change", "annual_rate"] -%}
                {{ closed_end(measure ~ "_low", "to_lower_closed", "from_upper_closed", "to_lower_bound") }}
                as {{ measure }}_low_closed,
                {{ closed_end(measure ~ "_high", "to_upper_closed", "from_lower_closed", "to_upper_bound") }}
                as {{ measure }}_high_closed
                {{- "," if not loop.last }}
            {% endfor %}
        from with_results
    ),

    with_signs as (
        select
            *,
            {% for reading in ["", "stated_"] -%}
                case
                    when is_comparable
                    then {{ sign_at_lower(reading ~ "change_low", reading ~ "change_low_closed") }}
                end as {{ reading }}sign_low,
                case
                    when is_comparable
                    then {{ sign_at_upper(reading ~ "change_high", reading ~ "change_high_closed") }}
                end as {{ reading }}sign_high
                {{- "," if not loop.last }}
            {% endfor %}
        from with_closed
    ),

    with_reason as (select *, {{ change_reason() }} as reason from with_signs)

select *
from with_reason
