with
    initiatives as (select * from {{ ref("stg_initiatives") }}),
    sources as (select * from {{ ref("stg_sources") }}),

    joined as (
        select
            initiatives.initiative_id,
            initiatives.source_id,
            initiatives.name_zh,
            initiatives.name_en,
            initiatives.type,
            initiatives.status,
            initiatives.parent_initiative_id,
            initiatives.parties,
            initiatives.areas,
            sources.date_published,
            initiatives.locator,
            initiatives.comment
        from initiatives
        left join sources on sources.source_id = initiatives.source_id
    )

select *
from joined
