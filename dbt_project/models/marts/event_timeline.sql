with
    events as (select * from {{ ref("fct_event") }}),
    event_areas as (select * from {{ ref("event_area") }}),
    areas as (select * from {{ ref("dim_area") }}),
    initiatives as (select * from {{ ref("initiative_register") }}),

    named as (
        select event_areas.event_id, event_areas.ref_area, areas.name_zh, areas.name_en
        from event_areas
        left join areas on areas.ref_area = event_areas.ref_area
    ),

    listed_so_far as (
        select
            event_id,
            {{ running_list("name_zh", "'、'", "event_id", "ref_area") }} as areas_zh,
            {{ running_list("name_en", "', '", "event_id", "ref_area") }} as areas_en,
            row_number() over (partition by event_id order by ref_area desc) as place
        from named
    ),

    listed as (select event_id, areas_zh, areas_en from listed_so_far where place = 1),

    joined as (
        select
            events.event_id,
            events.source_id,
            events.event_type,
            events.status,
            events.title_zh,
            events.title_en,
            events.date_start,
            events.date_end,
            events.date_precision,
            events.date_text,
            -- An undated state is known to hold on the day it was published, no earlier.
            coalesce(events.date_end, events.date_start, events.date_published) as known_by,
            events.areas,
            listed.areas_zh,
            listed.areas_en,
            events.actors,
            events.initiative_id,
            events.domain_id,
            initiatives.name_zh as initiative_zh,
            initiatives.name_en as initiative_en,
            initiatives.path_zh as initiative_path_zh,
            initiatives.path_en as initiative_path_en,
            events.date_published,
            events.locator
        from events
        left join listed on listed.event_id = events.event_id
        left join initiatives on initiatives.initiative_id = events.initiative_id
    )

select *
from joined
