"""Draws events over time, each date as precisely as it was reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from dagster_project.report.facts import Row
from dagster_project.report.specs import LANGUAGE, spec
from dagster_project.report.wording import Both

ROWS = 12  # groups drawn; the table beside lists all
LONG_AGO = (
    0.02  # share of the oldest marks left to the table: one event of decades ago would squeeze the rest
)


def events_chart(
    events: Sequence[Row], groups_of: Callable[[Row], Iterable[str]], names: dict[str, Both]
) -> dict | None:
    """A row per group: a dot is a day, a bar a longer stretch, a hollow circle counts the undated 'by then'.

    groups_of: the groups that an event belongs to. None where no event can be drawn.
    """
    marks = [
        {**mark, "group": group} for event in events for group in groups_of(event) if (mark := _mark(event))
    ]
    if not marks:
        return None
    sizes = Counter(mark["group"] for mark in marks)
    fullest = [group for group, _ in sizes.most_common(ROWS)]
    since = sorted(mark["day"] for mark in marks)[int(len(marks) * LONG_AGO)]
    drawn = _counted([mark for mark in marks if mark["group"] in fullest and mark["day"] >= since])
    for mark in drawn:
        name = names.get(mark["group"], Both(mark["group"], mark["group"]))
        mark.update(zh=name.zh, en=name.en, order=fullest.index(mark.pop("group")))
        del mark["day"]
    rows = len({mark["order"] for mark in drawn})
    return {**spec("events"), "height": 42 * rows, "datasets": {"marks": drawn}, "params": [LANGUAGE]}


def _mark(event: Row) -> dict | None:
    """What to draw of an event, or None if not even a bulletin dates it."""
    start, end, known = event["date_start"], event["date_end"], event["known_by"]
    if start is None:
        return None if known is None else {"kind": "by", "day": known}
    titles = {"title_zh": event["title_zh"], "title_en": event["title_en"], "date": f"{start:%Y-%m-%d}"}
    if event["date_precision"] == "DAY" and end in (None, start):
        return {**titles, "kind": "day", "day": start}
    return {**titles, "kind": "stretch", "day": start, "to": f"{end or start:%Y-%m-%d}"}


def _counted(marks: list[dict]) -> list[dict]:
    """The undated of one group and month as one mark at the latest day, with their number."""
    months: dict[tuple, dict] = {}
    for mark in marks:
        if mark["kind"] == "by":
            key = (mark["group"], mark["day"].year, mark["day"].month)
            there = months.setdefault(key, {**mark, "count": 0})
            there.update(count=there["count"] + 1, day=max(there["day"], mark["day"]))
    for mark in months.values():
        mark["date"] = f"{mark['day']:%Y-%m-%d}"
    return [mark for mark in marks if mark["kind"] != "by"] + list(months.values())
