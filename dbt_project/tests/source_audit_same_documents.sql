{#- A document that is not listed would pass for audited. -#}
{{
    config(
        meta={
            "description": "与来源表的文档逐一对应 · the documents of dim_source, no more and no fewer",
            "dagster": {"ref": {"name": "source_audit"}},
        }
    )
}}
select coalesce(a.document, s.document) as document, s.source_id, a.document is null as missing_here
from {{ ref("source_audit") }} as a
full join
    (select * from {{ ref("dim_source") }} where document_sha256 is not null) as s
    on s.document = a.document
    and s.document_sha256 = a.document_sha256
where a.document is null or s.document is null
