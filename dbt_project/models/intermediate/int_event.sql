with
    events as (select * from {{ ref("stg_events") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    domains as (select * from {{ ref("int_initiative_domain") }}),

    -- A row that tells an event again stands for it only while its first record is not published.
    in_order as (
        select
            events.*,
            row_number() over (
                partition by coalesce(events.same_event_id, events.event_id)
                order by events.same_event_id nulls first, sources.published_by, events.event_id
            ) as nth
        from events
        left join sources on sources.source_id = events.source_id
    ),

    first_records as (
        select *, coalesce(same_event_id, event_id) as told_event_id from in_order where nth = 1
    ),

    with_domain as (
        select
            first_records.told_event_id as event_id,
            first_records.source_id,
            first_records.event_type,
            first_records.status,
            first_records.title_zh,
            first_records.title_en,
            first_records.date_start,
            first_records.date_end,
            first_records.date_precision,
            first_records.date_text,
            first_records.date_basis,
            first_records.areas,
            first_records.actors,
            first_records.initiative_id,
            coalesce(first_records.domain_id, domains.domain_id) as domain_id,
            first_records.fulfils_commitment_id,
            first_records.locator,
            first_records.comment
        from first_records
        left join domains on domains.initiative_id = first_records.initiative_id
    )

select *
from with_domain
