{#- What was known when, and what one telling of a figure says of another. -#}
{% macro known_on(day) -%}
    realtime_start <= {{ day }} and (realtime_end > {{ day }} or realtime_end is null)
{%- endmacro %}

{#- Whether a figure is final: as its bulletin says, and where that says nothing, final; but what is published so soon
    that its indicator is still being worked out is preliminary. -#}
{% macro status_of_figure() -%}
    case
        when
            observations.obs_status = 'A'
            and sources.published_by
            <= {{
                dbt.dateadd(
                    "month",
                    "cast(indicators.preliminary_months as integer)",
                    "observations.time_period_end",
                )
            }}
        then 'P'
        else observations.obs_status
    end
{%- endmacro %}

{#- How final a figure is: an estimate gives way to anything told as a fact, a preliminary figure to a final one. -#}
{% macro finality(obs_status) -%}
    case {{ obs_status }} when 'E' then 0 when 'P' then 1 else 2 end
{%- endmacro %}

{#- Whether nobody answers for the page that tells it. -#}
{% macro is_untrusted(host_quality) -%} coalesce({{ host_quality }} = 'UNTRUSTED', false) {%- endmacro %}

{#- What a further telling does to the one that holds, the first that fits. Columns told_* of the telling and held_* of
    the one before it. A page that nobody answers for never takes the place of a better one, whatever it says and
    whenever; beside a better one it does not stay. An order that the days of publication leave open decides
    nothing; the narrower of two nested intervals needs no order. -#}
{% macro effect_of_telling() -%}
    case
        when told_is_untrusted and not held_is_untrusted
        then
            case when {{ encloses("told", "held") }} and not held_is_open then 'CONFIRMS' else 'OUTRANKED' end
        when held_is_untrusted and not told_is_untrusted
        then 'REPLACES'
        when told_finality > 0 and held_finality = 0
        then 'REPLACES'
        when told_finality = 0 and held_finality > 0
        then 'OUTRANKED'
        when {{ encloses("told", "held") }} and not held_is_open
        then 'CONFIRMS'
        when told_finality < held_finality
        then 'OUTRANKED'
        when told_finality > held_finality
        then 'REPLACES'
        when told_published_from > held_published_by
        then 'REPLACES'
        when {{ encloses("held", "told") }} and not held_is_open
        then 'REPLACES'
        else 'UNDECIDED'
    end
{%- endmacro %}
