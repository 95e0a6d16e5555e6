"""All marts in one workbook: typed cells, no formulas, a sheet each, and a first sheet that explains.

Rows are streamed through a temporary file, so memory does not grow with them. What a spreadsheet cannot hold
(too many rows, more than 15 digits, very long text) is said on the first sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import xlsxwriter

from dagster_project.downloads.marts import Column, Mart

SHEET_ROWS = 1_048_575  # below the header; the format holds 1 048 576 rows
CELL_TEXT = 32_767  # characters that a cell holds
DIGITS = 15  # significant digits that a spreadsheet keeps
_BATCH = 10_000
_NUMBERS = {"number", "integer"}
_FORMATS = {
    "header": {"bold": True, "bottom": 1, "bg_color": "#E8EEF4"},
    "title": {"bold": True, "font_size": 14},
    "wrap": {"text_wrap": True, "valign": "top"},
    "text": {},
    # Without it a spreadsheet shows 1.0336E+11 from twelve digits on.
    "number": {"num_format": "[>=100000000000]#,##0;[<=-100000000000]-#,##0;General"},
    "integer": {"num_format": "0"},
    "boolean": {},
    "date": {"num_format": "yyyy-mm-dd"},
    "timestamp": {"num_format": "yyyy-mm-dd hh:mm:ss"},
}


def write_workbook(
    connection: duckdb.DuckDBPyConnection,
    marts: list[Mart],
    path: Path,
    about: list[str],
    on_rows: Callable[[str, int], None] = lambda name, rows: None,
    sheet_rows: int = SHEET_ROWS,
) -> None:
    """Write the workbook.

    about: lines for the first sheet; on_rows: told the mart's name and the rows written so far;
    sheet_rows: rows below the header from which a mart is too long for its sheet.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
        "tmpdir": str(path.parent),
    }
    with xlsxwriter.Workbook(path, options) as book:
        book.use_zip64()
        formats = {name: book.add_format(shape) for name, shape in _FORMATS.items()}
        fits = {mart.name: mart.rows <= sheet_rows for mart in marts}
        sizes = {mart.name: _sizes(connection, mart) if fits[mart.name] else None for mart in marts}
        _write_readme(book, formats, marts, about, {m.name: _notes(m, sizes[m.name]) for m in marts})
        _write_columns(book, formats, marts)
        for mart in marts:
            sheet = book.add_worksheet(mart.name[:31])
            widths = sizes[mart.name]["widths"] if fits[mart.name] else {}
            _write_header(sheet, formats, [column.name for column in mart.columns], widths)
            if not fits[mart.name]:
                sheet.write_string(1, 0, _notes(mart, None))
                continue
            sheet.autofilter(0, 0, mart.rows, len(mart.columns) - 1)
            for done in _write_rows(connection, sheet, formats, mart):
                on_rows(mart.name, done)


def _write_rows(connection, sheet, formats, mart: Mart) -> Iterator[int]:
    """Every row below the header; yields how many there are so far."""
    writers = {
        "text": sheet.write_string,
        "number": sheet.write_number,
        "integer": sheet.write_number,
        "boolean": sheet.write_boolean,
        "date": _dated(sheet, formats["text"]),
        "timestamp": _dated(sheet, formats["text"]),
    }
    plan = [(writers[column.kind], formats[column.kind]) for column in mart.columns]
    # As double: a spreadsheet has no other number, and a Decimal object for each cell would be slow.
    values = [f"cast({c.quoted} as double)" if c.kind == "number" else c.quoted for c in mart.columns]
    result = connection.execute(f"select {', '.join(values)} from {mart.relation}")
    done = 0
    while rows := result.fetchmany(_BATCH):
        for number, row in enumerate(rows, start=done + 1):
            for place, (value, (write, shape)) in enumerate(zip(row, plan, strict=True)):
                if value is not None:
                    write(number, place, value, shape)
        done += len(rows)
        yield done


def _dated(sheet, as_text) -> Callable:
    """Dates as dates, and before 1900, where a spreadsheet's calendar begins, as text."""

    def write(row: int, place: int, value: date | datetime, shape) -> None:
        if value.year < 1900:
            sheet.write_string(row, place, value.isoformat(), as_text)
        else:
            sheet.write_datetime(row, place, value, shape)

    return write


