"""The seed files as a person typed them, read for the audit.

A reader of its own on purpose: the audit must not inherit a fault of the loader. It refuses nothing that can
be read at all; the rules of a cell and of a row are the loader's (`tongcheng check`).
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from dagster_project.figures.grammar import simplify
from dagster_project.figures.lexicon import Lexicon
from dagster_project.figures.numerals import Line
from dagster_project.files import sha256
from dagster_project.seeds.files import SeedPath, SeedTree
from dagster_project.seeds.schema import SchemaError, Table, read_schema


class UnreadableSeeds(RuntimeError):
    """The message says why, 中文 · English."""


Row = dict[str, str]


class Seeds:
    """The seed files as typed: per table a list of rows, with `source_id` and `_place` (file:line).

    tables: only these are read; who asks about sources alone need not wait for figures.
    Raises UnreadableSeeds.
    """

    def __init__(self, folder: Path, tables: Collection[str] | None = None):
        self.folder = folder
        try:
            schema = read_schema(folder)
            tree = SeedTree(folder)
            self.files = [file for table in schema.values() for file in tree.files_of(table)]
            wanted = [name for name in schema if tables is None or name in tables]
            self.tables: dict[str, list[Row]] = {name: [] for name in wanted}
            for file in self.files:
                # The audit reads documents; fact records are compared by the rules of the seeds.
                is_record = bool(schema[file.seed_table].heads)
                if file.fault is None and file.seed_table in self.tables and not is_record:
                    self.tables[file.seed_table] += _rows(file, schema[file.seed_table])
            self.lexicon = Lexicon.read(folder / "hedge_terms.csv")
        except (OSError, UnicodeError, csv.Error, KeyError, SchemaError) as error:
            raise UnreadableSeeds(
                f"种子读不出，先运行 tongcheng check · unreadable seeds: {error!r}"
            ) from error

    def of(self, table: str, source_id: str) -> list[Row]:
        """Rows of a bulletin's table."""
        return [row for row in self.tables[table] if row["source_id"] == source_id]

    @cached_property
    def seed_hash(self) -> str:
        """Hash of all seed files, the same as the loader's (loader.LoadReport.seed_hash)."""
        hashes = sorted((file.file, sha256(file.path)) for file in self.files if file.fault is None)
        return hashlib.sha256("".join(f"{name}\0{digest}\n" for name, digest in hashes).encode()).hexdigest()

    @cached_property
    def policy(self) -> dict[str, Row]:
        """Rows of the hedge lexicon by hedge_id."""
        return {row["hedge_id"]: row for row in self.tables["hedge_terms"]}

    @cached_property
    def names(self) -> dict[str, str]:
        """Words and names whose numeral is no figure, in plain script, with their kind; the longest first."""
        kinds = {simplify(row["word"]): "word" for row in self.tables["numeral_words"]}
        kinds |= {simplify(row["name_zh"]): "name" for row in self.tables["initiatives"]}
        with_numeral = (name for name in kinds if name and Line(1, name, self.lexicon).numerals)
        return {name: kinds[name] for name in sorted(with_numeral, key=len, reverse=True)}

    def limits(self, table: str, row: Row) -> dict:
        """What the value rules need beside the token, as arguments of `bounds.interval`."""
        if table == "claims":  # limits are those of the factor, not of the indicator it is about
            kind = row["claim_type"]
            all_of_them = kind == "SHARE" and row["observation_id"] and Decimal(row["factor"] or 0) == 100
            least = {"RANK": Decimal(1), "SHARE": Decimal(0), "MULTIPLE_OF": Decimal(0)}.get(kind)
            # Of a whole all is the most; of a plan more can be done.
            greatest = Decimal(100) if kind == "SHARE" and not row["whole_commitment_id"] else None
            counted = kind in ("RANK", "DOUBLED_N") or bool(all_of_them)
            return {"counted": counted, "least": least, "greatest": greatest}
        unit = self._find("units", "unit_measure", row)
        indicator = self._find("indicators", "indicator_id", row)
        least, greatest = (_decimal(indicator.get(column, "")) for column in ("min_value", "max_value"))
        if indicator.get("unit_measure") != row["unit_measure"]:  # only zero is the same in every unit
            least, greatest = (least if least == 0 else None), None
        return {
            "counted": unit.get("unit_type") == "COUNTED",
            "nominal": table == "commitments",
            "least": least,
            "greatest": greatest,
        }

    def _find(self, table: str, key: str, row: Row) -> Row:
        return next((found for found in self.tables[table] if found[key] == row[key]), {})


def line_range(source: Row, lines: int) -> tuple[int, int]:
    """First and last non-blank line of a source, in a document of so many; all where none are given."""
    match = re.fullmatch("([0-9]+)-([0-9]+)", source["line_range"])
    return (max(1, int(match[1])), min(int(match[2]), lines)) if match else (1, lines)


def _decimal(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


def _rows(file: SeedPath, table: Table) -> Iterator[Row]:
    """Every declared column of each record; what is not there is blank."""
    upper = {field.name for field in table.fields if field.case == "upper"}
    with file.path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream, restval="")
        end = reader.line_num if reader.fieldnames else 0
        for record in reader:
            cells = {name.strip().lower(): value.strip() for name, value in record.items() if name}
            row = {name: cells.get(name, "") for name in table.columns}
            row |= {name: row[name].upper() for name in upper}
            if file.source_id:
                row["source_id"] = file.source_id
            yield {**row, "_place": f"{file.file}:{end + 1}"}
            end = reader.line_num
