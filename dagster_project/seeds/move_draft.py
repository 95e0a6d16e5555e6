"""`tongcheng move-draft`: the rows of a draft that a person has been through, moved into their tables.

A figure, a promise or an event is moved once its column `judged` is filled, or a person says that its whole
line is judged: what a program proposes is no fact yet. An exclusion says only what a numeral is not, and
needs no mark. A row takes the cells of the draft whose columns its table has too, further columns that a
person adds included; the rest is what a bulletin's rows nearly always say. A row that still lacks something,
or has a code that no list or table knows, stays in the draft, with what that is; an indicator that is new has
its row begun. Not here: whether a row is right (`tongcheng check`, `tongcheng audit`).
"""

from __future__ import annotations

import csv
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from dagster_project.export_text import printable
from dagster_project.seeds.as_written import Row, Seeds, UnreadableSeeds
from dagster_project.seeds.draft import FIGURE, JUDGED, NOT_OF_TABLES, RELATIVE_UNITS
from dagster_project.seeds.files import DRAFT_FILE
from dagster_project.seeds.nearest import nearest
from dagster_project.seeds.new_bulletin import NewBulletinError, add_rows, span_of, write_csv
from dagster_project.seeds.periods import day_of
from dagster_project.seeds.schema import BULLETINS, Field, Table, read_schema
from dagster_project.seeds.wording_codes import counted, promise_title
from dagster_project.settings import Settings

# Where a table has the printed words and the number read of them.
PRINTED = {"observations": "value_text", "claims": "value_text", "commitments": "value_text",
            "events": "date_text", "exclusions": "token"}  # fmt: skip
