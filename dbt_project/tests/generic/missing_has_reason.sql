{#- What is missing says why. -#}
{% test missing_has_reason(model, columns) %}
    {{ config(meta={"description": "缺者必有因 · an end that is missing has its reason beside it"}) }}
    select *
    from {{ model }}
    where
        reason is null
        and ({% for column in columns %}{{ column }} is null{{ " or " if not loop.last }}{% endfor %})
{% endtest %}
