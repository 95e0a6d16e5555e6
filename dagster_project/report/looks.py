"""What the report's charts look like: Vega-Lite specifications by Altair, one per kind of chart.

Charts of one kind share a specification (specs.py keeps it) and differ in what fills them: datasets and
parameters. Layers have names, by which charts.css colours them for a dark screen; a picture that a reader
takes away keeps the colours that stand here, on white.
"""

from __future__ import annotations

from typing import Any, Literal

import altair as alt

INK, GREY, LINE = "#1d2939", "#667085", "#c8d2de"
BLUE, ORANGE = "#0b5cad", "#b54708"  # told apart by whoever sees few colours, and by their shapes
FONT = "system-ui, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
# How a figure is known: the shapes of wording.EVIDENCE_MARKS.
SHAPES = {"AUDITED": "circle", "HELD": "square", "RECORDED": "diamond", "CITED": "triangle-up"}
COUNT = (
    "lang == 'zh' ? (abs(datum.value) >= 1e8 ? format(datum.value / 1e8, ',~r') + '亿' : "
    "abs(datum.value) >= 1e4 ? format(datum.value / 1e4, ',~r') + '万' : format(datum.value, ',~r')) : "
    "(abs(datum.value) >= 1e9 ? format(datum.value / 1e9, ',~r') + ' bn' : "
    "abs(datum.value) >= 1e6 ? format(datum.value / 1e6, ',~r') + ' m' : format(datum.value, ',~r'))"
)


def _spoken(key: str) -> str:
    return f"lang == 'zh' ? datum.{key}_zh : datum.{key}_en"


NAME = "lang == 'zh' ? datum.zh : datum.en"
TIP = alt.Tooltip("tip:N")  # one text of several lines
# What is said of a figure that is pointed at: series, period, wording, interval, evidence and source.
DAY = "utcFormat(datum.date, '%Y-%m-%d')"
FIGURE_TIP = (
    "lang == 'zh' ? datum.zh + '\\n' + datum.period_zh"
    f" + (indexof(datum.period_zh, {DAY}) < 0 ? '（至' + {DAY} + '）' : '')"
    " + '\\n原文：' + datum.told"
    " + (datum.status_zh ? '（' + datum.status_zh + '）' : '')"
    " + (datum.exact ? '' : '\\n区间：' + datum.reach_zh)"
    " + (datum.presumed ? '（有端点为本库约定）' : '')"
    " + (datum.gap_zh ? '\\n' + datum.gap_zh : '') + '\\n' + datum.from_zh"
    " + (datum.also_zh ? '\\n\\n' + datum.also_zh : '')"
    " : datum.en + '\\n' + datum.period_en"
    f" + (indexof(datum.period_en, {DAY}) < 0 ? ' (to ' + {DAY} + ')' : '')"
    " + '\\nas printed: ' + datum.told"
    " + (datum.status_en ? ' (' + datum.status_en + ')' : '')"
    " + (datum.exact ? '' : '\\ninterval: ' + datum.reach_en)"
    " + (datum.presumed ? ' (an end is set by our policy)' : '')"
    " + (datum.gap_en ? '\\n' + datum.gap_en : '') + '\\n' + datum.from_en"
    " + (datum.also_en ? '\\n\\n' + datum.also_en : '')"
)


def over_time(fades: tuple[str, ...], beside: bool) -> dict:
    """Values upwards, days along. fades: how bands may end; beside: more than figures, see `_beside`."""
    dash = alt.Scale(domain=["SAME", "NEAR"], range=[[1, 0], [6, 5]])
    line = (
        _layer("line")
        .mark_rule(strokeWidth=2, color=BLUE)
        .encode(
            x2="to:T",
            y=_along("y", "value"),
            y2="to_value:Q",
            strokeDash=alt.StrokeDash("comparability:N", legend=None, scale=dash),
            tooltip=TIP,
        )
    )
    label = (
        _layer("label")
        .mark_text(fontSize=12, color=INK, align=alt.expr("datum.align"), dy=alt.expr("datum.dy"))
        .encode(y=_along("y", "value"), text="name:N")
    )
    *drawn, pointed_at = _figures("y", fades)
    aimed_at = _hit(_layer("hit_target")).encode(tooltip=TIP, y=_along("y", "mark"))
    layers = [
        *(_beside() if beside else ()),
        _told("pairs", line),
        _told("figures", *drawn),
        *([_told("targets", aimed_at)] if beside else ()),  # above the bands, or nobody could point at it
        _told("figures", pointed_at),
        _told("labels", label),
    ]
    return finish(alt.layer(*layers).encode(x=time_axis()))


