with recursive
    commitments as (select *, {{ commitment_version_id() }} as version_id from {{ ref("stg_commitments") }}),
    observations as (select * from {{ ref("stg_observations") }}),
    bounds as (select * from {{ ref("int_figure_bounds") }}),
    indicators as (select * from {{ ref("stg_indicators") }}),
    domains as (select * from {{ ref("int_initiative_domain") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    initiatives as (select * from {{ ref("stg_initiatives") }}),
    evidence as (select * from {{ ref("int_source_evidence") }}),

    -- A version replaces the one before it under the same name, unless it names another.
    with_earlier as (
        select
            *,
            case
                when restates is null
                then
                    coalesce(
                        supersedes,
                        lag(version_id) over (partition by commitment_id, restates is null order by version)
                    )
            end as earlier_id
        from commitments
    ),

    -- Semi-joined, since nobody foretells how many rows the recursion has: a plain outer join would hold all
    -- figures.
    bases as (
        select observation_id, breakdown
        from observations
        where observation_id in (select base_observation_id from commitments)
    ),

    -- From the first wording on, version by version; versions in a circle are reached from none.
    chained as (
        select version_id, commitment_id as promise_id, 1 as step
        from with_earlier
        where earlier_id is null and restates is null
        union all
        select with_earlier.version_id, chained.promise_id, chained.step + 1 as step
        from chained
        join with_earlier on with_earlier.earlier_id = chained.version_id
        where chained.step < 1000
    ),

    -- By rule there is one; were there two, the first by name.
    replaced as (
        select with_earlier.earlier_id, min(with_earlier.version_id) as later_id
        from with_earlier
        where with_earlier.earlier_id is not null
        group by with_earlier.earlier_id
    ),

    joined as (
        select
            with_earlier.version_id,
            with_earlier.commitment_id,
            with_earlier.version,
            chained.promise_id,
            with_earlier.earlier_id as supersedes,
            replaced.later_id as superseded_by,
            with_earlier.restates,
            with_earlier.source_id,
            coalesce(sources.primary_source_id, sources.source_id) as original_source_id,
            sources.issuer,
            sources.date_published,
            sources.published_from,
            sources.published_by,
            with_earlier.indicator_id,
            coalesce(indicators.domain_id, with_earlier.domain_id, domains.domain_id) as domain_id,
            case
                when coalesce(indicators.domain_id, with_earlier.domain_id) is null
                then domains.known_by
                else sources.published_by
            end as domain_known_by,
            with_earlier.initiative_id,
            -- An initiative has no name before the bulletin that registers it.
            initiative_sources.published_by as initiative_known_by,
            with_earlier.title_zh,
            with_earlier.title_en,
            with_earlier.ref_area,
            -- A base that is given also says which part of the whole is meant.
            coalesce(given.breakdown, '_T') as breakdown,
            with_earlier.commitment_type,
            with_earlier.modality,
            with_earlier.authority,
            with_earlier.said_by,
            with_earlier.value_text,
            with_earlier.target_value,
            bounds.value_qualifier,
            bounds.lower_bound,
            bounds.lower_closed,
            bounds.upper_bound,
            bounds.upper_closed,
            bounds.lower_basis,
            bounds.upper_basis,
            bounds.bound_basis,
            bounds.stated_lower_bound,
            bounds.stated_lower_closed,
            bounds.stated_upper_bound,
            bounds.stated_upper_closed,
            bounds.bound_rule,
            with_earlier.unit_measure,
            with_earlier.accounting,
            with_earlier.base_observation_id,
            with_earlier.date_announced,
            with_earlier.date_precision,
            with_earlier.period_start,
            coalesce(with_earlier.period_start, with_earlier.date_announced) as start_date,
            with_earlier.due_date,
            with_earlier.responsible,
            evidence.evidence,
            evidence.host_quality,
            with_earlier.locator,
            with_earlier.comment,
            indicators.direction,
            indicators.stock_flow,
            -- What is promised of a period adds up from its first day.
            coalesce(
                indicators.stock_flow = 'PERIOD_TOTAL'
                and (
                    with_earlier.accounting = 'OVER_PERIOD'
                    or (with_earlier.accounting = 'CUMULATIVE' and with_earlier.period_start is not null)
                ),
                false
            ) as is_over_period
        from with_earlier
        left join chained on chained.version_id = coalesce(with_earlier.restates, with_earlier.version_id)
        left join bases as given on given.observation_id = with_earlier.base_observation_id
        left join replaced on replaced.earlier_id = with_earlier.version_id
        left join bounds on bounds.figure_type = 'COMMITMENT' and bounds.figure_id = with_earlier.version_id
        left join indicators on indicators.indicator_id = with_earlier.indicator_id
        left join domains on domains.initiative_id = with_earlier.initiative_id
        left join sources on sources.source_id = with_earlier.source_id
        left join initiatives on initiatives.initiative_id = with_earlier.initiative_id
        left join sources as initiative_sources on initiative_sources.source_id = initiatives.source_id
        left join evidence on evidence.source_id = with_earlier.source_id
    )

select *
from joined
