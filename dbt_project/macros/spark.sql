{#- What dbt's own macros for Spark do not do, or do otherwise than on DuckDB; found first by `dispatch` in
    dbt_project.yml. All are used on dates only. -#}
{#- dbt-spark's ignores the order. -#}
{% macro spark__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    listagg({{ measure }}, {{ delimiter_text }})
    {%- if order_by_clause %} within group ({{ order_by_clause }}){% endif -%}
{%- endmacro %}

{#- Boundaries crossed, as a bigint. -#}
{% macro spark__datediff(first_date, second_date, datepart) -%}
    {%- set years = "year(" ~ second_date ~ ") - year(" ~ first_date ~ ")" -%}
    cast(
        {{
            {
                "day": "datediff(" ~ second_date ~ ", " ~ first_date ~ ")",
                "month": "12 * (" ~ years ~ ") + month(" ~ second_date ~ ") - month(" ~ first_date ~ ")",
                "year": years,
            }[datepart]
        }} as bigint
    )
{%- endmacro %}

{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {%- if datepart == "day" -%} date_add({{ from_date_or_timestamp }}, cast({{ interval }} as int))
    {%- else -%}
        add_months({{ from_date_or_timestamp }}, {{ {"month": 1, "year": 12}[datepart] }} * ({{ interval }}))
    {%- endif -%}
{%- endmacro %}

{% macro spark__last_day(date, datepart) -%}
    {%- if datepart == "year" -%} make_date(year({{ date }}), 12, 31)
    {%- else -%} last_day({{ date }})
    {%- endif -%}
{%- endmacro %}

{#- A server that drops digits, or answers null where it should fail, must not compute a single row. Its settings are
    made at its start: dbt's `server_side_parameters` do not reach a Thrift server. -#}
{% macro check_engine() -%} {{ return(adapter.dispatch("check_engine", "tongcheng")()) }} {%- endmacro %}

{% macro default__check_engine() -%} {{ return("") }} {%- endmacro %}

{% macro spark__check_engine() -%}
    {%- set wrong = [] -%}
    {%- for name, wanted in var("spark_settings").items() if execute -%}
        {%- set found = run_query("set " ~ name).rows[0][1] -%}
        {%- if found != wanted -%}
            {%- do wrong.append(name ~ "=" ~ found ~ ", not " ~ wanted) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if wrong -%}
        {%- do exceptions.raise_compiler_error("Spark has been started with " ~ wrong | join("; ")) -%}
    {%- endif -%}
    {{ return("") }}
{%- endmacro %}

{#- To ask the types of a query before it runs would plan it once more; they are compared, digits of decimals and order
    of columns too, when the table comes back: transfer.py. -#}
{% macro spark__get_assert_columns_equivalent(sql) %} {% endmacro %}

{#- Parquet tables there know no such constraints: the tables that come back have them. -#}
{% macro spark__alter_column_set_constraints(relation, column_dict) %} {% endmacro %}
