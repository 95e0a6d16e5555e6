"""Records and fields of a file that is small or not plain: DuckDB has nothing left to guess.

Line by line. Records with a fault in their frame are refused here and left out; faults that may have
swallowed other rows refuse the file. Not here: the meaning of a value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import TextIO

from dagster_project.ingest.admission import MAX_COLUMNS, MAX_FIELD, Admission, Problem, Refused

EXTRA = "_extra_"  # columns without a name at the end of each row, as Excel leaves them
MAX_RECORD = 1024 * 1024  # bytes; DuckDB's own limit is near 2 MB
MAX_RESCAN = 64 * 1024 * 1024  # characters read again while a quote stays open; bounds hostile input

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\ufe00-\ufe0f]")
_QUOTED = re.compile(r'( *)"([^"]*(?:""[^"]*)*)"( *)(?:,|\Z)')
_OPEN = re.compile(r' *"[^"]*(?:""[^"]*)*\Z')
_QUOTE_FIRST = re.compile(r' *"')


class BadHeader(Exception):
    """The header's problems are in the admission."""


class OpenQuote(Exception):
    """The text ends inside a quoted field."""


class BadQuote(Exception):
    """Text after a closing quote."""


def split(text: str) -> list[str]:
    """Fields of one record by RFC 4180; quotes within a field are literal, blanks around quotes data.

    Raises OpenQuote or BadQuote.
    """
    fields, position = [], 0
    while position <= len(text):
        if match := _QUOTED.match(text, position):
            before, inside, after = match.groups()
            fields.append(before + inside.replace('""', '"') + after)
            end = match.end(3)
        elif _QUOTE_FIRST.match(text, position):
            raise OpenQuote if _OPEN.match(text, position) else BadQuote
        else:
            comma = text.find(",", position)
            end = comma if comma >= 0 else len(text)
            fields.append(text[position:end])
        position = end + 1
    return fields


def read_header(
    text: str, names: tuple[str, ...], admission: Admission, optional: Collection[str] = ()
) -> tuple[str, ...]:
    """Columns of the file in its own order; those of `optional` may be left out of it.

    Raises BadHeader after listing everything that is wrong.
    """
    columns, problems, notes = _header(text, names, frozenset(optional))
    admission.problems += problems
    admission.notes += notes
    if problems:
        raise BadHeader
    return columns


@lru_cache(16)  # the bulletins' files have few headers
def _header(
    text: str, names: tuple[str, ...], optional: frozenset[str]
) -> tuple[tuple[str, ...], tuple[Problem, ...], tuple[Problem, ...]]:
    """Columns, what is wrong with them, and what was normalised."""
    problems: list[Problem] = []

    def wrong(rule: str, column: str | None = None, value: str | None = None) -> None:
        problems.append(Problem(1, column, value, rule))

    try:
        cells = split(text)
    except (OpenQuote, BadQuote):
        wrong("标题行引号有误 · bad quotes in the header", None, text)
        return (), tuple(problems), ()
    columns = [INVISIBLE.sub("", cell).strip().casefold() for cell in cells]
    known = [name for name in columns if name in names]
    if len(columns) > MAX_COLUMNS:
        wrong(f"列数 {len(columns)} 超过 {MAX_COLUMNS} · {len(columns)} columns, more than {MAX_COLUMNS}")
        return (), tuple(problems), ()
    if not known:
        delimiter = next(
            (d for d in ";\t|，" if names[0] in _cells(text, d) or names[-1] in _cells(text, d)), None
        )
        wrong(
            f"分隔符须为逗号，不是 {delimiter!r} · delimiter {delimiter!r} instead of a comma"
            if delimiter and len(names) > 1
            else "缺少标题行 · header missing: the first row names no declared column",
            None,
            text,
        )
        return (), tuple(problems), ()
    while columns[-1] == "":
        columns.pop()
    extra = len(cells) - len(columns)
    for name in dict.fromkeys(columns):
        if columns.count(name) > 1:
            wrong("列重复 · duplicate column", name or None)
        elif not name:
            wrong("列没有名称 · a column without a name")
        elif name not in names:
            wrong("未声明的列 · unknown column", None, name)
    for name in names:
        if name not in columns and name not in optional:
            wrong("缺少列 · missing column", name)
    if problems:
        return (), tuple(problems), ()
    notes = [
        Problem(1, name, cell, "列名已规范 · column name normalised")
        for cell, name in zip(cells, columns, strict=False)
        if cell != name
    ]
    if extra:
        dropped = f"去掉末尾 {extra} 个空列 · {extra} empty column(s) at the end dropped"
        notes.append(Problem(1, None, None, dropped))
    return (*columns, *(f"{EXTRA}{n}" for n in range(extra))), (), tuple(notes)


def _cells(text: str, delimiter: str) -> list[str]:
    return [INVISIBLE.sub("", cell).strip(' "').casefold() for cell in text.split(delimiter)]


def framed(
    stream: TextIO, names: tuple[str, ...], admission: Admission, optional: Collection[str] = ()
) -> Iterator[tuple[int, list[str]]]:
    """Line and fields of each sound record; says in `admission` what was refused or normalised.

    Raises Refused or BadHeader for the whole file, UnicodeDecodeError for a wrong encoding.
    """
    lines = Lines(stream)
    header = next((body for _, body in lines), None)
    if header is None:
        raise Refused("文件为空 · the file is empty, not even a header")
    admission.columns = read_header(header, names, admission, optional)
    for record in _records(lines, admission.columns, admission):
        admission.rows += 1
        yield record
    admission.notes += lines.notes()


