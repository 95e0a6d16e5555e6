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

{#- Growth in percentage points. -#}
{% macro percentage_change(end) -%}
    {%- set new, old = change_ends(end) -%}
    {{ quotient("100 * (" ~ new ~ " - " ~ old ~ ")", old, end, "100 * (ratio_" ~ end ~ " - 1)") }}
{%- endmacro %}

{#- Growth a year in percentage points: multiple^(365.25 / days) - 1. A power needs doubles; their error, a few units in
    the 16th digit for ratio, exponent and result, widens the ends before they are rounded. -#}
{% macro annual_rate(end) -%}
    {%- set new, old = change_ends(end) -%}
    {%- set ratio = "ratio_" ~ end -%}
    {%- set years = "(cast(365.25 as double) / days)" -%}
    {%- set slack = "(growth + 1) * 4e-15 * (1 + " ~ years ~ ") * (1 + abs(log))" -%}
    {%- set sign = {"down": " - ", "up": " + "}.get(end) -%}
    {%- set rate = round_double("100 * (growth - 1" ~ (sign ~ slack if sign else "") ~ ")", end) -%}
    case
        when {{ new }} = {{ old }} and {{ old }} > 0
        then 0
        when {{ new }} = 0 and {{ old }} > 0
        then -100
        when {{ ratio }} > 0
        then {{ let("log", exact_ln(ratio), let("growth", exact_exp(years ~ " * log"), rate)) }}
    end
{%- endmacro %}

{#- Three columns of one result; `at` is the macro that computes it at an end. A point only where both figures have both
    ends: a threshold (more than 10 000) is no value to subtract. -#}
{% macro point_and_ends(name, at, condition) -%}
    case when {{ condition }} and is_bounded then {{ at("half_up") }} end as {{ name }},
    case when {{ condition }} then {{ at("down") }} end as {{ name }}_low,
    case when {{ condition }} then {{ at("up") }} end as {{ name }}_high
{%- endmacro %}

{#- Why something is missing or only near; null where every interval is there and the figures are the same thing. Of the
    first and the latest figure no yearly rate is told, so that none is missing. -#}
{% macro change_reason() -%}
    {{
        reason_codes(
            {
                "SERIES_BROKEN": "comparability = 'BROKEN'",
                "DEFINITION_DIFFERS": "comparability = 'NEAR' and is_other_definition",
                "START_NOT_STATED": "comparability = 'NEAR' and is_of_unknown_start",
                "SINGLE_OBSERVATION": "is_single",
                "TELLINGS_UNDECIDED": "is_undecided",
                "ESTIMATE": "'E' in (from_obs_status, to_obs_status)",
                "PRELIMINARY": "'P' in (from_obs_status, to_obs_status)",
                "NO_SINGLE_NUMBER": "is_comparable and not is_undecided and (from_value is null or to_value is null)",
                "END_UNBOUNDED": "is_comparable and (change_low is null or change_high is null)",
                "ENDS_DISAGREE": "sign_low <> sign_high",
                "ZERO_BASE": "is_comparable and is_zero_base",
                "NOT_POSITIVE": "is_comparable and not is_zero_base and not is_ratio_scale",
                "BASE_TOUCHES_ZERO": "is_comparable and is_ratio_scale and from_lower_bound = 0",
                "DATE_NOT_EXACT": "days is null",
                "TOO_FEW_DAYS": "is_comparable and is_ratio_scale and not is_year_apart and pair_type is distinct from 'SPAN'",
            }
        )
    }}
{%- endmacro %}
