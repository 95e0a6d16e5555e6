{#- The register shows it. -#}
{{
    config(
        meta={
            "description": "每个项目恰有一个最新状态 · each initiative has exactly one last status",
            "dagster": {"ref": {"name": "initiative_status"}},
        }
    )
}}
select initiative_id, count(*) as statements, count(*) filter (where is_latest) as last_ones
from {{ ref("initiative_status") }}
group by initiative_id
having count(*) filter (where is_latest) <> 1
