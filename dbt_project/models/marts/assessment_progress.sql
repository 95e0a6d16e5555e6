with
    assessments as (select * from {{ ref("fct_assessment") }}),
    answers as (select * from {{ ref("fct_assessment") }} where answers is not null),
    events as (select * from {{ ref("fct_event") }}),
    event_areas as (select * from {{ ref("event_area") }}),
    series as (select * from {{ ref("integration_progress") }}),
    area_groups as (select * from {{ ref("int_area_group") }}),

    -- The assessed place, and the places in it.
    places as (
        select ref_area, area_group as assessed_area
        from area_groups
        union
        select ref_area, ref_area as assessed_area
        from area_groups
    ),

    asked as (select * from assessments where assessment_type in ('LACKING', 'STAGE')),

    -- The last word on it; of two said on one day the one that claims less.
    with_order as (
        select
            *,
            row_number() over (
                partition by answers
                order by
                    as_of desc,
                    case assessment_type when 'LACKING' then 1 when 'STAGE' then 2 else 3 end,
                    assessment_id
            ) as nth
        from answers
    ),

    answered as (select * from with_order where nth = 1),

    -- News of the same domain and place from other bulletins since: what happened, and what got better or
    -- worse.
    happened as (
        select
            asked.assessment_id,
            count(distinct events.event_id) as n_events,
            max(events.date_published) as latest_event_published
        from asked
        join places on places.assessed_area = asked.ref_area
        join event_areas on event_areas.ref_area = places.ref_area
        join events on events.event_id = event_areas.event_id and events.domain_id = asked.domain_id
        where
            events.source_id <> asked.source_id
            and events.date_published > asked.date_published
            and coalesce(events.date_end > asked.as_of, true)
        group by asked.assessment_id
    ),

    measured as (
        select
            asked.assessment_id,
            count(*) filter (where series.trend = 'IMPROVED') as n_improved,
            count(*) filter (where series.trend = 'WORSENED') as n_worsened
        from asked
        join places on places.assessed_area = asked.ref_area
        join series on series.ref_area = places.ref_area and series.domain_id = asked.domain_id
        where series.is_representative and series.latest_date > asked.as_of
        group by asked.assessment_id
    ),

    joined as (
        select
            asked.assessment_id,
            asked.assessment_type,
            asked.domain_id,
            asked.ref_area,
            asked.initiative_id,
            asked.title_zh,
            asked.title_en,
            asked.said_by,
            asked.as_of,
            asked.source_id,
            asked.locator,
            answered.assessment_id as answer_id,
            answered.assessment_type as answer_type,
            answered.title_zh as answer_zh,
            answered.title_en as answer_en,
            answered.as_of as answer_as_of,
            answered.source_id as answer_source_id,
            answered.locator as answer_locator,
            coalesce(happened.n_events, 0) as n_events_since,
            coalesce(measured.n_improved, 0) as n_series_improved,
            coalesce(measured.n_worsened, 0) as n_series_worsened,
            happened.latest_event_published,
            asked.evidence as own_evidence,
            answered.evidence as answer_evidence
        from asked
        left join answered on answered.answers = asked.assessment_id
        left join happened on happened.assessment_id = asked.assessment_id
        left join measured on measured.assessment_id = asked.assessment_id
    ),

    judged as (
        select
            *,
            case
                answer_type
                when 'ACHIEVED'
                then 'MENDED'
                when 'STAGE'
                then 'ADVANCING'
                when 'LACKING'
                then 'STILL_LACKING'
                else
                    case
                        when n_events_since + n_series_improved + n_series_worsened > 0
                        then 'NEWS_IN_FIELD'
                        else 'NOT_REPORTED'
                    end
            end as verdict,
            {{ weaker_evidence("own_evidence", "answer_evidence") }} as evidence,
            coalesce(answer_evidence <> own_evidence, false) as evidence_mixed
        from joined
    )

select
    assessment_id,
    assessment_type,
    domain_id,
    ref_area,
    initiative_id,
    title_zh,
    title_en,
    said_by,
    as_of,
    source_id,
    locator,
    verdict,
    answer_id,
    answer_type,
    answer_zh,
    answer_en,
    answer_as_of,
    answer_source_id,
    answer_locator,
    n_events_since,
    n_series_improved,
    n_series_worsened,
    latest_event_published,
    evidence,
    evidence_mixed
from judged
