{#- Every figure was read, and a row of the lexicon speaks for it. -#}
{% test has_rule(model) %}
    {{ config(meta={"description": "每个数值都有规则可循 · every figure has a rule of the lexicon"}) }}
    select *
    from {{ model }}
    where
        value_qualifier is null
        or bound_rule is null
        or bound_rule not in (select hedge_id from {{ ref("stg_hedge_terms") }})
{% endtest %}
