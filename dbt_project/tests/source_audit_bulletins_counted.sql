{#- A reprint is no further bulletin. -#}
{{
    config(
        meta={
            "description": "通报数与来源表一致，转载不计 · as many bulletins as dim_source, reprints not counted",
            "dagster": {"ref": {"name": "source_audit"}},
        }
    )
}}
select a.document, a.n_bulletins, count(s.source_id) as bulletins
from {{ ref("source_audit") }} as a
left join {{ ref("dim_source") }} as s on s.document = a.document and s.primary_source_id is null
group by a.document, a.n_bulletins
having a.n_bulletins is distinct from count(s.source_id)
