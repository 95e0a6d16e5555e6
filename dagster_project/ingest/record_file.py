"""Fact records, `record.tsv`: lines `# name: value`, then a table whose columns are separated by tabs.

Quotes have no meaning in one. Here: framing and the head. Not here: encoding and torn copies (front_door.py),
the meaning of a cell (figures/parts.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TextIO

from dagster_project.ingest.admission import Admission, Problem, Refused
from dagster_project.ingest.framing import Lines, quote, read_header, unfit

TAB = "\t"
_HEAD = re.compile(r"#\s*([^:：\s]+)\s*[:：](.*)")


@dataclass(frozen=True)
class RecordShape:
    """Names that a head line may have, and columns under other names than their own."""

    heads: tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)


def framed_record(
    stream: TextIO,
    names: tuple[str, ...],
    admission: Admission,
    optional: Collection[str],
    shape: RecordShape,
) -> Iterator[tuple[int, list[str]]]:
    """Line and fields of each sound row of the table; heads, refusals and notes go into `admission`.

    Raises Refused or BadHeader for the whole file, UnicodeDecodeError for a wrong encoding.
    """
    lines = Lines(stream)
    for number, body in lines:
        if body.startswith("#"):
            _head(number, body, bool(admission.columns), admission, shape)
        elif not admission.columns:
            admission.columns = _columns(number, body, names, admission, optional, shape)
        elif cells := _cells(number, body, admission.columns, lines.ended, admission):
            admission.rows += 1
            yield number, cells
    if not admission.columns:
        raise Refused("没有表，只有头 · no table: the file is empty or has only a head")
    admission.notes += lines.notes()


def _head(number: int, body: str, late: bool, admission: Admission, shape: RecordShape) -> None:
    """Keep a head line, or say what is wrong with it."""
    match = _HEAD.fullmatch(body.rstrip())
    name, value = (match[1].casefold(), match[2].strip()) if match else (None, body)
    if late:
        rule, value = "头须在表之前 · a head line must come before the table", body
    elif not match:
        rule = "头须为 # 名称: 值 · a head line must read # name: value"
    elif name not in shape.heads:
        rule, value = f"未声明的头 · unknown head; the declared ones are {', '.join(shape.heads)}", name
    elif name in (known for _, known, _ in admission.heads):
        rule, name, value = "头重复 · the head occurs twice", None, name
    else:
        admission.heads.append((number, name, value))
        return
    admission.problems.append(Problem(number, None, value, rule))


def _columns(
    number: int,
    body: str,
    names: tuple[str, ...],
    admission: Admission,
    optional: Collection[str],
    shape: RecordShape,
) -> tuple[str, ...]:
    if TAB not in body and "," in body:
        raise Refused("列须以制表符分隔 · columns must be separated by tabs", number, None, body)
    cells = [shape.aliases.get(cell.strip().casefold(), cell) for cell in body.split(TAB)]
    header = Admission(admission.survey)  # of its own: a fault of the head does not spoil the table
    try:
        return read_header(",".join(map(quote, cells)), names, header, optional)
    finally:
        admission.problems += [replace(problem, line=number) for problem in header.problems]
        admission.notes += [replace(note, line=number) for note in header.notes]


def _cells(
    number: int, body: str, columns: tuple[str, ...], ended: bool, admission: Admission
) -> list[str] | None:
    """The cells of a sound row; of any other none, and its fault in `admission`."""
    cells, width = body.split(TAB), len(columns)
    rule = f"应有 {width} 个字段，实有 {len(cells)} · {len(cells)} of {width} fields"
    if len(cells) < width and not ended:
        raise Refused(f"文件末行不完整，疑被截断 · the last row is cut off: {rule}", number, None, body)
    fault = (rule, body, None) if len(cells) != width else unfit(cells, columns)
    if not fault:
        return cells
    admission.refused_rows += 1
    admission.problems.append(Problem(number, fault[2], fault[1], fault[0]))
    return None
