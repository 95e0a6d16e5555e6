"""What is worth an alert: a red full build, a night without a green one. alerts.py sends it."""

from __future__ import annotations

from dagster_project.operate.alerts import alert
from dagster_project.operate.status import RED, Status, red_checks
from dagster_project.publish.versions import versions
from dagster_project.runs.folders import red_build
from dagster_project.settings import Settings


def alert_red(settings: Settings, run_id: str, reason: str | None = None) -> bool:
    """Alert to a red build, once; False if that was done before. run_id: Dagster's, or the build's own."""
    build = red_build(settings, run_id)
    kept = build.folder if build else None
    return alert(
        settings,
        key=build.build_id if build else run_id,
        kind="RED",
        text="构建未通过，已发布版本不变 · the build is red; the published version is unchanged",
        reason=reason,
        red_checks=red_checks(kept),
        kept=kept,
        version=next((v.build_id for v in versions(settings.public) if v.current), None),
    )


def alert_unwell(settings: Settings, seen: Status) -> bool:
    """Alert to what a status shows: a red last run, then nights missed since; False if nothing is new."""
    if seen.last_result == RED and seen.last_run:
        told = alert_red(settings, seen.last_run)
        if told or not seen.last_run_time or seen.last_run_time >= seen.due:
            return told
    if not seen.late or seen.last_green is None:  # a new installation owes nothing, its first build included
        return False
    return alert(
        settings,
        key=f"late-{seen.due:%Y-%m-%d}",
        kind="LATE",
        text="夜间构建逾期 · the nightly build is late",
        due=seen.due,
        last_green=seen.last_green,
        version=seen.version,
        ui=seen.ui,
    )
