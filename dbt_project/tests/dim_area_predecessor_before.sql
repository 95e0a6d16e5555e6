{#- A place and the one it follows do not exist at once. -#}
{{
    config(
        meta={
            "description": "前身存在，且在启用前停用 · a predecessor exists, and ended before",
            "dagster": {"ref": {"name": "dim_area"}},
        }
    )
}}
select a.ref_area, a.valid_from, a.valid_to, a.predecessor, p.valid_to as predecessor_to
from {{ ref("dim_area") }} as a
left join {{ ref("dim_area") }} as p on p.ref_area = a.predecessor
where
    a.valid_to < a.valid_from
    or (a.predecessor is not null and not coalesce(p.valid_to < a.valid_from, false))
