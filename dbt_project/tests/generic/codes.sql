{#- Each value is a code of its closed list; `columns` maps a column to a list of stg_code_lists. -#}
{% test codes(model, columns) %}
    {{ config(meta={"description": "代码属于代码表 · every code is on its list: " ~ columns | join(", ")}) }}
    {%- for column, code_list in columns.items() %}
        select '{{ column }}' as column_name, {{ column }} as unknown
        from {{ model }}
        where
            {{ column }} is not null
            and {{ column }}
            not in (select code from {{ ref("stg_code_lists") }} where code_list = '{{ code_list }}')
            {{ "union all" if not loop.last }}
    {%- endfor %}
{% endtest %}
