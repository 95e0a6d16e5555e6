{#- Each part of a column of reasons is a code of the list REASON. -#}
{% test reasons_listed(model, key, column="reason") %}
    {{ config(meta={"description": "原因属于代码表 · every reason is a code of REASON: " ~ column}) }}
    with parts as ({{ split_rows(model, key, column, "code") }})
    select *
    from parts
    where code not in (select code from {{ ref("stg_code_lists") }} where code_list = 'REASON')
{% endtest %}
