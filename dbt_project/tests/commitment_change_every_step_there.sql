{#- A lost step is a lost change. -#}
{{
    config(
        meta={
            "description": "凡有所取代的版本都在，且无多余 · every version that replaces another is there, and nothing else",
            "dagster": {"ref": {"name": "commitment_change"}},
        }
    )
}}
select coalesce(c.commitment_id, s.to_commitment_id) as commitment_id, c.source_id, c.locator, c.supersedes
from (select * from {{ ref("fct_commitment") }} where supersedes is not null) as c
full join
    {{ ref("commitment_change") }} as s on s.to_commitment_id = c.commitment_id and s.to_version = c.version
where c.commitment_id is null or c.supersedes is distinct from s.from_commitment_id || '@' || s.from_version
