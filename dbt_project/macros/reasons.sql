{#- Why something is missing or only near, as codes of the list REASON: one column, codes joined by `;`, null where there
    is nothing to say. What they mean stands in dim_code; nothing takes them apart again but by their separator.
    `conditions` maps each code to the condition under which it holds. -#}
{% macro reason_codes(conditions) -%}
    nullif(
        concat_ws(
            ';'
            {%- for code, condition in conditions.items() %}
                , case when {{ condition }} then '{{ code }}' end
            {%- endfor %}
        ),
        ''
    )
{%- endmacro %}
