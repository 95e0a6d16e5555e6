with
    source as (select * from {{ source("raw", "sources") }}),

    renamed as (
        select
            -- ids
            source_id,
            primary_source_id,

            -- texts
            title_zh,
            title_en,
            issuer,
            publisher,
            doc_type,
            date_basis,
            url_main,
            document,
            document_sha256,
            line_range,
            script,
            citation,
            seed_file,

            -- numbers
            seed_line,

            -- dates
            date_published,
            as_of_default
        from source
    )

select *
from renamed
