"""Writes the pages that gather many facts: overview, promises, timeline, initiatives, changes, quality."""

from __future__ import annotations

from collections import Counter

from dagster_project.report.charts import Beside, Chart, figures_charts
from dagster_project.report.facts import Facts, Row, many
from dagster_project.report.pages import Pages
from dagster_project.report.timeline import events_chart
from dagster_project.report.wording import Both

# Columns of what changed that a reader needs, in this order.
CHANGE_COLUMNS = {
    "relation": ("表", "table"),
    "row_id": ("事实", "fact"),
    "label": ("称谓", "known by"),
    "kind": ("变动", "what happened"),
    "column_name": ("列", "column"),
    "old_value": ("原值", "before"),
    "new_value": ("新值", "now"),
    "verdict": ("依据", "ground"),
    "approval_reason": ("批准理由", "why approved"),
    "date_approved": ("批准日期", "approved on"),
}


def indicator_charts(facts: Facts) -> dict[str, list[Chart]]:
    """The charts of each indicator that has something to draw."""
    parts = ("charted", "charted_changes", "targets", "progress")
    observations, changes, targets, progress = (facts.by(part, "indicator_id") for part in parts)
    known = {code: text for (code_list, code), text in facts.codes.items() if code_list == "EVIDENCE"}
    levels = {row["ref_area"]: row["area_type"] for row in facts["levels"]}
    charts = {}
    for key, rows in observations.items():
        rows = [row for group in facts.in_series(rows) for row in group]
        names = {row["series_id"]: facts.series_name(row) for row in rows}
        beside = Beside(
            title=facts.name("indicators", key),
            levels=levels,
            sources=facts.names["sources"],
            targets=targets.get(key, []),
            progress=progress.get(key, []),
            code=facts.code,
        )
        if drawn := figures_charts(rows, changes.get(key, []), names, known, beside):
            charts[key] = drawn
    return charts


def headlines(facts: Facts, charts: dict[str, list[Chart]]) -> list[tuple[list[Row], Chart]]:
    """Charts of headline indicators by domain, each with those of its series that represent the indicator."""
    order = [row["domain_id"] for row in facts["domains"]]
    progress = facts.by("progress", "indicator_id")
    found = []
    for key, drawn in charts.items():
        shown = [
            row
            for row in progress.get(key, [])
            if row["is_headline"] and row["is_representative"] and row["n_observations"] > 1
        ]
        for chart in drawn:
            if rows := [row for row in shown if row["series_id"] in chart.series]:
                found.append((rows, chart))
    return sorted(found, key=lambda it: (order.index(it[0][0]["domain_id"]), it[0][0]["indicator_id"]))


def write_overview(pages: Pages, headlines: list[tuple[list[Row], Chart]]) -> None:
    """How integration has progressed, in one page.

    An indicator counts once per area, by the series that represents it: a year and its parts are one thing.
    """
    facts = pages.facts
    cells = {(row["domain_id"], row["area_group"]): row for row in facts["scorecard"]}
    groups = Counter[str]()
    for (_, group), row in cells.items():
        groups[group] += row["n_series"]
    trends, known_by = Counter[str](), Counter[str]()
    for row in facts["trends"]:
        trends[row["trend"]] += row["series"]
        known_by[row["evidence"]] += row["series"]
    pages.write(
        "index.html",
        "index",
        Both("总览", "Overview"),
        totals={
            "figures": sum(row["n_observations"] for row in facts["indicators"]),
            "indicators": sum(row["n_observations"] > 0 for row in facts["indicators"]),
            "promises": facts["commitments"][0]["promises"] if facts["commitments"] else 0,
            "events": facts.total("events"),
        },
        trends=facts.in_list("TREND", trends),
        counted={key: trends[key] for key in ("IMPROVED", "WORSENED", "INDETERMINATE")},
        comparable=trends.total() - trends["SINGLE_OBSERVATION"],
        known_by=known_by,
        by_policy=sum(row["by_policy"] for row in facts["trends"]),
        headlines=headlines,
        charts=[chart for _, chart in headlines],
        cells=cells,
        groups=[group for group, _ in groups.most_common()],
        indicators=facts.by("indicators", "domain_id"),
        progress=facts.by("progress", "indicator_id"),
    )


def write_board(pages: Pages) -> None:
    """Every promise under its status."""
    facts = pages.facts
    rows, board = facts["commitments"], facts.by("commitments", "status")
    statuses = facts.in_list("COMMITMENT_STATUS", board)
    pages.write(
        "commitments.html",
        "commitments",
        Both("承诺", "Promises"),
        board=board,
        # what can be said stands before what cannot
        statuses=sorted(statuses, key=lambda status: status[0] == "NOT_ASSESSABLE"),
        promises={status: there[0]["promises_of_status"] for status, there in board.items()},
        kinds=facts.in_list("COMMITMENT_KIND", (row["kind"] for row in rows)),
        areas=facts.most_common("areas", (row["ref_area"] for row in rows)),
        roots=facts.most_common("initiatives", (facts.root_of.get(row["initiative_id"]) for row in rows)),
    )


def write_timeline(pages: Pages) -> None:
    """Events by area and by initiative."""
    facts = pages.facts
    events = facts["events"]

    def areas_of(row: Row) -> list[str]:
        return many(row["areas"])

    def root_of(row: Row) -> list[str]:
        return [root] if (root := facts.root_of.get(row["initiative_id"])) else []

    pages.write(
        "timeline.html",
        "timeline",
        Both("大事记", "Timeline"),
        charts={
            "areas": events_chart(events, areas_of, facts.names["areas"], facts.names["sources"]),
            "initiatives": events_chart(events, root_of, facts.names["initiatives"], facts.names["sources"]),
        },
        areas=facts.most_common("areas", (area for row in events for area in areas_of(row))),
        roots=facts.most_common("initiatives", (root for row in events for root in root_of(row))),
        types=facts.in_list("EVENT_TYPE", (row["event_type"] for row in events)),
    )


def write_initiatives(pages: Pages) -> None:
    """The register as a tree of nodes `{row, parts}`; one whose parent is not listed stands at the top."""
    rows = pages.facts["initiatives"]
    nodes: dict[str, dict] = {row["initiative_id"]: {"row": row, "parts": []} for row in rows}
    roots: list[dict] = []
    for node in nodes.values():
        parent = nodes.get(node["row"]["parent_initiative_id"])
        (parent["parts"] if parent else roots).append(node)
    pages.write("initiatives.html", "initiatives", Both("项目", "Initiatives"), roots=roots)


def write_changes(pages: Pages) -> None:
    """What differs from the previously published version."""
    rows = pages.facts["changes"]
    pages.write(
        "changes.html",
        "changes",
        Both("与上一版本相比", "Changes since the previous version"),
        rows=rows,
        columns={name: label for name, label in CHANGE_COLUMNS.items() if rows and name in rows[0]},
        sources=pages.facts.names["sources"],
    )


def write_quality(pages: Pages, checks: list[dict]) -> None:
    """Every check of the build with its result, and what else says how far the figures can be trusted."""
    facts = pages.facts
    pages.write(
        "quality.html",
        "quality",
        Both("数据质量", "Data quality"),
        checks=checks,
        warned=[check for check in checks if not check["passed"] and not check.get("skipped")],
        reporting=facts.in_list(
            "REPORTING_STATUS", {row["reporting_status"]: row["series"] for row in facts["reporting"]}
        ),
        has_gates=(pages.to / "gates.html").exists(),
        has_dbt=(pages.to / "dbt" / "index.html").exists(),
    )
