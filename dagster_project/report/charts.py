"""Draws the figures of an indicator; no line says more than a mart does.

Every interval is drawn. Between two neighbouring figures a solid line is a comparison of the same definition,
a dashed one of nearly the same, and none at all where the series is broken. A lone figure is a dot. An end
without bound fades out. What a kind of chart looks like stands in `looks.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from dagster_project.report.facts import Row
from dagster_project.report.looks import LANGUAGE, over_time, side_by_side
from dagster_project.report.wording import Both, number

MOST = 8  # series over time that are drawn, one colour each
ROWS = 24  # series side by side that are drawn
LABELLED = 8  # with more figures, labels would cover each other


def figures_chart(observations: Sequence[Row], changes: Sequence[Row], names: dict[str, Both]) -> dict | None:
    """The figures of one indicator, over time where a series has several, else one row per series.

    names: what to call each series_id. None where a lone exact number is all there is: a dot says no more.
    """
    drawn = [row for row in observations if row["is_current_vintage"] and _ends(row) != (None, None)]
    sizes = Counter(row["series_id"] for row in drawn)
    in_time = any(size > 1 for size in sizes.values())  # one current vintage per series and period
    kept = {series for series, _ in sizes.most_common(MOST if in_time else ROWS)}
    drawn = [row for row in drawn if row["series_id"] in kept]
    points, floor, frame = _points(drawn, names)
    known = {"floor": floor, "frame": frame}
    looks = {
        "fades": tuple(sorted({point["fades"] for point in points if not point["exact"]})),
        "labelled": len(points) <= LABELLED,
    }
    if in_time:
        pairs = _pairs(drawn, changes, names)
        days = sorted({row["time_period_end"] for row in drawn})
        spec = over_time(bool(pairs), len(days) <= 3, len(kept) > 1, **looks)
        return _filled(spec, 220, {"figures": points, "pairs": pairs}, {**known, **time_ticks(days)})
    if len(drawn) > 1 or any(not point["exact"] for point in points):
        return _filled(side_by_side(len(kept) > 1, **looks), 44 * len(kept), {"figures": points}, known)
    return None


def _filled(spec: dict, height: int, datasets: dict[str, list], params: dict[str, Any]) -> dict:
    """A chart of a kind: its own data, height in pixels, and what the specification asks for by name."""
    values = [{"name": key, "value": value} for key, value in params.items()]
    return {**spec, "height": height, "datasets": datasets, "params": [LANGUAGE, *values]}


def _ends(row: Row) -> tuple[float | None, float | None]:
    return tuple(None if row[end] is None else float(row[end]) for end in ("lower_bound", "upper_bound"))


def _value(row: Row) -> float | None:
    return None if row["obs_value"] is None else float(row["obs_value"])


def _points(drawn: Sequence[Row], names: dict[str, Both]) -> tuple[list[dict], float, float]:
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
