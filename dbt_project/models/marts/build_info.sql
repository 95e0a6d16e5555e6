with builds as (select * from {{ ref("stg_build_info") }})

select
    build_id,
    run_id,
    built_at,
    as_of_date,
    git_revision,
    seed_hash,
    engine,
    engine_version,
    python_version,
    dagster_version,
    dbt_version,
    duckdb_version,
    great_expectations_version
from builds
