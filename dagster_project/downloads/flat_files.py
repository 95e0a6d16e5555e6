"""Rows of a mart as a Parquet file and as a CSV file, written by DuckDB itself, whatever their length.

Both have the columns that last: what is other in every row each day would have every file written each night.
Parquet holds their values exactly. CSV is UTF-8 without a byte order mark, comma, quotes doubled, an
empty cell where nothing is known; text that a spreadsheet would run as a formula gets an apostrophe.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

from dagster_project import sql
from dagster_project.downloads.marts import Column, Mart
from dagster_project.export_text import FORMULA_STARTS

APOSTROPHE_FIRST = r"'\0"


def write_parquet(
    mart: Mart, rows: str, build: dict, connection: duckdb.DuckDBPyConnection, path: Path
) -> int:
    """Rows of a mart, given as SQL, as Parquet; returns how many.

    Descriptions of mart and columns stand in the file's metadata, and the build that wrote it: later versions
    with the same rows have the same file.
    """
    about = {
        "written_by": build["build_id"],
        "description": mart.description,
        "columns": json.dumps({c.name: c.description for c in mart.lasting}, ensure_ascii=False),
    }
    columns = ", ".join(column.quoted for column in mart.lasting)
    notes = ", ".join(f"{key}: {sql.text(value)}" for key, value in about.items())
    return sql.copied(
        connection,
        f"copy (select {columns} from {rows}) to {sql.text(str(path))} "
        f"(format parquet, compression zstd, kv_metadata {{{notes}}})",
    )


def write_csv(mart: Mart, rows: str, connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Rows of a mart, given as SQL, as CSV; returns how many."""
    columns = [f"{csv_value(column)} as {column.quoted}" for column in mart.lasting]
    return copy_csv(connection, columns, rows, path)


def copy_csv(connection: duckdb.DuckDBPyConnection, columns: Iterable[str], relation: str, path: Path) -> int:
    """SQL columns of a relation as CSV, and its rows; their expressions have seen to it that text is safe."""
    return sql.copied(
        connection,
        f"copy (select {', '.join(columns)} from {relation}) to {sql.text(str(path))} "
        "(format csv, header true, delimiter ',', quote '\"', escape '\"', nullstr '')",
    )


def csv_value(column: Column) -> str:
    """A column as SQL for a CSV cell: no formulas, no padding zeros after the point, UTC marked as such."""
    if column.kind == "text":
        return _neutralised(column.quoted)
    if column.kind == "timestamp":
        return f"strftime({column.quoted}, '%Y-%m-%dT%H:%M:%SZ')"
    if column.type.startswith("DECIMAL") and not column.type.endswith(",0)"):
        return _unpadded(column)
    return column.quoted


def _unpadded(column: Column) -> str:
    """A decimal as text. Most fit into 64 bits, and written from these cost a third."""
    scale = column.type.rpartition(",")[2].rstrip(")")
    small = f"cast(try_cast({column.quoted} as decimal(18, {scale})) as varchar)"
    return f"rtrim(rtrim(coalesce({small}, cast({column.quoted} as varchar)), '0'), '.')"


def _neutralised(text: str) -> str:
    """SQL text as `export_text.neutralised` makes it. Two comparisons spare most cells the pattern."""
    formula = "^[" + "".join(map(re.escape, FORMULA_STARTS)) + "]"
    harmless = f"({text} >= 'A' or {text} between '0' and '9z')"
    shown = f"regexp_replace({text}, {sql.text(formula)}, {sql.text(APOSTROPHE_FIRST)})"
    return f"case when {harmless} then {text} else {shown} end"
