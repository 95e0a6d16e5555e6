{#- Each value names a row of another relation; empty is allowed. `columns` maps a column to a model in which it has
    the same name, or to model.column. -#}
{% test references(model, columns) %}
    {{
        config(
            meta={"description": "外键有着落 · every code names an existing row: " ~ columns | join(", ")}
        )
    }}
    {%- for column, target in columns.items() %}
        {%- set relation = target.split(".")[0] %}
        {%- set key = target.split(".")[1] if "." in target else column %}
        select '{{ column }}' as column_name, cast({{ column }} as {{ dbt.type_string() }}) as missing
        from {{ model }}
        where
            {{ column }} is not null
            -- Among nulls nothing is ever "not in".
            and {{ column }} not in (select {{ key }} from {{ ref(relation) }} where {{ key }} is not null)
            {{ "union all" if not loop.last }}
    {%- endfor %}
{% endtest %}
