"""What is worth an alert: a red or killed full build, a night without a green one, a rollback that has held
for a week, damage to what is published. alerts.py sends it.
"""

from __future__ import annotations

from dagster_project.operate.alerts import alert, resend, told_alerts
from dagster_project.operate.status import RED, Status, red_checks, red_rules
from dagster_project.publish.versions import current_version
from dagster_project.runs.folders import KILLED, card, last_builds, red_build, red_builds
from dagster_project.settings import Settings


def alert_red(settings: Settings, run_id: str, reason: str | None = None) -> bool:
    """Alert to a red build, once; False if that was done before. run_id: Dagster's, or the build's own."""
    build = red_build(settings, run_id)
    kept = build.folder if build else None
    if kept == settings.next:  # of a killed build, until the next one begins
        kept = None
    # A killed build was told of by its own id, and its folder may have made room for another since.
    told = (said["key"] for said in told_alerts(settings) if said["key"].endswith(f"-{run_id[:8]}"))
    current = current_version(settings.public)
    return alert(
        settings,
        key=next(told, build.build_id if build else run_id),
        kind="RED",
        text="构建未通过，已发布版本不变 · the build is red; the published version is unchanged",
        reason=red_rules(kept) or reason or (card(kept).get("reason") if kept else None),
        next=f"tongcheng status; {settings.gates / 'index.html'}",
        red_checks=red_checks(kept),
        kept=kept,
        version=current and current.build_id,
    )


def alert_killed(settings: Settings) -> bool:
    """Alert to a build that was killed, before the next one takes its place; False if nothing is new."""
    killed = last_builds(settings).killed
    return killed is not None and alert_red(settings, killed.build_id, KILLED)


def alert_unwell(settings: Settings, seen: Status) -> bool:
    """Send what did not arrive, then alert to what a status shows; False if nothing of it is new."""
    resend(settings)
    looks = (_alert_build, _alert_displaced, _alert_hold, _alert_damage)
    return sum(look(settings, seen) for look in looks) > 0


def _alert_displaced(settings: Settings, _: Status) -> bool:
    """Red builds after which others began before anybody looked."""
    return sum(alert_red(settings, build.build_id) for build in red_builds(settings)) > 0


def _alert_build(settings: Settings, seen: Status) -> bool:
    """A red last run, then nights missed since."""
    if seen.last_result == RED and seen.last_run:
        told = alert_red(settings, seen.last_run, seen.reason)
        if told or not seen.last_run_time or seen.last_run_time >= seen.due:
            return told
    # A new installation owes nothing, its first build included; one whose public folder came back from a
    # backup owes the next night.
    if not seen.late or (seen.last_green is None and seen.version is None):
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


def _alert_hold(settings: Settings, seen: Status) -> bool:
    return seen.hold_is_old and alert(
        settings,
        key=f"held-{seen.held_since:%Y-%m-%dT%H:%M}",
        kind="HELD",
        text="回退已保持多日，新版本均未发布；解除用 tongcheng resume · "
        "a rollback has held for days, and nothing newer is published; to end it: tongcheng resume",
        held=seen.held,
        since=seen.held_since,
    )


def _alert_damage(settings: Settings, seen: Status) -> bool:
    return bool(seen.damage) and alert(
        settings,
        key=f"damaged-{seen.damage}",
        kind="DAMAGED",
        text="发布文件夹中有文件已损坏 · a file of the public folder is damaged",
        reason=seen.damage,
    )
