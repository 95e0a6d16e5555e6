"""Draws the figures of an indicator; no line says more than a mart does.

Every interval is drawn, in a chart per kind of period and unit: what is not alike shares no axis. Between two
neighbouring figures a solid line is a comparison of the same definition, a dashed one of nearly the same, and
none at all where the series is broken. A lone figure is a dot, whose shape says how it is known. An end
without bound fades out. What a kind of chart looks like stands in `looks.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from dagster_project.report.facts import Row
from dagster_project.report.specs import LANGUAGE, spec
from dagster_project.report.wording import Both, number, period

MOST = 8  # series over time that are drawn, one colour each
ROWS = 24  # series side by side that are drawn
LABELLED = 8  # with more figures, labels would cover each other


class Chart(NamedTuple):
    """A drawing of figures that are alike.

    evidence: how they are known, and how many are known so; series: which are drawn.
    """

    period_kind: str
    unit_measure: str
    spec: dict
    evidence: Counter[str]
    series: tuple[str, ...]


def figures_charts(
    observations: Sequence[Row], changes: Sequence[Row], names: dict[str, Both], known: dict[str, Both]
) -> list[Chart]:
    """The charts of one indicator, in the order of its figures; none where a dot would say no more.

    names: what to call each series_id; known: what to call each code of evidence.
    """
    alike: dict[tuple[str, str], list[Row]] = {}
    for row in observations:
        if _holds(row) and _ends(row) != (None, None):
            alike.setdefault((row["period_kind"], row["unit_measure"]), []).append(row)
    charts = (_chart(rows, changes, names, known) for rows in alike.values())
    return [chart for chart in charts if chart]


def _chart(
    drawn: Sequence[Row], changes: Sequence[Row], names: dict[str, Both], known: dict[str, Both]
) -> Chart | None:
    """Over time where a series has several periods, else one row per series."""
    kind, unit = drawn[0]["period_kind"], drawn[0]["unit_measure"]
    # No set: where series have as many periods, the order of the rows decides, the same each night.
    ends = dict.fromkeys((row["series_id"], row["time_period_end"]) for row in drawn)
    periods = Counter(series for series, _ in ends)
    in_time = any(count > 1 for count in periods.values())
    kept = {series for series, _ in periods.most_common(MOST if in_time else ROWS)}
    drawn = [row for row in drawn if row["series_id"] in kept]
    days = sorted({row["time_period_end"] for row in drawn})
    if not in_time and len(days) > 1:
        names = {row["series_id"]: _dated(names[row["series_id"]], row) for row in drawn}
    points, floor, frame = _points(drawn, names, known)
    frames = {"floor": floor, "frame": frame}
    looks = {
        "fades": tuple(sorted({point["fades"] for point in points if not point["exact"]})),
        "labelled": len(points) <= LABELLED,
    }
    if in_time:
        pairs = _pairs(drawn, changes, names)
        ticks, named = _ticks(kind, len(days))
        shape = spec("over_time", lines=bool(pairs), ticks=ticks, named=named, several=len(kept) > 1, **looks)
        filled = _filled(shape, 220, {"figures": points, "pairs": pairs}, {**frames, **time_ticks(days)})
    elif len(drawn) > 1 or any(not point["exact"] for point in points):
        shape = spec("side_by_side", several=len(kept) > 1, **looks)
        filled = _filled(shape, 44 * len(kept), {"figures": points}, frames)
    else:
        return None
    return Chart(kind, unit, filled, Counter(row["evidence"] for row in drawn), tuple(sorted(kept)))


def _holds(row: Row) -> bool:
    """Whether a figure holds, or one of several may, whose order is not known."""
    return row["is_current_vintage"] or row["vintage_status"] == "UNDECIDED"


def _dated(name: Both, row: Row) -> Both:
    """A series with its only period, where the others are of other days."""
    told = period(row["period_kind"], row["time_period_end"])
    return Both(f"{name.zh}，{told.zh}", f"{name.en}, {told.en}")


def _ticks(kind: str, days: int) -> tuple[str, bool]:
    """How an axis says days, and whether it names those of the figures: only of years can many be named."""
    if kind == "A":
        return "%Y", True
    named = days <= 3
    return "%Y-%m-%d" if named and (kind == "P" or kind.startswith(("D", "SINCE:"))) else "%Y-%m", named


def _filled(shape: dict, height: int, datasets: dict[str, list], params: dict[str, Any]) -> dict:
    """A chart of a kind: its own data, height in pixels, and what the specification asks for by name."""
    values = [{"name": key, "value": value} for key, value in params.items()]
    return {**shape, "height": height, "datasets": datasets, "params": [LANGUAGE, *values]}


def _ends(row: Row) -> tuple[float | None, float | None]:
    return _value(row, "lower_bound"), _value(row, "upper_bound")


def _value(row: Row, column: str = "obs_value") -> float | None:
    return None if row[column] is None else float(row[column])


def _points(
    drawn: Sequence[Row], names: dict[str, Both], evidence: dict[str, Both]
) -> tuple[list[dict], float, float]:
    """Each figure with drawable ends, and the lowest and highest value of the frame, which holds nought.

    An end that is unbounded `fades` that way and stops at the frame.
    """
    known = [0.0, *(e for row in drawn for e in (*_ends(row), _value(row)) if e is not None)]
    top, floor = max(known), min(known)
    unbounded = any(_ends(row)[1] is None for row in drawn)
    frame = top + (0.3 if unbounded else 0.12) * ((top - floor) or 1)
    points = []
    for row in drawn:
        low, high = _ends(row)
        name, label = names[row["series_id"]], number(row["obs_value"])
        told, how = period(row["period_kind"], row["time_period_end"]), evidence[row["evidence"]]
        points.append(
            {
                "zh": name.zh,
                "en": name.en,
                "label_zh": label.zh,
                "label_en": label.en,
                "date": f"{row['time_period_end']:%Y-%m-%d}",
                "value": _value(row),
                "low": floor if low is None else low,
                "high": frame if high is None else high,
                "exact": low == high,
                "fades": "up" if high is None else "down" if low is None else "",
                "told": row["value_text"],
                "period_zh": told.zh,
                "period_en": told.en,
                "evidence": row["evidence"],
                "known_zh": how.zh,
                "known_en": how.en,
            }
        )
    return points, floor, frame


def _pairs(drawn: Sequence[Row], changes: Sequence[Row], names: dict[str, Both]) -> list[dict]:
    """The lines: neighbouring figures that a mart compares."""
    at = {row["observation_id"]: _value(row) for row in drawn}
    pairs = []
    for change in changes:
        ends = at.get(change["from_observation_id"]), at.get(change["to_observation_id"])
        if change["comparability"] != "BROKEN" and None not in ends:
            pairs.append(
                {
                    "zh": names[change["series_id"]].zh,
                    "en": names[change["series_id"]].en,
                    "date": f"{change['from_date']:%Y-%m-%d}",
                    "to": f"{change['to_date']:%Y-%m-%d}",
                    "value": ends[0],
                    "to_value": ends[1],
                    "comparability": change["comparability"],
                }
            )
    return pairs


def time_ticks(days: Sequence[date]) -> dict[str, list[int]]:
    """The parameter `days` of a time axis: milliseconds at the start of each day, UTC."""
    first = date(1970, 1, 1)
    return {"days": [(each - first).days * 86_400_000 for each in days]}
