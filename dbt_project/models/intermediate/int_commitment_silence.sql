with
    commitments as (select * from {{ ref("int_commitment") }} where {{ is_promise() }}),
    tellings as (select * from {{ ref("int_commitment") }}),
    reports as (select * from {{ ref("int_commitment_report") }}),
    bulletins as (select * from {{ ref("int_programme_bulletin") }}),

    roots as (select distinct initiative_id, root_initiative_id from bulletins),

    roots_told as (
        select root_initiative_id, source_id, issuer, published_from, min(published_by) as published_by
        from bulletins
        group by root_initiative_id, source_id, issuer, published_from
    ),

    -- Whoever promised speaks of the initiative again, surely later. The silence of others says nothing.
    later_bulletins as (
        select commitments.version_id, roots_told.source_id, roots_told.published_by
        from commitments
        join roots on roots.initiative_id = commitments.initiative_id
        join
            roots_told
            on roots_told.root_initiative_id = roots.root_initiative_id
            and roots_told.issuer = commitments.issuer
        where roots_told.published_from > commitments.published_by
    ),

    -- To repeat a promise, to change it or to report on it is not to be silent.
    told as (
        select version_id, source_id
        from reports
        union
        select restates as version_id, source_id
        from tellings
        where restates is not null
        union
        select supersedes as version_id, source_id
        from tellings
        where supersedes is not null
    ),

    silent as (
        select later_bulletins.version_id, min(later_bulletins.published_by) as silent_from
        from later_bulletins
        left join
            told
            on told.version_id = later_bulletins.version_id
            and told.source_id = later_bulletins.source_id
        where told.source_id is null
        group by later_bulletins.version_id
    ),

    -- The initiative itself, not the root above it as a whole, by whomever.
    mentioned as (
        select commitments.version_id, min(bulletins.published_by) as mentioned_from
        from commitments
        join bulletins on bulletins.initiative_id = commitments.initiative_id
        where not bulletins.is_root and bulletins.published_from > commitments.published_by
        group by commitments.version_id
    ),

    joined as (
        select commitments.version_id, silent.silent_from, mentioned.mentioned_from
        from commitments
        left join silent on silent.version_id = commitments.version_id
        left join mentioned on mentioned.version_id = commitments.version_id
        where silent.silent_from is not null or mentioned.mentioned_from is not null
    )

select *
from joined
