{#- A reader who follows a finding must not read something else. -#}
{{
    config(
        meta={
            "description": "要点与其所据的变化、承诺或两说相符 · a finding agrees with the change, promise or conflict behind it",
            "dagster": {"ref": {"name": "finding"}},
        }
    )
}}
select f.finding_rank, f.finding_type, f.series_id, f.commitment_id, f.ref_area
from {{ ref("finding") }} as f
left join {{ ref("integration_progress") }} as s on s.series_id = f.series_id
left join {{ ref("commitment_progress") }} as p on p.commitment_id = f.commitment_id and p.version = f.version
left join
    {{ ref("figure_conflict") }} as c
    on c.earlier_observation_id = f.from_observation_id
    and c.later_observation_id = f.to_observation_id
where
    case
        f.finding_type
        when 'CHANGE'
        then
            s.is_settled
            and s.first_date = f.since
            and s.latest_date = f.until
            and s.pct_change_low is not distinct from f.lower_bound
        when 'PROMISE_MET'
        then p.is_current_version and p.status in ('ACHIEVED', 'ACHIEVED_LATE')
        when 'PROMISE_MISSED'
        then p.is_current_version and p.status = 'OVERDUE_UNMET'
        when 'OVERDUE'
        then p.is_current_version and p.status = 'OVERDUE_UNKNOWN' and p.due_date = f.since
        when 'CONTRADICTION'
        then c.conflict_type = 'CONTRADICTION' and c.series_id = f.series_id
    end
    is distinct from true