def side_by_side(several: bool, fades: tuple[str, ...]) -> dict:
    """Values along, a row per series."""
    axis = _named_rows() if several else None
    rows = alt.Y("name:N", title=None, axis=axis, sort=alt.EncodingSortField("order", op="min"))
    share = "(datum.value - floor) / (frame - floor)"  # at an edge a number lies to the inside
    side = alt.expr(f"{share} < 0.25 ? 'left' : {share} > 0.75 ? 'right' : 'center'")
    label = _layer("label").transform_filter("isValid(datum.value)")
    label = label.mark_text(dy=-16, fontSize=12, color=INK, align=side)
    labels = label.encode(text="label:N", x=_along("x", "value"))
    return finish(_told("figures", *_figures("x", fades), labels).encode(y=rows))


def events() -> dict:
    """Days along, a row per group: dots, bars, and hollow circles with a number."""
    rows = alt.Y("name:N", title=None, sort=alt.EncodingSortField("order", op="min"), axis=_named_rows())

    def of(name: str, kind: str) -> alt.Chart:
        return _layer(name).transform_filter(f"datum.kind == '{kind}'")

    bar = of("stretch", "stretch").mark_bar(height=9, opacity=0.5, color=BLUE, cornerRadius=3, yOffset=-10)
    day = of("day", "day").mark_point(filled=True, size=60, opacity=0.8, color=ORANGE, yOffset=-10)
    ring = of("undated", "by").mark_point(filled=False, size=380, color="#5b7aa3", opacity=1, yOffset=8)
    count = of("count", "by").mark_text(fontSize=11, color=INK, yOffset=8)
    layers = [
        bar.encode(x2="to:T", tooltip=TIP),
        day,
        ring,
        count.encode(text="count:Q"),
        _hit(of("hit_day", "day"), -10).encode(tooltip=TIP),
        _hit(of("hit_undated", "by"), 8).encode(tooltip=TIP),
    ]
    # A row per group is taller than a screen: time stands where the chart begins.
    return finish(_told("marks", *layers).encode(x=time_axis("top"), y=rows))


def _layer(name: str) -> alt.Chart:
    """A layer of whatever dataset it is put in."""
    return alt.Chart(alt.Undefined, name=name)


def _told(dataset: str, *layers: alt.Chart) -> Any:
    """Layers of a dataset, whose texts are in the language that is chosen."""
    tip = FIGURE_TIP if dataset == "figures" else _spoken("tip")
    named = alt.layer(*layers, data=alt.NamedData(dataset))
    return named.transform_calculate(name=NAME, label=_spoken("label"), tip=tip)


def _hit(layer: alt.Chart, offset: int = 0) -> alt.Chart:
    """A place that a finger hits: dots are smaller than that."""
    return layer.mark_point(filled=True, size=520, opacity=0, yOffset=offset)


def _figures(along: str, fades: tuple[str, ...]) -> list[alt.Chart]:
    """Bands with their ends, and dots. An end that our policy presumes has no line, and its band is dotted.

    along: the channel of values.
    """
    value: dict[str, Any] = {along: _along(along, "value")}
    first: dict[str, Any] = {along: _along(along, "value", first=True)}
    span: dict[str, Any] = {along: _along(along, "low"), f"{along}2": "high:Q"}
    layers = []
    for way in fades:
        wide = _layer(f"fade_{way}" if way else "band")
        wide = wide.transform_filter(f"!datum.exact && datum.fades == '{way}'")
        if way:
            bar = wide.mark_bar(size=14, color=_fade(way, along))
        else:
            dots: dict[str, Any] = {"strokeWidth": alt.expr("datum.presumed ? 1 : 0"), "strokeDash": [2, 3]}
            faint = alt.expr("datum.presumed ? 0.1 : 0.3")
            bar = wide.mark_bar(size=14, color=BLUE, fillOpacity=faint, stroke=BLUE, **dots)
        layers.append(bar.encode(tooltip=TIP, **span))
    across: Any = "horizontal" if along == "y" else "vertical"
    for end in ("low", "high"):
        stated = _layer(f"end_{end}").transform_filter(f"datum.{end}_stated")
        tick = stated.mark_tick(size=20, thickness=2, color=BLUE, orient=across)
        layers.append(tick.encode(**{along: _along(along, end)}))
    shape = alt.Shape(
        "evidence:N", legend=None, scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    )
    dot = _layer("figure").transform_filter("isValid(datum.value)")
    dot = dot.mark_point(filled=True, size=70, opacity=1, color=BLUE)
    hit = _hit(_layer("hit_figure").transform_filter("isValid(datum.value)"))
    return [
        *layers,
        dot.encode(shape=shape, **first),
        hit.encode(tooltip=TIP, **value),
    ]


