"""Draws events over time, each date as precisely as it was reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import altair as alt

from dagster_project.report.facts import Row
from dagster_project.report.looks import COLOURS, INK, LANGUAGE, NAME, finish, time_axis
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
    base = alt.Chart(alt.Data(values=drawn)).transform_calculate(
        name=NAME, title="lang == 'zh' ? datum.title_zh : datum.title_en"
    )
    x = time_axis()
    y = alt.Y(
        "name:N",
        title=None,
        sort=alt.EncodingSortField("order", op="min"),
        axis=alt.Axis(labelLimit=150, domain=False, ticks=False, grid=True),
    )
    told = [alt.Tooltip("title:N"), alt.Tooltip("date:N")]
    by = base.transform_filter("datum.kind == 'by'")
    layers = [
        base.transform_filter("datum.kind == 'stretch'")
        .mark_bar(height=9, opacity=0.5, color=COLOURS[0], cornerRadius=3, yOffset=-10)
        .encode(x=x, x2="to:T", y=y, tooltip=told),
        base.transform_filter("datum.kind == 'day'")
        .mark_point(filled=True, size=60, opacity=0.8, color=COLOURS[1], yOffset=-10)
        .encode(x=x, y=y, tooltip=told),
        by.mark_point(filled=False, size=380, color="#5b7aa3", opacity=1, yOffset=8).encode(x=x, y=y),
        by.mark_text(fontSize=11, color=INK, yOffset=8).encode(x=x, y=y, text="count:Q"),
    ]
    rows = len({mark["order"] for mark in drawn})
    return {**finish(alt.layer(*layers)), "height": 42 * rows, "params": [LANGUAGE]}


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
