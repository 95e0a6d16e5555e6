{#- A claim is never its own witness. -#}
{{
    config(
        meta={
            "description": "证实一个表述的数值不出自同一行 · what a claim is confirmed by does not stand in its own line",
            "dagster": {"ref": {"name": "claim_check"}},
        }
    )
}}
select k.claim_id, k.source_id, k.locator, k.compared_observation_id, k.verdict
from {{ ref("claim_check") }} as k
join {{ ref("fct_observation") }} as o on o.observation_id = k.compared_observation_id
left join {{ ref("fct_observation") }} as l on l.observation_id = k.level_observation_id
where
    k.verdict = 'CONFIRMED'
    and o.source_id = k.source_id
    and split_part(o.locator, '#', 1) = split_part(k.locator, '#', 1)
    and (
        k.claim_type <> 'SHARE'
        or (l.source_id = k.source_id and split_part(l.locator, '#', 1) = split_part(k.locator, '#', 1))
    )
