"""Draws figures as Vega-Lite specifications, by Altair; no line says more than a mart does.

Every interval is drawn. Between two neighbouring figures a solid line is a comparison of the same definition,
a dashed one of nearly the same, and none at all where the series is broken. A lone figure is a dot. An end
without bound fades out. Altair says what such a chart looks like, once per kind of chart: it takes longer
than all pages together, so the charts of one kind share a specification and differ in data and parameters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import altair as alt

from dagster_project.report.facts import Row
from dagster_project.report.wording import Both, number

INK, GREY, LINE = "#1d2939", "#667085", "#c8d2de"
COLOURS = ["#0b5cad", "#b54708", "#067647", "#8e3a9d", "#a15c07", "#c11574", "#3b7d8c", "#475467"]
FONT = "system-ui, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
MOST = 8  # series over time that are drawn, one colour each
ROWS = 24  # series side by side that are drawn
LABELLED = 8  # with more figures, labels would cover each other
# The page sets `lang` when the reader switches; labels that differ by language are computed from it.
LANGUAGE = {"name": "lang", "value": "zh"}
NAME = "lang == 'zh' ? datum.zh : datum.en"
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
    sizes = Counter(row["series_id"] for row in drawn)
    over_time = any(size > 1 for size in sizes.values())  # one current vintage per series and period
    kept = {series for series, _ in sizes.most_common(MOST if over_time else ROWS)}
    drawn = [row for row in drawn if row["series_id"] in kept]
    points, floor, frame = _points(drawn, names)
    known = {"floor": floor, "frame": frame}
    looks = {
        "fades": tuple(sorted({point["fades"] for point in points if not point["exact"]})),
        "labelled": len(points) <= LABELLED,
    }
    if over_time:
        pairs = _pairs(drawn, changes, names)
        days = sorted({row["time_period_end"] for row in drawn})
        spec = _over_time(bool(pairs), len(days) <= 3, len(kept) > 1, **looks)
        return _filled(spec, 220, {"figures": points, "pairs": pairs}, {**known, **time_ticks(days)})
    if len(drawn) > 1 or any(not point["exact"] for point in points):
        return _filled(_side_by_side(len(kept) > 1, **looks), 44 * len(kept), {"figures": points}, known)
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


@cache
def _over_time(lines: bool, days_named: bool, several: bool, fades: tuple[str, ...], labelled: bool) -> dict:
    x = {"x": time_axis(days_named)}
    legend = alt.Legend(title=None, orient="bottom", columns=1, labelLimit=300, symbolType="circle")
    scale = alt.Scale(range=COLOURS)
    colour = {"color": alt.Color("name:N", legend=legend if several else None, scale=scale)}
    layers = []
    if lines:
        dash = alt.Scale(domain=["SAME", "NEAR"], range=[[1, 0], [6, 5]])
        layers.append(
            alt.Chart(alt.NamedData("pairs"))
            .transform_calculate(name=NAME)
            .mark_rule(strokeWidth=2)
            .encode(
                x2="to:T",
                y=_along("y", "value"),
                y2="to_value:Q",
                strokeDash=alt.StrokeDash("comparability:N", legend=None, scale=dash),
                **x,
                **colour,
            )
        )
    return finish(
        alt.layer(*layers, *_figures("y", {**x, **colour}, GREY if several else COLOURS[0], fades, labelled))
    )


@cache
def _side_by_side(several: bool, fades: tuple[str, ...], labelled: bool) -> dict:
    axis = alt.Axis(labelLimit=200, domain=False, ticks=False) if several else None
    rows = {"y": alt.Y("name:N", title=None, axis=axis), "color": alt.value(COLOURS[0])}
    return finish(alt.layer(*_figures("x", rows, COLOURS[0], fades, labelled)))


def _figures(
    along: str, place: dict[str, Any], shade: str, fades: tuple[str, ...], labelled: bool
) -> list[alt.Chart]:
    """Bands with their ends, dots and labels.

    along: the channel of values; place: the other channels; shade: of what fades, since a gradient has one.
    """
    base = alt.Chart(alt.NamedData("figures")).transform_calculate(
        name=NAME, label="lang == 'zh' ? datum.label_zh : datum.label_en"
    )
    tips = [alt.Tooltip("date:N"), alt.Tooltip("told:N")]
    unpainted = {channel: how for channel, how in place.items() if channel != "color"}
    layers = []
    for way in fades:
        wide = base.transform_filter(f"!datum.exact && datum.fades == '{way}'")
        span = {along: _along(along, "low"), f"{along}2": "high:Q"}
        layers.append(
            wide.mark_bar(size=14, color=_fade(way, along, shade)).encode(tooltip=tips, **span, **unpainted)
            if way
            else wide.mark_bar(size=14, opacity=0.3).encode(tooltip=tips, **span, **place)
        )
        for end in {"": ("low", "high"), "up": ("low",), "down": ("high",)}[way]:
            tick = wide.mark_tick(size=20, thickness=2, orient="horizontal" if along == "y" else "vertical")
            layers.append(tick.encode(**{along: _along(along, end)}, **place))
    stated = base.transform_filter("isValid(datum.value)")
    value = {along: _along(along, "value")}
    layers.append(stated.mark_point(filled=True, size=70, opacity=1).encode(tooltip=tips, **value, **place))
    if labelled:
        text = stated.mark_text(dy=-16, fontSize=12, color=INK)
        layers.append(text.encode(text="label:N", **value, **unpainted))
    return layers


def _along(channel: str, column: str) -> alt.X | alt.Y:
    kind = alt.X if channel == "x" else alt.Y
    frame = alt.Scale(domainMin=alt.expr("floor"), domainMax=alt.expr("frame"), nice=False)
    return kind(f"{column}:Q", title=None, scale=frame, axis=alt.Axis(labelExpr=COUNT, tickCount=5))


def _fade(way: str, along: str, shade: str) -> alt.LinearGradient:
    """Paint that runs out on the side that has no bound."""
    stops = [alt.GradientStop(color=shade + alpha, offset=at) for at, alpha in enumerate(("80", "00"))]
    line = {"x1": 0, "x2": 1, "y1": 0, "y2": 0} if along == "x" else {"x1": 0, "x2": 0, "y1": 1, "y2": 0}
    if way == "down":
        line = {"x1": line["x2"], "x2": line["x1"], "y1": line["y2"], "y2": line["y1"]}
    return alt.LinearGradient(gradient="linear", stops=stops, **line)


def time_axis(days_named: bool) -> alt.X:
    """An axis of calendar days, the same wherever the reader is. days_named: `days` are the ticks."""
    how = {"values": alt.expr("days"), "format": "%Y-%m-%d"} if days_named else {"format": "%Y-%m"}
    scale = alt.Scale(type="utc", padding=28, nice=False)
    return alt.X(
        "date:T",
        title=None,
        scale=scale,
        axis=alt.Axis(labelOverlap=True, labelFlush=True, tickCount=5, **how),
    )


def time_ticks(days: Sequence[date]) -> dict[str, list[int]]:
    """The parameter `days` of a time axis: milliseconds at the start of each day, UTC."""
    first = date(1970, 1, 1)
    return {"days": [(each - first).days * 86_400_000 for each in days]}


def finish(chart: alt.LayerChart) -> dict:
    """Common looks. Unvalidated: Altair's own check of its output costs fifteen times the drawing."""
    return (
        chart.properties(width="container")
        .configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            gridColor="#e6ebf1", labelColor="#344054", labelFontSize=12, domainColor=LINE, tickColor=LINE
        )
        .to_dict(validate=False)
    )
