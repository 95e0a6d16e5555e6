with
    source as (select * from {{ source("raw", "sources") }}),

    -- Whoever holds a page today knows that it was published by today, however vague its date.
    builds as (
        select as_of_date, greatest(as_of_date, cast(built_at as date)) as built_on
        from {{ source("raw", "build_info") }}
    ),

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
            coalesce(date_precision, 'DAY') as date_precision,
            date_basis,
            url_main,
            host_quality,
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
            -- The first and the last day on which it can have been published.
            {{ first_possible_day("date_published", "date_precision") }} as published_from,
            least(
                case
                    date_precision
                    when 'MONTH'
                    then cast({{ dbt.last_day("date_published", "month") }} as date)
                    when 'YEAR'
                    then cast({{ dbt.last_day("date_published", "year") }} as date)
                    else date_published
                end,
                greatest(builds.built_on, date_published)
            ) as published_by,
            as_of_default
        from source
        cross join builds
    ),

    -- As of a day means one thing everywhere: what was published by that day. Nothing later is looked at.
    known as (select renamed.* from renamed join builds on renamed.published_by <= builds.as_of_date)

select *
from known
