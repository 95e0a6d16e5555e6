{#- Logarithm and power of doubles, made of what every engine computes alike to the last bit: sums, products, quotients
    and powers of two. The engines' own differ in the last bit of one power in fourteen, and so in the ninth place of
    one yearly rate in a million. -#}
{#- The two parts of ln 2: whole multiples of the first are exact. -#}
{% macro ln_2() -%} {{ return(("6.93147180369123816490e-01", "1.90821492927058770002e-10")) }} {%- endmacro %}

{#- ln x = k ln 2 + 2 artanh f, f = (m - 1) / (m + 1), m = x / 2^k between the roots of 1/2 and 2. -#}
{% macro exact_ln(x) -%}
    {%- set high, low = ln_2() -%}
    {%- set m = "(x / power(2e0, k))" -%}
    {%- set series = namespace(text="(1e0 / 23)") -%}
    {%- for odd in range(21, 1, -2) -%}
        {%- set series.text = "(1e0 / " ~ odd ~ " + s * " ~ series.text ~ ")" -%}
    {%- endfor -%}
    {%- set artanh = "f * (1 + s * " ~ series.text ~ ")" -%}
    {%- set sum = "k * " ~ high ~ " + (k * " ~ low ~ " + 2 * " ~ artanh ~ ")" -%}
    {%- set from_f = let("f", "(" ~ m ~ " - 1) / (" ~ m ~ " + 1)", let("s", "f * f", sum)) -%}
    {{ let("x", x, let("k", "floor(ln(x) * 1.4426950408889634e0 + 0.5)", from_f)) }}
{%- endmacro %}

{#- e^x = 2^k e^r, r between -1/2 and 1/2 of ln 2. -#}
{% macro exact_exp(x) -%}
    {%- set high, low = ln_2() -%}
    {%- set series = namespace(text="1") -%}
    {%- for n in range(15, 0, -1) -%}
        {%- set series.text = "(1 + r / " ~ n ~ " * " ~ series.text ~ ")" -%}
    {%- endfor -%}
    {%- set from_k = let("r", "(x - k * " ~ high ~ ") - k * " ~ low, series.text ~ " * power(2e0, k)") -%}
    {{ let("x", x, let("k", "floor(x * 1.4426950408889634e0 + 0.5)", from_k)) }}
{%- endmacro %}

{#- Of whole numbers exact. -#}
{% macro exact_power_of_two(x) -%}
    {%- set part = "(" ~ x ~ " - floor(" ~ x ~ "))" -%}
    power(2e0, floor({{ x }})) * {{ exact_exp(part ~ " * 6.9314718055994531e-1") }}
{%- endmacro %}

{#- A name for what an expression uses more than once. Dialect: lambdas. -#}
{% macro let(name, value, body) -%}
    {{ return(adapter.dispatch("let", "tongcheng")(name, value, body)) }}
{%- endmacro %}

{% macro duckdb__let(name, value, body) -%}
    list_transform([{{ value }}], lambda {{ name }}:{{ body }})[1]
{%- endmacro %}

{% macro spark__let(name, value, body) -%}
    transform(array({{ value }}), {{ name }} -> {{ body }})[0]
{%- endmacro %}
