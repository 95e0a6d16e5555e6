{#- News of the domain does not mend the shortcoming. -#}
{{
    config(
        meta={
            "description": "结论出自对照的评价；没有对照说法则不称改善 · the verdict is that of the answer; without one nothing is called mended",
            "dagster": {"ref": {"name": "assessment_progress"}},
        }
    )
}}
select b.assessment_id, b.verdict, b.answer_id, b.n_events_since, b.n_series_improved, b.n_series_worsened
from {{ ref("assessment_progress") }} as b
left join {{ ref("fct_assessment") }} as a on a.assessment_id = b.answer_id and a.answers = b.assessment_id
where
    b.verdict is distinct from case
        when a.assessment_type = 'ACHIEVED'
        then 'MENDED'
        when a.assessment_type = 'STAGE'
        then 'ADVANCING'
        when a.assessment_type = 'LACKING'
        then 'STILL_LACKING'
        when b.n_events_since + b.n_series_improved + b.n_series_worsened > 0
        then 'NEWS_IN_FIELD'
        else 'NOT_REPORTED'
    end
    or (b.answer_id is null and a.assessment_id is not null)
    or (b.answer_id is not null and a.assessment_id is null)
