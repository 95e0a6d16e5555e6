{#- Whether a series got better, judged at both ends of the interval of its change. Value rules, section 3. -#}
{#- Sign of the change at one end. An open end at zero is never reached; a missing end is unbounded. -#}
{% macro sign_at_lower(bound, closed) -%}
    case
        when {{ bound }} > 0 or ({{ bound }} = 0 and not {{ closed }})
        then 1
        when {{ bound }} = 0
        then 0
        else -1
    end
{%- endmacro %}

{% macro sign_at_upper(bound, closed) -%}
    case
        when {{ bound }} < 0 or ({{ bound }} = 0 and not {{ closed }})
        then -1
        when {{ bound }} = 0
        then 0
        else 1
    end
{%- endmacro %}

{#- What a change of that sign means. For an indicator that should hold its level, any change is for the worse. -#}
{% macro trend_of(sign, direction) -%}
    case
        when {{ direction }} = 'NONE'
        then 'NO_DIRECTION'
        when {{ sign }} = 0
        then 'UNCHANGED'
        when {{ sign }} = case {{ direction }} when 'UP' then 1 when 'DOWN' then -1 end
        then 'IMPROVED'
        else 'WORSENED'
    end
{%- endmacro %}

{#- Of both ends together; one figure has no trend, and ends that disagree decide nothing. -#}
{% macro trend_between(sign_low, sign_high) -%}
    case
        when is_single
        then 'SINGLE_OBSERVATION'
        when direction <> 'NONE' and {{ sign_low }} <> {{ sign_high }}
        then 'INDETERMINATE'
        else {{ trend_of(sign_low, "direction") }}
    end
{%- endmacro %}

{% macro trends() -%}
    {{
        return(
            ["IMPROVED", "WORSENED", "UNCHANGED", "INDETERMINATE", "SINGLE_OBSERVATION", "NO_DIRECTION"]
        )
    }}
{%- endmacro %}
