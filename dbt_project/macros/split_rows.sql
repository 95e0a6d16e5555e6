{#- Dialect: one row per key and element of a ;-separated column; blanks and repetitions fall away. -#}
{% macro split_rows(relation, key, column, element) -%}
    {{ return(adapter.dispatch("split_rows", "tongcheng")(relation, key, column, element)) }}
{%- endmacro %}

{% macro duckdb__split_rows(relation, key, column, element) -%}
    select distinct {{ key }}, trim(part) as {{ element }}
    from (select {{ key }}, unnest(string_split({{ column }}, ';')) as part from {{ relation }}) as parts
    where trim(part) <> ''
{%- endmacro %}

{% macro spark__split_rows(relation, key, column, element) -%}
    select distinct {{ key }}, trim(part) as {{ element }}
    from (select {{ key }}, explode(split({{ column }}, ';')) as part from {{ relation }}) as parts
    where trim(part) <> ''
{%- endmacro %}
