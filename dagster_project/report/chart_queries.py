"""The queries of the charts of an indicator."""

from dagster_project.report.queries import _bounded

CHARTED = 150  # figures of an indicator, and changes: further back than the lists below its charts
ANY = 2**31  # a chart with fewer figures would be another chart

CHART_QUERIES = {
    "levels": "select ref_area, area_type from marts.dim_area",
    "charted": _bounded(
        """
        select o.observation_id, o.series_id, o.indicator_id, o.ref_area, o.breakdown, o.period_type,
            o.unit_measure, o.time_period_end, o.value_text, o.obs_value, o.lower_bound, o.lower_closed,
            o.upper_bound, o.upper_closed, o.lower_basis, o.upper_basis, o.bound_basis, o.source_id,
            o.locator, o.evidence, o.obs_status, o.is_current_vintage, o.vintage_status, o.date_published,
            coalesce(p.is_representative, false) as is_representative
        from marts.fct_observation as o
        left join marts.integration_progress as p using (series_id)""",
        "observation_id",
        "indicator_id",
        ("is_representative desc", "time_period_end desc", "date_published desc", "observation_id"),
        CHARTED,
        ANY,
    ),
    "charted_changes": _bounded(
        """
        select series_id, indicator_id, from_observation_id, to_observation_id, from_date, to_date,
            change_sign, comparability, comparability_note, break_reason, reason
        from marts.series_change""",
        "series_id, to_date",
        "indicator_id",
        ("to_date desc", "series_id"),
        CHARTED,
        ANY,
    ),
    "targets": _bounded(
        """
        select p.* exclude (as_of_date), f.target_value, f.lower_bound, f.lower_closed, f.upper_bound,
            f.upper_closed, f.bound_basis, s.series_id
        from marts.commitment_progress as p
        join marts.fct_commitment as f using (commitment_id, version)
        join marts.commitment_series as s using (commitment_id, version)""",
        "commitment_id, version",
        "indicator_id",
        ("not is_current_version", "due_date", "commitment_id", "version"),
    ),
}
