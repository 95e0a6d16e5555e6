{#- Readers go down it step by step. -#}
{{
    config(
        meta={
            "description": "路径为上级的路径加自身 · a path is the parent's path and one step more",
            "dagster": {"ref": {"name": "initiative_register"}},
        }
    )
}}
select
    c.initiative_id,
    c.source_id,
    c.locator,
    c.depth,
    c.path_id,
    c.path_zh,
    c.path_en,
    p.path_id as parent_path_id
from {{ ref("initiative_register") }} as c
left join {{ ref("initiative_register") }} as p on p.initiative_id = c.parent_initiative_id
where
    c.depth <> coalesce(p.depth + 1, 0)
    or c.root_initiative_id <> coalesce(p.root_initiative_id, c.initiative_id)
    or c.path_id <> concat_ws(' / ', p.path_id, c.initiative_id)
    or c.path_zh <> concat_ws(' / ', p.path_zh, c.name_zh)
    or c.path_en <> concat_ws(' / ', p.path_en, c.name_en)
