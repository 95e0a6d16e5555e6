with
    sources as (select * from {{ ref("dim_source") }}),
    audits as (select * from {{ ref("stg_source_audit") }}),
    builds as (select * from {{ ref("build_info") }}),

    -- An audit of other seeds proves nothing about these.
    audits_of_these_seeds as (select audits.* from audits join builds on builds.seed_hash = audits.seed_hash),

    with_audit as (
        select
            sources.document,
            sources.document_sha256,
            sources.primary_source_id,
            audits.source_id as audited_source_id,
            audits.tokens,
            audits.covered,
            audits.missing,
            audits.statements,
            audits.told,
            audits.wrong,
            audits.audited_at,
            audits.seed_hash
        from sources
        left join
            audits_of_these_seeds as audits
            on audits.source_id = sources.source_id
            and audits.document_sha256 = sources.document_sha256
        where sources.document_sha256 is not null
    ),

    -- A reprint is no further bulletin.
    documents as (
        select document, document_sha256, count(*) - count(primary_source_id) as n_bulletins
        from with_audit
        group by document, document_sha256
    ),

    -- A document is audited when all that it holds is, reprints included.
    results as (
        select
            document,
            cast(sum(tokens) as bigint) as tokens,
            cast(sum(covered) as bigint) as covered,
            cast(sum(missing) as bigint) as missing,
            cast(sum(statements) as bigint) as statements,
            cast(sum(told) as bigint) as told,
            cast(sum(wrong) as bigint) as wrong,
            max(audited_at) as audited_at,
            max(seed_hash) as audited_seed_hash
        from with_audit
        group by document
        having count(*) = count(audited_source_id)
    ),

    joined as (
        select
            documents.document,
            documents.document_sha256,
            documents.n_bulletins,
            case
                when results.document is null
                then 'NOT_RUN'
                when
                    results.missing = 0
                    and results.wrong = 0
                    and results.covered = results.tokens
                    and results.told = results.statements
                then 'COMPLETE'
                else 'INCOMPLETE'
            end as status,
            results.tokens,
            results.covered,
            results.missing,
            results.statements,
            results.told,
            results.wrong,
            results.audited_at,
            results.audited_seed_hash
        from documents
        left join results on results.document = documents.document
    )

select *
from joined
