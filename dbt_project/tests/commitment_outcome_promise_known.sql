{#- A report speaks of a promise. -#}
{{
    config(
        meta={
            "description": "承诺的该版本存在 · the version of the promise exists",
            "dagster": {"ref": {"name": "commitment_outcome"}},
        }
    )
}}
select o.commitment_id, o.version, o.report_id, o.source_id, o.locator
from {{ ref("commitment_outcome") }} as o
left join {{ ref("fct_commitment") }} as c on c.commitment_id = o.commitment_id and c.version = o.version
where c.commitment_id is null
