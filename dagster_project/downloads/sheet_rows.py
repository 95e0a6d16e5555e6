"""The rows of a mart as XML of a worksheet, put together by DuckDB: a tenth of what a call per cell costs.

Text is always inline text, so nothing is run as a formula; an empty cell is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
from xlsxwriter.utility import xl_col_to_name

from dagster_project.downloads.marts import Column, Mart
from dagster_project.downloads.sheet_limits import CELL_TEXT

_BATCH = 2_000  # rows in memory at once
_ROW = '"#row"'  # a sheet's number of a row, as text; no mart has such a column
_DIMENSION = re.compile(r'(<dimension ref="A1:[A-Z]+)\d+')
_PATTERN = re.compile(r'<row r="2".*?</row>')
_STYLE = re.compile(r'<c r="[A-Z]+2"( s="\d+")?/>')
# What XML cannot hold, and text that reads like the way of writing it.
_UNWRITABLE = r"[\x00-\x08\x0b-\x1f\x{fffe}\x{ffff}]|_x[0-9A-Fa-f]{4}_"
_UNWRITTEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Frame:
    """A sheet without its rows: the XML before and after them, and the style of each column's cells."""

    before: str
    after: str
    styles: list[str]

    @classmethod
    def of(cls, sheet: str, rows: int) -> Frame:
        """Take out the row of empty cells that stands below the header; rows: that are to take its place."""
        before, pattern, after = re.split(f"({_PATTERN.pattern})", sheet, maxsplit=1)
        return cls(_DIMENSION.sub(rf"\g<1>{rows + 1}", before), after, _STYLE.findall(pattern))


def xml_rows(
    connection: duckdb.DuckDBPyConnection, mart: Mart, styles: list[str], cuts: bool
) -> Iterator[tuple[int, str]]:
    """The rows below the header in parts: how many, and their XML. cuts: whether a text is too long."""
    cells = ", ".join(
        _cell(column, xl_col_to_name(place), style, cuts)
        for place, (column, style) in enumerate(zip(mart.columns, styles, strict=True))
    )
    key = mart.order and f"order by {mart.order}"
    result = connection.execute(
        f"select xml, regexp_matches(xml, '{_UNWRITABLE}') from ("
        f"select {_ROW}, concat('<row r=\"', {_ROW}, '\">', {cells}, '</row>') as xml from ("
        f"select *, cast(row_number() over ({key}) + 1 as varchar) as {_ROW} from {mart.relation})) "
        f"order by cast({_ROW} as integer)"
    )
    while rows := result.fetchmany(_BATCH):
        yield (
            len(rows),
            "".join(_UNWRITTEN.sub(_written, xml) if unwritable else xml for xml, unwritable in rows),
        )


def _written(found: re.Match) -> str:
    return f"_x{ord(found[0]):04X}_" if found[0] != "_" else "_x005F_"


def _cell(column: Column, letters: str, style: str, cuts: bool) -> str:
    """One cell as SQL: its XML, or nothing. Days before 1900, where a sheet's calendar begins, are text."""
    value = column.quoted
    if column.kind == "text":
        cell = _text(letters, f"left({value}, {CELL_TEXT})" if cuts else value)
    elif column.kind == "boolean":
        cell = _number(letters, f"cast({value} as integer)", f'{style} t="b"')
    elif column.kind == "integer":
        cell = _number(letters, value, style)
    elif column.kind == "number":  # a sheet has no other number than a double
        cell = _number(letters, f"printf('%.16G', cast({value} as double))", style)
    else:
        day = f"cast({value} as date)"
        days = f"{day} - date '1899-12-31' + cast({day} >= date '1900-03-01' as integer)"
        if column.kind == "timestamp":
            days += f" + (epoch({value}) - epoch({day})) / 86400"
        early = _text(letters, f"replace(cast({value} as varchar), ' ', 'T')")
        cell = f"case when {day} < date '1900-01-01' then {early} else {_number(letters, days, style)} end"
    return f"case when {value} is not null then {cell} end"


def _number(letters: str, number: str, style: str) -> str:
    return f"concat('<c r=\"{letters}', {_ROW}, '\"{style}><v>', {number}, '</v></c>')"


def _text(letters: str, text: str) -> str:
    for mark, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = f"replace({text}, '{mark}', '{escaped}')"
    inline = '" t="inlineStr"><is><t xml:space="preserve">'
    return f"concat('<c r=\"{letters}', {_ROW}, '{inline}', {text}, '</t></is></c>')"
