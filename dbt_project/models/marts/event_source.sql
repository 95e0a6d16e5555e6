with
    tellings as (select * from {{ ref("int_event_source") }}),
    evidence as (select * from {{ ref("int_source_evidence") }}),

    joined as (
        select
            tellings.event_id,
            tellings.source_id,
            tellings.locator,
            tellings.told_as,
            tellings.is_first_telling,
            tellings.date_published,
            evidence.evidence,
            evidence.host_quality
        from tellings
        left join evidence on evidence.source_id = tellings.source_id
    )

select *
from joined
