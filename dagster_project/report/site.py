"""Puts the site's folder together: pages, charts, scripts and style. Works from disk, fetches nothing."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import vl_convert

from dagster_project.audit_record import PARTS
from dagster_project.report.charts import figures_chart
from dagster_project.report.facts import Facts, many, read_facts
from dagster_project.report.pages import TEMPLATES, Pages, of_kind, tree, write_indicators, write_sources
from dagster_project.report.timeline import events_chart
from dagster_project.report.wording import Both

ASSETS = ("report.css", "report.js", "charts.js")
CHANGE_LABELS = {
    "relation": ("表", "table"),
    "id": ("事实", "fact"),
    "column": ("列", "column"),
    "old": ("原值", "before"),
    "new": ("新值", "now"),
    "kind": ("类别", "kind"),
}


def build_site(
    database: Path,
    to: Path,
    cache: Path,
    checks: list[dict] | None = None,
    gate_page: Path | None = None,
    on_progress: Callable[[str], None] = lambda _: None,
) -> Mapping[str, dict]:
    """Write the site of a finished file into a new folder; returns the charts by indicator.

    cache: folder that keeps the charts' script between builds. checks: what the audit records say of each
    check. gate_page: the page of this build's gates, taken in as it stands.
    """
    shutil.rmtree(to, ignore_errors=True)
    (to / "assets").mkdir(parents=True)
    for name in ASSETS:
        shutil.copyfile(TEMPLATES / "report" / name, to / "assets" / name)
    shutil.copyfile(chart_script(cache), to / "assets" / "vega.js")
    if gate_page and gate_page.exists():
        shutil.copyfile(gate_page, to / "gates.html")
    with duckdb.connect(str(database), read_only=True) as connection:
        facts = read_facts(connection, on_progress)
    pages, charts = Pages(facts, to), indicator_charts(facts)
    write_overview(pages, charts)
    write_board(pages)
    write_timeline(pages)
    pages.write(
        "initiatives.html", "initiatives", Both("事项", "Initiatives"), roots=tree(facts["initiatives"])
    )
    write_sources(pages)
    changes = facts["changes"]
    pages.write(
        "changes.html",
        "changes",
        Both("与上一版本相比", "Changes since the version before"),
        rows=changes,
        columns=list(changes[0]) if changes else [],
        labels=CHANGE_LABELS,
    )
    write_quality(pages, checks or [], (to / "gates.html").exists())
    write_indicators(pages, charts, on_progress)
    return charts


def chart_script(cache: Path) -> Path:
    """Vega, Vega-Lite and Vega-Embed as one file, from the installed library; made once, in seconds."""
    path = cache / f"vega-{vl_convert.__version__}.js"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(vl_convert.javascript_bundle(), encoding="utf-8")
        part.replace(path)
    return path


def indicator_charts(facts: Facts) -> dict[str, dict]:
    """The chart of each indicator that has something to draw."""
    observations, changes = (facts.by(part, "indicator_id") for part in ("observations", "series_changes"))
    pages = Pages(facts, Path())
    charts = {}
    for key, rows in observations.items():
        names = {row["series_id"]: pages.series_name(row) for row in rows}
        if spec := figures_chart(rows, changes.get(key, []), names):
            charts[key] = spec
    return charts


def write_overview(pages: Pages, charts: dict[str, dict]) -> None:
    """How integration has progressed, in one page."""
    facts = pages.facts
    cells = {(row["domain_id"], row["area_group"]): row for row in facts["scorecard"]}
    sizes = Counter({group: 0 for _, group in cells})
    for (_, group), row in cells.items():
        sizes[group] += row["n_series"]
    headlines = [
        row
        for row in facts["progress"]
        if row["is_headline"] and row["n_observations"] > 1 and row["indicator_id"] in charts
    ]
    pages.write(
        "index.html",
        "index",
        Both("总览", "Overview"),
        totals={
            "figures": sum(row["n_observations"] for row in facts["indicators"]),
            "indicators": sum(row["n_observations"] > 0 for row in facts["indicators"]),
            "promises": totals(facts, "commitments", "status"),
            "events": totals(facts, "events", None),
        },
        trends=list(of_kind(facts, "TREND", Counter(row["trend"] for row in facts["progress"]))),
        headlines=headlines,
        charts={row["indicator_id"]: charts[row["indicator_id"]] for row in headlines},
        cells=cells,
        groups=[group for group, _ in sizes.most_common()],
        indicators=facts.by("indicators", "domain_id"),
        progress=facts.by("progress", "indicator_id"),
        promises=Counter(row["domain_id"] for row in facts["commitments"]),
    )


def totals(facts: Facts, name: str, group: str | None) -> int:
    """How many rows a bounded query has in all."""
    return sum({row[group] if group else 0: row["of"] for row in facts[name]}.values())


def write_board(pages: Pages) -> None:
    """Every commitment under its status."""
    facts = pages.facts
    board = facts.by("commitments", "status")
    pages.write(
        "commitments.html",
        "commitments",
        Both("承诺", "Commitments"),
        board=board,
        statuses=list(
            of_kind(facts, "COMMITMENT_STATUS", Counter({s: r[0]["of"] for s, r in board.items()}))
        ),
        kinds=list(of_kind(facts, "COMMITMENT_KIND", Counter(r["kind"] for r in facts["commitments"]))),
        areas=[
            a for a, _ in Counter(r["ref_area"] for r in facts["commitments"] if r["ref_area"]).most_common()
        ],
    )


def write_timeline(pages: Pages) -> None:
    """Events by area and by initiative."""
    facts = pages.facts
    register = {row["initiative_id"]: row for row in facts["initiatives"]}
    root_of = {key: row["root_initiative_id"] for key, row in register.items()}
    areas = Counter(area for row in facts["events"] for area in many(row["areas"]))
    roots = Counter(
        root_of[row["initiative_id"]] for row in facts["events"] if row["initiative_id"] in root_of
    )
    names = {key: Both(row["name_zh"], row["name_en"]) for key, row in register.items()}
    pages.write(
        "timeline.html",
        "timeline",
        Both("大事", "Timeline"),
        charts={
            "areas": events_chart(facts["events"], lambda row: many(row["areas"]), facts.names["areas"]),
            "initiatives": events_chart(
                facts["events"],
                lambda row: [root_of[row["initiative_id"]]] if row["initiative_id"] in root_of else [],
                names,
            ),
        },
        areas=[area for area, _ in areas.most_common()],
        roots=[(key, names.get(key, Both(key, key))) for key, _ in roots.most_common()],
        types=list(of_kind(facts, "EVENT_TYPE", Counter(row["event_type"] for row in facts["events"]))),
        root_of=root_of,
    )


def write_quality(pages: Pages, checks: list[dict], has_gates: bool) -> None:
    """Every check of the build with its result, and what else says how far the figures can be trusted."""
    states = Counter(row["reporting_status"] for row in pages.facts["progress"])
    pages.write(
        "quality.html",
        "quality",
        Both("数据质量", "Data quality"),
        checks=checks,
        warned=[check for check in checks if not check["passed"]],
        reporting=list(of_kind(pages.facts, "REPORTING_STATUS", states)),
        has_gates=has_gates,
        has_dbt=(pages.to / "dbt").exists(),
    )


def recorded_checks(folder: Path) -> list[dict]:
    """What the audit records of a run say of each check; parts that were not run are absent."""
    checks = []
    for part in PARTS:
        path = folder / f"audit_{part}.json"
        if path.exists():
            record = json.loads(path.read_text(encoding="utf-8"))
            checks += [{"part": part, **check} for check in record["checks"]]
    return checks
