{#- A register neither adds, loses nor alters initiatives. -#}
{{
    config(
        meta={
            "description": "与项目表逐一对应，类型、领域、上级相同 · the initiatives of fct_initiative, with the same kind, domain and parent",
            "dagster": {"ref": {"name": "initiative_register"}},
        }
    )
}}
select
    coalesce(r.initiative_id, f.initiative_id) as initiative_id,
    f.source_id,
    f.locator,
    f.name_zh,
    r.initiative_id is null as missing_here
from {{ ref("initiative_register") }} as r
full join {{ ref("fct_initiative") }} as f on f.initiative_id = r.initiative_id
where
    r.initiative_id is null
    or f.initiative_id is null
    or r.name_zh is distinct from f.name_zh
    or r.name_en is distinct from f.name_en
    or r.initiative_type is distinct from f.initiative_type
    or r.domain_id is distinct from f.domain_id
    or r.parent_initiative_id is distinct from f.parent_initiative_id
