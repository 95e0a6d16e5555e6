{#- Days at which something begins or ends to hold. An end that is missing is still to come. -#}
{% macro later_day(a, b) -%} case when {{ a }} >= {{ b }} then {{ a }} else {{ b }} end {%- endmacro %}

{% macro earlier_day(a, b) -%}
    case when {{ a }} is null or {{ b }} < {{ a }} then {{ b }} else {{ a }} end
{%- endmacro %}

{#- Whether something that holds from `start` until before `end` does so on `day`. -#}
{% macro holds_on(day, start, end) -%}
    ({{ start }} <= {{ day }} and ({{ end }} is null or {{ end }} > {{ day }}))
{%- endmacro %}

{#- The first day that a day may be of which only the month or the year is known. -#}
{% macro first_possible_day(day, precision) -%}
    case
        {{ precision }}
        when 'MONTH'
        then cast({{ dbt.date_trunc("month", day) }} as date)
        when 'YEAR'
        then cast({{ dbt.date_trunc("year", day) }} as date)
        else {{ day }}
    end
{%- endmacro %}

{#- Dialect-free: the last day of a year. -#}
{% macro is_year_end(day) -%}
    (extract(month from {{ day }}) = 12 and extract(day from {{ day }}) = 31)
{%- endmacro %}
