"""What a spreadsheet cannot hold of a mart, counted by DuckDB and said in words; and how wide columns are."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from dagster_project.downloads.marts import Column, Mart
from dagster_project.sql import row

# Below the header. The format holds ten times as many, but such a sheet takes minutes to write and to open.
SHEET_ROWS = 100_000
CELL_TEXT = 32_767  # characters that a cell holds
DIGITS = 15  # significant digits that a spreadsheet keeps
_NUMBERS = {"number", "integer"}


@dataclass(frozen=True)
class Sheet:
    """How one mart goes into its sheet.

    fits: whether its rows do; note: what is missing, in words, or nothing; widths: of columns, in characters.
    """

    fits: bool
    note: str
    widths: dict[str, int]


def measure(connection: duckdb.DuckDBPyConnection, mart: Mart, sheet_rows: int) -> Sheet:
    """Look at every cell once. sheet_rows: rows that a sheet holds."""
    parquet = f"parquet/{mart.name}.parquet"
    if mart.rows > sheet_rows:
        zh = f"{mart.rows} 行,一张工作表容纳不下,见 {parquet}"
        return Sheet(False, f"{zh} · {mart.rows} rows, more than a sheet can hold: see {parquet}", {})
    # In UTF-8 a Chinese character has three bytes and takes two places.
    widths = [f"max(strlen(cast({column.quoted} as varchar))) * 2 // 3 + 2" for column in mart.columns]
    rounded = _count(f"length({_digits(c)}) > {DIGITS}" for c in mart.columns if c.kind in _NUMBERS)
    cut = _count(f"length({c.quoted}) > {CELL_TEXT}" for c in mart.columns if c.kind == "text")
    query = f"select {', '.join([*widths, rounded, cut])} from {mart.relation}"
    *found, n_rounded, n_cut = row(connection, query)
    said = []
    if n_rounded:
        zh = f"{n_rounded} 个数字超过 {DIGITS} 位,此处舍入,准确值见 {parquet}"
        said.append(
            f"{zh} · {n_rounded} numbers of more than {DIGITS} digits are rounded; exact in {parquet}"
        )
    if n_cut:
        zh = f"{n_cut} 处文字过长,此处截断,全文见 {parquet}"
        said.append(f"{zh} · {n_cut} texts are too long for a cell and cut; whole in {parquet}")
    names = (column.name for column in mart.columns)
    return Sheet(True, "; ".join(said), dict(zip(names, (width or 0 for width in found), strict=True)))


def _count(conditions) -> str:
    """How many cells meet their column's condition, as SQL."""
    return " + ".join(["0", *(f"count(*) filter (where {condition})" for condition in conditions)])


def _digits(column: Column) -> str:
    """The significant digits of a number, as SQL."""
    return f"trim(translate(cast({column.quoted} as varchar), '-.', ''), '0')"
