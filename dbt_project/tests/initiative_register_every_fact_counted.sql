{#- Counts are those of the facts. -#}
{{
    config(
        meta={
            "description": "事实表中有所属项目者均已计入 · every fact that names an initiative is counted",
            "dagster": {"ref": {"name": "initiative_register"}},
        }
    )
}}
with
    counted as (
        select sum(n_events) as events, sum(n_figures) as figures, sum(n_commitments) as commitments
        from {{ ref("initiative_register") }}
    ),
    stated as (
        select
            (select count(initiative_id) from {{ ref("fct_event") }}) as events,
            (select count(initiative_id) from {{ ref("fct_observation") }})
            + (select count(initiative_id) from {{ ref("fct_claim") }}) as figures,
            (
                select count(*)
                from
                    (
                        select distinct promise_id, initiative_id
                        from {{ ref("fct_commitment") }}
                        where initiative_id is not null
                    )
            ) as commitments
    )
select
    counted.events,
    stated.events as events_stated,
    counted.figures,
    stated.figures as figures_stated,
    counted.commitments,
    stated.commitments as commitments_stated
from counted
cross join stated
where
    counted.events <> stated.events
    or counted.figures <> stated.figures
    or counted.commitments <> stated.commitments
