{#- No row is as `rows` says, a condition on one row; what it means stands in the description beside it. -#}
{% test never(model, rows) %} select * from {{ model }} where {{ rows }} {% endtest %}
