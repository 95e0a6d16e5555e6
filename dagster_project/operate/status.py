"""`tongcheng status`: is what analysts see fresh, did the last night end well, will there be a next one.

Reads what builds leave: versions, Dagster's run history, the files of a red run. Starts nothing, changes
nothing, and needs nothing of Dagster: it must answer when that does not.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from filelock import FileLock, Timeout

from dagster_project.publish.versions import Version, held, versions
from dagster_project.runs.selection import is_full
from dagster_project.settings import DATABASE, NIGHTLY, TIMEZONE, Settings

GRACE = timedelta(hours=2)  # after its start a nightly build has this long, waiting for others included
SCHEDULE = "nightly_schedule"
GREEN, RED, RUNNING, NONE = "GREEN", "RED", "RUNNING", "NONE"
_RESULTS = {"SUCCESS": GREEN, "FAILURE": RED, "CANCELED": RED}  # by Dagster's word


@dataclass(frozen=True)
class Status:
    """Times are aware; ages count up to `now`. `figures_until`: the last day that a figure refers to."""

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

    @property
    def late(self) -> bool:
        """No full green build since the last one that was due."""
        return self.last_green is None or self.last_green < self.due

    @property
    def healthy(self) -> bool:
        """Nothing that an operator must look at. A version that a rollback holds is meant so."""
        return self.version is not None and self.last_result != RED and not self.late

    @property
    def version_age_hours(self) -> float | None:
        """Since the published version was built."""
        return self.version_time and round((self.now - self.version_time) / timedelta(hours=1), 1)

    @property
    def figures_age_days(self) -> int | None:
        """Since the last day that a figure refers to."""
        return self.figures_until and (_time(self.now).date() - self.figures_until).days

    def as_json(self) -> dict:
        """Everything above, with ages in hours and days."""
        return {
            **asdict(self),
            "late": self.late,
            "healthy": self.healthy,
            "version_age_hours": self.version_age_hours,
            "figures_age_days": self.figures_age_days,
        }


def status(settings: Settings, now: datetime | None = None) -> Status:
    """What there is to say. now: an aware time, default the present."""
    now = now or datetime.now(UTC)
    current = next((v for v in versions(settings.public) if v.current), None)
    runs = _full_runs(settings)
    last = runs[0] if runs else None
    green = [run["start_time"] or 0 for run in runs if run["status"] == "SUCCESS"]
    result = _RESULTS.get(last["status"], RUNNING) if last else NONE
    red = result == RED
    kept = red_folder(settings, last["run_id"]) if last and red else None
    ui = _ui(settings)
    return Status(
        now=now,
        version=current and current.build_id,
        version_time=current and _built_at(current),
        figures_until=_figures_until(settings.public / DATABASE),
        held=held(settings.public),
        last_run=last and last["run_id"],
        last_run_time=_time(last and (last["end_time"] or last["start_time"])),
        last_result=result,
        red_checks=red_checks(kept),
        kept=str(kept) if kept else None,
        last_green=_time(max(green, default=None)),
        due=nights(now - GRACE)[0],
        next_run=nights(now)[1] if ui and not _schedule_stopped(settings) else None,
        ui=ui,
    )


def nights(moment: datetime) -> tuple[datetime, datetime]:
    """The last start of a nightly build up to a moment, and the next one."""
    local = moment.astimezone(ZoneInfo(TIMEZONE))
    today = datetime.combine(local.date(), NIGHTLY, ZoneInfo(TIMEZONE))
    last = today if today <= local else today - timedelta(days=1)
    return last, last + timedelta(days=1)


def _time(seconds: float | datetime | None) -> datetime | None:
    if seconds is None:
        return None
    moment = seconds if isinstance(seconds, datetime) else datetime.fromtimestamp(seconds, UTC)
    return moment.astimezone(ZoneInfo(TIMEZONE))


def _built_at(version: Version) -> datetime | None:
    return _time(datetime.fromisoformat(version.manifest["built_at"]).replace(tzinfo=UTC))


def _rows(file: Path, sql: str) -> list[dict]:
    """Rows of one of Dagster's own databases; none where there is no such file or table yet."""
    if not file.exists():
        return []
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=10)
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(sql)]
    except sqlite3.OperationalError:
        return []
    finally:
        connection.close()


def _full_runs(settings: Settings) -> list[dict]:
    """Newest first: the runs that could publish, whatever started them.

    By the end, as one that was created first may have waited for another; by the start while there is none.
    """
    runs = _rows(
        settings.dagster_home / "history" / "runs.db",
        "select run_id, status, start_time, end_time, run_body from runs where pipeline_name = 'nightly' "
        "or (run_body like '%\"published\"%' and run_body like '%\"build_info\"%') "
        "order by coalesce(end_time, start_time, strftime('%s', create_timestamp) + 0) desc, id desc "
        "limit 200",
    )
    return [run for run in runs if _is_full(json.loads(run["run_body"]))]


def _is_full(run: dict) -> bool:
    """By a run as Dagster keeps it, its sets packed."""
    assets, checks = (
        (run.get(f"{what}_selection") or {}).get("__frozenset__", ()) for what in ("asset", "asset_check")
    )
    return is_full([key["path"] for key in assets], checks, run.get("step_keys_to_execute") or ())


def _schedule_stopped(settings: Settings) -> bool:
    """Whether somebody switched the schedule off in the UI; without a row it runs by default."""
    sql = "select instigator_body from instigators where status = 'STOPPED'"
    rows = _rows(settings.dagster_home / "schedules" / "schedules.db", sql)
    return any(f'"{SCHEDULE}"' in row["instigator_body"] for row in rows)


def red_folder(settings: Settings, run_id: str) -> Path | None:
    """Where a red run's files are kept, while they are."""
    return next(iter(settings.red.glob(f"*-{run_id[:8]}")), None)


def red_checks(folder: Path | None) -> tuple[str, ...]:
    """The blocking checks that failed, by the records that the run left."""
    red = []
    for file in sorted(folder.glob("audit_*.json")) if folder else ():
        checks = json.loads(file.read_text(encoding="utf-8"))["checks"]
        red += [f"{c['relation']}.{c['name']}" for c in checks if c["blocking"] and c["passed"] is False]
    return tuple(red)


def _figures_until(file: Path) -> date | None:
    """The clock of the figures, which runs apart from that of the builds."""
    if not file.exists():
        return None
    try:
        with duckdb.connect(str(file.resolve()), read_only=True) as connection:
            sql = "select max(time_period_end) from marts.fct_observation"
            return connection.execute(sql).fetchone()[0]
    except duckdb.Error:
        return None


def _ui(settings: Settings) -> str | None:
    """Address of the UI that runs the schedule, or None: the kernel frees its lock should it die."""
    if not settings.build.is_dir():
        return None
    try:
        with FileLock(settings.build / "ui.lock").acquire(blocking=False):
            return None
    except Timeout:
        try:
            return json.loads((settings.build / "ui.json").read_text())["address"]
        except (OSError, ValueError, KeyError):
            return "?"
    except OSError:  # another user's folder
        return None
