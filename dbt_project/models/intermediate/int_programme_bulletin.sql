with
    initiatives as (select * from {{ ref("stg_initiatives") }}),
    sources as (select * from {{ ref("stg_sources") }} where primary_source_id is null),

    -- From each initiative to its root, where bulletins have registered the whole way.
    rooted as (
        select initiative_id, upper_id as root_initiative_id, known_by
        from {{ ref("int_initiative_ancestor") }}
        where next_id is null and is_first_hand
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
