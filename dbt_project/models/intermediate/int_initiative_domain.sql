with recursive
    sources as (select * from {{ ref("stg_sources") }}),

    initiatives as (
        select initiatives.*, sources.published_by
        from {{ ref("stg_initiatives") }} as initiatives
        left join sources on sources.source_id = initiatives.source_id
    ),

    -- From each initiative up through its parents, no further than the first that has a domain.
    climbed as (
        select
            initiative_id, domain_id, parent_initiative_id as next_id, 0 as height, published_by as known_by
        from initiatives
        union all
        select
            climbed.initiative_id,
            uppers.domain_id,
            uppers.parent_initiative_id as next_id,
            climbed.height + 1 as height,
            {{ later_day("uppers.published_by", "climbed.known_by") }} as known_by
        from climbed
        join initiatives as uppers on uppers.initiative_id = climbed.next_id
        -- The limit is far above any real nesting; it ends the climb should two contain each other.
        where climbed.domain_id is null and climbed.height < 20
    ),

    -- One step of each climb, the last, can have a domain; it is known once the whole way is registered.
    nearest as (
        select
            initiative_id,
            max(domain_id) as domain_id,
            max(case when domain_id is not null then known_by end) as known_by
        from climbed
        group by initiative_id
    )

select *
from nearest
