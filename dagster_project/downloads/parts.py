"""The files that a mart is cut into: one, or of a long mart stored by place one for each run of places.

A night's bulletins speak of few places, so most files of a long mart are the published ones. A run begins
where a hash of the place's code says so, as soon as the one before is long enough: rows and places that come
or go move the limits of few files. Where so many come that limits are wanted twice as often, half are new.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import log2
from zlib import crc32

import duckdb

from dagster_project import sql
from dagster_project.downloads.content import Rows
from dagster_project.downloads.marts import Mart

PLACE = "ref_area"
PART_ROWS = 65_536  # of a file: half as many at least, twice as many at most if no place alone has more
_FILE_NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Part:
    """The rows of a mart that make one file in each format.

    first, last: between which places; None where these are all rows. row_ids: the least and the greatest that
    they have; other rows may have some between.
    """

    mart: Mart
    rows: Rows
    first: str | None = None
    last: str | None = None
    row_ids: tuple[int, int] = (0, 0)

    def path(self, kind: str) -> str:
        """Of its file; kind: 'parquet' or 'csv'."""
        name = self.mart.name if self.first is None else f"{self.mart.name}/{self.first}"
        return f"{kind}/{name}.{kind}"

    @property
    def in_order(self) -> str:
        """The rows as SQL, in the order of every file."""
        if self.first is None or self.last is None:
            return self.mart.in_order
        least, greatest = self.row_ids
        # By row ids DuckDB passes over what stands elsewhere, which it cannot by texts that begin alike.
        return (
            f"{self.mart.relation} where rowid between {least} and {greatest} "
            f"and {PLACE} between {sql.text(self.first)} and {sql.text(self.last)} "
            f"order by {', '.join(map(sql.name, self.mart.keys.order))}"
        )

    def and_then(self, following: Part) -> Part:
        """With the rows of the values that follow."""
        ids = (*self.row_ids, *following.row_ids)
        return replace(
            self, rows=self.rows + following.rows, last=following.last, row_ids=(min(ids), max(ids))
        )


def parts_of(connection: duckdb.DuckDBPyConnection, mart: Mart, part_rows: int = PART_ROWS) -> list[Part]:
    """The files of a mart, in its order; its rows are read once. part_rows: about as many has a file."""
    if mart.keys.order[:1] != [PLACE] or mart.rows < 2 * part_rows:
        return [Part(mart, Rows.of(connection, mart.relation, mart.hashed))]
    found = connection.execute(
        f"select {PLACE}, {Rows.SUMMED}, min(row_id), max(row_id) "
        f"from (select {PLACE}, {mart.hashed} as hashed, rowid as row_id from {mart.relation}) "
        f"group by {PLACE} order by {PLACE}"
    ).fetchall()
    # A quarter of a file apart, on average; a power of two, so that half remain where it changes.
    apart = 2 ** max(0, round(log2(len(found) * part_rows / 4 / mart.rows)))
    parts: list[Part] = []
    for value, count, exclusive, total, *row_ids in found:
        one = Part(mart, Rows(count, exclusive, int(total)), value, value, (row_ids[0], row_ids[1]))
        so_far = parts[-1].rows.count if parts else 2 * part_rows
        may_begin = so_far >= part_rows / 2 and crc32(value.encode()) % apart == 0
        if may_begin or so_far + count > 2 * part_rows:
            parts.append(one)
        else:
            parts[-1] = parts[-1].and_then(one)
    names_files = all(_FILE_NAME.fullmatch(part.first or "") for part in parts)
    return parts if names_files else [Part(mart, sum((part.rows for part in parts), Rows(0, 0, 0)))]
