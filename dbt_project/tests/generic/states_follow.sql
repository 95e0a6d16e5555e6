{#- States of one thing follow upon each other: each ends where the next begins, and one is still open. -#}
{% test states_follow(model, key) %}
    {{ config(meta={"description": "状态前后相接，无缺无叠 · states follow without gap or overlap"}) }}
    with
        ordered as (
            select
                {{ key | join(", ") }},
                valid_from,
                valid_to,
                lead(valid_from) over (partition by {{ key | join(", ") }} order by valid_from) as next_from
            from {{ model }}
        )

    select *
    from ordered
    where valid_to is distinct from next_from
{% endtest %}
