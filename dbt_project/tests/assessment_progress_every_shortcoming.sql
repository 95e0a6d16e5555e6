{#- A shortcoming that is not listed would pass for none. -#}
{{
    config(
        meta={
            "description": "每条不足与阶段各一行，别无他行 · each shortcoming and stage has one row, and nothing else has",
            "dagster": {"ref": {"name": "assessment_progress"}},
        }
    )
}}
select coalesce(a.assessment_id, b.assessment_id) as assessment_id, a.source_id, a.locator, count(*) as n
from (select * from {{ ref("fct_assessment") }} where assessment_type <> 'ACHIEVED') as a
full join {{ ref("assessment_progress") }} as b on b.assessment_id = a.assessment_id
group by all
having count(*) > 1 or any_value(a.assessment_id) is null or any_value(b.assessment_id) is null
