with recursive
    initiatives as (
        select
            initiatives.initiative_id,
            initiatives.parent_initiative_id,
            initiatives.domain_id,
            initiatives.name_zh,
            initiatives.name_en,
            sources.published_by,
            sources.source_id is not null and sources.primary_source_id is null as is_first_hand
        from {{ ref("stg_initiatives") }} as initiatives
        left join {{ ref("stg_sources") }} as sources on sources.source_id = initiatives.source_id
    ),

    -- From each initiative up through its parents, writing the way from there down to it. The whole way must
    -- have been registered before anyone can follow it.
    climbed as (
        select
            initiative_id,
            initiative_id as upper_id,
            parent_initiative_id as next_id,
            0 as height,
            domain_id,
            published_by as known_by,
            is_first_hand,
            initiative_id as path_id,
            name_zh as path_zh,
            name_en as path_en
        from initiatives
        union all
        select
            climbed.initiative_id,
            uppers.initiative_id as upper_id,
            uppers.parent_initiative_id as next_id,
            climbed.height + 1 as height,
            uppers.domain_id,
            {{ later_day("uppers.published_by", "climbed.known_by") }} as known_by,
            climbed.is_first_hand and uppers.is_first_hand as is_first_hand,
            concat_ws(' / ', uppers.initiative_id, climbed.path_id) as path_id,
            concat_ws(' / ', uppers.name_zh, climbed.path_zh) as path_zh,
            concat_ws(' / ', uppers.name_en, climbed.path_en) as path_en
        from climbed
        join initiatives as uppers on uppers.initiative_id = climbed.next_id
        -- Far above any real nesting; ends the climb should two initiatives contain each other.
        where climbed.height < 20
    )

select *
from climbed
