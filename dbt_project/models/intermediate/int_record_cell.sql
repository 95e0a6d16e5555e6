with
    cells as (select * from {{ ref("stg_record") }}),
    parts as (select * from {{ ref("stg_record_part") }}),
    observations as (select * from {{ ref("stg_observations") }}),
    claims as (select * from {{ ref("stg_claims") }}),
    commitments as (select * from {{ ref("stg_commitments") }}),
    events as (select * from {{ ref("stg_events") }}),
    initiatives as (select * from {{ ref("stg_initiatives") }}),
    assessments as (select * from {{ ref("stg_assessments") }}),
    outcomes as (select * from {{ ref("stg_outcomes") }}),
    exclusions as (select * from {{ ref("stg_exclusions") }}),

    -- What rests on a cell, with the words that it takes from it.
    citations as (
        select source_id, locator, value_text as words, false as is_exclusion
        from observations
        union all
        select source_id, locator, value_text, false
        from claims
        union all
        select source_id, locator, value_text, false
        from commitments
        union all
        select source_id, locator, date_text, false
        from events
        union all
        select source_id, locator, cast(null as {{ dbt.type_string() }}), false
        from initiatives
        union all
        select source_id, locator, cast(null as {{ dbt.type_string() }}), false
        from assessments
        union all
        select source_id, locator, cast(null as {{ dbt.type_string() }}), false
        from outcomes
        union all
        select source_id, locator, token, true
        from exclusions
    ),

    counts as (
        select
            source_id,
            locator,
            sum(case when is_exclusion then 0 else 1 end) as n_rows,
            sum(case when is_exclusion then 1 else 0 end) as n_exclusions
        from citations
        group by source_id, locator
    ),

    -- A figure of a cell is accounted for by words that hold all of it.
    covered_parts as (
        select
            parts.source_id,
            parts.locator,
            parts.part,
            max(
                case when {{ dbt.position("parts.figure", "citations.words") }} > 0 then 1 else 0 end
            ) as is_covered
        from parts
        left join citations on citations.source_id = parts.source_id and citations.locator = parts.locator
        group by parts.source_id, parts.locator, parts.part
    ),

    part_counts as (
        select source_id, locator, count(*) as n_parts, sum(is_covered) as n_parts_covered
        from covered_parts
        group by source_id, locator
    ),

    joined as (
        select
            cells.source_id,
            cells.record_key,
            cells.locator,
            cells.label,
            cells.value_text,
            cells.as_of,
            cells.geo,
            cells.cell_type,
            cells.note,
            cast(coalesce(counts.n_rows, 0) as {{ dbt.type_bigint() }}) as n_rows,
            cast(coalesce(counts.n_exclusions, 0) as {{ dbt.type_bigint() }}) as n_exclusions,
            cast(coalesce(part_counts.n_parts, 0) as {{ dbt.type_bigint() }}) as n_parts,
            cast(coalesce(part_counts.n_parts_covered, 0) as {{ dbt.type_bigint() }}) as n_parts_covered
        from cells
        left join counts on counts.source_id = cells.source_id and counts.locator = cells.locator
        left join
            part_counts on part_counts.source_id = cells.source_id and part_counts.locator = cells.locator
    )

select *
from joined
