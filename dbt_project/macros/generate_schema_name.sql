{#- Schemas are named by stage alone: what analysts query is `marts`. On a cluster, which has other tables too, each build
    has schemas of its own. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ return(adapter.dispatch("generate_schema_name", "tongcheng")(custom_schema_name, node)) }}
{%- endmacro %}

{% macro duckdb__generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | default(target.schema, true) | trim }}
{%- endmacro %}

{% macro spark__generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema }}_{{ custom_schema_name | trim }}
{%- endmacro %}
