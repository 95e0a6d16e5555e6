"""Writes a page per area, domain, initiative and promise, each with links to the others."""

from __future__ import annotations

from itertools import chain

from dagster_project.report.arithmetic import change, steps
from dagster_project.report.charts import Chart
from dagster_project.report.facts import Facts, Row, many
from dagster_project.report.pages import Pages, told_apart
from dagster_project.report.queries import PER_PAGE
from dagster_project.report.wording import Both

Listed = dict[str, list[Row]]
# What a page lists, under the names that its template knows.
LISTS = {
    "series": "page_series",
    "promises": "page_promises",
    "events": "page_events",
    "initiatives": "page_initiatives",
    "figures": "page_figures",
}
CHARTS = 6  # on the page of a domain; each indicator has its own
# What is not of a thing itself, and would have its page drawn anew each night.
OF_ALL = {"of", "of_status", "promises_of_status", "promises", "figures"}


class Lists:
    """The lists of all pages of things."""

    def __init__(self, facts: Facts) -> None:
        self.grouped = {name: facts.by(query, "page") for name, query in LISTS.items()}

    def of(self, page: str) -> Listed:
        return {name: rows.get(page, []) for name, rows in self.grouped.items()}


def write_areas(pages: Pages, lists: Lists) -> None:
    """The list of areas, and a page for each: what is known of it, and which areas are around it."""
    facts = pages.facts
    register = {row["ref_area"]: row for row in facts["area_register"]}
    breaks, around = facts.by("area_breaks", "ref_area"), _around(register)
    of_each = {area: lists.of(f"areas/{area}") for area in register}
    pages.write(
        "areas.html",
        "areas",
        Both("地区", "Areas"),
        types=facts.in_list("AREA_TYPE", (row["area_type"] for row in register.values())),
        by_type=facts.by("area_register", "area_type"),
        counts={
            area: {name: total(rows) for name, rows in listed.items()} for area, listed in of_each.items()
        },
    )
    for area, row in register.items():
        listed = of_each[area]
        pages.write_if_new(
            f"areas/{area}.html",
            "area",
            facts.name("areas", area),
            chain(*listed.values()),
            what=Both("地区", "Area"),
            area=_itself(row),
            around=around[area],
            breaks=breaks.get(area, []),
            of_domain=_by_domain(facts, listed["series"]),
            **listed,
        )


def _around(register: dict[str, Row]) -> dict[str, dict[str, list[str]]]:
    """For each area: those that hold it, those beside it, those it holds directly."""
    groups = {area: set(many(row["area_groups"])) for area, row in register.items()}
    parts: dict[str, list[str]] = {area: [] for area in register}
    for area, row in register.items():
        parent = row["parent_area"]
        # What is in a group because its parent is, is a part of the parent.
        direct = groups[area] - groups.get(parent, set())
        for whole in {parent, *direct} & register.keys():
            parts[whole].append(area)
    around = {}
    for area, row in register.items():
        parent = row["parent_area"]
        above = [parent] if parent in register else []
        beside = [
            other
            for other in parts.get(parent, [])
            if other != area
            and register[other]["parent_area"] == parent
            and register[other]["area_type"] == row["area_type"]
        ]
        around[area] = {
            "wholes": above + sorted(groups[area] & register.keys()),
            "beside": sorted(beside)[:PER_PAGE],
            "parts": sorted(parts[area])[:PER_PAGE],
        }
    return around


