with
    initiatives as (select * from {{ ref("stg_initiatives") }}),
    events as (select * from {{ ref("int_event") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    stages as (select * from {{ ref("stg_initiative_stages") }}),
    commitments as (select * from {{ ref("stg_commitments") }}),
    steps as (select * from {{ ref("stg_status_steps") }}),

    -- An event speaks of the whole initiative where the kinds of both fit a row of status_steps.
    told as (
        select
            initiatives.initiative_id,
            steps.initiative_status as status,
            'EVENT' as basis,
            events.event_id,
            cast(null as {{ dbt.type_string() }}) as commitment,
            events.source_id,
            events.locator,
            events.date_start as date_from,
            coalesce(events.date_end, events.date_start) as date_by
        from events
        join initiatives on initiatives.initiative_id = events.initiative_id
        join
            steps
            on steps.event_status = events.status
            and {{ is_listed("initiatives.initiative_type", "steps.initiative_types") }}
            and (steps.event_types is null or {{ is_listed("events.event_type", "steps.event_types") }})
    ),

    -- What is promised of it is planned by then, what is to be explored proposed; since when, nobody knows.
    promised as (
        select
            initiative_id,
            case when modality = 'EXPLORE' then 'PROPOSED' else 'PLANNED' end as status,
            'PROMISE' as basis,
            cast(null as {{ dbt.type_string() }}) as event_id,
            concat_ws('@', commitment_id, version) as commitment,
            source_id,
            locator,
            cast(null as date) as date_from,
            date_announced as date_by
        from commitments
        where initiative_id is not null and modality <> 'IN_FORCE'
    ),

    statements as (
        select *
        from told
        union all
        select *
        from promised
    ),

    -- Undated, it had come so far by the day on which its bulletin had appeared, and nobody knows since when.
    dated as (
        select
            statements.initiative_id,
            statements.status,
            stages.stage,
            statements.basis,
            statements.event_id,
            statements.commitment,
            statements.source_id,
            statements.locator,
            statements.date_from,
            coalesce(statements.date_by, sources.published_by) as date_by,
            sources.published_by as valid_from
        from statements
        join stages on stages.initiative_status = statements.status
        join sources on sources.source_id = statements.source_id
    ),

    -- What no other statement surely follows may be the last.
    with_candidates as (
        select *, coalesce(date_by >= max(date_from) over (partition by initiative_id), true) as may_be_latest
        from dated
    ),

    -- Among those the one furthest along is; of several that say the same, the one that knows the day best.
    with_order as (
        select
            *,
            cast(
                row_number() over (
                    partition by initiative_id, may_be_latest
                    order by
                        stage desc,
                        date_from desc nulls last,
                        date_by,
                        valid_from,
                        event_id nulls last,
                        commitment nulls last
                ) as {{ dbt.type_bigint() }}
            ) as nth
        from with_candidates
    ),

    with_latest as (select *, may_be_latest and nth = 1 as is_latest from with_order)

select *
from with_latest
