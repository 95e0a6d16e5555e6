{#- Keys that are made of parts, readable on purpose. -#}
{#- indicator × area × breakdown × unit × stock/flow, joined as SDMX joins the dimensions of a series. -#}
{% macro series_id() -%}
    concat_ws('.', indicator_id, ref_area, breakdown, unit_measure, stock_flow)
{%- endmacro %}

{% macro commitment_version_id() -%}
    concat_ws('@', commitment_id, cast(version as {{ dbt.type_string() }}))
{%- endmacro %}
