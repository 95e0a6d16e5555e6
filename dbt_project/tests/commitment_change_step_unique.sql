{#- A change counts once. -#}
{{
    config(
        meta={
            "description": "每个新版本一行 · each new version has one row",
            "dagster": {"ref": {"name": "commitment_change"}},
        }
    )
}}
select from_commitment_id, from_version, count(*) as n_followed_by
from {{ ref("commitment_change") }}
group by from_commitment_id, from_version
having count(*) > 1
