with
    source as (select * from {{ source("raw", "build_info") }}),

    renamed as (
        select
            -- ids
            build_id,
            run_id,
            git_revision,
            seed_hash,

            -- texts
            engine,
            engine_version,
            python_version,
            dagster_version,
            dbt_version,
            duckdb_version,
            great_expectations_version,

            -- dates
            built_at,
            as_of_date
        from source
    )

select *
from renamed
