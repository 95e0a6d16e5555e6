{#- Where a curator typed a hedge class or an end, it is the one derived from the token, the same in every digit. -#}
{% test given_agrees(model) %}
    {{
        config(
            meta={
                "description": "填写的界限与推得的一致 · bounds that were typed equal those derived from the token"
            }
        )
    }}
    select *
    from {{ model }}
    where
        given_qualifier <> coalesce(value_qualifier, '')
        or (given_lower_bound is not null and given_lower_bound is distinct from lower_bound)
        or (given_upper_bound is not null and given_upper_bound is distinct from upper_bound)
        or (given_lower_closed is not null and given_lower_closed is distinct from lower_closed)
        or (given_upper_closed is not null and given_upper_closed is distinct from upper_closed)
{% endtest %}
