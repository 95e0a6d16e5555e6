{#- Whether a code stands in a ;-separated list of codes, none of which holds a ; itself. -#}
{% macro is_listed(code, codes) -%}
    concat_ws('', ';', {{ codes }}, ';') like concat_ws('', '%;', {{ code }}, ';%')
{%- endmacro %}