_NUMBER = {"observations": "obs_value", "claims": "factor", "commitments": "target_value"}
# INDEFINITE? is proposed; of LABEL? NAME? one is to be chosen.
_REASON = re.compile(r"([A-Z_]+)\??(?![A-Z_?]*\?)")
_DAY = re.compile("[日号:]|[0-9]{4}([-/.])[0-9]{1,2}\\1[0-9]")
_TIME = re.compile("[年月日号底]")
# The draft has one name for what tables call differently.
OWN_NAMES = {
    "events": {"ref_area": "areas", "time_period_start": "date_start", "time_period_end": "date_end"},
    "commitments": {"time_period_start": "period_start"},
}
# What a claim says as its figure does; the columns of both tables but for the id.
_OF_FIGURE = (
    "observation_id", "indicator_id", "ref_area", "breakdown", "time_period_start", "time_period_end",
    "initiative_id",
)  # fmt: skip
# Of the draft alone, and what is never typed.
_NO_CELLS = {*NOT_OF_TABLES, "value_qualifier", "lower_bound", "lower_closed", "upper_bound", "upper_closed"}
_NEARLY_ALL = 0.9  # of the rows of a register: what so many say, a new row says too
_SAME = 0.9  # likeness of two ids from which on one is a slip for the other
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
    if mover.begun:
        add_rows(seeds / "indicators.csv", mover.begun.values())
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
        self.book, self.schema, self.source, self.judged = book, schema, source, judged
        self.begun: dict[str, Row] = {}
        self.published = date.fromisoformat(source["date_published"])
        self.rows: dict[str, list[Row]] = {}
        self.ids = {row.get(_own_id(schema[table])) for table in PRINTED for row in book.tables[table]}
        self.indicators = {row["indicator_id"]: row for row in book.tables["indicators"]}
        needed = [field.name for field in schema["indicators"].fields if field.required]
        self.unfinished = {
            id_: blank
            for id_, row in self.indicators.items()
            if (blank := [column for column in needed if not row[column]])
        }
        self.areas = {row["ref_area"]: row for row in book.tables["areas"]}
        self.there = {
            (table, row.get("locator"), row.get(printed))
            for table, printed in PRINTED.items()
            for row in book.of(table, source["source_id"])
        }
        figures = book.of("observations", source["source_id"])
        self.figures = {(_line(row), row["value_text"]): row for row in figures}

    def takes(self, drafted: Row) -> bool:
        """Whether a row of the draft is complete, and so moved; else it says what it lacks."""
        name = drafted["goes_to"].strip()
        if name not in PRINTED:
            drafted[MISSING] = "goes_to"
            return False
        if (name, drafted["locator"], drafted["token"]) in self.there:
            return True
        fields = self.schema[name].named
        typed = {OWN_NAMES.get(name, {}).get(c, c): v for c, v in drafted.items() if v and c not in _NO_CELLS}
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
        missing += self._unknown(self.schema[name], row, set(typed))
        if row.get("indicator_id") in self.unfinished and "unit_measure" in missing:
            missing.remove("unit_measure")  # it will be the indicator's
        is_judged = drafted.get(JUDGED) or _line(drafted) in self.judged
        if name != "exclusions" and not is_judged:
            missing.insert(0, JUDGED)
        if missing:
            drafted[MISSING] = ", ".join(missing)
            return False
        if own and own not in row:
            row[own] = self._id(row)
        self.rows.setdefault(name, []).append(row)
        if name == "commitments" and not row.get("value_text"):  # the day by which is no figure
            day = {"locator": drafted["locator"], "token": drafted["token"], "reason": _of_time(drafted)}
            self.rows.setdefault("exclusions", []).append(day)
        if name == "observations":
            self.figures[_line(row), row["value_text"]] = row
        return True

    def _unknown(self, table: Table, row: Row, typed: set[str]) -> Iterator[str]:
        """Cells that a person or the draft filled with what no code list or other table has."""
        known = {
            key.fields[0]: (f"{key.to}.csv", [each[key.to_fields[0]] for each in self.book.tables[key.to]])
            for key in table.foreign_keys
            if len(key.fields) == 1 and key.to not in PRINTED
        }
        for column in typed & set(row):
            field = table.named[column]
            if field.code_list:
                lists = self.book.tables["code_lists"]
                codes = [each["code"] for each in lists if each["code_list"] == field.code_list]
                where = field.code_list
            elif column in known:
                where, codes = known[column]
            else:
                continue
            value = row[column].upper() if field.case else row[column]
            parts = value.split(field.separator) if field.separator else [value]
            if where == "indicators.csv":
                yield from self._new_indicator(field, row, codes)
            elif not set(parts) <= set(codes):
                yield _not_in(where, field, value, codes)

    def _new_indicator(self, field: Field, row: Row, codes: list[str]) -> Iterator[str]:
        """What an indicator lacks that no row had before; its row is begun, unless the id is a slip."""
        code = row["indicator_id"].upper()
        if code not in codes and code not in self.begun:
            if get_close_matches(code, codes, 1, _SAME):
                yield _not_in("indicators.csv", field, code, codes)
                return
            self.begun[code] = self._begin(code, row.get("unit_measure", ""))
            needed = [each.name for each in self.schema["indicators"].fields if each.required]
            self.unfinished[code] = [column for column in needed if not self.begun[code][column]]
        if blank := self.unfinished.get(code):
            yield f"indicators.csv: {code}: {' '.join(blank)}"

    def _begin(self, indicator: str, unit: str) -> Row:
        """The row of a new indicator: its id and unit, and what nearly all rows say."""
        rows = self.book.tables["indicators"]
        usual = {}
        for field in self.schema["indicators"].fields:
            (most, count), *_ = Counter(row[field.name] for row in rows).most_common(1)
            usual[field.name] = most if count >= _NEARLY_ALL * len(rows) else ""
        return {**usual, "indicator_id": indicator, "unit_measure": unit}

    def _flow(self, row: Row) -> str:
        return self.indicators.get(row.get("indicator_id", ""), {}).get("stock_flow", "")

    def _usual(self, table: str, drafted: Row, typed: Row) -> Row:
        """What a row says unless the draft says otherwise."""
        day = self.source.get("as_of_default") or ""
        printed = drafted["token"]
        if table == "commitments" and not drafted.get("value") and _TIME.search(printed):
            printed = ""  # a promise without a number stands in the draft by the day it names
        usual = {PRINTED[table]: printed, "breakdown": "_T", "obs_status": "A", "version": "1"}
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
            usual |= self._promised(typed, drafted["locator"])
        elif table == "claims" and (figure := self.figures.get((_line(drafted), drafted.get(FIGURE, "")))):
            usual |= {column: figure.get(column, "") for column in _OF_FIGURE}
        return usual

    def _promised(self, typed: Row, locator: str) -> Row:
        """What a promise's indicator says: how it adds up, and a title, which no other of its line has."""
        indicator = self.indicators.get(typed.get("indicator_id", ""))
        area, due = self.areas.get(typed.get("ref_area", "")), typed.get("due_date", "")
        if not indicator or not area:
            return {}
        how = typed.get("accounting") or counted(indicator["stock_flow"], due, self.published)
        start = f"{due[:4]}-01-01" if how == "OVER_PERIOD" and due.endswith("-12-31") else ""
        grows = (
            typed.get("unit_measure") in RELATIVE_UNITS and indicator["unit_measure"] not in RELATIVE_UNITS
        )
        title = promise_title(indicator, area, due, grows)
        others = [*self.book.of("commitments", self.source["source_id"]), *self.rows.get("commitments", ())]
        if any((row["locator"], row["title_zh"]) == (locator, title["title_zh"]) for row in others):
            title = {}
        return {"accounting": how, "period_start": start, **title}

    def _id(self, row: Row) -> str:
        about = row.get("indicator_id") or row.get("domain_id") or "row"
        stem = f"{self.published:%Y%m%d}-{about.lower().replace('_', '-')}"
        names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 10_000))
        free = next(name for name in names if name not in self.ids)
        self.ids.add(free)
        return free


def _not_in(where: str, field: Field, value: str, codes: list[str]) -> str:
    new = "；新的先加一行 · if it is new, add its row first" if where.endswith(".csv") else ""
    return (
        f"{field.name}: {where} 中没有 {value} · {value} is not in {where}{nearest(field, value, codes)}{new}"
    )


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
    return _of_time(drafted) if is_time else ""


def _of_time(drafted: Row) -> str:
    return "DATE" if _DAY.search(drafted["token"]) else "PERIOD"


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
