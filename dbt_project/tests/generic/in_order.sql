{#- The first day of each pair is not after the second; an empty day is no contradiction. -#}
{% test in_order(model, pairs) %}
    {{ config(meta={"description": "起日不晚于止日 · no period ends before it starts"}) }}
    select *
    from {{ model }}
    where {% for first, second in pairs %} {{ first }} > {{ second }}{{ " or " if not loop.last }}{% endfor %}
{% endtest %}
