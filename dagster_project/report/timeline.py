"""Draws events over time, each date as precisely as it was reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from dagster_project.report import frames, marks, wording
from dagster_project.report.facts import Row
from dagster_project.report.specs import spec
from dagster_project.report.wording import Both

ROWS = 12  # groups drawn; the table beside lists all
NAMED = 3  # titles that a count tells
LONG_AGO = (
    0.02  # share of the oldest marks left to the table: one event of decades ago would squeeze the rest
)


class Mark(NamedTuple):
    """An event in one of its groups; kind: a day, a stretch, or undated, and known `by` a day."""

    group: str
    kind: str
    day: date
    event: Row


def events_chart(
    events: Sequence[Row],
    groups_of: Callable[[Row], Iterable[str]],
    names: dict[str, Both],
    sources: Mapping[str, Both] | None = None,
    outside: Callable[[str], bool] = lambda _: False,
) -> dict | None:
    """A row per group: a dot is a day, a bar a longer stretch, a hollow circle counts the undated 'by then'.

    groups_of: the groups that an event belongs to; sources: their titles; outside: which groups stand last,
    being no part of the city region. None where no event can be drawn.
    """
    found = [mark for event in events for group in groups_of(event) if (mark := _mark(group, event))]
    if not found:
        return None
    groups: dict[str, list[Mark]] = defaultdict(list)
    for mark in found:
        groups[mark.group].append(mark)
    fullest = sorted(groups, key=lambda group: (outside(group), -len(groups[group])))[:ROWS]
    since = sorted(mark.day for mark in found)[int(len(found) * LONG_AGO)]
    data: list[dict] = []
    lines, days = 1, []
    for order, group in enumerate(fullest):
        name = frames.wrapped(names.get(group, Both(group, group)))
        lines = max(lines, *(text.count("\n") + 1 for text in name))
        for shown in _drawn([mark for mark in groups[group] if mark.day >= since], sources or {}):
            data.append({**shown, **name._asdict(), "order": order, "frame": 0})
            days += [date.fromisoformat(shown[end]) for end in ("date", "to") if end in shown]
    if not data:
        return None
    ticks, ticked = marks.time_marks("P", days)
    first, last = map(marks.milliseconds, marks.span(days))
    params = {"ticks": ticks, "days": ticked, "since": first, "until": last}
    height = max(42, frames.LINE * lines + 8) * len({mark["order"] for mark in data})
    return frames.filled(spec("events"), height, {"marks": data}, params)


def _mark(group: str, event: Row) -> Mark | None:
    """What to draw of an event, or None if not even a bulletin dates it."""
    start, end, known = event["date_start"], event["date_end"], event["known_by"]
    if start is None:
        return None if known is None else Mark(group, "by", known, event)
    exact = event["date_precision"] == "DAY" and end in (None, start)
    return Mark(group, "day" if exact else "stretch", start, event)


def _drawn(found: Sequence[Mark], sources: Mapping[str, Both]) -> list[dict]:
    """The marks of one group: the undated of a month as one at the latest day, with their number."""
    months: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    drawn: list[dict] = []
    for mark in found:
        if mark.kind == "by":
            months[mark.day.year, mark.day.month].append(mark)
            continue
        event = mark.event
        when = wording.event_date(event["date_start"], event["date_end"], event["date_precision"])
        tip = marks.tip(when, _title(event), sources.get(event.get("source_id", "")))
        drawn.append({"kind": mark.kind, "date": wording.day(mark.day), **tip})
        if mark.kind == "stretch":
            drawn[-1]["to"] = wording.day(event["date_end"] or mark.day)
    for undated in months.values():
        day = wording.day(max(mark.day for mark in undated))
        count = len(undated)
        tip = marks.tip(
            Both(f"不晚于{day}，具体日期未说明：{count}件", f"no later than {day}, day not stated: {count}"),
            *(_title(mark.event) for mark in undated[:NAMED]),
            Both(f"另有{count - NAMED}件", f"and {count - NAMED} more") if count > NAMED else None,
        )
        drawn.append({"kind": "by", "date": day, "count": count, **tip})
    return drawn


def _title(event: Row) -> Both:
    return Both(event["title_zh"], event["title_en"])
