with
    events as (select * from {{ ref("stg_events") }}),
    sources as (select * from {{ ref("stg_sources") }}),

    tellings as (
        select
            coalesce(events.same_event_id, events.event_id) as event_id,
            events.event_id as told_as,
            events.source_id,
            events.locator,
            sources.date_published,
            sources.published_from,
            sources.published_by
        from events
        left join sources on sources.source_id = events.source_id
    ),

    -- The days of the other bulletins that tell it.
    compared as (
        select
            tellings.told_as, min(others.published_from) as others_from, min(others.published_by) as others_by
        from tellings
        left join
            tellings as others
            on others.event_id = tellings.event_id
            and others.source_id <> tellings.source_id
        group by tellings.told_as
    ),

    -- Where the days do not settle which bulletin came first, neither is said to be.
    with_order as (
        select
            tellings.*,
            case
                when compared.others_from is null or tellings.published_by < compared.others_from
                then true
                when compared.others_by < tellings.published_from
                then false
            end as is_first_telling
        from tellings
        left join compared on compared.told_as = tellings.told_as
    )

select *
from with_order
