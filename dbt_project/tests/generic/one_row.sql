{#- Exactly one row. -#}
{% test one_row(model) %}
    {{ config(meta={"description": "恰有一行 · exactly one row"}) }}
    select count(*) as n_rows
    from {{ model }}
    having count(*) <> 1
{% endtest %}
