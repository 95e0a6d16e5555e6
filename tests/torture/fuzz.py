"""Mangled seed files and an oracle of what may be loaded from them, independent of the loader.

The oracle reads the same bytes with Python's own csv module in strict mode. Whatever the loader accepts must
be exactly what stands there; whatever it does not accept must have been reported at its line. Each file is
that of a bulletin of its own, so that one load takes many.
"""

from __future__ import annotations

import codecs
import csv
import io
import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import yaml

from dagster_project.loader import LoadReport
from dagster_project.schema import Field, read_schema
from tests.seed_folder import FILES, OBSERVATIONS, SeedFolder
from tests.test_front_door import ACCEPT, NORMALISE, REJECT_FILE, REJECT_ROW

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\ufe00-\ufe0f]")  # dropped from a header
LONGEST = 20_000  # bytes; longer cases have tests of their own
GOOD = [content for group in (ACCEPT, NORMALISE) for content in group.values()]
BAD = [*REJECT_FILE.values(), *(row[0] for row in REJECT_ROW.values())]
CORPUS = {  # files as they should be, and files with a fault already in them
    "facts": ([c for c in GOOD if len(c) < LONGEST], [c for c in BAD if len(c) < LONGEST]),
    "observations": ([FILES[OBSERVATIONS].encode()], [FILES[OBSERVATIONS].replace("\n", "\r\n").encode()]),
}
_TEXTS = """
"" , ; ' \\ \\N = - + 0 9 e 1e3 1E400 NaN inf NULL NA #REF! 88 107.5 2021-02-29 2020-02-25 true {} %s '); --
− ８８ 𝟙 近 余 超 万 亿 两 十 % 至 第 Т A TRAINS 510100 indicator_id
"""
_SIGNS = (
    '"',
    " ",
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "\0",
    "\x1a",
    "\t",
    "\u3000",
    "\u00a0",
    "\u200b",
    "\ufeff",
    "\u202e",
)
_BYTES = (b"\xff", b"\xc3", b"\xe9", b"\xed\xa0\x80", b"\xff\xfe", b"\xfe\xff", b"\xbd\xfc", b"\0" * 20)
PIECES = [*(text.encode() for text in (*_TEXTS.split(), *_SIGNS, "\x1b[31m", "\u0301")), *_BYTES]


def mutate(pick: random.Random, content: bytes, other: bytes) -> bytes:
    """One to four changes at byte level: the kinds of accident and malice that files meet."""
    for _ in range(pick.choice((1, 1, 1, 2, 3, 4))):
        header = content.find(b"\n") + 1 if pick.random() < 0.9 else 0  # a bad header hides all else
        start = pick.randrange(header, len(content) + 1)
        end = min(len(content), start + pick.choice((0, 1, 1, 2, 5, 40)))
        if pick.random() < 0.9:  # as does half a character
            start, end = (_boundary(content, place) for place in (start, end))
        kind = pick.choice((0, 1, 2, 3, 0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9))
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


def _boundary(content: bytes, place: int) -> int:
    """The place itself or, within a character of UTF-8, where that begins."""
    while 0 < place < len(content) and content[place] & 0xC0 == 0x80:
        place -= 1
    return place


def inputs(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Table and bytes of each input; the same seed gives the same inputs."""
    pick = random.Random(seed)
    for _ in range(count):
        table = pick.choice(("facts", "facts", "observations"))
        good, bad = CORPUS[table]
        content = pick.choice(good if pick.random() < 0.7 else bad)
        yield table, mutate(pick, content, pick.choice(BAD)[:LONGEST])[: 2 * LONGEST]


class Desk:
    """A seeds folder in which facts and observations have a file for each bulletin."""

    def __init__(self, root: Path):
        self.folder = SeedFolder(root)
        (self.folder.root / "facts.csv").unlink()
        for table in CORPUS:
            file = self.folder.root / "schema" / f"{table}.yaml"
            declared = yaml.safe_load(file.read_text(encoding="utf-8"))
            declared["path"] = f"bulletins/*/{table}.csv"
            declared["primaryKey"] = ["source_id", *declared["primaryKey"]]
            self.folder.write(f"schema/{table}.yaml", yaml.safe_dump(declared, allow_unicode=True))
        self.schema = read_schema(self.folder.root)
        self.folder.write(f"{Path(OBSERVATIONS).parent}/facts.csv", FILES["facts.csv"])
        assert self.folder.load().ok

    def judge(self, files: list[tuple[str, bytes]]) -> tuple[list[str], list[str]]:
        """Load these files at once. What came of each (accepted, partly, refused), and what is wrong."""
        for number, (table, content) in enumerate(files):
            for each in CORPUS:
                clean = FILES[OBSERVATIONS if each == "observations" else f"{each}.csv"].encode()
                place = f"bulletins/{number:04d}/{each}.csv"
                self.folder.write(place, content if each == table else clean)
        report = self.folder.load(list(CORPUS))
        outcomes, wrong = [], []
        for number, (table, content) in enumerate(files):
            place = f"bulletins/{number:04d}/{table}.csv"
            rejects = [reject for reject in report.rejects if reject.seed_file == place]
            loaded = self._loaded(table, place)
            outcomes.append("accepted" if not rejects else "partly" if loaded else "refused")
            wrong += [f"{content!r:.600}: {fault}" for fault in self._faults(table, place, content, report)]
        return outcomes, wrong

    def _loaded(self, table: str, place: str) -> list[tuple]:
        names = ", ".join(f'"{item.name}"' for item in self.schema[table].fields)
        return self.folder.rows(f"select seed_line, {names} from raw.{table} where seed_file = '{place}'")

    def _faults(self, table: str, place: str, content: bytes, report: LoadReport) -> Iterator[str]:
        """Everything that the loader got wrong about one file."""
        rows = self._loaded(table, place)
        loaded = {row[0]: row[1:] for row in rows}
        rejects = [reject for reject in report.rejects if reject.seed_file == place]
        for reject in rejects:
            if " · " not in reject.rule or not _plain(reject.value):
                yield f"badly worded: {reject}"
        if len(rows) != len(loaded):
            yield f"{len(rows)} rows of {len(loaded)} lines"
        if not loaded and rejects:
            return  # the file or each row refused, with a reason
        records = read(content)
        if records is None:
            yield f"bytes that are no text were accepted: {len(loaded)} rows"
        elif records.sure:
            (file,) = [file for file in report.files if file.file == place]
            if file.rows != len(records.lines):
                yield f"{len(records.lines)} records, {file.rows} counted"
            noted = {(note.line, note.column_name) for note in report.notes if note.seed_file == place}
            yield from differences(
                self.schema[table].fields, records, loaded, {r.line for r in rejects}, noted
            )


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
    if sorted(columns) != sorted(item.name for item in fields):
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
                if not _same(item, there[item.name], value, (line, item.name) in noted):
                    yield f"line {line} {item.name}: {there[item.name]!r} loaded as {value!r}"
    yield from (f"line {line} loaded from nowhere" for line in loaded if line not in records.lines)


def _plain(value: str | None) -> bool:
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
