{#- Figures of different series must not be compared. -#}
{{
    config(
        meta={
            "description": "两端数值都存在，且属同一序列 · both figures exist and belong to the series",
            "dagster": {"ref": {"name": "series_change"}},
        }
    )
}}
select
    c.series_id,
    c.from_observation_id,
    c.to_observation_id,
    f.series_id as from_series,
    t.series_id as to_series
from {{ ref("series_change") }} as c
left join {{ ref("fct_observation") }} as f on f.observation_id = c.from_observation_id
left join {{ ref("fct_observation") }} as t on t.observation_id = c.to_observation_id
-- Of tellings that nobody can put in order none is the figure, and the reason says so.
where
    (f.series_id is distinct from c.series_id or t.series_id is distinct from c.series_id)
    and not coalesce(
        coalesce(f.series_id, c.series_id) = c.series_id
        and coalesce(t.series_id, c.series_id) = c.series_id
        and (c.from_observation_id is null or f.series_id is not null)
        and (c.to_observation_id is null or t.series_id is not null)
        and ';' || c.reason || ';' like '%;TELLINGS_UNDECIDED;%',
        false
    )
