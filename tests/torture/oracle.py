"""What may be loaded from a seed file, independent of the loader: Python's own csv module in strict mode.

Whatever the loader accepts must be exactly what stands there; whatever it does not accept must have been
reported at its line.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from dagster_project.seeds.schema import Field

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\ufe00-\ufe0f]")  # dropped from a header


@dataclass
class Records:
    """What csv makes of the bytes. `lines`: fields of each record by its first physical line, None if it
    cannot be read; `whole`: False where a fault may have swallowed lines; `sure`: False where csv and our
    dialect differ (blanks around quotes)."""

    header: list[str] = field(default_factory=list)
    lines: dict[int, list[str] | None] = field(default_factory=dict)
    whole: bool = True
    sure: bool = True


def read(content: bytes) -> Records | None:
    """Records of a file by Python's csv module, None where the bytes are no text."""
    marks = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF8: "utf-8-sig",
             codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}  # fmt: skip
    encoding = next((name for mark, name in marks.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    physical = [line.rstrip("\r\n") for line in io.StringIO(text.rstrip("\x1a"), newline="")]
    records, number = Records(sure=not re.search(r'(^|,) +"|" +(,|$)', text, re.MULTILINE)), 0
    while number < len(physical):
        if not physical[number].strip(" \t"):
            number += 1
            continue
        reader = csv.reader((line + "\n" for line in physical[number:]), strict=True)
        try:
            fields = next(reader)
        except csv.Error:
            fields = None
            if reader.line_num > 1:
                records.whole = False
        if not records.header and not records.lines:
            records.header = fields or []
            records.lines[-1] = None  # the header has been seen
        else:
            records.lines[number + 1] = fields
        number += reader.line_num if fields is not None else 1
    records.lines.pop(-1, None)
    return records


def differences(
    fields: tuple[Field, ...], records: Records, loaded: dict[int, tuple], refused: set, noted: set
) -> Iterator[str]:
    """Rows that are not what csv reads at their line, and records that are neither loaded nor refused."""
    if not records.whole:
        yield "rows accepted beside a quote that swallows lines"
        return
    columns = [INVISIBLE.sub("", cell).strip().casefold() for cell in records.header]
    while columns and not columns[-1]:
        columns.pop()
    required = {item.name for item in fields if item.required}
    if len(set(columns)) < len(columns) or not required <= set(columns) <= {item.name for item in fields}:
        yield f"header accepted: {records.header}"
        return
    for line, cells in records.lines.items():
        if line not in loaded:
            if line not in refused:
                yield f"line {line} is neither loaded nor refused"
        elif cells is None or len(cells) != len(records.header):
            yield f"line {line} loaded although it has {cells and len(cells)} fields"
        else:
            there = dict(zip(columns, cells, strict=False))
            for item, value in zip(fields, loaded[line], strict=True):
                cell = there.get(item.name, "")  # an optional column may be left out
                if not _same(item, cell, value, (line, item.name) in noted):
                    yield f"line {line} {item.name}: {cell!r} loaded as {value!r}"
    yield from (f"line {line} loaded from nowhere" for line in loaded if line not in records.lines)


def presentable(value: str | None) -> bool:
    """Short, and nothing in it that steers a terminal or hides."""
    unfit = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return not value or (len(value) <= 80 and not {unicodedata.category(c) for c in value} & unfit)


def _same(item: Field, cell: str, value: object, noted: bool) -> bool:
    """Whether a loaded value is what the cell says; a text that was altered must have a note."""
    text = cell.strip()
    if value is None:
        return not text
    if item.type in ("number", "integer"):
        plain = re.fullmatch(r"-?[0-9]+([.][0-9]+)?", cell)
        return Decimal(text.replace("\u2212", "-")) == value and bool(plain or noted)
    if item.type == "boolean":
        return text.lower() in (("true", "1") if value else ("false", "0")) and (cell == text or noted)
    if item.separator:
        text = re.sub(rf"\s*{item.separator}\s*", item.separator, text)
    if item.case:
        text = text.upper()
    return str(value) == text and (noted or cell == text)
