with sources as (select * from {{ ref("stg_sources") }})

select
    source_id,
    title_zh,
    title_en,
    issuer,
    publisher,
    doc_type,
    date_published,
    date_precision,
    published_from,
    published_by,
    date_basis,
    as_of_default,
    url_main,
    host_quality,
    document,
    document_sha256,
    line_range,
    script,
    primary_source_id,
    citation
from sources
