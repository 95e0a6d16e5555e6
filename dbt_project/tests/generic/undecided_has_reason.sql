{#- A verdict that decides nothing says why. Whatever else a code list calls undecided belongs here. -#}
{% test undecided_has_reason(model, columns) %}
    {{
        config(
            meta={"description": "未定者必有因 · a verdict that decides nothing has its reason beside it"}
        )
    }}
    select *
    from {{ model }}
    where
        reason is null
        and (
            {%- for column in columns %}
                {{ column }}
                in ('INDETERMINATE', 'UNTESTABLE', 'NOT_ASSESSABLE', 'OVERDUE_UNKNOWN', 'POSSIBLE', 'UNKNOWN')
                {{ "or" if not loop.last }}
            {%- endfor %}
        )
{% endtest %}
