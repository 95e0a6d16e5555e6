{#- What cannot be assessed is listed too; what was not yet published, only repeats, or is a rule in force, is not.
    -#}
{{
    config(
        meta={
            "description": "当日已公布的每个承诺都在，且无多余 · every promise published by the day is there, and nothing else",
            "dagster": {"ref": {"name": "commitment_progress"}},
        }
    )
}}
select coalesce(c.commitment_id, p.commitment_id) as commitment_id, c.source_id, c.locator, c.value_text
from
    (
        select f.*
        from {{ ref("fct_commitment") }} as f
        cross join {{ ref("build_info") }} as b
        where f.restates is null and f.modality <> 'IN_FORCE' and f.published_by <= b.as_of_date
    ) as c
full join {{ ref("commitment_progress") }} as p on p.commitment_id = c.commitment_id and p.version = c.version
where c.commitment_id is null or p.commitment_id is null
