"""The queries of what a reader sees first: how new the figures are, which cities, findings, what changed."""

FINDINGS = 5
CHANGES = 200  # rows of the history of changes, single or counted together

# Of a million figures those that the findings name: joined as they are, all would be held to look them up.
_FOUND = f"""
    select * from marts.fct_observation where observation_id in (
        select unnest([from_observation_id, to_observation_id])
        from marts.finding where finding_rank <= {FINDINGS})"""

FRONT_QUERIES = {
    "until": "select max(time_period_end) as newest from marts.fct_observation",
    # Cities of the city region; where none is recorded, those with the most figures.
    "cities": """
        select ref_area, name_zh, name_en, count(*) over () as of
        from marts.dim_area as a
        join (select ref_area, count(*) as figures from marts.fct_observation group by ref_area) as f
            using (ref_area)
        where area_type = 'PREFECTURE'
        qualify rank() over (order by in_city_region desc) = 1
        order by figures desc, ref_area limit 8""",
    "findings": f"""
        select f.*, p.title_zh, p.title_en, p.value_text, p.modality, p.commitment_type,
            p.due_date, p.status, p.source_id, p.locator, c.period_start, c.value_qualifier,
            c.target_value, c.stated_lower_bound, c.stated_lower_closed, c.stated_upper_bound,
            c.stated_upper_closed, coalesce(c.unit_measure, t.unit_measure) as unit_measure,
            coalesce(t.breakdown, '_T') as breakdown, t.period_type,
            s.change_low, s.change_high, o.obs_value as from_value, o.value_qualifier as from_qualifier,
            o.value_text as from_text, o.date_precision as from_precision, o.source_id as from_source_id,
            o.locator as from_locator, o.lower_bound as from_lower_bound, o.lower_closed as from_lower_closed,
            o.upper_bound as from_upper_bound, o.upper_closed as from_upper_closed,
            t.obs_value as to_value, t.value_qualifier as to_qualifier, t.obs_status as to_status,
            t.value_text as to_text, t.date_precision as to_precision, t.source_id as to_source_id,
            t.locator as to_locator, t.lower_bound as to_lower_bound, t.lower_closed as to_lower_closed,
            t.upper_bound as to_upper_bound, t.upper_closed as to_upper_closed
        from marts.finding as f
        left join marts.commitment_progress as p using (commitment_id, version)
        left join marts.fct_commitment as c using (commitment_id, version)
        left join marts.integration_progress as s
            on s.series_id = f.series_id and f.finding_type = 'CHANGE'
        left join ({_FOUND}) as o on o.observation_id = f.from_observation_id
        left join ({_FOUND}) as t on t.observation_id = f.to_observation_id
        where f.finding_rank <= {FINDINGS}
        order by f.finding_rank""",
    # What is new is counted by table and bulletin; what was revised or removed stands by itself.
    "changes": f"""
        select build_id, built_at, relation, change_type, source_id, facts, row_id, column_name, old_value,
            new_value, label, verdict, date_approved, approved_by, approval_reason, locator,
            count(*) over () as of
        from (
        select build_id, built_at, relation, change_type, source_id, count(*) as facts, null as row_id,
            null as column_name, null as old_value, null as new_value, null as label, null as verdict,
            null as date_approved, null as approved_by, null as approval_reason, null as locator
        from marts.change_history where change_type = 'ADDED' group by all
        union all
        select build_id, built_at, relation, change_type, source_id, 1, row_id, column_name, old_value,
            new_value, label, verdict, date_approved, approved_by, approval_reason, locator
        from marts.change_history where change_type <> 'ADDED')
        order by build_id desc, change_type, relation, source_id, row_id, column_name
        limit {CHANGES}""",
}
