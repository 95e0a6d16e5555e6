{#- Every rounding of the project. Results are decimal(38, 9): a lower end goes down, an upper end up, a point half up.
    `end` is 'down', 'up' or 'half_up'. The working type of exact steps is decimal(38, 15); it is spelled out in each
    branch because engines choose a common type of two decimals differently, and some drop digits. -#}
{% macro exact(expression) -%} cast({{ expression }} as decimal(38, 15)) {%- endmacro %}

{#- An exact decimal to nine places. The cast rounds half up; where that went the wrong way, one step back. -#}
{% macro round_outward(exact, end) -%}
    cast(
        cast({{ exact }} as decimal(38, 9))
        {%- if end == "down" %}
            - case when {{ exact }} < cast({{ exact }} as decimal(38, 9)) then 0.000000001 else 0 end
        {%- elif end == "up" %}
            + case when {{ exact }} > cast({{ exact }} as decimal(38, 9)) then 0.000000001 else 0 end
        {%- endif %} as decimal(38, 9)
    )
{%- endmacro %}

{#- n / d to nine places without passing through a double: n any number, d > 0, both below 10^17.
    Null where d is zero or null. -#}
{% macro quotient(n, d, end) -%}
    {%- set n = scaled(n, 18) -%}
    {%- set d = "nullif(" ~ scaled(d, 9) ~ ", 0)" -%}
    cast(
        cast(
            {%- if end == "down" %}{{ floor_div(n, d) }}
            {%- elif end == "up" %}- {{ floor_div("(- " ~ n ~ ")", d) }}
            {%- else %}sign({{ n }}) * {{ floor_div("(2 * abs(" ~ n ~ ") + " ~ d ~ ")", "(2 * " ~ d ~ ")") }}
            {%- endif %} as decimal(38, 0)
        )
        * cast(0.000000001 as decimal(9, 9)) as decimal(38, 9)
    )
{%- endmacro %}

{#- A double to nine places; the caller has widened it by the error of its own arithmetic. -#}
{% macro round_double(expression, end) -%}
    {%- set scaled = "(" ~ expression ~ ") * 1e9" -%}
    cast(
        cast(
            {%- if end == "down" %}floor({{ scaled }})
            {%- elif end == "up" %}ceil({{ scaled }})
            {%- else %}floor({{ scaled }} + 0.5)
            {%- endif %} as decimal(38, 0)
        )
        * cast(0.000000001 as decimal(9, 9)) as decimal(38, 9)
    )
{%- endmacro %}

{#- Dialect: a number with nine decimals as a whole number of 10^-places, in 128 bits. -#}
{% macro scaled(expression, places) -%}
    {{ return(adapter.dispatch("scaled", "tongcheng")(expression, places)) }}
{%- endmacro %}

{% macro duckdb__scaled(expression, places) -%}
    {%- set whole = "cast(cast(" ~ expression ~ " as decimal(38, 9)) * 1000000000 as hugeint)" -%}
    {{ return("(" ~ whole ~ " * 1000000000)" if places == 18 else whole) }}
{%- endmacro %}

{#- Dialect: the greatest whole number not above n / d, for whole numbers and d > 0. -#}
{% macro floor_div(n, d) -%} {{ return(adapter.dispatch("floor_div", "tongcheng")(n, d)) }} {%- endmacro %}

{% macro duckdb__floor_div(n, d) -%}
    {{ return("(" ~ n ~ " // " ~ d ~ " - case when " ~ n ~ " % " ~ d ~ " < 0 then 1 else 0 end)") }}
{%- endmacro %}
