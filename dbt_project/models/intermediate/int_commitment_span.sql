with
    tellings as (select * from {{ ref("int_commitment") }}),
    commitments as (select * from {{ ref("int_commitment") }} where {{ is_promise() }}),
    targets as (select * from {{ ref("int_commitment_target") }}),
    actuals as (select * from {{ ref("int_commitment_actual") }}),
    reports as (select * from {{ ref("int_commitment_report") }}),
    silences as (select * from {{ ref("int_commitment_silence") }}),

    -- Every day that can change the answer.
    named_days as (
        select version_id, published_by as day
        from commitments
        union
        select version_id, start_date as day
        from commitments
        union
        select version_id, cast({{ dbt.dateadd("day", 1, "due_date") }} as date) as day
        from commitments
        union
        select version_id, initiative_known_by as day
        from commitments
        union
        select version_id, domain_known_by as day
        from commitments
        union
        select supersedes as version_id, published_by as day
        from commitments
        union
        select restates as version_id, published_by as day
        from tellings
        union
        select version_id, valid_from as day
        from targets
        union
        select version_id, valid_from as day
        from actuals
        union
        select version_id, valid_to as day
        from actuals
        union
        select version_id, near_from as day
        from actuals
        union
        select version_id, published_by as day
        from reports
        union
        select version_id, silent_from as day
        from silences
        union
        select version_id, mentioned_from as day
        from silences
    ),

    -- A promise that nobody had read of is not late, it is not there.
    days as (
        select named_days.version_id, named_days.day
        from named_days
        join commitments on commitments.version_id = named_days.version_id
        where named_days.day >= commitments.published_by
    ),

    spans as (
        select
            version_id, day as valid_from, lead(day) over (partition by version_id order by day) as valid_to
        from days
    )

select *
from spans
