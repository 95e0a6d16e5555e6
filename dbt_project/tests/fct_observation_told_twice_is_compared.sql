{#- A lost pair is a lost contradiction. -#}
{{
    config(
        meta={
            "description": "同一序列同一期的每两个数值都在 figure_conflict 中，重述与转载不计 · every two figures for one series and period are in figure_conflict, repetitions and reprints aside",
            "dagster": {"ref": {"name": "fct_observation"}},
        }
    )
}}
with
    told as (
        select
            o.series_id,
            o.time_period_end,
            count(*) * (count(*) - 1) / 2 as pairs,
            min(o.observation_id) as observation_id
        from {{ ref("fct_observation") }} as o
        join {{ ref("dim_source") }} as s on s.source_id = o.source_id
        where
            (o.lower_bound is not null or o.upper_bound is not null)
            and o.repeats_observation_id is null
            and s.primary_source_id is null
        group by o.series_id, o.time_period_end
        having count(*) > 1
    ),
    compared as (
        select series_id, time_period_end, count(*) as pairs from {{ ref("figure_conflict") }} group by all
    )
select t.series_id, t.time_period_end, t.observation_id, t.pairs, c.pairs as compared
from told as t
left join compared as c on c.series_id = t.series_id and c.time_period_end = t.time_period_end
where t.pairs is distinct from c.pairs
