{#- What kind of period a figure is about: P a point, A a calendar year, H1 H2 half-years, Q1-Q4 quarters, M01-M12 months,
    YTD01-YTD11 from 1 January to the end of a month, D<n> any other n days, SINCE:<day> a running total and since when,
    SINCE:? one whose start is not stated. Only like periods are neighbours, so the kind is part of the series; with the
    last day it also gives the first. -#}
{% macro period_type() -%}
    {%- set months = dbt.datediff("time_period_start", "time_period_end", "month") ~ " + 1" -%}
    {%- set month = "extract(month from time_period_start)" -%}
    {%- set text = dbt.type_string() -%}
    {%- set whole_months -%}
        (
            extract(day from time_period_start) = 1
            and time_period_end = {{ dbt.last_day("time_period_end", "month") }}
        )
    {%- endset -%}
    case
        when stock_flow = 'CUMULATIVE'
        then concat_ws('', 'SINCE:', coalesce(cast(time_period_start as {{ text }}), '?'))
        when time_period_start is null
        then 'P'
        when {{ whole_months }} and {{ month }} = 1 and {{ months }} = 12
        then 'A'
        when {{ whole_months }} and {{ month }} in (1, 7) and {{ months }} = 6
        then case {{ month }} when 1 then 'H1' else 'H2' end
        when {{ whole_months }} and {{ month }} in (1, 4, 7, 10) and {{ months }} = 3
        then case {{ month }} when 1 then 'Q1' when 4 then 'Q2' when 7 then 'Q3' else 'Q4' end
        when {{ whole_months }} and {{ months }} = 1
        then concat_ws('', 'M', lpad(cast({{ month }} as {{ text }}), 2, '0'))
        when {{ whole_months }} and {{ month }} = 1 and {{ months }} < 12
        then concat_ws('', 'YTD', lpad(cast({{ months }} as {{ text }}), 2, '0'))
        else
            concat_ws(
                '',
                'D',
                cast({{ dbt.datediff("time_period_start", "time_period_end", "day") }} + 1 as {{ text }})
            )
    end
{%- endmacro %}

{#- The same in the code list CL_FREQ of SDMX; what comes in no rhythm of its own is _O. -#}
{% macro sdmx_freq(period_type) -%}
    case
        when {{ period_type }} = 'A'
        then 'A'
        when {{ period_type }} in ('H1', 'H2')
        then 'S'
        when {{ period_type }} in ('Q1', 'Q2', 'Q3', 'Q4')
        then 'Q'
        when {{ period_type }} like 'M%'
        then 'M'
        when {{ period_type }} = 'D1'
        then 'D'
        else '_O'
    end
{%- endmacro %}

{#- Which of several series stands for an indicator and a place: the whole before a part, the indicator's own unit, years
    before points in time, running totals and parts of a year. -#}
{% macro period_rank(period_type) -%}
    case
        when {{ period_type }} = 'A'
        then 1
        when {{ period_type }} = 'P'
        then 2
        when {{ period_type }} like 'SINCE:%' and {{ period_type }} <> 'SINCE:?'
        then 3
        when {{ period_type }} = 'SINCE:?'
        then 4
        when {{ period_type }} like 'H%'
        then 5
        when {{ period_type }} like 'YTD%'
        then 6
        when {{ period_type }} like 'Q%'
        then 7
        when {{ period_type }} like 'M%'
        then 8
        else 9
    end
{%- endmacro %}
