{#- What two intervals say about the way from one to the other. Columns from_* and to_* of int_change; `end` as in
    rounding.sql. The smallest change pairs the least new figure with the greatest old one, and so on; an end is closed
    only if both that make it are. Value rules, section 3. -#}
{% macro change_ends(end) -%}
    {{
        return(
            {
                "down": ("to_lower_bound", "from_upper_bound"),
                "up": ("to_upper_bound", "from_lower_bound"),
                "half_up": ("to_value", "from_value"),
            }[end]
        )
    }}
{%- endmacro %}

{% macro difference(end) -%}
    {%- set new, old = change_ends(end) -%} cast({{ new }} - {{ old }} as decimal(38, 9))
{%- endmacro %}

{#- New by old as a double, which is what all ratios begin with; computed once, a column per end. -#}
{% macro rough_ratio(end) -%}
    {%- set new, old = change_ends(end) -%} cast({{ new }} as double) / nullif(cast({{ old }} as double), 0)
{%- endmacro %}

{#- Times the old figure; null (unbounded) where the divisor can be zero. -#}
{% macro ratio(end) -%}
    {%- set new, old = change_ends(end) -%} {{ quotient(new, old, end, "ratio_" ~ end) }}
{%- endmacro %}

{#- Whether an end belongs to the result: only if both ends that make it belong to theirs. Nothing divided by whatever is
    nothing, so a quotient of zero needs its dividend's end alone. -#}
{% macro closed_end(result, first, second, dividend=none) -%}
    case
        when {{ result }} is not null
        then
            {{ first }}
            and {{ "(" ~ second ~ " or coalesce(" ~ dividend ~ " = 0, false))" if dividend else second }}
    end
{%- endmacro %}

{#- Growth in per cent points. -#}
{% macro percentage_change(end) -%}
    {%- set new, old = change_ends(end) -%}
    {{ quotient("100 * (" ~ new ~ " - " ~ old ~ ")", old, end, "100 * (ratio_" ~ end ~ " - 1)") }}
{%- endmacro %}

{#- Growth a year in per cent points: multiple^(365.25 / days) - 1. A power needs doubles; their error, a few units in
    the 16th digit for ratio, exponent and result, widens the ends before they are rounded. Null where it would
    exceed 10^13 %: some days are no ground for a yearly rate. -#}
{% macro annual_rate(end) -%}
    {%- set new, old = change_ends(end) -%}
    {%- set ratio = "ratio_" ~ end -%}
    {%- set years = "(cast(365.25 as double) / days)" -%}
    {%- set log = "ln(nullif(" ~ ratio ~ ", 0))" -%}
    {%- set growth = "power(" ~ ratio ~ ", " ~ years ~ ")" -%}
    {%- set slack = "(" ~ growth ~ " + 1) * 4e-15 * (1 + " ~ years ~ ") * (1 + abs(" ~ log ~ "))" -%}
    {%- set sign = {"down": "-", "up": "+"}.get(end) -%}
    case
        when {{ new }} = {{ old }} and {{ old }} > 0
        then 0
        when {{ new }} = 0 and {{ old }} > 0
        then -100
        when {{ years }} * {{ log }} < ln(1e11)
        then
            {{
                round_double(
                    "100 * (" ~ growth ~ " - 1" ~ (" " ~ sign ~ " " ~ slack if sign else "") ~ ")", end
                )
            }}
    end
{%- endmacro %}

{#- Three columns of one result; `at` is the macro that computes it at an end. A point only where both figures have both
    ends: a threshold (more than 10 000) is no value to subtract. -#}
{% macro point_and_ends(name, at, condition) -%}
    case when {{ condition }} and is_bounded then {{ at("half_up") }} end as {{ name }},
    case when {{ condition }} then {{ at("down") }} end as {{ name }}_low,
    case when {{ condition }} then {{ at("up") }} end as {{ name }}_high
{%- endmacro %}

{#- Why something is missing or only near; null where every interval is there and the figures are the same thing. -#}
{% macro change_reason() -%}
    nullif(
        concat_ws(
            '; ',
            comparability_reason,
            case when comparability = 'BROKEN' then '序列中断,不作计算 · series broken: nothing computed' end,
            case when from_observation_id = to_observation_id then '仅一次观测 · a single observation' end,
            case
                when is_comparable and (from_value is null or to_value is null)
                then '原文未给单一数值 · no single number is printed'
            end,
            case
                when is_comparable and (change_low is null or change_high is null)
                then '一端无界,差与倍数亦无界,不给点值 · an end is unbounded, and so are change and multiple: no point'
            end,
            case
                when is_comparable and is_zero_base
                then '基数为零,无倍数与百分比 · zero base: no multiple, no percentage'
                when is_comparable and not is_ratio_scale
                then '未必皆为正数,无倍数与百分比 · not known to be positive: no multiple, no percentage'
            end,
            case
                when is_comparable and is_ratio_scale and from_lower_bound = 0
                then '基数区间触零,倍数无上界 · base interval touches zero: multiple unbounded above'
            end,
            case
                when annual_rate_low is null and multiple_low is not null
                then '间隔过短,不作年率 · too few days for a yearly rate'
                when annual_rate_high is null and multiple_high is not null
                then '间隔过短,不作年率 · too few days for a yearly rate'
            end
        ),
        ''
    )
{%- endmacro %}

{#- One row per pair: what can be computed of the way from one figure to the other, and why the rest is missing. -#}
{% macro changes_of(pairs) -%}
    with
        pairs as (select * from {{ pairs }}),

        -- No arithmetic across a break; a ratio only where the base can be above zero and neither side
        -- below it.
        judged as (
            select
                *,
                comparability <> 'BROKEN' and from_observation_id <> to_observation_id as is_comparable,
                coalesce(from_lower_bound >= 0 and (from_upper_bound is null or from_upper_bound > 0), false)
                and coalesce(to_lower_bound >= 0, to_upper_bound > 0, true) as is_ratio_scale,
                coalesce(from_upper_bound = 0, false)
                and coalesce(from_lower_bound = 0, false) as is_zero_base,
                from_lower_bound is not null
                and from_upper_bound is not null
                and to_lower_bound is not null
                and to_upper_bound is not null as is_bounded
            from pairs
        ),

        with_ratios as (
            select
                *,
                {% for end in ["down", "up", "half_up"] -%}
                    case
                        when is_comparable and is_ratio_scale then {{ rough_ratio(end) }}
                    end as ratio_{{ end }}
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
                {{ point_and_ends("annual_rate", annual_rate, "is_comparable and is_ratio_scale") }}
            from with_ratios
        ),

        with_closed as (
            select
                *,
                {{ closed_end("change_low", "to_lower_closed", "from_upper_closed") }} as change_low_closed,
                {{ closed_end("change_high", "to_upper_closed", "from_lower_closed") }} as change_high_closed,
                {% for measure in ["multiple", "pct_change", "annual_rate"] -%}
                    {{
                        closed_end(
                            measure ~ "_low", "to_lower_closed", "from_upper_closed", "to_lower_bound"
                        )
                    }} as {{ measure }}_low_closed,
                    {{
                        closed_end(
                            measure ~ "_high", "to_upper_closed", "from_lower_closed", "to_upper_bound"
                        )
                    }} as {{ measure }}_high_closed
                    {{- "," if not loop.last }}
                {% endfor %}
            from with_results
        ),

        with_reason as (select *, {{ change_reason() }} as reason from with_closed)

    select *
    from with_reason
{%- endmacro %}
