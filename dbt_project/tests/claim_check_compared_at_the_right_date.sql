{#- An undated before is no dated figure. -#}
{{
    config(
        meta={
            "description": "只与基期之数相比，未注日期者不与任何数相比 · compared only with a figure of the base period; an undated base with none",
            "dagster": {"ref": {"name": "claim_check"}},
        }
    )
}}
select k.claim_id, k.locator, k.base_text, k.base_period_end, k.compared_observation_id, o.time_period_end
from {{ ref("claim_check") }} as k
left join {{ ref("fct_observation") }} as o on o.observation_id = k.compared_observation_id
where
    k.compared_observation_id is not null
    and k.claim_type not in ('SHARE', 'RANK')
    and o.time_period_end is distinct from k.base_period_end
