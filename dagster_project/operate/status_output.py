"""`tongcheng status` for a person or a program. What it shows is determined in status.py."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime

from rich.table import Table
from rich.text import Text

from dagster_project.export_text import printable
from dagster_project.operate.status import GREEN, NONE, RED, RUNNING, Status, status
from dagster_project.operate.watch import alert_unwell
from dagster_project.settings import Settings
from dagster_project.terminal import Screen

_RESULTS = {
    GREEN: "通过 green",
    RED: "未通过 RED",
    RUNNING: "进行中 running",
    NONE: "尚无 none yet",
}
_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: (" ", "")}


def run_status(settings: Settings, as_json: bool, tell: bool) -> int:
    """Print the status. Returns the exit code: 0 up to date, 1 red, late or nothing published.

    tell: also send an alert, if there is something that no alert has reported yet.
    """
    seen = status(settings, hashes=tell)
    if as_json:
        print(json.dumps(seen.as_json(), ensure_ascii=False, indent=1, default=_text))
    else:
        _show(Screen(file=sys.stdout), seen)
    if tell:
        alert_unwell(settings, seen)
    return 0 if seen.healthy else 1


def _show(console: Screen, seen: Status) -> None:
    table = Table.grid(padding=(0, 2))
    for good, name, value in _lines(seen):
        mark, style = _MARKS[good]
        table.add_row(Text(mark, style=style), Text(name), Text(printable(value), overflow="fold"))
    console.print(table)


def _lines(seen: Status) -> Iterator[tuple[bool | None, str, str]]:
    """Mark, name and value of each line."""
    nothing = "尚未发布 · nothing published yet: tongcheng build"
    age = seen.version_age_hours
    ago = f"，{age:g} 小时前 hours ago" if age is not None else ""
    version = f"{seen.version}{ago}" if seen.version else nothing
    yield bool(seen.version), "已发布 published", version
    if seen.figures_until:
        yield None, "数值截至 figures up to", f"{seen.figures_until}，{seen.figures_age_days} 天前 days ago"
    if seen.damage:
        yield False, "损坏 damaged", seen.damage
    if seen.held:
        since = f"，自 since {seen.held_since:%Y-%m-%d}" if seen.held_since else ""
        told = f"{seen.held}{since}，暂不发布 · nothing is published until: tongcheng resume"
        yield False if seen.hold_is_old else None, "保持 held", told
    good = None if seen.last_result in (RUNNING, NONE) else seen.last_result == GREEN
    ran = f"  {_minute(seen.last_run_time)}" if seen.last_run_time else ""
    yield good, "上次构建 last build", _RESULTS[seen.last_result] + ran
    if seen.red_before:
        yield False, "其前一次 the one before", _RESULTS[RED]
    if seen.reason:
        yield False, "原因 reason", seen.reason
    for check in seen.red_checks:
        yield False, "未通过的检查 red check", check
    if seen.kept:
        yield None, "留存文件 files kept in", seen.kept
    late = "逾期 LATE，" if seen.late else ""
    green = _minute(seen.last_green) if seen.last_green else "无 none"
    yield not seen.late, "最近通过 last green", f"{green}，{late}应于 due {_minute(seen.due)}"
    why = "界面未运行 · needs the UI: tongcheng ui"
    if seen.ui:
        why = "界面中已停用 · switched off in the UI" if seen.ui_answers else "未知 · not known"
    yield None, "下次构建 next build", _minute(seen.next_run) if seen.next_run else why
    silent = "" if seen.ui_answers else "，尚无应答 · does not answer yet"
    yield None, "界面 UI", f"{seen.ui}{silent}" if seen.ui else "未运行 · not running"


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M %Z}"


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
