"""Small pictures of charts, for places that show Markdown but run no script."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import vl_convert

SIZE = {"width": 220, "height": 140}
MOST = 3  # the event log keeps them, some 15 kB each; drawing one takes a fifth of a second


def as_markdown(charts: Mapping[str, dict], page: str) -> str:
    """The first charts side by side, each a link to `page` with its name filled in."""
    shown = list(charts.items())[:MOST]
    if not shown:
        return "—"
    cells = [f"[![{name}]({_data(spec)})]({page.format(name)})" for name, spec in shown]
    lines = [[name for name, _ in shown], ["---"] * len(shown), cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _data(spec: dict) -> str:
    """The first frame of a chart: its most telling series."""
    data = {name: [mark for mark in marks if mark["frame"] == 0] for name, marks in spec["datasets"].items()}
    picture = vl_convert.vegalite_to_png({**spec, **SIZE, "datasets": data, "background": "white"}, scale=1)
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii")
