{#- A lost party is found by nobody. -#}
{{
    config(
        meta={
            "description": "提及参与方的项目都有其参与方 · every initiative that names parties has them here",
            "dagster": {"ref": {"name": "initiative_party"}},
        }
    )
}}
select i.initiative_id, i.source_id, i.locator, i.parties
from {{ ref("fct_initiative") }} as i
anti join {{ ref("initiative_party") }} as b using (initiative_id)
where i.parties is not null
