{#- A promise is said to be fulfilled only by an event that is done: reviewed is not adopted, started is not built. -#}
{% test fulfilled_by_what_is_done(model) %}
    {{
        config(
            meta={
                "description": "兑现须凭已完成的事件 · what is said to fulfil a promise is done, not on its way"
            }
        )
    }}
    select version_id, report_id, event_id, source_id, locator
    from {{ model }}
    where stated_outcome_type = 'FULFILS' and outcome_type <> 'FULFILS'
{% endtest %}
