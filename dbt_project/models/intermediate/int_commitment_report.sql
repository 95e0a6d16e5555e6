with
    commitments as (select * from {{ ref("int_commitment") }} where {{ is_promise() }}),
    outcomes as (select * from {{ ref("stg_outcomes") }}),
    events as (select * from {{ ref("int_event") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    evidence as (select * from {{ ref("int_source_evidence") }}),

    -- Reviewed is not adopted, submitted is not approved, started is not built: such an event fulfils
    -- nothing.
    judged_events as (select *, status in {{ completed_statuses() }} as is_completed from events),

    typed as (
        select
            outcomes.commitment_id,
            outcomes.version,
            'TYPED' as basis,
            outcomes.outcome_id as report_id,
            outcomes.outcome_id,
            outcomes.event_id,
            outcomes.observation_id,
            outcomes.outcome_type as stated_outcome_type,
            case
                when outcomes.outcome_type = 'FULFILS' and not coalesce(judged_events.is_completed, true)
                then 'ADVANCES'
                else outcomes.outcome_type
            end as outcome_type,
            outcomes.source_id,
            coalesce(outcomes.date_start, judged_events.date_start) as date_start,
            coalesce(outcomes.date_end, judged_events.date_end) as date_end,
            outcomes.title_zh,
            outcomes.title_en,
            outcomes.locator
        from outcomes
        left join judged_events on judged_events.event_id = outcomes.event_id
    ),

    already_typed as (select distinct commitment_id, event_id from outcomes where event_id is not null),

    by_event as (
        select
            events.fulfils_commitment_id as commitment_id,
            cast(null as bigint) as version,
            'BY_EVENT' as basis,
            events.event_id as report_id,
            cast(null as {{ dbt.type_string() }}) as outcome_id,
            events.event_id,
            cast(null as {{ dbt.type_string() }}) as observation_id,
            case when events.is_completed then 'FULFILS' else 'ADVANCES' end as stated_outcome_type,
            case when events.is_completed then 'FULFILS' else 'ADVANCES' end as outcome_type,
            events.source_id,
            events.date_start,
            events.date_end,
            events.title_zh,
            events.title_en,
            events.locator
        from judged_events as events
        left join
            already_typed
            on already_typed.commitment_id = events.fulfils_commitment_id
            and already_typed.event_id = events.event_id
        where events.fulfils_commitment_id is not null and already_typed.event_id is null
    ),

    reports as (
        select *
        from typed
        union all
        select *
        from by_event
    ),

    -- Of no version in particular: of each that had been announced by then.
    joined as (
        select
            commitments.version_id,
            reports.report_id,
            reports.basis,
            reports.stated_outcome_type,
            reports.outcome_type,
            reports.outcome_id,
            reports.event_id,
            reports.observation_id,
            reports.source_id,
            sources.date_published,
            sources.published_by,
            reports.date_start,
            reports.date_end,
            -- The first and the last day on which it can have come to pass.
            reports.date_start as happened_from,
            coalesce(reports.date_end, reports.date_start, sources.published_by) as happened_by,
            reports.title_zh,
            reports.title_en,
            reports.locator,
            evidence.evidence,
            evidence.host_quality
        from reports
        join commitments on commitments.commitment_id = reports.commitment_id
        left join sources on sources.source_id = reports.source_id
        left join evidence on evidence.source_id = reports.source_id
        where
            reports.version = commitments.version
            or (reports.version is null and commitments.date_announced <= sources.published_by)
    )

select *
from joined
