with
    initiatives as (select * from {{ ref("fct_initiative") }}),
    events as (select * from {{ ref("fct_event") }}),
    tellings as (select * from {{ ref("event_source") }}),
    statuses as (select * from {{ ref("initiative_status") }}),
    observations as (select * from {{ ref("fct_observation") }}),
    claims as (select * from {{ ref("fct_claim") }}),
    commitments as (select * from {{ ref("fct_commitment") }}),
    sources as (select * from {{ ref("dim_source") }}),
    climbed as (select * from {{ ref("int_initiative_ancestor") }}),

    -- A cycle or a lost parent leads to no root: the path stays empty, and a test shows the row.
    paths as (select * from climbed where next_id is null),

    -- Each event and promise with its initiative. A promise that was worded twice is one promise, an event
    -- told twice one event.
    links as (
        select events.initiative_id, tellings.source_id, 'EVENT' as fact_type, events.event_id as fact_id
        from events
        join tellings on tellings.event_id = events.event_id
        union all
        select initiative_id, source_id, 'COMMITMENT' as fact_type, promise_id as fact_id
        from commitments
    ),

    counted as (
        select
            climbed.upper_id as initiative_id,
            count(distinct climbed.initiative_id) - 1 as n_parts,
            count(distinct case when links.fact_type = 'EVENT' and height = 0 then fact_id end) as n_events,
            count(distinct case when links.fact_type = 'EVENT' then fact_id end) as n_events_with_parts,
            count(
                distinct case when links.fact_type = 'COMMITMENT' and height = 0 then fact_id end
            ) as n_commitments,
            count(
                distinct case when links.fact_type = 'COMMITMENT' then fact_id end
            ) as n_commitments_with_parts
        from climbed
        left join links on links.initiative_id = climbed.initiative_id
        group by climbed.upper_id
    ),

    -- Figures, which are many, are counted where they stand and only their numbers carried up.
    figures as (
        select initiative_id, source_id, count(*) as n_figures
        from
            (
                select initiative_id, source_id
                from observations
                union all
                select initiative_id, source_id
                from claims
            ) as told
        where initiative_id is not null
        group by initiative_id, source_id
    ),

    -- Once each, should two initiatives contain each other.
    parts as (
        select upper_id, initiative_id, min(height) as height from climbed group by upper_id, initiative_id
    ),

    counted_figures as (
        select
            parts.upper_id as initiative_id,
            sum(case when parts.height = 0 then figures.n_figures end) as n_figures,
            sum(figures.n_figures) as n_figures_with_parts
        from parts
        join figures on figures.initiative_id = parts.initiative_id
        group by parts.upper_id
    ),

    -- A bulletin mentions an initiative by its row in the register, or by a fact that belongs to it.
    mentioned as (
        select initiative_id, source_id
        from initiatives
        union
        select initiative_id, source_id
        from links
        union
        select initiative_id, source_id
        from figures
    ),

    numbered as (
        select
            mentioned.initiative_id,
            mentioned.source_id,
            sources.date_published,
            row_number() over (
                partition by mentioned.initiative_id order by sources.date_published, mentioned.source_id
            ) as nth,
            row_number() over (
                partition by mentioned.initiative_id
                order by sources.date_published desc, mentioned.source_id desc
            ) as nth_last
        from mentioned
        join sources on sources.source_id = mentioned.source_id
    ),

    mentions as (
        select
            initiative_id,
            count(*) as n_sources,
            max(case when nth = 1 then source_id end) as first_source_id,
            min(date_published) as first_mention,
            max(case when nth_last = 1 then source_id end) as latest_source_id,
            max(date_published) as latest_mention
        from numbered
        group by initiative_id
    ),

    -- What is reported of a part is news of the whole.
    heard_of as (
        select climbed.upper_id as initiative_id, max(mentions.latest_mention) as latest_mention_with_parts
        from climbed
        join mentions on mentions.initiative_id = climbed.initiative_id
        group by climbed.upper_id
    ),

    latest_status as (select * from statuses where is_latest),

    joined as (
        select
            initiatives.initiative_id,
            initiatives.name_zh,
            initiatives.name_en,
            initiatives.initiative_type,
            coalesce(latest_status.status, 'NOT_STATED') as status,
            latest_status.date_by as status_date,
            latest_status.basis as status_basis,
            latest_status.source_id as status_source_id,
            latest_status.locator as status_locator,
            latest_status.event_id as status_event_id,
            initiatives.domain_id,
            initiatives.parent_initiative_id,
            paths.upper_id as root_initiative_id,
            paths.height as depth,
            paths.path_id,
            paths.path_zh,
            paths.path_en,
            initiatives.source_id,
            initiatives.locator,
            mentions.first_source_id,
            mentions.first_mention,
            mentions.latest_source_id,
            mentions.latest_mention,
            heard_of.latest_mention_with_parts,
            mentions.n_sources,
            counted.n_parts,
            counted.n_events,
            counted.n_events_with_parts,
            cast(coalesce(counted_figures.n_figures, 0) as bigint) as n_figures,
            cast(coalesce(counted_figures.n_figures_with_parts, 0) as bigint) as n_figures_with_parts,
            counted.n_commitments,
            counted.n_commitments_with_parts
        from initiatives
        left join latest_status on latest_status.initiative_id = initiatives.initiative_id
        left join paths on paths.initiative_id = initiatives.initiative_id
        left join mentions on mentions.initiative_id = initiatives.initiative_id
        left join heard_of on heard_of.initiative_id = initiatives.initiative_id
        left join counted on counted.initiative_id = initiatives.initiative_id
        left join counted_figures on counted_figures.initiative_id = initiatives.initiative_id
    )

select *
from joined
