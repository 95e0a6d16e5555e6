{#- Keys that are made of parts, readable on purpose. -#}
{#- indicator × area × breakdown × unit × stock/flow × kind of period, joined as SDMX joins the dimensions of a series.
    A total since nobody says when is its teller's own: `teller` is null everywhere else, and then no part. -#}
{% macro series_id(teller="teller") -%}
    concat_ws('.', indicator_id, ref_area, breakdown, unit_measure, stock_flow, period_type, {{ teller }})
{%- endmacro %}

{% macro commitment_version_id() -%}
    concat_ws('@', commitment_id, cast(version as {{ dbt.type_string() }}))
{%- endmacro %}
