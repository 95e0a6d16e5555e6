with
    claims as (select * from {{ ref("stg_claims") }}),
    bounds as (select * from {{ ref("int_figure_bounds") }}),
    indicators as (select * from {{ ref("stg_indicators") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    source_evidence as (select * from {{ ref("int_source_evidence") }}),

    joined as (
        select
            claims.claim_id,
            claims.source_id,
            claims.indicator_id,
            indicators.domain_id,
            claims.ref_area,
            claims.breakdown,
            claims.time_period_start,
            claims.time_period_end,
            sources.date_published,
            claims.observation_id,
            claims.claim_type,
            claims.value_text,
            claims.factor,
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
            claims.base_text,
            claims.base_period_start,
            claims.base_period_end,
            claims.comparison,
            claims.locator,
            claims.initiative_id,
            claims.comment,
            source_evidence.evidence,
            source_evidence.host_quality
        from claims
        left join bounds on bounds.figure_kind = 'CLAIM' and bounds.figure_id = claims.claim_id
        left join indicators on indicators.indicator_id = claims.indicator_id
        left join sources on sources.source_id = claims.source_id
        left join source_evidence on source_evidence.source_id = claims.source_id
    )

select *
from joined
