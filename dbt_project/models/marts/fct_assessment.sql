with
    assessments as (select * from {{ ref("stg_assessments") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    domains as (select * from {{ ref("int_initiative_domain") }}),
    evidence as (select * from {{ ref("int_source_evidence") }}),

    joined as (
        select
            assessments.assessment_id,
            assessments.source_id,
            assessments.assessment_type,
            coalesce(assessments.domain_id, domains.domain_id) as domain_id,
            assessments.ref_area,
            assessments.initiative_id,
            assessments.title_zh,
            assessments.title_en,
            assessments.said_by,
            assessments.answers,
            assessments.as_of,
            sources.date_published,
            assessments.locator,
            evidence.evidence,
            evidence.host_quality,
            assessments.comment
        from assessments
        left join sources on sources.source_id = assessments.source_id
        left join domains on domains.initiative_id = assessments.initiative_id
        left join evidence on evidence.source_id = assessments.source_id
    )

select *
from joined
