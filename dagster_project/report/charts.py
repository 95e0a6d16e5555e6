"""Draws figures as Vega-Lite specifications, by Altair; no line says more than a mart does.

Every interval is drawn. Between two neighbouring figures a solid line is a comparison of the same definition,
a dashed one of nearly the same, and none at all where the series is broken. A lone figure is a dot. An end
without bound fades out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from dagster_project.report.facts import Row
from dagster_project.report.wording import Both

INK, SOFT, LINE = "#1d3557", "#5b7aa3", "#c8d2de"
COLOURS = ["#0b5cad", "#b54708", "#067647", "#8e3a9d", "#a15c07", "#c11574", "#3b7d8c", "#475467"]
FONT = "system-ui, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
# The page sets `lang` when the reader switches; labels that differ by language are computed from it.
LANGUAGE = {"name": "lang", "value": "zh"}
COUNT = (
    "lang == 'zh' ? (abs(datum.value) >= 1e8 ? format(datum.value / 1e8, ',~r') + '亿' : "
    "abs(datum.value) >= 1e4 ? format(datum.value / 1e4, ',~r') + '万' : format(datum.value, ',~r')) : "
    "(abs(datum.value) >= 1e9 ? format(datum.value / 1e9, ',~r') + ' bn' : "
    "abs(datum.value) >= 1e6 ? format(datum.value / 1e6, ',~r') + ' m' : format(datum.value, ',~r'))"
)


def figures_chart(observations: Sequence[Row], changes: Sequence[Row], names: dict[str, Both]) -> dict | None:
    """The figures of one indicator, over time where a series has several, else one row per series.

    names: what to call each series_id. None where a lone exact number is all there is: a dot says no more.
    """
    drawn = [row for row in observations if row["is_current_vintage"] and _ends(row) != (None, None)]
    dates = {row["series_id"]: set() for row in drawn}
    for row in drawn:
        dates[row["series_id"]].add(row["time_period_end"])
    if any(len(days) > 1 for days in dates.values()):
        return _over_time(drawn, changes, names)
    if len(drawn) > 1 or any(row["lower_bound"] != row["upper_bound"] for row in drawn):
        return _side_by_side(drawn, names)
    return None


def _ends(row: Row) -> tuple[float | None, float | None]:
    low, high = row["lower_bound"], row["upper_bound"]
    return (None if low is None else float(low), None if high is None else float(high))


def _points(drawn: Sequence[Row], names: dict[str, Both]) -> tuple[list[dict], float, float]:
    """Each figure with drawable ends: one that is unbounded `fades` that way and ends at the frame."""
    known = [e for row in drawn for e in (*_ends(row), _value(row)) if e is not None]
    top, floor = max(known) or 1.0, min(0.0, *known)
    frame = top + 0.25 * (top - floor) if any(_ends(r)[1] is None for r in drawn) else top
    points = []
    for row in drawn:
        low, high = _ends(row)
        name = names[row["series_id"]]
        points.append(
            {
                "series": row["series_id"],
                "zh": name.zh,
                "en": name.en,
                "date": f"{row['time_period_end']:%Y-%m-%d}",
                "value": _value(row),
                "low": floor if low is None else low,
                "high": frame if high is None else high,
                "shape": "exact" if low == high else "interval",
                "fades": "up" if high is None else "down" if low is None else "",
                "told": row["value_text"],
            }
        )
    return points, floor, frame


def _value(row: Row) -> float | None:
    return None if row["obs_value"] is None else float(row["obs_value"])


def _over_time(drawn: Sequence[Row], changes: Sequence[Row], names: dict[str, Both]) -> dict:
    points, floor, frame = _points(drawn, names)
    at = {row["observation_id"]: row for row in drawn}
    pairs = [
        {
            "series": change["series_id"],
            "date": f"{change['from_date']:%Y-%m-%d}",
            "to": f"{change['to_date']:%Y-%m-%d}",
            "value": _value(at[change["from_observation_id"]]),
            "to_value": _value(at[change["to_observation_id"]]),
            "comparability": change["comparability"],
        }
        for change in changes
        if change["comparability"] != "BROKEN"
        and {change["from_observation_id"], change["to_observation_id"]} <= at.keys()
    ]
    pairs = [pair for pair in pairs if None not in (pair["value"], pair["to_value"])]
    # Calendar days, not moments: the same day wherever the reader is.
    x = alt.X(
        "utcyearmonthdate(date):T", title=None, axis=alt.Axis(format="%Y-%m", labelOverlap=True, tickCount=5)
    )
    y = alt.Y(
        "low:Q",
        title=None,
        scale=alt.Scale(domain=[floor, frame], nice=True),
        axis=alt.Axis(labelExpr=COUNT, tickCount=5),
    )
    colour = alt.Color("series:N", legend=None, scale=alt.Scale(range=COLOURS))
    base = alt.Chart(alt.Data(values=points))
    wide = base.transform_filter("datum.shape == 'interval'")
    tips = [alt.Tooltip(f) for f in ("date:N", "told:N")]
    layers = []
    if pairs:
        line = alt.Chart(alt.Data(values=pairs)).mark_rule(strokeWidth=2)
        layers.append(
            line.encode(
                x=x,
                x2="utcyearmonthdate(to):T",
                y=alt.Y("value:Q"),
                y2="to_value:Q",
                color=colour,
                strokeDash=alt.StrokeDash(
                    "comparability:N",
                    legend=None,
                    scale=alt.Scale(domain=["SAME", "NEAR"], range=[[1, 0], [6, 5]]),
                ),
            )
        )
    for fades in ("", "up", "down"):
        if any(p["fades"] == fades and p["shape"] == "interval" for p in points):
            bars = wide.transform_filter(f"datum.fades == '{fades}'")
            layers.append(
                bars.mark_bar(size=14, **_fill(fades, vertical=True)).encode(
                    x=x, y=y, y2="high:Q", tooltip=tips
                )
            )
            layers += [
                bars.mark_tick(size=20, thickness=2, orient="horizontal").encode(
                    x=x, y=alt.Y(f"{end}:Q"), color=colour
                )
                for end in {"": ("low", "high"), "up": ("low",), "down": ("high",)}[fades]
            ]
    layers.append(
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=True, size=70, opacity=1)
        .encode(x=x, y=alt.Y("value:Q"), color=colour, tooltip=tips)
    )
    return _finish(alt.layer(*layers), 240)


def _side_by_side(drawn: Sequence[Row], names: dict[str, Both]) -> dict:
    points, floor, frame = _points(drawn, names)
    x = alt.X(
        "low:Q",
        title=None,
        scale=alt.Scale(domain=[floor, frame], nice=True),
        axis=alt.Axis(labelExpr=COUNT, tickCount=5),
    )
    several = len({p["series"] for p in points}) > 1
    y = alt.Y(
        "name:N", title=None, axis=alt.Axis(labelLimit=220, domain=False, ticks=False) if several else None
    )
    base = alt.Chart(alt.Data(values=points)).transform_calculate(name="lang == 'zh' ? datum.zh : datum.en")
    tips = [alt.Tooltip(f) for f in ("date:N", "told:N")]
    layers = []
    for fades in ("", "up", "down"):
        if any(p["fades"] == fades and p["shape"] == "interval" for p in points):
            bars = base.transform_filter(f"datum.shape == 'interval' && datum.fades == '{fades}'")
            layers.append(
                bars.mark_bar(size=14, **_fill(fades, vertical=False)).encode(
                    x=x, y=y, x2="high:Q", tooltip=tips
                )
            )
            layers += [
                bars.mark_tick(size=20, thickness=2, orient="vertical", color=COLOURS[0]).encode(
                    x=alt.X(f"{end}:Q"), y=y
                )
                for end in {"": ("low", "high"), "up": ("low",), "down": ("high",)}[fades]
            ]
    layers.append(
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=True, size=70, opacity=1, color=COLOURS[0])
        .encode(x=alt.X("value:Q"), y=y, tooltip=tips)
    )
    return _finish(alt.layer(*layers), alt.Step(34))


def _fill(fades: str, vertical: bool) -> dict[str, Any]:
    """A translucent band; one that fades out on the side that has no bound."""
    if not fades:
        return {"color": COLOURS[0], "opacity": 0.28}
    stops = [alt.GradientStop(color=COLOURS[0], offset=0), alt.GradientStop(color="#ffffff", offset=1)]
    start, end = ({"x1": 0, "x2": 0, "y1": 1, "y2": 0}, {"x1": 0, "x2": 0, "y1": 0, "y2": 1})
    if not vertical:
        start, end = ({"x1": 0, "x2": 1, "y1": 0, "y2": 0}, {"x1": 1, "x2": 0, "y1": 0, "y2": 0})
    way = start if fades == "up" else end
    return {"color": alt.LinearGradient(gradient="linear", stops=stops, **way), "opacity": 0.4}


def _finish(chart: alt.LayerChart, height: Any) -> dict:
    """Common looks. Unvalidated: Altair's own check of its output costs fifteen times the drawing."""
    spec = (
        chart.properties(width="container", height=height)
        .configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            grid=True,
            gridColor="#e6ebf1",
            labelColor="#344054",
            labelFontSize=12,
            domainColor=LINE,
            tickColor=LINE,
        )
        .to_dict(validate=False)
    )
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["params"] = [LANGUAGE, *spec.get("params", [])]
    return spec


