"""`tongcheng status`: is the published version up to date, did the last build succeed, is the next one due.

Reads what builds leave in their folders; only the state of the schedule is asked of the UI, where one is
running. Starts nothing, changes nothing and does not import Dagster: it must answer when Dagster does not.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from dagster_project import sql
from dagster_project.files import is_locked
from dagster_project.operate.alerts import told_alerts
from dagster_project.publish.versions import (
    Version,
    VersionError,
    current_version,
    hold_of,
    other_sound,
    require_links,
)
from dagster_project.runs.folders import KILLED, Build, Builds, card, last_builds
from dagster_project.settings import DATABASE, NIGHTLY, TIMEZONE, Settings

GRACE = timedelta(hours=2)  # a nightly build has this long from its start, time spent waiting included
SCHEDULE_STATE = """{ scheduleOrError(scheduleSelector: {
    repositoryLocationName: "tongcheng", repositoryName: "__repository__", scheduleName: "nightly_schedule"
}) { ... on Schedule { scheduleState { status } } } }"""
PATIENCE = 10  # seconds for the UI to answer
HOLD_DAYS = 7  # a rollback that holds for longer is taken for forgotten
GREEN, RED, RUNNING, NONE = "GREEN", "RED", "RUNNING", "NONE"


@dataclass(frozen=True)
class Status:
    """Times have a zone; ages are as of `now`. `figures_until`: the last day that a figure refers to."""

    now: datetime
    version: str | None
    version_time: datetime | None
    figures_until: date | None
    held: str | None
    last_run: str | None
    last_run_time: datetime | None
    last_result: str
    red_checks: tuple[str, ...]
    kept: str | None
    last_green: datetime | None
    due: datetime
    next_run: datetime | None
    ui: str | None
    reason: str | None = None  # why the last run is red
    red_before: bool = False  # whether the last one that ended is red, while another runs
    ui_answers: bool = True
    held_since: datetime | None = None
    damage: str | None = None  # what of the published folder cannot be read

    @property
    def late(self) -> bool:
        """No full green build since the last one that was due."""
        return self.last_green is None or self.last_green < self.due

    @property
    def healthy(self) -> bool:
        """Nothing needs an operator's attention. A rollback holds on purpose, for a while."""
        well = self.version is not None and self.last_result != RED and not self.red_before and not self.late
        return well and not self.hold_is_old and not self.damage

    @property
    def hold_is_old(self) -> bool:
        """A rollback that nobody seems to remember."""
        return self.held_since is not None and self.now - self.held_since > timedelta(days=HOLD_DAYS)

    @property
    def version_age_hours(self) -> float | None:
        """Since the published version was built."""
        return round((self.now - self.version_time) / timedelta(hours=1), 1) if self.version_time else None

    @property
    def figures_age_days(self) -> int | None:
        """Since the last day that a figure refers to."""
        return (_local(self.now).date() - self.figures_until).days if self.figures_until else None

    def as_json(self) -> dict:
        """Everything above, with ages in hours and days."""
        return {
            **asdict(self),
            "late": self.late,
            "healthy": self.healthy,
            "version_age_hours": self.version_age_hours,
            "figures_age_days": self.figures_age_days,
        }


def status(settings: Settings, now: datetime | None = None, hashes: bool = False) -> Status:
    """The status as of `now`, a timezone-aware time; default: the present.

    hashes: read every published file for damage, rather than compare sizes.
    """
    now = now or datetime.now(UTC)
    damage: list[str] = []
    current, built_at, hold = current_version(settings.public), None, None
    try:
        hold = hold_of(settings.public)
        require_links(settings.public)
    except VersionError as error:
        damage.append(str(error))
    try:
        built_at = _built_at(current) if current else None
        damage += _damage(settings.public, current, hashes) if current else []
    except VersionError as error:
        damage.append(f"{error}; {remedy(settings.public)}")
    builds = last_builds(settings)
    last = builds.newest
    result = _result(builds)
    kept = last.folder if last and result == RED else None
    ui = _ui(settings)
    scheduled = _schedule_runs(ui) if ui else None
    return Status(
        now=now,
        version=current.build_id if current else None,
        version_time=built_at,
        figures_until=_figures_until(settings.public / DATABASE),
        held=hold.build_id if hold else None,
        held_since=_local(hold.since) if hold and hold.since else None,
        last_run=last.build_id if last else None,
        last_run_time=_local(last.started) if last else None,
        last_result=result,
        red_checks=red_checks(kept),
        kept=str(kept) if kept else None,
        last_green=_local(builds.green.started) if builds.green else None,
        due=nights(now - GRACE)[0],
        next_run=nights(now)[1] if scheduled else None,
        ui=ui,
        ui_answers=ui is None or scheduled is not None,
        red_before=result == RUNNING and builds.last is not None and builds.last != builds.green,
        reason=_reason(settings, last, killed=last == builds.killed) if last and kept else None,
        damage="; ".join(damage) or None,
    )


