{#- No pair stands a second time the other way round, where it would count twice; twice the same way is for grain. -#}
{% test not_mirrored(model, columns) %}
    {{
        config(
            meta={
                "description": "每一对只比较一次 · no pair comes again the other way round: " ~ columns
                | join(", ")
            }
        )
    }}
    select least({{ columns | join(", ") }}) as one, greatest({{ columns | join(", ") }}) as other
    from {{ model }}
    group by 1, 2
    having min({{ columns[0] }}) <> max({{ columns[0] }})
{% endtest %}
