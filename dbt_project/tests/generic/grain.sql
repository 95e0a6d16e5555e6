{#- The columns name each row: none is empty, no combination comes twice. -#}
{% test grain(model, columns) %}
    {{
        config(
            meta={
                "description": "主键完整且不重复 · the key is complete and unique: " ~ columns | join(", ")
            }
        )
    }}
    {%- set key = columns | join(", ") %}
    select {{ key }}, count(*) as n_rows
    from {{ model }}
    group by {{ key }}
    having
        count(*) > 1
        or {% for column in columns %} {{ column }} is null{{ " or " if not loop.last }}{% endfor %}
{% endtest %}
