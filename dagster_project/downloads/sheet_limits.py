"""What a spreadsheet cannot hold of a mart, counted by DuckDB and said in words; and how wide columns are."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from dagster_project.downloads.marts import Mart

# Below the header. The format holds ten times as many, but such a sheet takes minutes to write and to open.
SHEET_ROWS = 100_000
CELL_TEXT = 32_767  # characters that a cell holds
DIGITS = 15  # significant digits that a spreadsheet keeps
_NUMBERS = {"number", "integer"}
_DIGITS = "trim(translate(cell, '-.', ''), '0')"  # the significant ones of a number, as SQL


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
    files = f"parquet/{mart.name}.parquet, csv/{mart.name}.csv"
    zh = f"{mart.rows} 行,一张工作表容纳不下,见 {files}"
    return f"{zh} · {mart.rows} rows, more than a sheet can hold: see {files}"


def measure(connection: duckdb.DuckDBPyConnection, mart: Mart, sheet_rows: int) -> Sheet:
    """Look at every cell once. sheet_rows: rows that a sheet holds."""
    if mart.rows > sheet_rows:
        return Sheet(False, elsewhere(mart), {})
    found = connection.execute(
        f"select name, max(strlen(cell)), count(*) filter (length({_DIGITS}) > {DIGITS}), "
        f"count(*) filter (length(cell) > {CELL_TEXT}) "
        f"from (unpivot (select cast(columns(*) as varchar) from {mart.relation}) "
        "on columns(*) into name name value cell) group by name"
    ).fetchall()
    kinds = {column.name: column.kind for column in mart.columns}
    n_rounded = sum(digits for name, _, digits, _ in found if kinds[name] in _NUMBERS)
    n_cut = sum(cut for name, *_, cut in found if kinds[name] == "text")
    parquet, said = f"parquet/{mart.name}.parquet", []
    if n_rounded:
        zh = f"{n_rounded} 个数字超过 {DIGITS} 位,此处舍入,准确值见 {parquet}"
        said.append(
            f"{zh} · {n_rounded} numbers of more than {DIGITS} digits are rounded; exact in {parquet}"
        )
    if n_cut:
        zh = f"{n_cut} 处文字过长,此处截断,全文见 {parquet}"
        said.append(f"{zh} · {n_cut} texts are too long for a cell and cut; whole in {parquet}")
    # In UTF-8 a Chinese character has three bytes and takes two places.
    widths = {name: width * 2 // 3 + 2 for name, width, *_ in found}
    return Sheet(True, "; ".join(said), widths, n_cut > 0)
