{#- The texts of a group in their order, joined, up to each row; on the last row of the group it is the whole list. A
    window goes group by group and spills, where an aggregate holds the lists of all groups in memory. Dialect: how
    texts are joined over a window. -#}
{% macro running_list(text, separator, group, order) -%}
    {{ return(adapter.dispatch("running_list", "tongcheng")(text, separator, group, order)) }}
{%- endmacro %}

{% macro spark__running_list(text, separator, group, order) -%}
    array_join(collect_list({{ text }}) over (partition by {{ group }} order by {{ order }}), {{ separator }})
{%- endmacro %}

{% macro duckdb__running_list(text, separator, group, order) -%}
    string_agg({{ text }}, {{ separator }}) over (partition by {{ group }} order by {{ order }})
{%- endmacro %}
