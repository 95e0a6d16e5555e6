{#- A whole is made of its parts; versions of one promise may lie in several of them. -#}
{{
    config(
        meta={
            "description": "含组成部分的计数等于自身与下一级之和 · a count with parts is its own and those of the next level",
            "dagster": {"ref": {"name": "initiative_register"}},
        }
    )
}}
with
    next_level as (
        select
            parent_initiative_id as initiative_id,
            sum(n_parts + 1) as parts,
            sum(n_events_with_parts) as events,
            sum(n_figures_with_parts) as figures,
            sum(n_commitments_with_parts) as commitments
        from {{ ref("initiative_register") }}
        group by parent_initiative_id
    )
select
    r.initiative_id,
    r.source_id,
    r.n_parts,
    n.parts,
    r.n_events_with_parts,
    r.n_events + n.events as events,
    r.n_figures_with_parts,
    r.n_figures + n.figures as figures,
    r.n_commitments_with_parts,
    r.n_commitments + n.commitments as commitments
from {{ ref("initiative_register") }} as r
left join next_level as n on n.initiative_id = r.initiative_id
where
    r.n_parts <> coalesce(n.parts, 0)
    or r.n_events_with_parts <> r.n_events + coalesce(n.events, 0)
    or r.n_figures_with_parts <> r.n_figures + coalesce(n.figures, 0)
    or r.n_commitments_with_parts > r.n_commitments + coalesce(n.commitments, 0)
