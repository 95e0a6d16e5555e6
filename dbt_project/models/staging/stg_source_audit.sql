with
    source as (select * from {{ source("raw", "source_audit") }}),

    renamed as (
        select
            -- ids
            source_id,
            document_sha256,
            seed_hash,

            -- texts
            document,
            status,

            -- numbers
            tokens,
            covered,
            missing,
            statements,
            told,
            wrong,

            -- dates
            audited_at
        from source
    )

select *
from renamed
