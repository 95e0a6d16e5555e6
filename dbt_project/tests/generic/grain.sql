{#- The columns name each row: no combination comes twice, and none is empty. Of a mart the contract says the latter. -#}
{% test grain(model, columns) %}
    {{ config(meta={"description": "主键可指明每一行 · the key names each row: " ~ columns | join(", ")}) }}
    {%- set key = columns | join(", ") %}
    select {{ key }}, count(*) as n_rows
    from {{ model }}
    group by {{ key }}
    having
        count(*) > 1
        {%- if model.schema != "marts" %}
            {%- for column in columns %} or {{ column }} is null{% endfor %}
        {%- endif %}
{% endtest %}
