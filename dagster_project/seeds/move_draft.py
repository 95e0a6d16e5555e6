"""`tongcheng move-draft`: the rows of a draft that a person has been through, moved into their tables.

A figure, a promise or an event is moved once its column `judged` is filled, or a person says that its whole
line is judged: what a program proposes is no fact yet. An exclusion says only what a numeral is not, and
needs no mark. A row takes the cells of the draft whose columns its table has too, further columns that a
person adds included; the rest is what a bulletin's rows nearly always say. A row that still lacks something
stays in the draft, with what that is. Not here: whether a row is right (`tongcheng check`, `tongcheng
audit`).
"""

from __future__ import annotations

import csv
import os
import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from dagster_project.export_text import printable
from dagster_project.seeds.as_written import Row, Seeds, UnreadableSeeds
from dagster_project.seeds.draft import FIGURE, JUDGED
from dagster_project.seeds.files import DRAFT_FILE
from dagster_project.seeds.new_bulletin import NewBulletinError, add_rows, span_of, write_csv
from dagster_project.seeds.periods import day_of
from dagster_project.seeds.schema import BULLETINS, Table, read_schema
from dagster_project.seeds.wording_codes import counted, promise_title
from dagster_project.settings import Settings

# Where a table has the printed words and the number read of them.
_PRINTED = {"observations": "value_text", "claims": "value_text", "commitments": "value_text",
            "events": "date_text", "exclusions": "token"}  # fmt: skip
_NUMBER = {"observations": "obs_value", "claims": "factor", "commitments": "target_value"}
# INDEFINITE? is proposed; of LABEL? NAME? one is to be chosen.
_REASON = re.compile(r"([A-Z_]+)\??(?![A-Z_?]*\?)")
_DAY = re.compile("[日号:]|[0-9]{4}([-/.])[0-9]{1,2}\\1[0-9]")
_TIME = re.compile("[年月日号底]")
# The draft has one name for what tables call differently.
_OWN_NAMES = {
    "events": {"ref_area": "areas", "time_period_start": "date_start", "time_period_end": "date_end"},
    "commitments": {"time_period_start": "period_start"},
}
# What a claim says as its figure does; the columns of both tables but for the id.
_OF_FIGURE = (
    "observation_id", "indicator_id", "ref_area", "breakdown", "time_period_start", "time_period_end",
    "initiative_id",
)  # fmt: skip
_DERIVED = {"value_qualifier", "lower_bound", "lower_closed", "upper_bound", "upper_closed"}  # never typed
MISSING = "missing"  # a column of the draft, from the first move on: what a row still lacks


def move_draft(seeds: Path, source_id: str, judged: range = range(0)) -> tuple[Counter, list[Row]]:
    """Move what is complete; returns rows moved by table, and the rows that stay in the draft.

    judged: lines of the document of which a person has been through every row. A draft of which nothing stays
    is removed. Rows whose words at this locator a table has already are not added again. Raises
    NewBulletinError, UnreadableSeeds, before anything is written.
    """
    folder = seeds / BULLETINS / source_id
    draft = folder / DRAFT_FILE
    if not draft.is_file():
        raise NewBulletinError(f"没有草稿 · no draft: {BULLETINS}/{source_id}/{DRAFT_FILE}")
    book, schema = Seeds(seeds), read_schema(seeds)
    source = next((row for row in book.tables["sources"] if row["source_id"] == source_id), None)
    if source is None:
        raise NewBulletinError(f"sources.csv 中没有此来源 · no such source in sources.csv: {source_id}")
    with draft.open(encoding="utf-8-sig", newline="") as file:
        drafted = [{**row, MISSING: ""} for row in csv.DictReader(file)]
    mover = _Mover(book, schema, source, judged)
    stay = [row for row in drafted if not mover.takes(row)]
    for table, rows in mover.rows.items():
        add_rows(folder / f"{table}.csv", rows, [field.name for field in schema[table].fields])
    if stay:
        new = draft.with_suffix(".new")
        write_csv(new, [list(drafted[0]), *(list(row.values()) for row in stay)])
        os.replace(new, draft)
    else:
        draft.unlink()
    return Counter({table: len(rows) for table, rows in mover.rows.items()}), stay


