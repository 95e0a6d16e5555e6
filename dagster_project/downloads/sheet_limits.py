"""What a spreadsheet cannot hold of a mart, counted by DuckDB and said in words; and how wide columns are."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from dagster_project.downloads.flat_files import csv_value
from dagster_project.downloads.marts import Column, Mart
from dagster_project.sql import row

# Below the header. The format holds forty times as many, but such a sheet takes minutes to open.
SHEET_ROWS = 25_000
CELL_TEXT = 32_767  # characters that a cell holds
DIGITS = 15  # significant digits that a spreadsheet keeps
_NUMBERS = {"number", "integer"}


@dataclass(frozen=True)
class Sheet:
    """How one mart goes into its sheet.

    fits: whether its rows do; note: what is missing, in words, or nothing; widths: of columns, in characters;
    cuts: whether a text is longer than a cell.
    """

    fits: bool
    note: str
    widths: dict[str, int]
    cuts: bool = False


def elsewhere(mart: Mart) -> str:
    """Where the rows of a mart are that is too long for a sheet, in words."""
    zh = f"{mart.rows} 行，不列入工作表，见文件夹 parquet、csv 中的 {mart.name}"
    return f"{zh} · {mart.rows} rows, too many for a sheet: see {mart.name} in the folders parquet and csv"


def measure(connection: duckdb.DuckDBPyConnection, mart: Mart, sheet_rows: int) -> Sheet:
    """Look at every cell once. sheet_rows: rows that a sheet holds."""
    if mart.rows > sheet_rows:
        return Sheet(False, elsewhere(mart), {})
    widths = [_width(column) for column in mart.columns]
    rounded = _count(f"length({_digits(c)}) > {DIGITS}" for c in mart.columns if c.kind in _NUMBERS)
    cut = _count(f"length({c.quoted}) > {CELL_TEXT}" for c in mart.columns if c.kind == "text")
    query = f"select {', '.join([*widths, rounded, cut])} from {mart.relation}"
    *found, n_rounded, n_cut = row(connection, query)
    parquet, said = f"parquet/{mart.name}.parquet", []
    if n_rounded:
        zh = f"{n_rounded} 个数字超过 {DIGITS} 位，此处舍入，准确值见 {parquet}"
        said.append(
            f"{zh} · {n_rounded} numbers of more than {DIGITS} digits are rounded; exact in {parquet}"
        )
    if n_cut:
        zh = f"{n_cut} 处文字过长，此处截断，全文见 {parquet}"
        said.append(f"{zh} · {n_cut} texts are too long for a cell and cut; whole in {parquet}")
    names = (column.name for column in mart.columns)
    shown = dict(zip(names, (width or 0 for width in found), strict=True))
    return Sheet(True, "; ".join(said), shown, n_cut > 0)


def _count(conditions) -> str:
    """How many cells meet their column's condition, as SQL."""
    return " + ".join(["0", *(f"count(*) filter (where {condition})" for condition in conditions)])


def _width(column: Column) -> str:
    """How wide the widest cell is, as SQL."""
    if column.kind in _NUMBERS:  # with a comma for three digits
        return f"max(strlen({_written(column)})) * 4 // 3 + 2"
    # In UTF-8 a Chinese character has three bytes and takes two places.
    return f"max(strlen(cast({column.quoted} as varchar))) * 2 // 3 + 2"


def _digits(column: Column) -> str:
    """The significant digits of a number, as SQL."""
    return f"trim(translate({_written(column)}, '-.', ''), '0')"


def _written(number: Column) -> str:
    return f"cast({csv_value(number)} as varchar)"
