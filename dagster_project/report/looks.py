"""What the report's charts look like: Vega-Lite specifications by Altair, one per kind of chart.

Charts of one kind share a specification (specs.py keeps it) and differ in what fills them: the datasets
`figures` and `pairs`, or `marks`; the parameters `lang`, `floor`, `frame`, `days`.
"""

from __future__ import annotations

from typing import Any

import altair as alt

INK, GREY, LINE = "#1d2939", "#667085", "#c8d2de"
COLOURS = ["#0b5cad", "#b54708", "#067647", "#8e3a9d", "#a15c07", "#c11574", "#3b7d8c", "#475467"]
FONT = "system-ui, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
# How a figure is known: the shapes of wording.EVIDENCE_MARKS.
SHAPES = {"AUDITED": "circle", "HELD": "square", "RECORDED": "diamond", "CITED": "triangle-up"}
NAME = "lang == 'zh' ? datum.zh : datum.en"
COUNT = (
    "lang == 'zh' ? (abs(datum.value) >= 1e8 ? format(datum.value / 1e8, ',~r') + '亿' : "
    "abs(datum.value) >= 1e4 ? format(datum.value / 1e4, ',~r') + '万' : format(datum.value, ',~r')) : "
    "(abs(datum.value) >= 1e9 ? format(datum.value / 1e9, ',~r') + ' bn' : "
    "abs(datum.value) >= 1e6 ? format(datum.value / 1e6, ',~r') + ' m' : format(datum.value, ',~r'))"
)


def over_time(
    lines: bool, ticks: str, named: bool, several: bool, fades: tuple[str, ...], labelled: bool
) -> dict:
    """Values upwards, days along. fades: how bands may end; labelled: numbers beside dots.

    ticks: how the axis says a day; named: `days` are the ticks.
    """
    x = {"x": time_axis(ticks, named)}
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


def side_by_side(several: bool, fades: tuple[str, ...], labelled: bool) -> dict:
    """Values along, a row per series."""
    axis = alt.Axis(labelLimit=200, domain=False, ticks=False) if several else None
    rows = {"y": alt.Y("name:N", title=None, axis=axis), "color": alt.value(COLOURS[0])}
    return finish(alt.layer(*_figures("x", rows, COLOURS[0], fades, labelled)))


def events() -> dict:
    """Days along, a row per group: dots, bars, and hollow circles with a number."""
    base = alt.Chart(alt.NamedData("marks")).transform_calculate(
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
    return finish(alt.layer(*layers))


def _figures(
    along: str, place: dict[str, Any], shade: str, fades: tuple[str, ...], labelled: bool
) -> list[alt.Chart]:
    """Bands with their ends, dots and labels.

    along: the channel of values; place: the other channels; shade: of what fades, since a gradient has one.
    """
    base = alt.Chart(alt.NamedData("figures")).transform_calculate(
        name=NAME, **{key: _spoken(key) for key in ("label", "period", "known")}
    )
    tips = [alt.Tooltip("period:N"), alt.Tooltip("told:N"), alt.Tooltip("known:N")]
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
    shape = alt.Shape(
        "evidence:N", legend=None, scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    )
    dot = stated.mark_point(filled=True, size=70, opacity=1)
    layers.append(dot.encode(tooltip=tips, shape=shape, **value, **place))
    if labelled:
        text = stated.mark_text(dy=-16, fontSize=12, color=INK)
        layers.append(text.encode(text="label:N", **value, **unpainted))
    return layers


def _spoken(key: str) -> str:
    return f"lang == 'zh' ? datum.{key}_zh : datum.{key}_en"


def _along(channel: str, column: str) -> alt.X | alt.Y:
    kind = alt.X if channel == "x" else alt.Y
    frame = alt.Scale(domainMin=alt.expr("floor"), domainMax=alt.expr("frame"), nice=False)
    return kind(f"{column}:Q", title=None, scale=frame, axis=alt.Axis(labelExpr=COUNT, tickCount=5))


def _fade(way: str, along: str, shade: str) -> alt.LinearGradient:
    """Paint that runs out on the side that has no bound."""
    stops = [alt.GradientStop(color=shade + alpha, offset=at) for at, alpha in enumerate(("80", "00"))]
    start, end = ((0, 0), (1, 0)) if along == "x" else ((0, 1), (0, 0))
    if way == "down":
        start, end = end, start
    (x1, y1), (x2, y2) = start, end
    return alt.LinearGradient(gradient="linear", stops=stops, x1=x1, x2=x2, y1=y1, y2=y2)


def time_axis(ticks: str = "%Y-%m", named: bool = False) -> alt.X:
    """An axis of calendar days, the same wherever the reader is.

    ticks: how it says a day; named: `days` are the ticks.
    """
    how: dict[str, Any] = {"values": alt.expr("days")} if named else {}
    scale = alt.Scale(type="utc", padding=28, nice=False)
    return alt.X(
        "date:T",
        title=None,
        scale=scale,
        axis=alt.Axis(labelOverlap=True, labelFlush=True, tickCount=5, format=ticks, **how),
    )


def finish(chart: alt.LayerChart | alt.FacetChart) -> dict:
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
