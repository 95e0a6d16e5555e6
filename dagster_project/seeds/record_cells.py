"""A fact record as a person wrote it, and what its cells say: figures with the words beside them, periods.

Here: reading only; a cell means the same whatever the seeds hold. Not here: which figures a cell has
(figures/parts.py), which table and indicator they belong to (record_draft.py), whether a record in the
seeds is sound (ingest/record_file.py).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from dagster_project.figures.parts import Part, parts_of
from dagster_project.figures.tokens import Lexicon, Token, parse_token
from dagster_project.seeds.schema import Table

TAB, AS_ABOVE = "\t", "as above"
_HEAD = re.compile(r"#\s*([^:：\s]+)\s*[:：](.*)")
_DASH = re.compile("[-–—/]+")  # stands for nothing: the seeds leave such a cell blank
_UNIT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?|Q([1-4])|H([12]))?")
_ASIDE = re.compile(r"\s*[(（][^)）]*[)）]|\s+(?:draft|plan)$")
_YEARS = re.compile("([0-9]{4})-([0-9]{4})")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_CLOCK = re.compile(r"(?<![0-9.:])[0-2]?[0-9]:[0-5][0-9](?![0-9.:])")  # 6:30, not the ratio 15.7:37.1
_RISE = re.compile(r"\+\s*$")
_RATE = re.compile(r"\s*[/／]")  # 公里/小时: what stands before the slash is no unit alone


class RecordError(ValueError):
    """The file is no fact record; the message says why, 中文 · English."""


@dataclass(frozen=True)
class Cell:
    """One row of a fact record."""

    key: str
    label: str
    value_text: str
    as_of: str = ""
    geo: str = ""
    cell_type: str = ""
    note: str = ""

    @property
    def locator(self) -> str:
        """How rows cite it."""
        return f"record:{self.key}"


@dataclass(frozen=True)
class Record:
    """Head lines and cells; no key twice."""

    heads: dict[str, str]
    cells: tuple[Cell, ...]

    def text(self, columns: Collection[str]) -> str:
        """The file that goes into the seeds."""
        lines = [f"# {name}: {value}".rstrip() for name, value in self.heads.items()]
        rows = [TAB.join(columns), *(TAB.join(getattr(cell, c) for c in columns) for cell in self.cells)]
        return "\n".join([*lines, *rows]) + "\n"


def read_record(path: Path, declared: Table) -> Record:
    """The record of a file, doubled keys made distinct. `declared`: the table of fact records.

    Raises RecordError, OSError.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeError:
        raise RecordError("须为 UTF-8 文本 · not UTF-8 text") from None
    names = {field.alias or field.name: field.name for field in declared.fields}
    names |= {field.name: field.name for field in declared.fields}
    heads, columns, cells = dict[str, str](), list[str](), list[Cell]()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if line.startswith("#") and not columns:
            match = _HEAD.fullmatch(line.rstrip())
            if not match or match[1].casefold() not in declared.heads:
                raise RecordError(f"第 {number} 行头不明 · line {number}: unknown head: {line[:60]}")
            heads[match[1].casefold()] = match[2].strip()
        elif not columns:
            columns = [names.get(name.strip().casefold(), "") for name in line.split(TAB)]
            needed = {field.name for field in declared.fields if field.required}
            if "" in columns or not needed <= set(columns):
                raise RecordError(f"第 {number} 行列名不明 · line {number}: unknown or missing columns")
        else:
            values = [value.strip() for value in line.split(TAB)]
            if len(values) != len(columns):
                raise RecordError(
                    f"第 {number} 行字段数不符 · line {number}: {len(values)} of {len(columns)} fields"
                )
            cell = Cell(**{n: "" if _DASH.fullmatch(v) else v for n, v in zip(columns, values, strict=True)})
            if not re.fullmatch(declared.named["key"].pattern or ".+", cell.key):
                raise RecordError(f"第 {number} 行键不合规 · line {number}: not a plain key: {cell.key}")
            if not (cell.label and cell.value_text):
                raise RecordError(f"第 {number} 行缺内容 · line {number}: label or value missing")
            cells.append(cell)
    if not cells:
        raise RecordError("没有单元格 · no cells")
    return Record(heads, tuple(_distinct(cells)))


def _distinct(cells: list[Cell]) -> list[Cell]:
    """key, key-2, key-3: in the order of the file. 'as above' becomes the place that stands above."""
    used, above, made = {cell.key for cell in cells}, "", []
    seen: set[str] = set()
    for cell in cells:
        key, number = cell.key, 1
        while key in seen or (number > 1 and key in used):
            number += 1
            key = f"{cell.key}-{number}"
        seen.add(key)
        above = above if cell.geo == AS_ABOVE else cell.geo
        made.append(replace(cell, key=key, geo=above))
    return made


def base_key(key: str, keys: Collection[str]) -> str:
    """The key without the number that made it distinct from another of its record."""
    base = re.sub("-[0-9]+$", "", key)
    return base if base in keys else key


# --- periods ---