def _beside() -> list[Any]:
    """Breaks as rules, figures that were revised, promises as targets, and plans that gave way as steps."""
    y: dict[str, Any] = {"y": _along("y", "value")}
    span: dict[str, Any] = {"y": _along("y", "low"), "y2": "high:Q"}
    rule = _layer("break").mark_rule(color=GREY, strokeDash=[8, 4])
    step = _layer("step").mark_rule(color=GREY, strokeDash=[2, 3])
    revised = _layer("replaced").mark_point(filled=False, size=60, color=GREY, opacity=1)
    paint: dict[str, Any] = {"color": alt.condition("datum.current", alt.value(ORANGE), alt.value(GREY))}
    reach = _layer("reach").transform_filter("!datum.exact && !datum.fades").mark_rule(strokeWidth=2)
    goal = _layer("target").transform_filter("isValid(datum.value) && !datum.later")
    goal = goal.mark_tick(thickness=4, orient="horizontal")
    wide = alt.Size("wide:Q", scale=None, legend=None)
    later = _layer("later").transform_filter("isValid(datum.value) && datum.later")
    later = later.mark_point(filled=True, size=110, opacity=1, shape="triangle-right")
    return [
        _told("breaks", rule.encode(tooltip=TIP)),
        _told("steps", step.encode(x2="to:T", y2="to_value:Q", **y)),
        _told("replaced", revised.encode(**y), _hit(_layer("hit_replaced")).encode(tooltip=TIP, **y)),
        _told(
            "targets",
            reach.encode(tooltip=TIP, **span, **paint),
            goal.encode(size=wide, **y, **paint),
            later.encode(**y, **paint),
        ),
    ]


def _named_rows() -> alt.Axis:
    """Names on several lines, in the middle of their row: none is cut."""
    lines = "split(datum.value, '\\n')"
    return alt.Axis(
        labelExpr=lines,
        labelLimit=400,
        labelLineHeight=14,
        labelOffset=alt.expr(f"-7 * (length({lines}) - 1)"),
        domain=False,
        ticks=False,
        grid=True,
    )


def _along(channel: str, column: str, first: bool = False) -> Any:
    """A channel of values; the first of a chart tells for all layers what their axis is like."""
    kind = alt.X if channel == "x" else alt.Y
    if not first:
        return kind(f"{column}:Q", title=None)
    frame = alt.Scale(domainMin=alt.expr("floor"), domainMax=alt.expr("frame"), nice=False)
    axis = alt.Axis(labelExpr=COUNT, tickCount=4, labelOverlap=True, labelSeparation=8)
    return kind(f"{column}:Q", title=None, scale=frame, axis=axis)


def _fade(way: str, along: str) -> alt.LinearGradient:
    """Paint that runs out on the side that has no bound."""
    stops = [alt.GradientStop(color=BLUE + alpha, offset=at) for at, alpha in enumerate(("80", "00"))]
    start, end = ((0, 0), (1, 0)) if along == "x" else ((0, 1), (0, 0))
    if way == "down":
        start, end = end, start
    (x1, y1), (x2, y2) = start, end
    return alt.LinearGradient(gradient="linear", stops=stops, x1=x1, x2=x2, y1=y1, y2=y2)


def time_axis(side: Literal["top", "bottom"] = "bottom") -> alt.X:
    """An axis of calendar days, the same wherever the reader is, from `since` to `until`."""
    scale = alt.Scale(
        type="utc", domainMin=alt.expr("since"), domainMax=alt.expr("until"), padding=28, nice=False
    )
    axis = alt.Axis(
        values=alt.expr("days"),
        labelExpr="utcFormat(datum.value, ticks)",
        labelOverlap=True,
        labelSeparation=8,
        grid=False,
        orient=side,
    )
    return alt.X("date:T", title=None, scale=scale, axis=axis)


def finish(chart: alt.LayerChart) -> dict:
    """Common looks. Unvalidated: Altair's own check of its output costs fifteen times the drawing.

    No labels of single marks for a screen reader: they would say the keys of the data. The table beside does.
    """
    return (
        chart.properties(width="container")
        .configure(font=FONT, background="transparent", aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            gridColor="#e6ebf1", labelColor="#344054", labelFontSize=12, domainColor=LINE, tickColor=LINE
        )
        .to_dict(validate=False)
    )
