"""Reads what is printed: each distinct token into raw.token, each distinct cell of a record into its figures.

Not here: whether a row agrees with its token (cross_checks.py), what is kept of it for the next build
(readings.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from dagster_project.ingest.readings import Readings
from dagster_project.seeds.files import RECORD
from dagster_project.seeds.schema import Table
from dagster_project.sql import count, name, records

if TYPE_CHECKING:  # the reader's imports are not free, and most loads find all that they need kept
    from dagster_project.figures.lexicon import Lexicon

TOKENS = "raw.token"  # with the column error until the checks are done
PARTS = "load_part"  # temporary: the figures of each distinct cell, one row of nulls where it has none
LEXICON = "hedge_terms"
_TOKEN_TYPES = {
    "v": "decimal(38, 9)",
    "v_to": "decimal(38, 9)",
    "u": "decimal(38, 9)",
    "d": "decimal(38, 9)",
    "u_to": "decimal(38, 9)",
    "d_to": "decimal(38, 9)",
    "denominator": "decimal(38, 9)",
    "numerator": "decimal(38, 9)",
    "sign": "integer",
}


class Printed:
    """`present`: raw tables that can be referred to; `kept`: folder of what was read before, if any."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        schema: dict[str, Table],
        present: Collection[str],
        scratch: Path,
        kept: Path | None,
        adds: bool,
    ):
        self.connection, self.schema, self.present = connection, schema, present
        self.scratch, self.kept, self.adds = scratch, kept, adds

    def read_tokens(self, tables: Collection[str]) -> int | None:
        """Read the tokens of these raw tables into raw.token; returns how many could not be read.

        None if there is none to be read, or no lexicon. `drop_unread` ends it.
        """
        from dagster_project.figures.tokens import Token, parse_token

        texts = " union all ".join(
            f"select {name(field.name)} as value_text from raw.{name(table)}"
            for table in tables
            for field in self.schema[table].fields
            if field.token_of
        )
        names = [field.name for field in fields(Token)]
        columns = ", ".join(f"{name(field)} {_TOKEN_TYPES.get(field, 'varchar')}" for field in names)
        self.connection.execute(f"create or replace table {TOKENS} ({columns})")
        distinct = 0
        if texts and LEXICON in self.present:
            row = attrgetter(*names)  # astuple copies each number deeply, at a third of what reading it costs
            distinct = self._readings.fill(
                "token", TOKENS, texts, lambda value: [row(parse_token(value, self._lexicon))]
            )
        return distinct - count(self.connection, f"{TOKENS} where error is null") if distinct else None

    def drop_unread(self) -> None:
        """Leave what could be read: an error is said of rows, and has no place in the table."""
        self.connection.execute(
            f"delete from {TOKENS} where error is not null; alter table {TOKENS} drop column error"
        )

    def read_parts(self) -> None:
        """Find the figures in each cell of the fact records, into raw.record_part."""
        self.connection.execute(
            f"create or replace table raw.{RECORD}_part (source_id varchar, key varchar, part integer, "
            "figure varchar, reach varchar, sign integer)"
        )
        if not {RECORD, LEXICON} <= set(self.present):
            return
        cells = f"from raw.{RECORD} where key is not null and value_text is not null"
        self.connection.execute(
            f"create or replace temp table {PARTS} (value_text varchar, part integer, figure varchar, "
            "reach varchar, sign integer)"
        )
        self._readings.fill("part", PARTS, f"select value_text {cells}", self._parts)
        self.connection.execute(
            f"insert into raw.{RECORD}_part select source_id, key, part, figure, reach, sign "
            f"from (select source_id, key, value_text {cells}) join {PARTS} using (value_text) "
            "where part is not null order by source_id, key, value_text, part"
        )
        self.connection.execute(f"drop table {PARTS}")

    def _parts(self, cell: str) -> Iterator[tuple]:
        from dagster_project.figures.parts import parts_of

        parts = parts_of(cell, self._lexicon)
        for part in parts:
            yield cell, part.part, part.figure, part.reach, part.sign
        if not parts:
            yield cell, None, None, None, None

    @cached_property
    def _words(self) -> list[dict]:
        return records(self.connection, f"select * from raw.{LEXICON}")

    @cached_property
    def _readings(self) -> Readings:
        return Readings(self.connection, self.scratch, self._words, self.kept, self.adds)

    @cached_property
    def _lexicon(self) -> Lexicon:
        from dagster_project.figures.lexicon import Lexicon

        return Lexicon.from_rows(self._words)