@dataclass(frozen=True)
class Span:
    """Days from first to last; `precision` as in code list DATE_PRECISION, HALF for half a year."""

    first: date | None
    last: date
    precision: str


def spans_of(as_of: str) -> tuple[list[Span], str]:
    """What a cell names in time, in order, and the mark between: 2021-01/2021-06, 2020→2025, 2018-2020."""
    text = _ASIDE.sub("", as_of).strip()
    if match := _YEARS.fullmatch(text):
        units, mark = [_span(year) for year in match.groups()], "/"
    else:
        mark = "→" if "→" in text else "/"
        units = [_span(unit.strip()) for unit in text.split(mark)]
    known = [unit for unit in units if unit]
    if not text or len(known) < len(units):
        return [], ""
    return known, mark if len(known) > 1 else ""


def period_of(spans: list[Span], mark: str) -> Span | None:
    """The one period that they make together; None for a list of times."""
    if len(spans) == 1:
        return spans[0]
    if len(spans) == 2 and mark == "/" and spans[0].first and spans[0].first <= spans[1].last:
        return Span(spans[0].first, spans[1].last, spans[1].precision)
    return None


def _span(text: str) -> Span | None:
    open_start = text.startswith("to ")
    match = _UNIT.fullmatch(text.removeprefix("to "))
    if not match:
        return None
    year, month, day, quarter, half = (int(part) if part else 0 for part in match.groups())
    start, end = (month, month) if month else (1, 12)
    precision = "DAY" if day else "MONTH" if month else "YEAR"
    if quarter:
        start, end, precision = 3 * quarter - 2, 3 * quarter, "QUARTER"
    elif half:
        start, end, precision = 6 * half - 5, 6 * half, "HALF"
    try:
        first = date(year, start, day or 1)
        last = date(year, end, day or monthrange(year, end)[1])
    except ValueError:
        return None
    return Span(None if open_start else first, last, precision)


# --- figures ---


@dataclass(frozen=True)
class Figure:
    """One figure of a cell. `text`: what a row quotes; `before`: words before it; `nested`: in brackets.

    `rises`: with a plus sign; `base`: the year that it is compared with, as printed.
    """

    text: str
    token: Token
    before: str
    nested: bool
    rises: bool
    base: str = ""


def figures_of(text: str, lexicon: Lexicon, nouns: Collection[str]) -> list[Figure]:
    """The readable figures of a cell, in order. `nouns`: what units are printed as."""
    found, cursor, base = list[Figure](), 0, ""
    if _CLOCK.search(text):
        return []
    for part in parts_of(text, lexicon):
        at = _place(text, part, cursor)
        cursor = at + 1
        before = part.reach[: part.reach.find(part.figure)] if part.figure in part.reach else ""
        after = part.reach[len(before) + len(part.figure) :]
        if _YEAR.fullmatch(part.figure) and before.strip() in ("较", "比", "与"):
            base = before.strip() + part.figure
            continue
        if _is_date(part.figure, before, after):
            if found and before.strip() == "since":
                found[-1] = replace(found[-1], base=f"since {part.figure}")
            continue
        token = _quoted(part, before, lexicon, nouns)
        if before.strip() == "of" or token is None:
            continue
        opened = sum(text.count(mark, 0, at) for mark in "(（") > sum(
            text.count(mark, 0, at) for mark in ")）"
        )
        rises = bool(_RISE.search(before))
        found.append(Figure(token.value_text, token, before.strip(" +"), opened, rises, base))
        base = ""
    return found


def _is_date(figure: str, before: str, after: str) -> bool:
    """2022年底, 3月16, since 2010: times, whose words a numeral alone would hide."""
    year = _YEAR.fullmatch(figure) and (
        after.startswith("年") or before.strip() in ("since", "to", "from", "in")
    )
    return bool(year or re.match("月(?!龄|均)|日(?!均)", after) or re.search("年$|月$", before.strip()))


def _place(text: str, part: Part, cursor: int) -> int:
    """Where a part stands; a bare number of a list is printed without the unit that its reach has."""
    printed = re.match(r"[^0-9]*[0-9][0-9.,]*", part.figure)
    for piece in (part.reach, part.figure, printed[0] if printed else ""):
        if piece and (at := text.find(piece, cursor)) >= 0:
            return at
    return cursor


def _quoted(part: Part, before: str, lexicon: Lexicon, nouns: Collection[str]) -> Token | None:
    """The shortest quotation that is read whole: the figure with its noun, a fall, else all its words."""
    rest = part.reach[len(before) + len(part.figure) :] if part.figure in part.reach else ""
    noun = max((noun for noun in nouns if rest.startswith(noun)), key=len, default="")
    shortest = part.figure + noun if noun and not _RATE.match(rest[len(noun) :]) else part.figure + rest
    if before.endswith("第"):
        shortest = f"第{shortest}"
    for quoted in (shortest, part.figure + rest, before.strip(" +") + shortest, part.reach, part.figure):
        token = parse_token(quoted.strip(), lexicon)
        if not token.error and (token.sign == part.sign or part.sign > 0):
            return token
    return None
