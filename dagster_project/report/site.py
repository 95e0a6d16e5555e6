"""Puts the site's folder together: pages, charts, scripts and style. Works from disk, fetches nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from importlib.metadata import version as installed
from pathlib import Path

import vl_convert

from dagster_project import sql
from dagster_project.files import kept
from dagster_project.report import gathered
from dagster_project.report.dbt_docs import write_dbt_docs
from dagster_project.report.facts import Facts, read_facts
from dagster_project.report.pages import TEMPLATES, Pages, write_indicators, write_sources
from dagster_project.report.search import write_search
from dagster_project.report.things import (
    Lists,
    write_areas,
    write_domains,
    write_each_initiative,
    write_promises,
)
from dagster_project.report.wording import day
from dagster_project.runs.check_ledger import PARTS

ASSETS = (
    "report.css",
    "things.css",
    "charts.css",
    "report.js",
    "charts.js",
    "search.js",
    "share.js",
)


def build_site(
    database: Path,
    to: Path,
    cache: Path,
    checks: list[dict] | None = None,
    gate_page: Path | None = None,
    manifest: Path | None = None,
    published: Path | None = None,
    on_progress: Callable[[str], None] = lambda _: None,
    on_warning: Callable[[str], None] = lambda _: None,
) -> Mapping[str, dict]:
    """Write the site of a finished file into a new folder; returns the charts of the overview by indicator.

    cache: folder that keeps the charts' script and dbt's page between builds. checks: what the ledger says
    of each check. gate_page: the page of this build's gates, whose content is taken in. manifest: dbt's, for
    its docs. published: the site that readers have, whose pages are linked where they would be the same.
    on_warning: told what had to be left out.
    """
    shutil.rmtree(to, ignore_errors=True)
    (to / "assets").mkdir(parents=True)
    for name in ASSETS:
        shutil.copyfile(TEMPLATES / "report" / name, to / "assets" / name)
    (to / "assets" / "vega.js").write_bytes(chart_script(cache))
    if manifest and manifest.exists():
        on_progress("dbt")
        try:
            write_dbt_docs(manifest, database, to / "dbt" / "index.html", cache)
        except Exception as error:  # an upgrade of dbt may change its page: no reason for a red night
            on_warning(f"dbt 文档本次未收入 · dbt's documentation is left out: {error}")
    with sql.read(database) as connection:
        facts = read_facts(connection, on_progress)
    (to / "assets" / "build.js").write_text(_build_script(facts), encoding="utf-8")
    pages, charts = Pages(facts, to, published), gathered.indicator_charts(facts)
    headlines = gathered.headlines(facts, charts)
    gathered.write_overview(pages, headlines)
    gathered.write_board(pages)
    gathered.write_timeline(pages)
    gathered.write_initiatives(pages)
    gathered.write_changes(pages)
    if gate_page and gate_page.exists():
        gathered.write_gates(pages, gate_page.read_text(encoding="utf-8"))
    gathered.write_quality(pages, checks or [])
    write_sources(pages)
    write_indicators(pages, charts, on_progress)
    lists = Lists(facts)
    write_areas(pages, lists)
    write_domains(pages, lists, headlines)
    write_each_initiative(pages, lists)
    write_promises(pages)
    write_search(pages)
    pages.redrawn.write_list()
    return {rows[0]["indicator_id"]: chart.spec for rows, chart in headlines}


def _build_script(facts: Facts) -> str:
    """Which build this is, for the foot of each page: a page itself may be of an earlier one."""
    build = facts.build
    said = {
        "build_id": build["build_id"],
        "figures_until": day(facts["until"][0]["newest"]),
        "built_on": day(build["built_at"]),
        "as_of_date": day(build["as_of_date"]),
    }
    return f"window.build = {json.dumps(said)};\n"


def chart_script(cache: Path) -> bytes:
    """Vega, Vega-Lite and Vega-Embed as one file, from the installed library; made once, in seconds."""
    return kept(
        cache / f"vega-{installed('vl-convert-python')}.js",
        lambda: vl_convert.javascript_bundle().encode(),  # type: ignore[call-arg]  # its stub lacks the default
    )


def recorded_checks(folder: Path) -> list[dict]:
    """What the ledger of a run says of each check; parts that were not run are absent."""
    checks = []
    for part in PARTS:
        path = folder / f"checks_{part}.json"
        if path.exists():
            record = json.loads(path.read_text(encoding="utf-8"))
            checks += [{"part": part, **check} for check in record["checks"]]
    return checks
