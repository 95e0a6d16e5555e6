"""Reads what the pages show: one query per mart, each bounded, so that a page stays small at any size."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import duckdb

from dagster_project import sql
from dagster_project.report.chart_queries import CHART_QUERIES
from dagster_project.report.front_queries import FRONT_QUERIES
from dagster_project.report.queries import QUERIES
from dagster_project.report.thing_queries import THING_QUERIES
from dagster_project.report.wording import Both, joined, period_type

Row = dict[str, Any]
_COUNTED = ("COUNT", "PEOPLE", "TRIPS")  # dimensions of units that count
NEAR = 2  # series whose rows stand open on the page of an indicator
ALL_QUERIES = QUERIES | FRONT_QUERIES | THING_QUERIES | CHART_QUERIES


@dataclass(frozen=True)
class Facts:
    """Rows of each query by its name."""

    rows: dict[str, list[Row]]
    codes: dict[tuple[str, str], Both] = field(default_factory=dict)

    def __getitem__(self, name: str) -> list[Row]:
        return self.rows[name]

    @property
    def build(self) -> Row:
        """The one row that says which build this is."""
        return self.rows["build"][0]

    def code(self, code_list: str, code: str | None) -> Both:
        """What a code of a closed list means; the code itself where the list does not name it."""
        return self.codes.get((code_list, code or ""), Both(code or "—", code or "—"))

    def reasons(self, codes: str | None) -> Both:
        """The texts of the reasons that a mart gives as codes."""
        return joined(self.code("REASON", code) for code in many(codes))

    def by(self, name: str, key: str) -> dict[Any, list[Row]]:
        """Rows of a query grouped by a column, in their order."""
        groups: dict[Any, list[Row]] = defaultdict(list)
        for row in self.rows[name]:
            groups[row[key]].append(row)
        return groups

    @cached_property
    def names(self) -> dict[str, dict[str, Both]]:
        """Names of areas, units, domains, indicators, initiatives and sources by their code."""
        keys = {
            "areas": "ref_area",
            "units": "unit_measure",
            "domains": "domain_id",
            "indicators": "indicator_id",
            "initiatives": "initiative_id",
        }
        names = {t: {r[k]: Both(r["name_zh"], r["name_en"]) for r in self.rows[t]} for t, k in keys.items()}
        names["sources"] = {r["source_id"]: Both(r["title_zh"], r["title_en"]) for r in self.rows["sources"]}
        return names

    def name(self, table: str, code: str | None) -> Both:
        """A name, or the code itself."""
        return self.names[table].get(code or "", Both(code or "—", code or "—"))

    @cached_property
    def units(self) -> dict[tuple[str, str], Both]:
        """What the unit of each indicator is called: of air traffic, 人次 are passengers."""
        return {
            (row["indicator_id"], row["unit_measure"]): Both(row["unit_zh"], row["unit_en"])
            for row in self.rows["indicators"]
        }

    def unit(self, row: Row) -> Both:
        """The unit of a row, as its indicator calls it where the row has one of that unit.

        The query must give the indicator: left out, each unit would be called by its general name.
        """
        unit = row["unit_measure"]
        return self.units.get((row["indicator_id"], unit)) or self.name("units", unit)

    @cached_property
    def in_city_region(self) -> set[str]:
        """The areas of the city region itself; others are its neighbours, or what it is compared with."""
        return {row["ref_area"] for row in self.rows["areas"] if row["in_city_region"]}

    def is_outside(self, row: Row) -> bool:
        """Whether what a row is about lies outside the city region: sorts it after what lies inside."""
        return row["ref_area"] not in self.in_city_region

    @cached_property
    def dimension_of(self) -> dict[str, str]:
        """What each unit measures: COUNT, LENGTH, MONEY."""
        return {row["unit_measure"]: row["dimension"] for row in self.rows["units"]}

    def is_counted(self, row: Row) -> bool:
        """Whether the unit of a row counts: there are many of what is counted, and much of the rest."""
        return self.dimension_of.get(row["unit_measure"]) in _COUNTED

    def is_share(self, row: Row) -> bool:
        """Whether it is a share, whose changes are told in percentage points."""
        return self.dimension_of.get(row["unit_measure"]) == "SHARE"

    def series_name(self, row: Row) -> Both:
        """Area and, where it is not the total, breakdown of a series."""
        area = self.name("areas", row["ref_area"])
        if row["breakdown"] == "_T":
            return area
        part = self.code("BREAKDOWN", row["breakdown"])
        return Both(f"{area.zh}，{part.zh}", f"{area.en}, {part.en}")

    def series_title(self, row: Row) -> Both:
        """What distinguishes the series of an indicator: area, breakdown, kind of period, unit."""
        name, kind = self.series_name(row), period_type(row["period_type"])
        unit = self.unit(row)
        return Both(f"{name.zh}，{kind.zh}，{unit.zh}", f"{name.en}, {kind.en}, {unit.en}")

    @cached_property
    def series_place(self) -> dict[str, int]:
        """Where a series stands among all: that which represents its indicator and area comes first."""
        return {row["series_id"]: place for place, row in enumerate(self.rows["progress"])}

    def in_series(self, rows: Iterable[Row]) -> list[list[Row]]:
        """Rows per series, each group in the order of its rows."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            groups[row["series_id"]].append(row)
        last = len(self.series_place)
        return sorted(groups.values(), key=lambda group: self.series_place.get(group[0]["series_id"], last))

    def near_and_far(self, rows: Iterable[Row]) -> tuple[list[list[Row]], list[list[Row]]]:
        """Rows per series: those to show first, of the city region where it has any, and those to fold."""
        groups = self.in_series(rows)
        near = [group for group in groups if not self.is_outside(group[0])] or groups
        near = near[:NEAR]
        first = {group[0]["series_id"] for group in near}
        return near, [group for group in groups if group[0]["series_id"] not in first]

    def evidence(self, row: Row) -> str | None:
        """How a row is known: as it says itself, else as its source is."""
        return row.get("evidence") or self.evidence_of_source.get(row.get("source_id", ""))

    @cached_property
    def evidence_of_source(self) -> dict[str, str]:
        """How each source is known."""
        return {row["source_id"]: row["evidence"] for row in self.rows["sources"]}

    @cached_property
    def parties(self) -> dict[str, Both]:
        """Names of places as parties are called by them: 成都市 is an area, too."""
        return {row["full_zh"]: Both(row["full_zh"], row["name_en"]) for row in self.rows["areas"]}

    @cached_property
    def untrusted(self) -> set[str]:
        """Sources on a site that nobody answers for."""
        return {row["source_id"] for row in self.rows["sources"] if row["host_quality"] == "UNTRUSTED"}

    @cached_property
    def root_of(self) -> dict[str, str]:
        """The initiative at the top of each initiative's tree."""
        return {row["initiative_id"]: row["root_initiative_id"] for row in self.rows["initiatives"]}

    def in_list(self, name: str, codes: Iterable[str] | Mapping[str, int]) -> list[tuple[str, Both, int]]:
        """The codes of a closed list that occur, or are counted, in its own order, with name and count."""
        counts = Counter(codes)
        return [(c, text, counts[c]) for (of, c), text in self.codes.items() if of == name and counts[c]]

    def most_common(self, table: str, codes: Iterable[str | None]) -> list[tuple[str, Both, int]]:
        """The codes that occur, the commonest first, with name and count."""
        return [(c, self.name(table, c), n) for c, n in Counter(filter(None, codes)).most_common()]

    def total(self, name: str) -> int:
        """How many rows there are in all, of a query that is bounded as a whole."""
        return self.rows[name][0]["of"] if self.rows[name] else 0


def read_facts(
    connection: duckdb.DuckDBPyConnection, on_progress: Callable[[str], None] = lambda _: None
) -> Facts:
    """Run every query once; the connection is only read."""
    rows = {}
    for name, query in ALL_QUERIES.items():
        on_progress(name)
        rows[name] = sql.records(connection, query)
    codes = {(r["code_list"], r["code"]): Both(r["name_zh"], r["name_en"]) for r in rows["codes"]}
    return Facts(rows, codes)


def many(values: str | None) -> list[str]:
    """The values of a `;`-separated column."""
    return [value for value in (values or "").split(";") if value]
