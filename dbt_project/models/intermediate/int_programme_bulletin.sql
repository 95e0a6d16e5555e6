with recursive
    initiatives as (select * from {{ ref("stg_initiatives") }}),
    sources as (select * from {{ ref("stg_sources") }} where primary_source_id is null),

    registered as (
        select initiatives.initiative_id, initiatives.parent_initiative_id, sources.published_by
        from initiatives
        join sources on sources.source_id = initiatives.source_id
    ),

    -- Down from each root; the whole way must have been registered before anyone can follow it.
    rooted as (
        select initiative_id, initiative_id as root_initiative_id, 0 as depth, published_by as known_by
        from registered
        where parent_initiative_id is null
        union all
        select
            registered.initiative_id,
            rooted.root_initiative_id,
            rooted.depth + 1 as depth,
            {{ later_day("registered.published_by", "rooted.known_by") }} as known_by
        from rooted
        join registered on registered.parent_initiative_id = rooted.initiative_id
        where rooted.depth < 20
    ),

    -- A bulletin speaks of an initiative by its row in the register, or by a fact that belongs to it.
    spoken as (
        {% for table in ["initiatives", "events", "observations", "claims", "commitments"] -%}
            select initiative_id, source_id
            from {{ ref("stg_" ~ table) }}
            where initiative_id is not null {{ "union" if not loop.last }}
        {% endfor %}
    ),

    joined as (
        select
            rooted.root_initiative_id,
            spoken.initiative_id,
            spoken.initiative_id = rooted.root_initiative_id as is_root,
            spoken.source_id,
            sources.issuer,
            sources.published_from,
            {{ later_day("sources.published_by", "rooted.known_by") }} as published_by
        from spoken
        join rooted on rooted.initiative_id = spoken.initiative_id
        join sources on sources.source_id = spoken.source_id
    )

select *
from joined
