"""Mangled seed files and an oracle of what may be loaded from them, independent of the loader.

The oracle reads the same bytes with Python's own csv module in strict mode. Whatever the loader accepts must
be exactly what stands there; whatever it does not accept must have been reported at its line.
"""

from __future__ import annotations

import codecs
import csv
import io
import random
import re
from dataclasses import dataclass, field
from decimal import Decimal

from dagster_project.loader import LoadReport
from dagster_project.schema import Field, read_schema
from tests.seed_folder import FILES, OBSERVATIONS, SeedFolder
from tests.test_front_door import ACCEPT, NORMALISE, REJECT_FILE, REJECT_ROW

TABLES = {"facts": "facts.csv", "observations": OBSERVATIONS}
LONGEST = 20_000  # bytes; longer cases have tests of their own
CORPUS = {
    "facts": [
        content
        for group in (ACCEPT, NORMALISE, REJECT_FILE, {name: row[0] for name, row in REJECT_ROW.items()})
        for content in group.values()
        if len(content) < LONGEST
    ],
    "observations": [FILES[OBSERVATIONS].encode()],
}
PIECES = [piece.encode() for piece in (
    '"', '""', ",", ";", "\n", "\r", "\r\n", "\n\n", "\0", "\x1a", "\ufeff", "\u200b", "\u3000", "\u00a0", " ",
    "\t", "\\", "\\N", "'", "=", "-", "−", "+", "0", "9", "e", "1e3", "1E400", "NaN", "inf", "NULL", "NA", "#REF!",
    "88", "107.5", "８８", "近", "余", "超", "万", "亿", "两", "十", "%", "至", "第", "2021-02-29", "2020-02-25", "true",
    "510100", "TRAINS", "A", "Т", "\u202e", "\x1b[31m", "\u0301", "𝟙", "indicator_id", "{}", "%s", "'); --",
)] + [b"\xff", b"\xc3", b"\xe9", b"\xed\xa0\x80", b"\xff\xfe", b"\xfe\xff", "近".encode("gbk"), b"\0" * 20]  # fmt: skip


def mutate(pick: random.Random, content: bytes, other: bytes) -> bytes:
    """One to four changes at byte level: the kinds of accident and malice that files meet."""
    for _ in range(pick.choice((1, 1, 1, 2, 3, 4))):
        start = pick.randrange(len(content) + 1)
        end = min(len(content), start + pick.choice((0, 1, 1, 2, 5, 40)))
        kind = pick.randrange(10)
        if kind <= 3:
            content = content[:start] + pick.choice(PIECES) * pick.choice((1, 1, 1, 2, 7)) + content[end:]
        elif kind == 4:
            content = content[:start] + content[end:]
        elif kind == 5:
            content = content[:end] + content[start:end] * pick.choice((1, 2, 30)) + content[end:]
        elif kind == 6 and content:
            at = min(start, len(content) - 1)
            content = content[:at] + bytes([content[at] ^ (1 << pick.randrange(8))]) + content[at + 1 :]
        elif kind == 7:
            cut = pick.randrange(len(other) + 1)
            content = content[:start] + other[cut : cut + pick.choice((3, 30, 300))] + content[start:]
        elif kind == 8:
            lines = content.splitlines(keepends=True)
            pick.shuffle(lines) if pick.random() < 0.2 else lines.insert(0, lines.pop() if lines else b"")
            content = b"".join(lines)
        else:
            content = content[:start] if pick.random() < 0.5 else content[start:]
    return content


def inputs(seed: int, count: int):
    """Table and bytes of each input; the same seed gives the same inputs."""
    pick = random.Random(seed)
    for _ in range(count):
        table = pick.choice(("facts", "facts", "observations"))
        corpus = CORPUS[table]
        yield table, mutate(pick, pick.choice(corpus), pick.choice(CORPUS["facts"]))[: 2 * LONGEST]


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


def faults(folder: SeedFolder, table: str, content: bytes, report: LoadReport) -> list[str]:
    """Everything that the loader got wrong about this content of this table; empty when all is well."""
    declared = read_schema(folder.root)[table]
    names = ", ".join(f'"{item.name}"' for item in declared.fields)
    loaded = {row[0]: row[1:] for row in folder.rows(f"select seed_line, {names} from raw.{table}")}
    (count,) = folder.rows(f"select count(*) from raw.{table}")[0]
    refused = {reject.line for reject in report.rejects}
    wrong = [f"bad wording: {r}" for r in report.rejects if " · " not in r.rule or not _plain(r.value)]
    if count != len(loaded) or count != report.rows[table]:
        wrong.append(f"{count} rows, {len(loaded)} lines, {report.rows[table]} reported")
    records = read(content)
    if not loaded and not report.ok:
        return wrong  # the file or each row refused, with a reason
    if records is None:
        return [*wrong, f"bytes that are no text were accepted: {len(loaded)} rows"]
    if not records.whole and records.sure:
        return [*wrong, "rows accepted beside a quote that swallows lines"]
    if not records.sure:
        return wrong
    columns = [re.sub("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\ufe00-\ufe0f]", "", c).strip().casefold()
               for c in records.header]  # fmt: skip
    while columns and not columns[-1]:
        columns.pop()
    if sorted(columns) != sorted(item.name for item in declared.fields):
        return [*wrong, f"header accepted: {records.header}"]
    (file,) = [file for file in report.files if file.seed_table == table]
    if file.rows != len(records.lines):
        wrong.append(f"{len(records.lines)} records, {file.rows} counted")
    for line, fields in records.lines.items():
        if line not in loaded:
            wrong += [] if line in refused else [f"line {line} is neither loaded nor refused"]
        elif fields is None or len(fields) != len(records.header):
            wrong.append(f"line {line} loaded although it has {fields and len(fields)} fields")
        else:
            noted = {note.column_name for note in report.notes if note.line == line}
            cells = dict(zip(columns, fields, strict=False))
            for item, value in zip(declared.fields, loaded[line], strict=True):
                if not _same(item, cells[item.name], value, item.name in noted):
                    wrong.append(f"line {line} {item.name}: {cells[item.name]!r} loaded as {value!r}")
    return wrong + [f"line {line} loaded from nowhere" for line in loaded if line not in records.lines]


def _plain(value: str | None) -> bool:
    return not value or (value.isprintable() and len(value) <= 80)


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
