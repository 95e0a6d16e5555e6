{#- Chinese stands in the Chinese column, English in the English one; `columns` are their names without _zh and _en. -#}
{% test in_its_language(model, columns) %}
    {{
        config(
            meta={
                "description": "中英文各在其栏 · Chinese stands in the Chinese column, English in the English one: "
                ~ columns
                | join(", ")
            }
        )
    }}
    select *
    from {{ model }}
    where
        {% for column in columns %}
            regexp_replace({{ column }}_zh, '[一-鿿]', '') = {{ column }}_zh
            or regexp_replace({{ column }}_en, '[一-鿿]', '') <> {{ column }}_en
            or regexp_replace({{ column }}_en, '[A-Za-z]', '') = {{ column }}_en{{ " or " if not loop.last }}
        {%- endfor %}
{% endtest %}
