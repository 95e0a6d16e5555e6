{#- How a row is known is how its bulletin is. -#}
{% test evidence_of_source(model) %}
    {{ config(meta={"description": "依据强弱同其来源 · how a row is known is how its bulletin is"}) }}
    select row_of.*
    from {{ model }} as row_of
    left join {{ ref("dim_source") }} as source on source.source_id = row_of.source_id
    where
        row_of.evidence is null
        or row_of.evidence is distinct from source.evidence
        or row_of.host_quality is distinct from source.host_quality
{% endtest %}