def _write_header(sheet, formats, names: list[str], widths: dict[str, int]) -> None:
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(names):
        sheet.set_column(place, place, min(max(len(name) + 3, widths.get(name, 0)), 48))
        sheet.write_string(0, place, name, formats["header"])


def _write_readme(book, formats, marts: list[Mart], about: list[str], notes: dict[str, str]) -> None:
    sheet = book.add_worksheet("README")
    for place, width in enumerate((26, 90, 12, 60)):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, about[0], formats["title"])
    for row, line in enumerate(about[1:], start=1):
        sheet.write_string(row, 0, line)
    start = len(about) + 1
    for place, name in enumerate(("表 · sheet", "说明 · what it is", "行 · rows", "注意 · note")):
        sheet.write_string(start, place, name, formats["header"])
    for row, mart in enumerate(marts, start=start + 1):
        sheet.write_url(row, 0, f"internal:'{mart.name[:31]}'!A1", string=mart.name)
        sheet.write_string(row, 1, mart.description, formats["wrap"])
        sheet.write_number(row, 2, mart.rows, formats["integer"])
        sheet.write_string(row, 3, notes[mart.name], formats["wrap"])


def _write_columns(book, formats, marts: list[Mart]) -> None:
    """What each column of each sheet means."""
    sheet = book.add_worksheet("columns")
    names = ["table", "column", "type", "description"]
    _write_header(sheet, formats, names, {"table": 26, "column": 28, "type": 16, "description": 48})
    lines = [(m.name, c.name, c.type, c.description) for m in marts for c in m.columns]
    for row, line in enumerate(lines, start=1):
        for place, value in enumerate(line):
            sheet.write_string(row, place, value)
    sheet.autofilter(0, 0, len(lines), len(names) - 1)


def _sizes(connection: duckdb.DuckDBPyConnection, mart: Mart) -> dict:
    """Width of each column in characters, and how many cells a spreadsheet cannot hold in full."""
    parts = {}
    for column in mart.columns:
        # In UTF-8 a Chinese character has three bytes and takes two places.
        parts[column.name] = f"max(strlen(cast({column.quoted} as varchar))) * 2 // 3 + 2"
    counts = {
        "rounded": [f"length({_digits(c)}) > {DIGITS}" for c in mart.columns if c.kind in _NUMBERS],
        "cut": [f"length({c.quoted}) > {CELL_TEXT}" for c in mart.columns if c.kind == "text"],
    }
    sums = [
        " + ".join(["0", *(f"count(*) filter (where {each})" for each in condition)])
        for condition in counts.values()
    ]
    row = connection.execute(f"select {', '.join([*parts.values(), *sums])} from {mart.relation}").fetchone()
    widths = {name: width or 0 for name, width in zip(parts, row, strict=False)}
    return {"widths": widths, **dict(zip(counts, row[-len(counts) :], strict=True))}


def _digits(column: Column) -> str:
    """The significant digits of a number, as SQL."""
    return f"trim(translate(cast({column.quoted} as varchar), '-.', ''), '0')"


def _notes(mart: Mart, sizes: dict | None) -> str:
    """What the sheet lacks. sizes: None where the mart does not fit at all."""
    parquet = f"parquet/{mart.name}.parquet"
    if sizes is None:
        return (
            f"{mart.rows} 行,一张工作表容纳不下,见 {parquet} · "
            f"{mart.rows} rows are more than a sheet holds: see {parquet}"
        )
    said = []
    if sizes["rounded"]:
        said.append(
            f"{sizes['rounded']} 个数字超过 {DIGITS} 位,此处舍入,准确值见 {parquet} · "
            f"{sizes['rounded']} numbers have more than {DIGITS} digits and are rounded here; "
            f"exact in {parquet}"
        )
    if sizes["cut"]:
        said.append(
            f"{sizes['cut']} 处文字过长,此处截断 · {sizes['cut']} texts are too long for a cell and cut; "
            f"whole in {parquet}"
        )
    return "; ".join(said)
