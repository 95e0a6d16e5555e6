{#- A repeated pair counts twice. -#}
{{
    config(
        meta={
            "description": "每两个表述只比较一次 · each pair of claims is compared once",
            "dagster": {"ref": {"name": "claim_base_agreement"}},
        }
    )
}}
select
    least(earlier_claim_id, later_claim_id) as one_claim_id,
    greatest(earlier_claim_id, later_claim_id) as other_claim_id
from {{ ref("claim_base_agreement") }}
group by 1, 2
having count(*) > 1
