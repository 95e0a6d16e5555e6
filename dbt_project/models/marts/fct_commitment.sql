with
    commitments as (select *, {{ commitment_version_id() }} as figure_id from {{ ref("stg_commitments") }}),
    bounds as (select * from {{ ref("int_figure_bounds") }}),
    indicators as (select * from {{ ref("stg_indicators") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    source_evidence as (select * from {{ ref("int_source_evidence") }}),

    joined as (
        select
            commitments.commitment_id,
            commitments.version,
            commitments.source_id,
            commitments.indicator_id,
            indicators.domain_id,
            commitments.initiative_id,
            commitments.title_zh,
            commitments.title_en,
            commitments.ref_area,
            commitments.kind,
            commitments.modality,
            commitments.value_text,
            commitments.target_value,
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
            commitments.unit_measure,
            commitments.accounting,
            commitments.base_observation_id,
            commitments.date_announced,
            sources.date_published,
            commitments.period_start,
            commitments.due_date,
            commitments.responsible,
            commitments.locator,
            commitments.comment,
            source_evidence.evidence,
            source_evidence.host_quality
        from commitments
        left join bounds on bounds.figure_kind = 'COMMITMENT' and bounds.figure_id = commitments.figure_id
        left join indicators on indicators.indicator_id = commitments.indicator_id
        left join sources on sources.source_id = commitments.source_id
        left join source_evidence on source_evidence.source_id = commitments.source_id
    )

select *
from joined
