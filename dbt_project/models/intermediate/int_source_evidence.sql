with
    sources as (select * from {{ ref("stg_sources") }}),
    audits as (select * from {{ ref("stg_source_audit") }}),
    builds as (select * from {{ ref("stg_build_info") }}),
    record_cells as (select * from {{ ref("int_record_cell") }}),

    -- An audit of other seeds, or of another file, proves nothing about this source.
    complete_audits as (
        select audits.source_id, audits.document_sha256
        from audits
        join builds on builds.seed_hash = audits.seed_hash
        where
            audits.missing = 0
            and audits.wrong = 0
            and audits.covered = audits.tokens
            and audits.told = audits.statements
    ),

    -- That rows say what their cells say is a rule of the seeds: others are not loaded.
    complete_records as (
        select source_id from record_cells group by source_id having min(n_rows + n_exclusions) > 0
    ),

    with_evidence as (
        select
            sources.source_id,
            case
                when complete_audits.source_id is not null
                then 'AUDITED'
                when sources.document_sha256 is not null
                then 'HELD'
                when complete_records.source_id is not null
                then 'RECORDED'
                else 'CITED'
            end as evidence,
            sources.host_quality
        from sources
        left join
            complete_audits
            on complete_audits.source_id = sources.source_id
            and complete_audits.document_sha256 = sources.document_sha256
        left join complete_records on complete_records.source_id = sources.source_id
    )

select *
from with_evidence