def _reason(settings: Settings, red: Build, killed: bool) -> str | None:
    """A step that failed without a check, as on a full disk, is known by its alert alone."""
    if killed:
        return KILLED
    told = (said.get("reason") for said in told_alerts(settings) if said["key"] == red.build_id)
    return red_rules(red.folder) or card(red.folder).get("reason") or next(told, None)


def remedy(public: Path) -> str:
    """What ends damage of the version that is shown, in commands that will work: the one to go back to is
    named, since it need not be an older one, and none is where there is no other.
    """
    if sound := other_sound(public):
        return f"回退或重建 · go back or build anew: tongcheng rollback {sound.build_id}, tongcheng build"
    return "没有其他完好的版本，重建 · no other version is sound, build anew: tongcheng build"


def _damage(public: Path, version: Version, hashes: bool) -> list[str]:
    wrong = version.verify(hashes)
    shown = ", ".join(wrong[:3]) + (f" (+{len(wrong) - 3})" if len(wrong) > 3 else "")
    return [f"{version.build_id}: {shown}; {remedy(public)}"] if wrong else []


def _result(builds: Builds) -> str:
    if builds.under_way:
        return RUNNING
    if builds.last is None:
        return NONE
    return GREEN if builds.last == builds.green else RED


def nights(moment: datetime) -> tuple[datetime, datetime]:
    """The last start of a nightly build up to a moment, and the next one."""
    local = moment.astimezone(ZoneInfo(TIMEZONE))
    today = datetime.combine(local.date(), NIGHTLY, ZoneInfo(TIMEZONE))
    last = today if today <= local else today - timedelta(days=1)
    return last, last + timedelta(days=1)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(TIMEZONE))


def _built_at(version: Version) -> datetime:
    return _local(datetime.fromisoformat(version.manifest["built_at"]).replace(tzinfo=UTC))


def red_checks(folder: Path | None) -> tuple[str, ...]:
    """The blocking checks that failed, according to the records that the run left."""
    return tuple(f"{check['relation']}.{check['name']}" for check in _red(folder))


def red_rules(folder: Path | None) -> str | None:
    """What they demand, in words, and how many rows fail it; None where no record says so."""
    rules = [(check["title"], check.get("unexpected")) for check in _red(folder) if check.get("title")]
    return "; ".join(f"{title}: {rows} 行 rows" if rows else title for title, rows in rules) or None


def _red(folder: Path | None) -> Iterator[dict]:
    for file in sorted(folder.glob("checks_*.json")) if folder else ():
        try:
            checks = json.loads(file.read_text(encoding="utf-8"))["checks"]
        except (OSError, ValueError):  # a full disk cuts records short too
            continue
        yield from (check for check in checks if check["blocking"] and check["passed"] is False)


def _figures_until(file: Path) -> date | None:
    """Age of the figures, which is independent of the age of the build."""
    if not file.exists():
        return None
    try:
        with duckdb.connect(str(file.resolve()), read_only=True) as connection:
            return sql.row(connection, "select max(time_period_end) from marts.fct_observation")[0]
    except duckdb.Error:
        return None


def _schedule_runs(ui: str) -> bool | None:
    """Whether the nightly schedule is switched on in the UI; None if the UI does not answer."""
    body = json.dumps({"query": SCHEDULE_STATE}).encode()
    request = urllib.request.Request(f"{ui}/graphql", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["data"]["scheduleOrError"]["scheduleState"]["status"] == "RUNNING"
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _ui(settings: Settings) -> str | None:
    """Address of the UI that runs the schedule, or None; the kernel releases its lock if it dies."""
    if not is_locked(settings.build / "ui.lock"):
        return None
    try:
        return json.loads((settings.build / "ui.json").read_text())["address"]
    except (OSError, ValueError, KeyError):
        return "?"
