{#- What was known when. A vintage is a figure for a series and period that is no reprint; it holds from the day it was
    published until the next is (half open). Of two on one day the final one holds, then the one first by name. -#}
{% macro vintage_window() -%}
    partition by series_id, time_period_end, is_reprint
    order by date_published nulls first, case obs_status when 'A' then 1 else 0 end, observation_id desc
{%- endmacro %}

{% macro known_on(day) -%}
    realtime_start <= {{ day }} and (realtime_end > {{ day }} or realtime_end is null)
{%- endmacro %}
