"""Writes the pages that gather many facts: overview, promises, timeline, initiatives, changes, quality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from dagster_project.report import history, sentences
from dagster_project.report.charts import Beside, Chart, Charts, figures_charts
from dagster_project.report.facts import Facts, Row, many
from dagster_project.report.pages import ON_PAGE, Pages
from dagster_project.report.timeline import events_chart
from dagster_project.report.ways import TIMELINES
from dagster_project.report.wording import Both, apart

CHARTS = 3  # on the overview: as many as a person looks at; each is also on the page of its indicator
LISTED = 60  # series under one trend
ACROSS = 6  # areas beside each other in a matrix: as many as a sheet of paper holds
STALE = timedelta(days=366)  # from here on the age of the newest figure is said first
# Of these promises nothing can be said, as yet or at all: they have a page of their own.
UNHEARD = ("NOT_REPORTED", "REPORTED", "NOT_ASSESSABLE")
UNTOLD = ("OVERDUE_UNKNOWN", *UNHEARD)  # nobody can say how they stand: they are folded
LAST = ("NOT_STARTED", *UNTOLD)
BOARDS = {
    "commitments.html": Both("承诺", "Promises"),
    "commitments-unheard.html": Both("尚无下文的承诺", "Promises without a report so far"),
}
UNDATED = Both("只知不晚于通报的事件", "Events without a date")
# Where the others of a kind of finding stand.
ALL_OF = {
    "CHANGE": "#trends",
    "PROMISE_MET": "commitments.html#ACHIEVED",
    "PROMISE_MISSED": "commitments.html#OVERDUE_UNMET",
    "CONTRADICTION": "quality.html#CONTRADICTION",
    "OVERDUE": "commitments.html#OVERDUE_UNKNOWN",
}


def indicator_charts(facts: Facts) -> dict[str, Charts]:
    """The charts of each indicator that has figures."""
    parts = ("charted", "charted_changes", "targets", "progress")
    observations, changes, targets, progress = (facts.by(part, "indicator_id") for part in parts)
    known = {code: text for (code_list, code), text in facts.codes.items() if code_list == "EVIDENCE"}
    levels = {row["ref_area"]: row["area_type"] for row in facts["levels"]}

    def draw(key: str) -> list[Chart]:
        rows = [row for group in facts.in_series(observations[key]) for row in group]
        names = {row["series_id"]: facts.series_name(row) for row in rows}
        beside = Beside(
            title=facts.name("indicators", key),
            levels=levels,
            sources=facts.names["sources"],
            targets=targets.get(key, []),
            progress=progress.get(key, []),
            is_counted=facts.is_counted,
            is_share=facts.is_share,
            code=facts.code,
        )
        return figures_charts(rows, changes.get(key, []), names, known, beside)

    return {
        key: Charts([*rows, *changes.get(key, []), *targets.get(key, [])], partial(draw, key))
        for key, rows in observations.items()
    }


def headlines(facts: Facts, charts: Mapping[str, Sequence[Chart]]) -> list[tuple[list[Row], Chart]]:
    """Charts of headline indicators, each with those of its series that represent the indicator.

    Those of the city region come first; one of each domain before a second of any, long series first.
    """
    order = [row["domain_id"] for row in facts["domains"]]
    progress = facts.by("progress", "indicator_id")
    found = []
    for key, drawn in charts.items():
        shown = [
            row
            for row in progress.get(key, [])
            if row["is_headline"] and row["is_representative"] and row["n_observations"] > 1
        ]
        for chart in drawn if shown else ():
            if rows := [row for row in shown if row["series_id"] in chart.series]:
                found.append((sorted(rows, key=facts.is_outside), chart))
    found.sort(key=lambda it: (-it[0][0]["n_observations"], it[0][0]["indicator_id"]))
    places: Counter[tuple[bool, str]] = Counter()
    ranked = []
    for rows, chart in found:
        group = (facts.is_outside(rows[0]), rows[0]["domain_id"])
        ranked.append(((group[0], places[group], order.index(group[1])), rows, chart))
        places[group] += 1
    return [(rows, chart) for _, rows, chart in sorted(ranked, key=lambda it: it[0])]


def write_overview(pages: Pages, headlines: list[tuple[list[Row], Chart]]) -> None:
    """How integration has progressed, in one page: what to know first, the rest a step away.

    An indicator counts once per area, by the series that represents it: a year and its parts are one thing.
    """
    facts = pages.facts
    cells = {(row["domain_id"], row["area_group"]): row for row in facts["scorecard"]}
    groups = Counter[str]()
    for (_, group), row in cells.items():
        groups[group] += row["n_series"]
    by_size = sorted(groups, key=lambda group: (group not in facts.in_city_region, -groups[group], group))
    trends, known_by = Counter[str](), Counter[str]()
    # Other places are for comparison. Where no city region is recorded, every place counts.
    of_region = bool(facts.in_city_region)
    counted = [row for row in facts["trends"] if row["in_city_region"] or not of_region]
    for row in counted:
        trends[row["trend"]] += row["series"]
        known_by[row["evidence"]] += row["series"]
    shown = [
        row
        for row in facts["progress"]
        if row["is_representative"] and not (of_region and facts.is_outside(row))
    ]
    by_trend = {code: [row for row in shown if row["trend"] == code][:LISTED] for code in trends}
    promises = Counter[str]()
    for row in facts["standing"]:
        promises[row["status"]] += row["promises"] if row["in_city_region"] or not of_region else 0
    drawn = headlines[:CHARTS]
    more = {rows[0]["indicator_id"]: rows[0] for rows, _ in headlines[CHARTS:]}
    for rows, _ in drawn:
        more.pop(rows[0]["indicator_id"], None)
    build, until = facts.build, facts["until"][0]["newest"]
    pages.write(
        "index.html",
        "index",
        Both("总览", "Overview"),
        more_cities=facts["cities"][0]["of"] - len(facts["cities"]) if facts["cities"] else 0,
        until=until,
        is_old=until is not None and until + STALE <= build["as_of_date"],
        as_of_other_day=build["as_of_date"] != build["built_at"].date(),
        findings=[(row, sentences.finding(facts, row)) for row in facts["findings"]],
        all_of=ALL_OF,
        standing=sentences.standing(trends, promises, of_region),
        of_region=of_region,
        elsewhere=sum(row["series"] for row in facts["trends"]) - trends.total(),
        totals={
            "figures": sum(row["n_observations"] for row in facts["indicators"]),
            "indicators": sum(row["n_observations"] > 0 for row in facts["indicators"]),
            "promises": facts["commitments"][0]["promises"] if facts["commitments"] else 0,
            "events": sum({bool(row["date_start"]): row["of"] for row in facts["events"]}.values()),
        },
        trends=facts.in_list("TREND", trends),
        by_trend=by_trend,
        comparable=trends.total() - trends["SINGLE_OBSERVATION"],
        known_by=known_by,
        by_policy=sum(row["by_policy"] for row in counted),
        headlines=drawn,
        more_headlines=list(more.values()),
        charts=[chart for _, chart in drawn],
        cells=cells,
        groups=[by_size[at : at + ACROSS] for at in range(0, len(by_size), ACROSS)],
        indicators=facts.by("indicators", "domain_id"),
    )


def write_board(pages: Pages) -> None:
    """Every promise in one line under its status: what can be said, and on a second page what cannot."""
    facts = pages.facts
    told, unheard = BOARDS
    boards: dict[str, list[Row]] = {told: [], unheard: []}
    for row in facts["commitments"]:
        boards[unheard if row["status"] in UNHEARD else told].append(row)
    counted = {row["status"]: row["promises_of_status"] for row in facts["commitments"]}
    for file, rows in boards.items():
        rows = rows[:ON_PAGE]
        board = _grouped(rows, lambda row: row["status"])
        statuses = facts.in_list("COMMITMENT_STATUS", {status: len(there) for status, there in board.items()})
        pages.write(
            file,
            "commitments",
            BOARDS[file],
            board=board,
            words={(row["commitment_id"], row["version"]): sentences.promise(facts, row) for row in rows},
            statuses=sorted(
                statuses, key=lambda status: LAST.index(status[0]) + 1 if status[0] in LAST else 0
            ),
            untold=UNTOLD,
            is_told=file == told,
            others=[
                (unheard if file == told else told, text, counted[code])
                for code, text, _ in facts.in_list("COMMITMENT_STATUS", counted)
                if (code in UNHEARD) == (file == told)
            ],
            published={row["source_id"]: row["date_published"] for row in facts["sources"]},
            promises=counted,
            types=facts.in_list("COMMITMENT_TYPE", (row["commitment_type"] for row in rows)),
            areas=facts.most_common("areas", (row["ref_area"] for row in rows)),
            roots=facts.most_common("initiatives", (facts.root_of.get(row["initiative_id"]) for row in rows)),
            domains=facts.most_common("domains", (row["domain_id"] for row in rows)),
        )


def write_timeline(pages: Pages) -> None:
    """Events by area and by initiative; on a second page, by bulletin, those of which no date is reported."""
    facts = pages.facts
    events = facts["events"]

    elsewhere = {
        row["initiative_id"]
        for row in facts["initiatives"]
        if (areas := set(many(row["areas"]))) and not areas & facts.in_city_region
    }

    def areas_of(row: Row) -> list[str]:
        return many(row["areas"])

    def root_of(row: Row) -> list[str]:
        return [root] if (root := facts.root_of.get(row["initiative_id"])) else []

    charts = {
        "areas": events_chart(
            events,
            areas_of,
            facts.names["areas"],
            facts.names["sources"],
            lambda area: area not in facts.in_city_region,
        ),
        "initiatives": events_chart(
            events, root_of, facts.names["initiatives"], facts.names["sources"], elsewhere.__contains__
        ),
    }
    by_year, by_bulletin = (lambda row: row["date_start"].year), (lambda row: row["source_id"])
    for has_date, file in TIMELINES.items():
        rows = [row for row in events if bool(row["date_start"]) == has_date]
        pages.write(
            file,
            "timeline",
            Both("大事记", "Timeline") if has_date else UNDATED,
            charts=charts if has_date else {},
            has_date=has_date,
            rows=rows,
            other=TIMELINES[not has_date],
            others=len(events) - len(rows),
            areas=facts.most_common("areas", (area for row in rows for area in areas_of(row))),
            roots=facts.most_common("initiatives", (root for row in rows for root in root_of(row))),
            types=facts.in_list("EVENT_TYPE", (row["event_type"] for row in rows)),
            groups=_grouped(rows, by_year if has_date else by_bulletin),
        )


def write_initiatives(pages: Pages) -> None:
    """The register as a tree of nodes `{row, parts}`; one whose parent is not listed stands at the top."""
    rows = pages.facts["initiatives"][:ON_PAGE]
    nodes: dict[str, dict] = {row["initiative_id"]: {"row": row, "parts": []} for row in rows}
    roots: list[dict] = []
    for node in nodes.values():
        parent = nodes.get(node["row"]["parent_initiative_id"])
        (parent["parts"] if parent else roots).append(node)
    pages.write("initiatives.html", "initiatives", Both("项目", "Initiatives"), roots=roots, listed=rows)


def write_changes(pages: Pages) -> None:
    """What each version changed, the newest first."""
    facts = pages.facts
    pages.write(
        "changes.html",
        "changes",
        Both("变动", "Changes"),
        versions=history.versions(facts),
        is_first=pages.redrawn.is_first,
        total=facts.total("changes"),
        shown=len(facts["changes"]),
    )


def write_gates(pages: Pages, page: str) -> None:
    """What came of each gate: the content of the page that also stands where there is no report."""
    body = page.partition('<main id="main">')[2].rpartition("</main>")[0]
    pages.write("gates.html", "gates", Both("数据门禁", "Data gates"), body=body)


def write_quality(pages: Pages, checks: list[dict]) -> None:
    """Every check of the build with its result, and what else says how far the figures can be trusted.

    Beside the gates, which the ledger calls by their rules, stands a check that none of their files declares.
    """
    facts = pages.facts
    checks = [
        {
            **check,
            "title": apart(check["title"]) if check.get("title") else None,
            "part": "files" if check["part"] == "gates" and not check.get("title") else check["part"],
        }
        for check in checks
    ]
    conflicts = facts.by("conflicts", "conflict_type")
    types = facts.in_list("CONFLICT_TYPE", {code: len(rows) for code, rows in conflicts.items()})
    pages.write(
        "quality.html",
        "quality",
        Both("数据质量", "Data quality"),
        checks=checks,
        warned=[check for check in checks if not check["passed"] and not check.get("skipped")],
        reporting=facts.in_list(
            "REPORTING_STATUS", {row["reporting_status"]: row["series"] for row in facts["reporting"]}
        ),
        conflicts=conflicts,
        # what cannot both be right comes first
        types=sorted(types, key=lambda one: one[0] != "CONTRADICTION"),
        has_gates=(pages.to / "gates.html").exists(),
        has_dbt=(pages.to / "dbt" / "index.html").exists(),
    )


def _grouped(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    """Rows by what they have in common, in their order."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
