"""Writes the page on which a person reads what came of each gate.

Our own page because the stock one puts cell values into HTML unescaped and loads other hosts. Everything is
escaped; there is no script and nothing is fetched. Evaluates nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dagster_project.gates.gate import GateResult
from dagster_project.settings import ROOT

TEMPLATES = ROOT / "dagster_project" / "templates"


def render_page(
    results: Sequence[GateResult], build: Mapping[str, Any], to: Path, problems: Sequence[str] = ()
) -> None:
    """Write the page.

    results: all results of one evaluation, those of a relation next to each other.
    build: what to say of the build, label -> value, in that order. to: the HTML file, made with its folder.
    problems: what is wrong with the gate files, whose gates are not among the results.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("gates.html.j2").render(
        build=build,
        problems=problems,
        results=results,
        relations=[(name, list(group)) for name, group in groupby(results, lambda r: r.gate.relation)],
        red=[result for result in results if result.red],
        skipped=[result for result in results if result.skipped],
        blocking=[result for result in results if result.blocks],
    )
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(page, encoding="utf-8")
