{#- From a printed figure to its interval: the hedge lexicon applied to a token. Columns, not arguments, because all
    of them belong together: those of int_figure with the matching row of the lexicon. Value rules, section 2. -#}
{#- Which row of the lexicon speaks for a figure without hedge; null where the token has no number. -#}
{% macro unhedged_rule() -%}
    case
        when form in ('NONE', 'ORDER')
        then null
        when is_nominal
        then 'none_nominal'
        when form = 'DECIMAL_MAGNITUDE'
        then 'none_decimal_magnitude'
        when form = 'WHOLE_MAGNITUDE'
        then 'none_whole_magnitude'
        -- Digits of a measured unit are rounded, whatever 5 % of the value is: 0.5 % is anything from 0.45.
        when unit_type = 'MEASURED' or form = 'FRACTION'
        then 'none_measured'
        when form = 'DECIMAL'
        then 'none_decimal'
        when form is not null
        then 'none_counted'
    end
{%- endmacro %}

{#- How far the interval reaches from v, before sign and limits and rounding; 0 where the wording fixes the end itself.
    Some places of v, capped at a share of it; of things that are counted never so little that no whole number lies
    inside. Its factors are narrow decimals, so that their product with v stays exact within 38 digits. -#}
{% macro bound_step(v, u, d) -%}
    {%- set part = exact("cast(" ~ v ~ " as decimal(27, 9)) * share_of_value") -%}
    {%- set place -%}
        case
            when value_qualifier = 'EQ' and form <> 'WHOLE_MAGNITUDE' then {{ d }} else coalesce({{ u }}, {{ d }})
        end
    {%- endset -%}
    {%- set reach = exact("step_multiple * cast(" ~ place ~ " as decimal(27, 9))") -%}
    {%- set capped -%}
        case
            -- Half a digit of a fraction is half a digit of its denominator: no share of v.
            when {{ part }} < {{ reach }} and not (form = 'FRACTION' and value_qualifier = 'EQ')
            then {{ part }}
            else coalesce({{ reach }}, {{ exact(0) }})
        end
    {%- endset -%}
    case
        when unit_type = 'COUNTED' and {{ capped }} < {{ exact("min_step") }}
        then {{ exact("min_step") }}
        else {{ capped }}
    end
{%- endmacro %}

{#- Ends of the unsigned interval, as the wording or our policy gives them; null is unbounded. All that they are made of
    has nine places, and `step` is rounded up: so are the ends, outward. -#}
{% macro stated_lower() -%}
    case
        when form = 'FRACTION' and value_qualifier = 'EQ'
        then {{ quotient("numerator", "denominator + step", "down") }}
        when value_qualifier in ('EQ', 'APPROX', 'BELOW_NEAR', 'RANGE')
        then v_floor - step
        when value_qualifier in ('GT', 'GE', 'ABOVE_NEAR')
        then v_floor
        when value_qualifier = 'ORDER'
        then order_low
    end
{%- endmacro %}

{% macro stated_upper() -%}
    case
        when form = 'FRACTION' and value_qualifier = 'EQ'
        then {{ quotient("numerator", "denominator - step", "up") }}
        when value_qualifier in ('EQ', 'APPROX', 'ABOVE_NEAR')
        then v_ceiling + step
        -- A target asks for more without end, and a share of a whole ends where the whole does.
        when value_qualifier in ('GT', 'GE') and not is_nominal and greatest_value is null
        then v_ceiling + step
        when value_qualifier in ('LT', 'LE', 'BELOW_NEAR')
        then v_ceiling
        when value_qualifier = 'RANGE'
        then v_to + step_to
        -- Whole things end at 99, a length in kilometres just below 100.
        when value_qualifier = 'ORDER'
        then order_high + case when unit_type = 'MEASURED' then 1 else 0 end
    end
{%- endmacro %}

{% macro stated_lower_closed() -%}
    value_qualifier in ('APPROX', 'GE', 'RANGE', 'ORDER') or (value_qualifier = 'EQ' and form <> 'FRACTION')
{%- endmacro %}

{% macro stated_upper_closed() -%}
    value_qualifier in ('APPROX', 'LE', 'RANGE')
    or (value_qualifier = 'EQ' and (step = 0 or form = 'FRACTION'))
    or (value_qualifier = 'ORDER' and unit_type = 'COUNTED')
{%- endmacro %}

{#- What an end rests on. The basis of the hedge, but: a target's open end is what it says; a fall swaps the ends; a limit
    of the quantity that caps an open wording is our reading, not the document's. -#}
{% macro end_basis(end) -%}
    {%- set other = {"lower": "upper", "upper": "lower"}[end] -%}
    case
        when not has_interval
        then 'NONE'
        when is_nominal and value_qualifier in ('GT', 'GE')
        then 'STATED'
        when sign < 0
        then {{ other }}_rule
        else {{ end }}_rule
    end
{%- endmacro %}

{#- Of two bases the weaker: what the wording fixes, what the digits allow, what we presume, nothing. -#}
{% macro weaker_basis(a, b) -%}
    case
        {%- for basis in ["NONE", "PRESUMED", "ROUNDING"] %}
            when '{{ basis }}' in ({{ a }}, {{ b }}) then '{{ basis }}'
        {%- endfor %}
        else 'STATED'
    end
{%- endmacro %}
