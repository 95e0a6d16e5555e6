{#- An interval is well formed and holds its value: the stated number of an open hedge is the end itself. -#}
{% test interval_holds(model, value, lower, lower_closed, upper, upper_closed) %}
    {{
        config(
            meta={"description": "下限 ≤ 数值 ≤ 上限 · lower ≤ value ≤ upper, ends well formed: " ~ value}
        )
    }}
    select *
    from {{ model }}
    where
        {{ lower }} > {{ upper }}
        or ({{ lower }} = {{ upper }} and not ({{ lower_closed }} and {{ upper_closed }}))
        or {{ value }} < {{ lower }}
        or {{ value }} > {{ upper }}
        or ({{ lower }} is null) <> ({{ lower_closed }} is null)
        or ({{ upper }} is null) <> ({{ upper_closed }} is null)
{% endtest %}