class Lines(Iterator[tuple[int, str]]):
    """Physical lines without their ends: number and text. Blank lines and a final Ctrl-Z are left out."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._number = enumerate(stream, 1), 0
        self._ends: set[str] = set()
        self._blank: list[int] = []
        self._ctrl_z: int | None = None
        self.ended = True  # whether the last line read ends with a newline

    def __next__(self) -> tuple[int, str]:
        while True:
            number, body = self.following()
            if body.strip(" \t"):
                return number, body
            self._blank.append(number)

    def following(self) -> tuple[int, str]:
        """The next line, blank or not: inside quotes a blank line is data."""
        number, line = next(self._stream)
        body = line.rstrip("\r\n")
        self.ended = len(body) < len(line)
        if self.ended:
            self._ends.add(line[len(body) :])
        elif body.endswith("\x1a"):
            body, self._ctrl_z = body.rstrip("\x1a"), number
            if not body:
                raise StopIteration
        return number, body

    def notes(self) -> list[Problem]:
        notes = []
        if len(self._ends) > 1:
            notes.append(Problem(None, None, None, "换行符混用，已统一 · mixed newlines unified"))
        elif self._ends == {"\r"}:
            notes.append(Problem(None, None, None, "CR 换行已规范 · CR newlines normalised"))
        if self._ctrl_z:
            notes.append(Problem(self._ctrl_z, None, None, "去掉文件末尾 Ctrl-Z · final Ctrl-Z dropped"))
        if self._blank:
            count = len(self._blank)
            notes.append(
                Problem(self._blank[0], None, None, f"跳过空行 {count} · {count} blank line(s) skipped")
            )
        return notes


def _records(lines: Lines, columns: tuple[str, ...], admission: Admission) -> Iterator[tuple[int, list[str]]]:
    width = len(columns)

    def refuse(number: int, rule: str, value: str, column: str | None = None) -> None:
        admission.refused_rows += 1
        admission.problems.append(Problem(number, column, value, rule))

    for number, body in lines:
        fields, count, spans_lines = None, body.count(",") + 1, False
        if '"' in body:
            try:
                text, fields = _complete(number, body, width, lines)
            except BadQuote:
                refuse(number, _bad_quote_rule(body), body)
                continue
            spans_lines, body, count = text != body, text, len(fields)
        if count != width:
            rule = f"应有 {width} 个字段，实有 {count} · {count} of {width} fields"
            if spans_lines:
                raise Refused(
                    f"引号未闭合，吞掉了行 · an unclosed quote swallows rows; {rule}", number, None, body
                )
            if not lines.ended and count < width:
                raise Refused(
                    f"文件末行不完整，疑被截断 · the last row is cut off: {rule}", number, None, body
                )
            refuse(number, rule, body)
            continue
        fields = fields or body.split(",")
        suspicious = "\0" in body or len(body) > MAX_FIELD // 4
        if suspicious and (fault := unfit(fields, columns)):
            refuse(number, *fault)
            continue
        yield number, fields


def _complete(number: int, body: str, width: int, lines: Lines) -> tuple[str, list[str]]:
    """A record with quotes and, while one stays open, the lines that follow. Raises Refused or BadQuote."""
    parts, rescanned = [body], 0
    try:
        return body, split(body)
    except OpenQuote:
        escaped = body.replace('\\"', '""')
        if escaped != body and _is_record(escaped, width):
            raise BadQuote from None  # closed on this line, had the backslash been an escape
    while True:
        try:
            _, line = lines.following()
        except StopIteration:
            raise Refused("引号未闭合 · a quote is never closed", number, None, body) from None
        parts.append(line)
        rescanned += len(line)
        if '"' not in line and rescanned < MAX_RESCAN:
            continue
        text = "\n".join(parts)
        rescanned += len(text)
        try:
            return text, split(text)
        except OpenQuote:
            if rescanned >= MAX_RESCAN:
                raise Refused("引号未闭合 · a quote is never closed", number, None, body) from None
        except BadQuote:
            raise Refused(
                "引号未闭合，吞掉了行 · an unclosed quote swallows rows", number, None, body
            ) from None


def _is_record(text: str, width: int) -> bool:
    try:
        return len(split(text)) == width
    except (OpenQuote, BadQuote):
        return False


def _bad_quote_rule(body: str) -> str:
    if '\\"' in body:
        return '反斜杠不是转义符，应写 "" · a backslash is not an escape: double the quote'
    return "闭引号后有文字 · text after a closing quote"


def unfit(cells: list[str], columns: tuple[str, ...]) -> tuple[str, str, str] | None:
    """Rule, value and column of a NUL or of a field beyond the limit."""
    for cell, column in zip(cells, columns, strict=True):
        if "\0" in cell:
            return "含 NUL 字符 · NUL character in the field", cell, column
        if len(cell.encode()) > MAX_FIELD:
            return f"字段超过 {MAX_FIELD >> 10} KiB · field longer than {MAX_FIELD >> 10} KiB", cell, column
    if sum(len(cell.encode()) for cell in cells) > MAX_RECORD:
        return "整行超过 1 MiB · row longer than 1 MiB", cells[0], columns[0]
    return None


def quote(field: str) -> str:
    if any(character in field for character in '",\n\r'):
        return '"' + field.replace('"', '""') + '"'
    return field
