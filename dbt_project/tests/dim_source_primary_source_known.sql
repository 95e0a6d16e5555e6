{#- A reprint must not count twice. -#}
{{
    config(
        meta={
            "description": "转载所指的首发来源存在，且自身不是转载 · what a reprint repeats exists and is no reprint itself",
            "dagster": {"ref": {"name": "dim_source"}},
        }
    )
}}
select r.source_id, r.document, r.primary_source_id
from {{ ref("dim_source") }} as r
left join {{ ref("dim_source") }} as p on p.source_id = r.primary_source_id
where r.primary_source_id is not null and (p.source_id is null or p.primary_source_id is not null)
