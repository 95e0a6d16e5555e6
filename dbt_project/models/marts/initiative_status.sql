with
    statuses as (select * from {{ ref("int_initiative_status") }}),
    evidence as (select * from {{ ref("int_source_evidence") }}),

    joined as (
        select
            concat_ws(
                '@', statuses.initiative_id, coalesce(statuses.event_id, statuses.commitment)
            ) as statement_id,
            statuses.initiative_id,
            statuses.status,
            statuses.stage,
            statuses.basis,
            statuses.event_id,
            statuses.commitment,
            statuses.source_id,
            statuses.locator,
            statuses.date_from,
            statuses.date_by,
            statuses.valid_from,
            statuses.may_be_latest,
            statuses.is_latest,
            evidence.evidence,
            evidence.host_quality
        from statuses
        left join evidence on evidence.source_id = statuses.source_id
    )

select *
from joined
