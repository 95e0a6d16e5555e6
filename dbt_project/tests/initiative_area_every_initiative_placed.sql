{#- An initiative without its areas is found nowhere. -#}
{{
    config(
        meta={
            "description": "填有地区的项目都有其地区 · every initiative whose row names areas has them here",
            "dagster": {"ref": {"name": "initiative_area"}},
        }
    )
}}
select f.initiative_id, f.source_id, f.locator, f.areas
from {{ ref("fct_initiative") }} as f
anti join {{ ref("initiative_area") }} as b using (initiative_id)
where f.areas is not null
