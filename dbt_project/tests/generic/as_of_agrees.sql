{#- Asked of the day of the build, the table macro answers as the mart does. Where the engine has no table macros there
    is nothing to compare. -#}
{% test as_of_agrees(model, table_macro) %}
    {{
        config(
            meta={"description": "按构建日询问，表函数与表一致 · " ~ table_macro ~ " agrees with the mart"}
        )
    }}
    -- depends_on: {{ ref('dim_indicator') }}, {{ ref('dim_area') }}, which the macro asks for a code
    {{ as_of_differences(model, table_macro) }}
{% endtest %}
