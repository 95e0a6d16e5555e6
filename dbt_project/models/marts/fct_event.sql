with
    events as (select * from {{ ref("int_event") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    source_evidence as (select * from {{ ref("int_source_evidence") }}),

    joined as (
        select
            events.event_id,
            events.source_id,
            events.event_type,
            events.status,
            events.title_zh,
            events.title_en,
            events.date_start,
            events.date_end,
            events.date_precision,
            events.date_text,
            events.date_basis,
            sources.date_published,
            events.areas,
            events.actors,
            events.initiative_id,
            events.domain_id,
            events.fulfils_commitment_id,
            events.locator,
            events.comment,
            source_evidence.evidence,
            source_evidence.host_quality
        from events
        left join sources on sources.source_id = events.source_id
        left join source_evidence on source_evidence.source_id = events.source_id
    )

select *
from joined
