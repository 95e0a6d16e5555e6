"""What the seeds know of the cells of fact records: rows by cell, places, units and codes by their words.

Here: looking up, and why an answer was given. Not here: what is made of it (record_rows.py).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property
from pathlib import Path

from dagster_project.seeds.as_written import Row, Seeds
from dagster_project.seeds.files import RECORD, SeedTree
from dagster_project.seeds.record_cells import Cell, Figure, base_key, read_record
from dagster_project.seeds.schema import BULLETINS, read_schema

TABLES = ("observations", "claims", "commitments", "events", "exclusions")
IDS = dict(zip(TABLES, ("observation_id", "claim_id", "commitment_id", "event_id", ""), strict=True))
LISTED = re.compile(r"[/、，]|\s·\s")


class Known:
    """What the seeds know of cells: rows by record cell, places and units by their words."""

    def __init__(self, seeds: Path):
        self.schema = read_schema(seeds)
        self.book = Seeds(seeds)
        tables = self.book.tables
        self.units = {row["unit_measure"]: row for row in tables["units"]}
        self.indicators = {row["indicator_id"]: row for row in tables["indicators"]}
        self.areas = {row["ref_area"]: row for row in tables["areas"]}
        self.nouns = {noun for row in tables["units"] for noun in row["printed"].split(";") if noun}
        self.ids = {row[key] for table, key in IDS.items() if key for row in tables[table]}
        rows = defaultdict(list)
        for table in TABLES:
            for row in tables[table]:
                rows[row["source_id"], row["locator"]].append((table, row))
        self.told: list[tuple[str, Cell, str, Row]] = []  # base key, cell, table, row
        for source_id in SeedTree(seeds).bulletins:
            path = seeds / BULLETINS / source_id / "record.tsv"
            if not path.is_file():
                continue
            cells = read_record(path, self.schema[RECORD]).cells
            keys = {cell.key for cell in cells}
            for cell in cells:
                for table, row in rows[source_id, cell.locator]:
                    self.told.append((base_key(cell.key, keys), cell, table, row))

    def unit(self, figure: Figure, *wanted: str) -> str:
        """The first wanted unit that prints the figure's noun, or another unit that converts to it."""
        noun = figure.token.noun
        for code in filter(None, wanted):
            unit = self.units[code]
            if not noun or noun in unit["printed"].split(";") or _put_together(noun, unit["printed"]):
                return code
            for other, row in self.units.items():
                same = (row["base_unit"], row["dimension"]) == (unit["base_unit"], unit["dimension"])
                if same and noun in row["printed"].split(";"):
                    return other
        return ""

    @cached_property
    def _places(self) -> dict[str, set[str]]:
        """Areas by their names, whole and without the word for their rank."""
        places = defaultdict(set)
        for code, row in self.areas.items():
            whole = re.fullmatch("([^（]+)（(.+)）", row["name_zh"])  # 成德眉资（成都都市圈）
            for name in whole.groups() if whole else [row["name_zh"]]:
                if name:
                    places[name].add(code)
                    if row["area_type"] in ("PROVINCE", "PREFECTURE", "COUNTY") and len(name) > 2:
                        places[re.sub("[市省区县]$", "", name)].add(code)
        return places

    def is_about(self, indicator: Row, row: Row, label: str) -> bool:
        """Whether an indicator that names a place in its own name is asked for that place."""
        names = [name for name in self.place_names if name in indicator["name_zh"]]
        return not names or any(name in label or self.place(name)[0] == row.get("ref_area") for name in names)

    @cached_property
    def place_names(self) -> list[str]:
        """Names of areas as they stand in labels, the longest first."""
        printed = {word for word in self._printed_places if len(word) > 1}
        return sorted(printed | set(self._places), key=len, reverse=True)

    @cached_property
    def _printed_places(self) -> dict[str, set[str]]:
        printed = defaultdict(set)
        for code, row in self.areas.items():
            # Words of a bulletin's own text: 全市 and 省 of that place, 成德 of a zone between two cities.
            # Those of a grouping, and short forms of a name, mean the same everywhere.
            kind, name = row["area_type"], row["name_zh"]
            for word in filter(None, row["printed"].split(";")):
                short = word in name and kind not in ("PROVINCE", "PREFECTURE", "COUNTY", "COUNTRY")
                if short or kind in ("GROUPING", "METRO_AREA") or (kind == "COUNTRY" and word[:1] == "全"):
                    printed[word].add(code)
        return printed

    @cached_property
    def _learned_places(self) -> dict[str, Counter]:
        learned: dict[str, Counter] = defaultdict(Counter)
        for _, cell, _, row in self.told:
            if (
                cell.geo
                and row.get("ref_area")
                and cell.label not in self._places
                and not LISTED.search(cell.geo)
            ):
                learned[cell.geo][row["ref_area"]] += 1
        return learned

    def place(self, text: str) -> tuple[str, str]:
        """The area that a word means, and how that is known; blank where it may be several or none."""
        text = re.sub("全[域市]$", "", text.strip())
        for places in (self._places, self._printed_places):
            codes = places.get(text, set())
            if len(codes) > 1:  # 成渝 is printed beside a city too; it means the grouping
                groups = {c for c in codes if self.areas[c]["area_type"] in ("GROUPING", "METRO_AREA")}
                codes = groups if len(groups) == 1 else set()
            if len(codes) == 1:
                return next(iter(codes)), text
        if text in self._learned_places:
            ((code, times), *others) = self._learned_places[text].most_common(2)
            if not others or times > 2 * others[0][1]:
                return code, f"{text} ×{times}"
        return "", ""

    def grouping(self, text: str) -> str:
        """The one area whose members are just the places that a text lists: 成都、德阳; blank for none."""
        listed = {self.place(part)[0] for part in LISTED.split(text)}
        groups = [group for group, members in self._members.items() if members == listed]
        return groups[0] if len(groups) == 1 and len(listed) > 1 else ""

    @cached_property
    def _members(self) -> dict[str, set[str]]:
        members = defaultdict(set)
        for row in self.book.tables["area_members"]:
            members[row["group_area"]].add(row["member_area"])
        return members

    def above(self, area: str, area_type: str) -> str:
        """The province or country that an area lies in."""
        while area and self.areas[area]["area_type"] != area_type:
            area = self.areas[area]["parent_area"]
        return area

    def word(self, code_list: str, text: str) -> str:
        """The code whose word stands in a text, the longest word first; blank for none."""
        rows = [
            (row["word"], row["code"])
            for row in self.book.tables["code_words"]
            if row["code_list"] == code_list and row["says"] == "true"
        ]
        rows += [
            (row["name_zh"], row["code"])
            for row in self.book.tables["code_lists"]
            if row["code_list"] == code_list and len(row["name_zh"]) > 1
        ]
        found = [(len(word), code) for word, code in rows if word in text]
        return max(found)[1] if found else ""


def _put_together(noun: str, printed: str) -> bool:
    """个班级 of 个 and 班级: a measure word and what it counts."""
    forms = printed.split(";")
    return any(noun == first + second for first in forms for second in forms)
