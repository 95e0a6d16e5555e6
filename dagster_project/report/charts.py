"""Draws the figures of an indicator; no line says more than a mart does, and no axis holds what is not alike.

A chart per kind of period, unit and level of area: a city and a neighbourhood share none, nor do a year and
its half. Series over time stand in frames of one scale (`frames.py`), a series a frame. Every interval is
drawn. Between two neighbouring figures a solid line is a comparison of the same definition, a dashed one of
nearly the same; there is none where the series is broken, or where nobody can say whether it rose or fell.
What marks say stands in `marks.py`, where their labels fit in `labels.py`, what they look like in `looks.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from dagster_project.report import frames, marks
from dagster_project.report.facts import Row
from dagster_project.report.sentences import course, courses
from dagster_project.report.wording import Both, during

MOST = 9  # series over time that are drawn, a frame each
ROWS = 24  # series side by side that are drawn
NAMED = 2  # areas that a title names instead of their level
NAMELESS = Both("", "")
SIZELESS = {"GROUPING"}  # two groups of areas have no common level: each has its own chart


class Chart(NamedTuple):
    """A drawing of figures that are alike.

    evidence: how they are known, and how many are known so. series: which are drawn; undrawn: how many more
    there are. level: kind of area; areas: its areas, where they are few enough to be named. id: of its place
    on a page, the same in every build. finding: what has come of it, where that is settled. sources: of the
    figures drawn, each with a place in it. span: first and last day of figures, where all are at hand; until:
    last day of those drawn.
    """

    period_type: str
    unit_measure: str
    spec: dict
    evidence: Counter[str]
    series: tuple[str, ...]
    undrawn: int = 0
    level: str | None = None
    areas: tuple[str, ...] = ()
    id: str = ""
    finding: Both | None = None
    sources: tuple[tuple[str, str | None], ...] = ()
    span: tuple[date, date] | None = None
    until: date | None = None


class Charts(Sequence[Chart]):
    """The charts of an indicator, drawn when somebody first looks at them.

    rows: what they are drawn from, beside what the page of the indicator is given. Their repr is that of the
    rows: of the same rows come the same charts.
    """

    def __init__(self, rows: Sequence[Row], draw: Callable[[], list[Chart]]) -> None:
        self.rows, self._draw = rows, draw

    @cached_property
    def _drawn(self) -> list[Chart]:
        return self._draw()

    def __getitem__(self, place):
        return self._drawn[place]

    def __len__(self) -> int:
        return len(self._drawn)

    def __repr__(self) -> str:
        return repr(self.rows)


@dataclass(frozen=True)
class Beside:
    """What is known of an indicator beside its figures.

    title: its name; levels: the kind of each area; sources: their titles; targets: its promises that name a
    number and a day; progress: its series; is_counted, is_share: of a row's unit; code: what a code of a list
    means.
    """

    title: Both = NAMELESS
    levels: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Both] = field(default_factory=dict)
    targets: Sequence[Row] = ()
    progress: Sequence[Row] = ()
    is_counted: Callable[[Row], bool] = lambda _: False
    is_share: Callable[[Row], bool] = lambda _: False
    code: marks.Code = lambda _, code: Both(code or "", code or "")


def figures_charts(
    observations: Sequence[Row],
    changes: Sequence[Row],
    names: dict[str, Both],
    known: dict[str, Both],
    beside: Beside | None = None,
) -> list[Chart]:
    """The charts of one indicator, in the order of its figures; none where a dot would say no more.

    names: what to call each series_id; known: what to call each code of evidence.
    """
    beside = beside or Beside()
    alike: dict[tuple, list[Row]] = {}
    for row in observations:
        holds = row["is_current_vintage"] or row["vintage_status"] == "UNDECIDED"
        if holds and marks.ends(row) != (None, None):
            alike.setdefault(_axis(row, beside.levels), []).append(row)
    words = frames.Words(names, marks.said_by(beside.sources, known), beside.code)
    charts = [_chart(axis, rows, observations, changes, words, beside) for axis, rows in alike.items()]
    return [chart for chart in charts if chart]


def _axis(row: Row, levels: Mapping[str, str]) -> tuple[str, str, str | None, str | None]:
    """What figures of one axis have in common: kind of period, unit, level of area, or the area itself."""
    area = row.get("ref_area", "")
    level = levels.get(area)
    return row["period_type"], row["unit_measure"], level, area if level in SIZELESS else None


def _chart(
    axis: tuple[str, str, str | None, str | None],
    rows: Sequence[Row],
    observations: Sequence[Row],
    changes: Sequence[Row],
    words: frames.Words,
    beside: Beside,
) -> Chart | None:
    """Over time where a series has several periods or a promise, else one row per series."""
    # No set: where series have as many periods, the order of the rows decides, the same each night.
    ends = dict.fromkeys((row["series_id"], row["time_period_end"]) for row in rows)
    periods = Counter(series for series, _ in ends)
    in_time = len(ends) > len(periods) or any(row["series_id"] in periods for row in beside.targets)
    series = [name for name, _ in periods.most_common(MOST if in_time else ROWS)]
    drawn = [row for row in rows if row["series_id"] in series]
    if in_time:
        replaced = [row for row in observations if row["vintage_status"] == "REPLACED"]
        targets = [row for row in beside.targets if row["series_id"] in series]
        filled = frames.over_time(series, drawn, replaced, targets, changes, words)
    elif len(drawn) > 1 or _tells_more(drawn[0]):
        filled = frames.side_by_side(series, drawn, words)
    else:
        return None
    days = [row["time_period_end"] for row in drawn]
    kind, unit, level, area = axis
    areas = dict.fromkeys(row["ref_area"] for row in drawn if "ref_area" in row)
    return Chart(
        kind,
        unit,
        filled,
        Counter(row["evidence"] for row in drawn),
        tuple(sorted(series)),
        undrawn=len(periods) - len(series),
        level=level,
        areas=tuple(areas) if len(areas) <= NAMED else (),
        id=_id(drawn[0].get("indicator_id"), kind, unit, area or level),
        finding=_finding(series, words, beside),
        sources=tuple({row["source_id"]: row["locator"] for row in drawn if "source_id" in row}.items()),
        span=(min(days), max(days)) if in_time and observations[0].get("of") == len(observations) else None,
        until=max(days),
    )


def _tells_more(row: Row) -> bool:
    """Whether the interval of a lone figure comes from its words, not from its digits alone."""
    low, high = marks.ends(row)
    return low != high and row.get("bound_basis") != "ROUNDING"


def _id(*parts: str | None) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "-", "-".join(part for part in parts if part)).strip("-")


def _finding(series: Sequence[str], words: frames.Words, beside: Beside) -> Both | None:
    """What has come of the only series, or of all of several areas; None where any is open or not told."""
    progress = [row for row in beside.progress if row["series_id"] in series]
    trends = {row["trend"] for row in progress}
    if not progress or not all(row["is_settled"] for row in progress) or len(progress) < len(series):
        return None
    if len(series) == 1:
        (row,) = progress
        ends = [
            during(row["period_type"], row[f"{end}_date"], row[f"{end}_date_precision"])
            for end in ("first", "latest")
        ]
        share = beside.is_share(row)
        change = "change" if share else "pct_change"
        within = row[f"{change}_low"], row[f"{change}_high"]
        if within == (None, None):
            return None
        name = words.names[row["series_id"]]
        return course(beside.title, name, ends, within, counted=beside.is_counted(row), share=share)
    areas = len({row["ref_area"] for row in progress})
    if len(trends) > 1 or areas < len(series):
        return None
    return courses(beside.title, areas, better=trends == {"IMPROVED"})
