with
    initiatives as (select * from {{ ref("stg_initiatives") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    source_evidence as (select * from {{ ref("int_source_evidence") }}),
    domains as (select * from {{ ref("int_initiative_domain") }}),

    joined as (
        select
            initiatives.initiative_id,
            initiatives.source_id,
            initiatives.name_zh,
            initiatives.name_en,
            initiatives.initiative_type,
            initiatives.parent_initiative_id,
            domains.domain_id,
            initiatives.parties,
            initiatives.areas,
            sources.date_published,
            initiatives.locator,
            initiatives.comment,
            source_evidence.evidence,
            source_evidence.host_quality
        from initiatives
        left join sources on sources.source_id = initiatives.source_id
        left join source_evidence on source_evidence.source_id = initiatives.source_id
        left join domains on domains.initiative_id = initiatives.initiative_id
    )

select *
from joined
