{#- Keys that are made of parts, readable on purpose. -#}
{#- indicator × area × breakdown × unit × stock/flow × kind of period, joined as SDMX joins the dimensions of a series.
    A total since nobody says when is the same thing only in one teller's mouth: of no other series is he a part.
    unit: the base unit, for what is one thing in several units. -#}
{% macro series_id(unit="unit_measure") -%}
    concat_ws(
        '.',
        indicator_id,
        ref_area,
        breakdown,
        {{ unit }},
        stock_flow,
        period_type,
        case when period_type = 'SINCE:?' then issuer end
    )
{%- endmacro %}

{% macro commitment_version_id() -%}
    concat_ws('@', commitment_id, cast(version as {{ dbt.type_string() }}))
{%- endmacro %}
