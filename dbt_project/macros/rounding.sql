{#- Every rounding of the project. Results are decimal(38, 9): a lower end goes down, an upper end up, a point half up.
    `end` is 'down', 'up' or 'half_up'. The working type of exact steps is decimal(38, 15); it is spelled out in each
    branch because engines choose a common type of two decimals differently, and some drop digits. -#}
{% macro exact(expression) -%} cast({{ expression }} as decimal(38, 15)) {%- endmacro %}

{#- An exact decimal to nine places. The cast rounds half up; where that went the wrong way, one step back. Compared as
    two of the working type: engines that choose a common type for a comparison, too, may drop what is compared. -#}
{% macro round_outward(exact_value, end) -%}
    {%- set rounded = "cast(" ~ exact_value ~ " as decimal(38, 9))" -%}
    cast(
        {{ rounded }}
        {%- if end == "down" %}
            - case when {{ exact_value }} < {{ exact(rounded) }} then 0.000000001 else 0 end
        {%- elif end == "up" %}
            + case when {{ exact_value }} > {{ exact(rounded) }} then 0.000000001 else 0 end
        {%- endif %} as decimal(38, 9)
    )
{%- endmacro %}

{#- n / d to nine places, exactly: n any number, d > 0, both below 10^17. Null where d is zero or null. `guess`: the
    quotient as a double that is at hand, off by no more than a few units in the 16th digit of itself or of 100.
    Dialect: a product of two decimals keeps all 18 places here; other engines drop some. -#}
{% macro quotient(n, d, end, guess=none) -%}
    {{ return(adapter.dispatch("quotient", "tongcheng")(n, d, end, guess)) }}
{%- endmacro %}

{#- To divide 128-bit numbers takes microseconds a row, doubles nanoseconds. Where all that a guess may stand for rounds
    alike, it is rounded; elsewhere its own remainder corrects it, twice, which makes it the nearest multiple of 10^-9,
    and the last remainder says on which side of n / d that lies. A list of one element and a lambda give a name to what
    is used more than once: inside a case the engine would compute each copy anew. -#}
{% macro duckdb__quotient(n, d, end, guess) -%}
    {%- set n, d = "cast(" ~ n ~ " as decimal(38, 9))", "cast(" ~ d ~ " as decimal(38, 9))" -%}
    {%- set divisor = "nullif(cast(" ~ d ~ " as double), 0)" -%}
    {%- set slack = "(abs(guess) + 100) * 4e-15" -%}
    {%- set remainder = "cast(" ~ n ~ " - q * " ~ d ~ " as double)" -%}
    {%- set correct = "lambda q: q + cast(" ~ remainder ~ " / " ~ divisor ~ " as decimal(38, 9))" -%}
    {%- set above, half = "(q * " ~ d ~ " - " ~ n ~ ")", "0.0000000005 * " ~ d -%}
    list_transform(
        [{{ guess or "cast(" ~ n ~ " as double) / " ~ divisor }}],
        lambda guess: case
            when {{ billionths("guess - " ~ slack, end) }} = {{ billionths("guess + " ~ slack, end) }}
            then {{ round_double("guess", end) }}
            when guess is not null
            then
                list_transform(
                    list_transform(
                        list_transform([cast(guess as decimal(38, 9))], {{ correct }}), {{ correct }}
                    ),
                    lambda q:cast(
                        q + case
                            {%- if end == "down" %} when {{ above }} > 0 then -0.000000001
                            {%- elif end == "up" %} when {{ above }} < 0 then 0.000000001
                            {%- else %}
                                when {{ above }} > {{ half }} or ({{ above }} = {{ half }} and {{ n }} < 0)
                                then -0.000000001
                                when
                                    {{ above }} < - {{ half }}
                                    or ({{ above }} = - {{ half }} and {{ n }} >= 0)
                                then 0.000000001
                            {%- endif %}
                            else 0
                        end as decimal(38, 9)
                    )
                )[1]
        end
    )[1]
{%- endmacro %}

{#- Spark's decimals know remainders of 38 digits exactly, so that whole billionths are found without a guess. A
    remainder that is never negative makes the quotient a floor; a ceiling is a floor turned round twice; half up is a
    floor of both doubled. All in whole numbers: n in 10^-18, d in 10^-9; the quotient is below 10^16. -#}
{% macro spark__quotient(n, d, end, guess) -%}
    {%- set n = "cast(" ~ whole_billionths(n) ~ " * 1000000000 as decimal(36, 0))" -%}
    {%- set d = "nullif(" ~ whole_billionths(d) ~ ", 0)" -%}
    {%- if end == "half_up" -%}
        {%- set sign = "case when " ~ n ~ " < 0 then -1 else 1 end * " -%}
        {%- set n, d = "2 * abs(" ~ n ~ ") + " ~ d, "2 * " ~ d -%}
    {%- elif end == "up" -%} {%- set sign, n = "- ", "- " ~ n -%}
    {%- else -%} {%- set sign = "" -%}
    {%- endif -%}
    {%- set n, d = "cast(" ~ n ~ " as decimal(38, 0))", "cast(" ~ d ~ " as decimal(27, 0))" -%}
    cast(
        cast({{ sign }} (({{ n }} - pmod({{ n }}, {{ d }})) / {{ d }}) as decimal(28, 0))
        * cast(0.000000001 as decimal(9, 9)) as decimal(38, 9)
    )
{%- endmacro %}

{% macro whole_billionths(expression) -%}
    cast(cast({{ expression }} as decimal(26, 9)) * 1000000000 as decimal(26, 0))
{%- endmacro %}

{#- A number of its unit, in the base unit; most units are their own. -#}
{% macro in_base_unit(value, end) -%}
    case
        when factor_den = 1
        then cast({{ value }} * factor_num as decimal(38, 9))
        else {{ quotient(value ~ " * factor_num", "factor_den", end) }}
    end
{%- endmacro %}

{#- How many times 10^-9 goes into a double. -#}
{% macro billionths(expression, end) -%}
    {%- set scaled = "(" ~ expression ~ ") * 1e9" -%}
    {%- if end == "down" %} floor({{ scaled }})
    {%- elif end == "up" %} ceil({{ scaled }})
    {%- else %} floor({{ scaled }} + 0.5)
    {%- endif %}
{%- endmacro %}

{#- A double to nine places; the caller has widened it by the error of its own arithmetic. -#}
{% macro round_double(expression, end) -%}
    {{ return(adapter.dispatch("round_double", "tongcheng")(expression, end)) }}
{%- endmacro %}

{% macro default__round_double(expression, end) -%}
    cast(
        cast({{ billionths(expression, end) }} as decimal(38, 0))
        * cast(0.000000001 as decimal(9, 9)) as decimal(38, 9)
    )
{%- endmacro %}

{#- Spark's floor of a double is a bigint, the greatest one where it does not fit: in two parts it does. -#}
{% macro spark__round_double(expression, end) -%}
    {%- set sign = "- " if end == "up" else "" -%}
    {%- set scaled = sign ~ "(" ~ expression ~ ") * 1e9" ~ (" + 0.5" if end == "half_up" else "") -%}
    {%- set high = "floor(scaled / 4294967296e0)" -%}
    {%- set low = "floor(scaled - " ~ high ~ " * 4294967296e0)" -%}
    {%- set whole = "cast(" ~ high ~ " as decimal(18, 0)) * 4294967296 + " ~ low -%}
    {{
        let(
            "scaled",
            scaled,
            "cast(" ~ sign ~ "(" ~ whole ~ ") as decimal(28, 0)) * cast(0.000000001 as decimal(9, 9))",
        )
    }}
{%- endmacro %}