class _Mover:
    """The rows made so far, by table."""

    def __init__(self, book: Seeds, schema: dict[str, Table], source: Row, judged: range = range(0)):
        self.schema, self.source, self.judged = schema, source, judged
        self.published = date.fromisoformat(source["date_published"])
        self.rows: dict[str, list[Row]] = {}
        self.ids = {row.get(_own_id(schema[table])) for table in _PRINTED for row in book.tables[table]}
        self.indicators = {row["indicator_id"]: row for row in book.tables["indicators"]}
        self.areas = {row["ref_area"]: row for row in book.tables["areas"]}
        self.there = {
            (table, row.get("locator"), row.get(printed))
            for table, printed in _PRINTED.items()
            for row in book.of(table, source["source_id"])
        }
        figures = book.of("observations", source["source_id"])
        self.figures = {(_line(row), row["value_text"]): row for row in figures}

    def takes(self, drafted: Row) -> bool:
        """Whether a row of the draft is complete, and so moved; else it says what it lacks."""
        name = drafted["goes_to"].strip()
        if name not in _PRINTED:
            drafted[MISSING] = "goes_to"
            return False
        if (name, drafted["locator"], drafted["token"]) in self.there:
            return True
        fields = self.schema[name].named
        typed = {_OWN_NAMES.get(name, {}).get(c, c): v for c, v in drafted.items() if v and c not in _DERIVED}
        made = {**self._usual(name, drafted, typed), **typed}
        if self._flow(made) == "POINT":  # what holds at a day has no first one
            made.pop("time_period_start", None)
        row = {column: value for column, value in made.items() if column in fields and value}
        own = _own_id(self.schema[name])
        missing = [c for c, field in fields.items() if field.required and c not in row and c != own]
        if self._flow(row) == "PERIOD_TOTAL" and name == "observations" and "time_period_start" not in row:
            missing.append("time_period_start")
        if drafted.get(FIGURE) and name == "claims" and "observation_id" not in row:
            missing = [FIGURE]  # all else follows from it
        is_judged = drafted.get(JUDGED) or _line(drafted) in self.judged
        if name != "exclusions" and not is_judged:
            missing.insert(0, JUDGED)
        if missing:
            drafted[MISSING] = ", ".join(missing)
            return False
        if own and own not in row:
            row[own] = self._id(row)
        self.rows.setdefault(name, []).append(row)
        if name == "observations":
            self.figures[_line(row), row["value_text"]] = row
        return True

    def _flow(self, row: Row) -> str:
        return self.indicators.get(row.get("indicator_id", ""), {}).get("stock_flow", "")

    def _usual(self, table: str, drafted: Row, typed: Row) -> Row:
        """What a row says unless the draft says otherwise."""
        day = self.source.get("as_of_default") or ""
        printed = drafted["token"]
        if table == "commitments" and not drafted.get("value") and _TIME.search(printed):
            printed = ""  # a promise without a number stands in the draft by the day it names
        usual = {_PRINTED[table]: printed, "breakdown": "_T", "obs_status": "A", "version": "1"}
        if drafted.get("value"):
            indicator = self.indicators.get(typed.get("indicator_id", ""), {})
            usual["unit_measure"] = indicator.get("unit_measure", "")
        if not drafted.get("value_to"):
            usual[_NUMBER.get(table, "")] = drafted.get("value", "")
        if drafted.get("time_period_end"):
            usual["as_of_basis"] = "STATED"
        elif day:
            on_that_day = day == self.source["date_published"]
            usual |= {"time_period_end": day, "as_of_basis": "PUBLICATION" if on_that_day else "MEETING"}
        usual["date_announced"] = day or self.source["date_published"]
        if table == "exclusions":
            usual["reason"] = _reason(drafted)
        elif table == "events":
            usual |= day_of(printed, self.published)
        elif table == "commitments":
            usual |= self._promised(typed)
        elif table == "claims" and (figure := self.figures.get((_line(drafted), drafted.get(FIGURE, "")))):
            usual |= {column: figure.get(column, "") for column in _OF_FIGURE}
        return usual

    def _promised(self, typed: Row) -> Row:
        """What a promise's indicator says: how it adds up, and a title."""
        indicator = self.indicators.get(typed.get("indicator_id", ""))
        area, due = self.areas.get(typed.get("ref_area", "")), typed.get("due_date", "")
        if not indicator or not area:
            return {}
        how = typed.get("accounting") or counted(indicator["stock_flow"], due, self.published)
        start = f"{due[:4]}-01-01" if how == "OVER_PERIOD" and due.endswith("-12-31") else ""
        return {"accounting": how, "period_start": start, **promise_title(indicator, area, due)}

    def _id(self, row: Row) -> str:
        about = row.get("indicator_id") or row.get("domain_id") or "row"
        stem = f"{self.published:%Y%m%d}-{about.lower().replace('_', '-')}"
        names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 10_000))
        free = next(name for name in names if name not in self.ids)
        self.ids.add(free)
        return free


def _line(row: Row) -> int:
    """The line of a locator."""
    return int(row["locator"].partition("#")[0])


def _own_id(table: Table) -> str:
    """The column of a row's own name; exclusions have none."""
    return next((c for c in table.primary_key if c.endswith("_id") and c != "source_id"), "")


def _reason(drafted: Row) -> str:
    """The reason that the draft proposes; of a date, what its form says."""
    proposed = _REASON.match(drafted["remark"])
    if proposed:
        return proposed[1]
    is_time = re.search("[年月日号:/.-]", drafted["token"]) is not None
    return ("DATE" if _DAY.search(drafted["token"]) else "PERIOD") if is_time else ""


def run_move_draft(settings: Settings, source_id: str, judged: str | None = None) -> int:
    """Move the rows and say what came of it. Returns the exit code: 0 where the draft is done, else 1.

    judged: lines that are judged as a whole, "5-13".
    """
    try:
        lines = span_of(judged)
        moved, stay = move_draft(
            settings.seeds, source_id, range(lines[0], lines[1] + 1) if lines else range(0)
        )
    except (NewBulletinError, UnreadableSeeds) as error:
        print(f"✗ {printable(str(error))}", file=sys.stderr)
        return 1
    told = ", ".join(f"{table} {count}" for table, count in sorted(moved.items())) or "0"
    print(f"已移入 · moved: {told}")
    for row in stay:
        lacks = f"缺 · missing: {row[MISSING]}"
        print(
            printable(f"{row['locator']}  {row['token']}  {row['goes_to'] or '?'}  {lacks}  {row['remark']}")
        )
    if stay:
        print(f"留在草稿 · left in the draft: {len(stay)}; 补全后再运行 · complete them, then run this again")
        return 1
    print("草稿已完成并移除 · the draft is done and removed: tongcheng check")
    return 0
