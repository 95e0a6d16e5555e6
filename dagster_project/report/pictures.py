"""Small pictures of charts, for places that show Markdown but run no script.

To start what draws them takes a processor second: they are kept, and drawn where they would differ.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version as installed

import vl_convert

from dagster_project.files import kept
from dagster_project.settings import CACHE

SIZE = {"width": 220, "height": 140}
MOST = 3  # the event log keeps them, some 15 kB each


def as_markdown(charts: Mapping[str, dict], page: str) -> str:
    """The first charts side by side, each a link to `page` with its name filled in."""
    shown = {name: _first_frame(spec) for name, spec in list(charts.items())[:MOST]}
    if not shown:
        return "—"
    said = json.dumps([shown, page, installed("vl-convert-python")])
    key = hashlib.sha256(said.encode()).hexdigest()[:16]
    return kept(CACHE / f"pictures-{key}.md", lambda: _drawn(shown, page).encode()).decode()


def _first_frame(spec: dict) -> dict:
    """A chart's most telling series."""
    data = {name: [mark for mark in marks if mark["frame"] == 0] for name, marks in spec["datasets"].items()}
    return {**spec, **SIZE, "datasets": data, "background": "white"}


def _drawn(shown: Mapping[str, dict], page: str) -> str:
    for outdated in CACHE.glob("pictures-*.md"):
        outdated.unlink(missing_ok=True)
    cells = [f"[![{name}]({_data(spec)})]({page.format(name)})" for name, spec in shown.items()]
    lines = [list(shown), ["---"] * len(shown), cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _data(spec: dict) -> str:
    picture = vl_convert.vegalite_to_png(spec, scale=1)
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii")
