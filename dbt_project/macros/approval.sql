{#- Which differences from the published version need a row of revisions.csv. Seed tables by their names. -#}
{#- What bulletins state, and what its numbers rest on: the mart under whose name a change is shown. -#}
{% macro fact_names() -%}
    {{
        return(
            {
                "observations": "fct_observation",
                "claims": "fct_claim",
                "commitments": "fct_commitment",
                "events": "fct_event",
                "initiatives": "fct_initiative",
                "outcomes": "commitment_outcome",
                "assessments": "fct_assessment",
            }
        )
    }}
{%- endmacro %}

{% macro mart_names() -%}
    {%- set names = {
        "sources": "dim_source",
        "indicators": "dim_indicator",
        "units": "dim_unit",
        "areas": "dim_area",
        "domains": "dim_domain",
    } -%}
    {%- do names.update(fact_names()) -%}
    {{ return(names) }}
{%- endmacro %}

{#- Columns of the catalogue that published results rest on; names, definitions, limits may be improved freely. -#}
{% macro catalogue_columns() -%}
    {%- set of_sources = [
        "issuer",
        "date_published",
        "as_of_default",
        "document",
        "document_sha256",
        "line_range",
        "primary_source_id",
    ] -%}
    {{
        return(
            {
                "sources": of_sources,
                "indicators": ["domain_id", "unit_measure", "direction", "stock_flow", "freq"],
                "units": ["dimension", "unit_type", "base_unit", "factor_num", "factor_den"],
                "areas": ["area_type", "parent_area", "valid_from", "valid_to", "predecessor"],
                "area_members": [],
                "domains": [],
                "relations": ["relation_type", "subject_id", "object_id"],
                "breaks": ["comparability"],
                "initiative_stages": ["stage"],
                "status_steps": ["event_types", "initiative_types"],
            }
        )
    }}
{%- endmacro %}

{#- Whether a change needs an approval: new rows and remarks never do, nor a place that is filled in where there was
    none. -#}
{% macro needs_approval() -%}
    (
        change_type <> 'ADDED'
        and (
            (
                relation in ({{ quoted(fact_names().keys()) }})
                and column_name <> 'comment'
                and not (column_name = 'locator' and old_value is null)
            )
            {%- for relation, columns in catalogue_columns().items() %}
                or (relation = '{{ relation }}' and column_name in ({{ quoted(["*"] + columns) }}))
            {%- endfor %}
        )
    )
{%- endmacro %}

{#- Number, token and interval are one figure: what approves one of these cells approves all. -#}
{% macro is_of_the_figure() -%}
    {%- set cells = [
        "value_text",
        "obs_value",
        "factor",
        "target_value",
        "value_qualifier",
        "lower_bound",
        "lower_closed",
        "upper_bound",
        "upper_closed",
    ] -%}
    (column_name in ({{ quoted(cells) }}))
{%- endmacro %}

{#- What changes with a source whose document is found later: where it is kept, and that its rows point at lines, and
    quote the document's words for a time, instead of at cells of a record. Its hash, approved, approves all of it. -#}
{% macro comes_with_the_document() -%}
    (
        change_type = 'CHANGED'
        and (
            (relation = 'sources' and column_name in ('document', 'line_range') and old_value is null)
            or (
                relation in ({{ quoted(fact_names().keys()) }})
                and (
                    (column_name = 'locator' and old_value like 'record:%')
                    or (column_name in ('time_text', 'base_text', 'date_text') and old_value is null)
                )
            )
        )
    )
{%- endmacro %}

{#- What changes with a bulletin that is read again as a whole: what is said of it in our words and codes, and which
    initiatives and events it has. One approval of the source's `reading` covers it all; a number, its period, place
    and unit, or a promise that goes, needs its own. -#}
{% macro comes_with_the_reading() -%}
    {%- set of_promises = [
        "title_zh",
        "title_en",
        "modality",
        "authority",
        "said_by",
        "responsible",
        "initiative_id",
        "domain_id",
    ] -%}
    (
        relation in ('events', 'initiatives', 'assessments', 'outcomes')
        or (relation = 'commitments' and column_name in ({{ quoted(of_promises) }}))
        or (relation in ('observations', 'claims') and column_name = 'initiative_id')
    )
{%- endmacro %}

{#- What a provisional figure may change by itself: its number, where it stands, and that it is final now. -#}
{% macro may_move() -%}
    (
        relation = 'observations'
        and obs_status = 'P'
        and (
            {{ is_of_the_figure() }}
            or column_name in ('obs_status', 'locator', 'time_text', 'comparability_note')
        )
    )
{%- endmacro %}

{#- The same cell as typed and as published: 108.50 is 108.5, and nothing is nothing. -#}
{% macro same_cell(a, b) -%}
    (
        {{ a }} is not distinct from {{ b }}
        or coalesce(try_cast({{ a }} as decimal(38, 9)) = try_cast({{ b }} as decimal(38, 9)), false)
    )
{%- endmacro %}

{% macro quoted(values) -%}
    {%- for value in values %} '{{ value }}'{{ ", " if not loop.last }}{% endfor -%}
{%- endmacro %}
