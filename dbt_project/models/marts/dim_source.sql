with
    sources as (select * from {{ ref("stg_sources") }}),
    source_evidence as (select * from {{ ref("int_source_evidence") }}),

    joined as (
        select
            sources.source_id,
            sources.title_zh,
            sources.title_en,
            sources.issuer,
            sources.publisher,
            sources.doc_type,
            sources.date_published,
            sources.date_precision,
            sources.published_from,
            sources.published_by,
            sources.date_basis,
            sources.as_of_default,
            sources.url_main,
            sources.host_quality,
            source_evidence.evidence,
            sources.document,
            sources.document_sha256,
            sources.line_range,
            sources.script,
            sources.primary_source_id,
            sources.citation
        from sources
        left join source_evidence on source_evidence.source_id = sources.source_id
    )

select *
from joined