def events_chart(
    events: Sequence[Row], groups_of: Any, names: dict[str, Both], most: int = 12
) -> dict | None:
    """Events over time, a row per group: a dot is a day, a bar a longer stretch, a hollow circle 'by then'.

    groups_of: the groups of an event. The `most` fullest groups are drawn; the table beside lists all.
    """
    marks: list[dict] = []
    for event in events:
        for group in groups_of(event):
            name = names.get(group, Both(group, group))
            mark = {
                "zh": name.zh,
                "en": name.en,
                "title_zh": event["title_zh"],
                "title_en": event["title_en"],
            }
            start, end = event["date_start"], event["date_end"]
            if start:
                kind = "day" if event["date_precision"] == "DAY" and end in (None, start) else "stretch"
                marks.append(
                    {**mark, "kind": kind, "date": f"{start:%Y-%m-%d}", "to": f"{end or start:%Y-%m-%d}"}
                )
            elif event["known_by"]:
                marks.append({**mark, "kind": "by", "date": f"{event['known_by']:%Y-%m-%d}"})
    if not marks:
        return None
    sizes: dict[str, int] = {}
    for mark in marks:
        sizes[mark["zh"]] = sizes.get(mark["zh"], 0) + 1
    fullest = sorted(sizes, key=lambda zh: -sizes[zh])[:most]
    recent = sorted(mark["date"] for mark in marks)[
        len(marks) // 50
    ]  # one event of long ago would squeeze the rest
    marks = [mark for mark in marks if mark["zh"] in fullest and mark["date"] >= recent]
    counted: dict[tuple, dict] = {}
    for mark in marks:
        if mark["kind"] == "by":
            key = (mark["zh"], mark["date"])
            counted[key] = {
                **{k: mark[k] for k in ("zh", "en", "kind", "date")},
                "count": counted.get(key, {"count": 0})["count"] + 1,
            }
    drawn = [mark for mark in marks if mark["kind"] != "by"] + list(counted.values())
    base = alt.Chart(alt.Data(values=drawn)).transform_calculate(
        name="lang == 'zh' ? datum.zh : datum.en", title="lang == 'zh' ? datum.title_zh : datum.title_en"
    )
    x = alt.X(
        "utcyearmonthdate(date):T", title=None, axis=alt.Axis(format="%Y-%m", labelOverlap=True, tickCount=6)
    )
    y = alt.Y(
        "name:N",
        title=None,
        sort=alt.EncodingSortField("count", op="count", order="descending"),
        axis=alt.Axis(labelLimit=150, domain=False, ticks=False),
    )
    tips = [alt.Tooltip("title:N"), alt.Tooltip("date:N")]
    by = base.transform_filter("datum.kind == 'by'")
    layers = [
        base.transform_filter("datum.kind == 'stretch'")
        .mark_bar(height=9, opacity=0.45, color=COLOURS[0], cornerRadius=3)
        .encode(x=x, x2="utcyearmonthdate(to):T", y=y, tooltip=tips),
        by.mark_point(filled=False, size=420, color=SOFT, opacity=1).encode(
            x=x, y=y, tooltip=[alt.Tooltip("count:Q"), alt.Tooltip("date:N")]
        ),
        by.mark_text(fontSize=11, color=INK).encode(x=x, y=y, text="count:Q"),
        base.transform_filter("datum.kind == 'day'")
        .mark_point(filled=True, size=60, opacity=0.8, color=COLOURS[1])
        .encode(x=x, y=y, tooltip=tips),
    ]
    return _finish(alt.layer(*layers), alt.Step(30))
