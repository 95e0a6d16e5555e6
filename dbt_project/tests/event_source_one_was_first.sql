{#- Where the days leave the order open, none is called the first. -#}
{{
    config(
        meta={
            "description": "至多一个来源最早讲述，仅有者即最早 · at most one bulletin was first; the only one was",
            "dagster": {"ref": {"name": "event_source"}},
        }
    )
}}
select
    event_id,
    count(distinct source_id) as sources,
    count(distinct source_id) filter (where is_first_telling) as first_ones
from {{ ref("event_source") }}
group by event_id
having
    count(distinct source_id) filter (where is_first_telling) > 1
    or (count(distinct source_id) = 1 and not bool_and(coalesce(is_first_telling, false)))