def _by_domain(facts: Facts, rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """Series under their domains, in the order of these."""
    grouped: dict[str, list[Row]] = {row["domain_id"]: [] for row in facts["domains"]}
    for row in rows:
        grouped[row["domain_id"]].append(row)
    return [(domain, there) for domain, there in grouped.items() if there]


def write_domains(pages: Pages, lists: Lists, headlines: list[tuple[list[Row], Chart]]) -> None:
    """A page per domain: its headline charts, its indicators, what was promised and what happened."""
    facts = pages.facts
    indicators: dict[str, list[Row]] = {row["domain_id"]: [] for row in facts["domains"]}
    for row in facts["indicators"]:  # no more of it than the page says, which is made anew where that changes
        shown = ("indicator_id", "name_zh", "name_en", "n_observations")
        indicators[row["domain_id"]].append({column: row[column] for column in shown})
    for domain in facts["domains"]:
        key = domain["domain_id"]
        listed = lists.of(f"domains/{key}")
        drawn = [it for it in headlines if it[0][0]["domain_id"] == key]
        of_indicator: dict[str, list[Row]] = {}
        for row in listed["series"]:
            of_indicator.setdefault(row["indicator_id"], []).append(row)
        pages.write_if_new(
            f"domains/{key}.html",
            "domain",
            facts.name("domains", key),
            chain(*listed.values(), indicators[key]),
            what=Both("领域", "Domain"),
            domain=domain,
            headlines=drawn[:CHARTS],
            charts=[chart for _, chart in drawn[:CHARTS]],
            more_charts=len(drawn) - CHARTS,
            indicators=indicators[key],
            of_indicator=of_indicator,
            trends=facts.in_list("TREND", (row["trend"] for row in listed["series"])),
            **listed,
        )


def write_each_initiative(pages: Pages, lists: Lists) -> None:
    """A page per initiative: how far it has come, its parts, and what is recorded of it and of them."""
    facts = pages.facts
    statuses = facts.by("initiative_statuses", "initiative_id")
    news = {row["ref_area"]: row for row in facts["area_news"]}
    titles = told_apart(facts.names["initiatives"])
    for row in facts["initiatives"]:
        key = row["initiative_id"]
        listed = lists.of(f"initiatives/{key}")
        areas = many(row["areas"])
        heard = news.get(areas[0]) if len(areas) == 1 else None  # of several areas, who knows of which
        if heard and heard["latest"] <= row["latest_mention_with_parts"]:
            heard = None
        pages.write_if_new(
            f"initiatives/{key}.html",
            "initiative",
            titles[key],
            chain([row, heard or {}], *listed.values(), statuses.get(key, [])),
            what=Both("项目", "Initiative"),
            row=_itself(row),
            path=row["path_id"].split(" / ")[:-1],
            path_names=[facts.name("initiatives", code) for code in row["path_id"].split(" / ")[:-1]],
            statuses=statuses.get(key, []),
            heard=heard,
            **listed,
        )


def write_promises(pages: Pages) -> None:
    """A page per promise: its status in words, its versions as steps, where it was told, what came of it."""
    facts = pages.facts
    grouped = {name: facts.by(name, "promise_id") for name in ("tellings", "promise_changes", "outcomes")}
    latest = _latest(facts["commitments"])
    titles = told_apart({key: Both(row["title_zh"], row["title_en"]) for key, row in latest.items()})
    for key, row in latest.items():
        there = {name: rows.get(row["promise_id"], []) for name, rows in grouped.items()}
        versions = {(told["commitment_id"], told["version"]): told for told in there["tellings"]}
        pages.write_if_new(
            f"promises/{key}.html",
            "promise",
            titles[key],
            chain([row], *there.values()),
            what=Both("承诺", "Promise"),
            row=_itself(row),
            steps=steps(row, versions.get((key, row["version"])), facts),
            changes=[(step, change(step, facts)) for step in there["promise_changes"]],
            **there,
        )


def _itself(row: Row) -> Row:
    return {column: value for column, value in row.items() if column not in OF_ALL}


def _latest(rows: list[Row]) -> dict[str, Row]:
    """Of each promise as it is called the last version."""
    latest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row["version"]):
        latest[row["commitment_id"]] = row
    return latest


def total(rows: list[Row]) -> int:
    """How many there are in all, of a list that is cut."""
    return rows[0]["of"] if rows else 0
