"""The queries of the charts of an indicator."""

from dagster_project.report.queries import IS_REPRESENTATIVE, _bounded, _of_mart

CHARTED = 150  # figures of an indicator, and changes: further back than the lists below its charts
ANY = 2**31  # a chart with fewer figures would be another chart

CHART_QUERIES = {
    "levels": "select ref_area, area_type from marts.dim_area",
    "charted": _of_mart(
        "fct_observation",
        """
            observation_id, series_id, indicator_id, ref_area, breakdown, period_type, unit_measure,
            time_period_end, value_text, obs_value, lower_bound, lower_closed, upper_bound, upper_closed,
            lower_basis, upper_basis, bound_basis, source_id, locator, evidence, obs_status,
            is_current_vintage, vintage_status""",
        "indicator_id",
        (f"{IS_REPRESENTATIVE} desc", "time_period_end desc", "date_published desc", "observation_id"),
        CHARTED,
        ANY,
    ),
    "charted_changes": _of_mart(
        "series_change",
        """
            series_id, indicator_id, from_observation_id, to_observation_id, from_date, to_date,
            change_sign, comparability, comparability_note, break_reason, reason""",
        "indicator_id",
        ("to_date desc", "series_id"),
        CHARTED,
        ANY,
    ),
    "targets": _bounded(
        """
        select commitment_id, version, s.series_id, p.indicator_id, p.ref_area, p.breakdown, p.unit_measure,
            p.title_zh, p.title_en, p.value_text, p.date_announced, p.due_date, p.superseded_by,
            p.is_current_version, p.status, p.source_id, p.locator, p.evidence, p.accounting, p.start_date,
            f.target_value, f.lower_bound, f.lower_closed, f.upper_bound, f.upper_closed, f.bound_basis
        from marts.commitment_progress as p
        join marts.fct_commitment as f using (commitment_id, version)
        join marts.commitment_series as s using (commitment_id, version)""",
        "commitment_id, version",
        "indicator_id",
        ("not is_current_version", "due_date", "commitment_id", "version"),
    ),
}
