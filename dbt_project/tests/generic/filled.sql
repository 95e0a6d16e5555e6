{#- None of the columns is empty or blank. -#}
{% test filled(model, columns) %}
    {{ config(meta={"description": "必填列不为空 · no required column is empty: " ~ columns | join(", ")}) }}
    select *
    from {{ model }}
    where
        {% for column in columns %}
            coalesce(trim(cast({{ column }} as {{ dbt.type_string() }})), '')
            = ''{{ " or " if not loop.last }}
        {%- endfor %}
{% endtest %}
