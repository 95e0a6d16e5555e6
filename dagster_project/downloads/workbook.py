"""All marts in one workbook: typed cells, no formulas, a sheet each, and a first sheet that explains.

XlsxWriter makes the whole book but for the rows of marts; those are put into its sheets as XML that DuckDB
made (sheet_rows.py). What a spreadsheet cannot hold is said on the first sheet (sheet_limits.py).
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, ZipFile

import duckdb
import xlsxwriter

from dagster_project.downloads.index import about
from dagster_project.downloads.marts import Mart
from dagster_project.downloads.sheet_limits import SHEET_ROWS, Sheet, measure
from dagster_project.downloads.sheet_rows import Frame, xml_rows

_LEVEL = 3  # of compression; the usual 6 takes twice as long and saves a tenth
_BEFORE = ("README", "columns")  # sheets before those of marts
_FORMATS = {
    "header": {"bold": True, "bottom": 1, "bg_color": "#E8EEF4"},
    "title": {"bold": True, "font_size": 14},
    "wrap": {"text_wrap": True, "valign": "top"},
    "note": {"text_wrap": True, "valign": "top", "indent": 1},  # apart from the count before it
    "link": {"font_color": "#0000FF", "underline": 1, "valign": "top"},
    "count": {"num_format": "#,##0", "valign": "top"},
    "text": {},
    # Without it a spreadsheet shows 1.0336E+11 from twelve digits on.
    "number": {"num_format": "[>=100000000000]#,##0;[<=-100000000000]-#,##0;General"},
    "integer": {"num_format": "0"},
    "boolean": {},
    "date": {"num_format": "yyyy-mm-dd"},
    "timestamp": {"num_format": "yyyy-mm-dd hh:mm:ss"},
}
_LEGEND = (
    "各列含义见工作表 columns,代码含义(如 reason、evidence)见 dim_code;空单元格即未知或无界。 "
    "What each column means stands in sheet columns, and each code, such as those of reason and evidence, in "
    "dim_code; an empty cell is unknown or unbounded."
)
_README_WIDTHS = (26, 90, 12, 60)  # of its columns, in characters
_DESCRIPTION_WIDTH = 120  # of a column's description
_SLACK = 4  # characters of a line that breaking at words leaves empty
_LINE_HEIGHT = 15  # points
_A4 = 9
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}


def write_workbook(
    connection: duckdb.DuckDBPyConnection,
    marts: list[Mart],
    path: Path,
    build: dict,
    on_rows: Callable[[str, int], None] = lambda name, rows: None,
    sheet_rows: int = SHEET_ROWS,
) -> int:
    """Write the workbook; returns the rows of all its sheets of marts.

    on_rows: told the mart's name and the rows written so far; sheet_rows: rows below the header that a sheet
    holds, a mart of more only says where it is.
    """
    sheets = {mart.name: measure(connection, mart, sheet_rows) for mart in marts}
    frame = _frame(marts, sheets, build)
    places = {f"xl/worksheets/sheet{n}.xml": mart for n, mart in enumerate(marts, start=len(_BEFORE) + 1)}
    written = 0
    with ZipFile(frame) as empty, ZipFile(path, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as book:
        for part in empty.infolist():
            content, mart = empty.read(part).decode(), places.get(part.filename)
            if mart is None or not mart.rows or not sheets[mart.name].fits:
                book.writestr(part, content)
                continue
            around = Frame.of(content, mart.rows)
            with book.open(part, "w") as stream:
                stream.write(around.before.encode())
                done = 0
                for rows, xml in xml_rows(connection, mart, around.styles, sheets[mart.name].cuts):
                    stream.write(xml.encode())
                    done += rows
                    on_rows(mart.name, done)
                stream.write(around.after.encode())
            written += done
    return written


def _frame(marts: list[Mart], sheets: dict[str, Sheet], build: dict) -> BytesIO:
    """The book without rows of marts: below each header a row of empty cells in the formats of columns."""
    frame = BytesIO()
    with xlsxwriter.Workbook(frame, _OPTIONS) as book:
        book.set_properties({"title": about(build)[0], "created": build["built_at"]})
        formats = {name: book.add_format(shape) for name, shape in _FORMATS.items()}
        _write_readme(book, formats, marts, [*about(build), "", _LEGEND], sheets)
        _write_columns(book, formats, marts)
        for mart in marts:
            sheet = book.add_worksheet(mart.name[:31])
            _set_page(sheet)
            sheet.repeat_rows(0)
            sheet.repeat_columns(0)
            names = [column.name for column in mart.columns]
            _write_header(sheet, formats, names, sheets[mart.name].widths)
            if not sheets[mart.name].fits:
                sheet.write_string(1, 0, sheets[mart.name].note)
                continue
            sheet.autofilter(0, 0, mart.rows, len(names) - 1)
            for place, column in enumerate(mart.columns) if mart.rows else ():
                sheet.write_blank(1, place, None, formats[column.kind])
    return frame


def _set_page(sheet) -> None:
    """For whoever prints: unset, each program takes its own paper, upright."""
    sheet.set_landscape()
    sheet.set_paper(_A4)


def _write_header(sheet, formats, names: list[str], widths: dict[str, int]) -> None:
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(names):
        sheet.set_column(place, place, min(max(len(name) + 3, widths.get(name, 0)), 48))
        sheet.write_string(0, place, name, formats["header"])


def _write_readme(book, formats, marts: list[Mart], lines: list[str], sheets: dict[str, Sheet]) -> None:
    """What the workbook is, and a list of its sheets with what each lacks."""
    sheet = book.add_worksheet("README")
    _set_page(sheet)
    sheet.fit_to_pages(1, 0)
    for place, width in enumerate(_README_WIDTHS):
        sheet.set_column(place, place, width)
    last = len(_README_WIDTHS) - 1
    for row, line in enumerate(lines):
        _set_height(sheet, row, (line, sum(_README_WIDTHS)), line_height=19 if row == 0 else _LINE_HEIGHT)
        sheet.merge_range(row, 0, row, last, line, formats["title" if row == 0 else "wrap"])
    start = len(lines) + 1
    for place, name in enumerate(("表 · sheet", "说明 · what it is", "行 · rows", "注意 · note")):
        sheet.write_string(start, place, name, formats["header"])
    for row, mart in enumerate(marts, start=start + 1):
        notes = ((mart.description, _README_WIDTHS[1]), (sheets[mart.name].note, _README_WIDTHS[3]))
        _set_height(sheet, row, *notes)
        sheet.write_url(row, 0, f"internal:'{mart.name[:31]}'!A1", formats["link"], mart.name)
        sheet.write_string(row, 1, mart.description, formats["wrap"])
        sheet.write_number(row, 2, mart.rows, formats["count"])
        sheet.write_string(row, 3, sheets[mart.name].note, formats["note"])


def _set_height(sheet, row: int, *texts: tuple[str, int], line_height: int = _LINE_HEIGHT) -> None:
    """Room for wrapped texts, each with the width of its cells: not every program makes it by itself."""
    sheet.set_row(row, line_height * max(_lines(text, width) for text, width in texts))


def _lines(text: str, width: int) -> int:
    """How many lines a text takes: a Chinese character is as wide as two others."""
    shown = sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
    return max(1, -(-shown // (width - _SLACK)))


def _write_columns(book, formats, marts: list[Mart]) -> None:
    """What each column of each sheet means."""
    sheet = book.add_worksheet("columns")
    _set_page(sheet)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    names = ["table", "column", "type", "description"]
    _write_header(sheet, formats, names, {"table": 26, "column": 28, "type": 16})
    sheet.set_column(len(names) - 1, len(names) - 1, _DESCRIPTION_WIDTH)
    lines = [(m.name, c.name, c.type, c.description) for m in marts for c in m.columns]
    for row, line in enumerate(lines, start=1):
        _set_height(sheet, row, (line[-1], _DESCRIPTION_WIDTH))
        for place, value in enumerate(line):
            sheet.write_string(row, place, value, formats["wrap"])
    sheet.autofilter(0, 0, len(lines), len(names) - 1)
