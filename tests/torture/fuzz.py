"""Mangled seed files, and a desk at which they are loaded and held against the oracle.

Each file is that of a bulletin of its own, so that one load takes many.
"""

from __future__ import annotations

import csv
import io
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import yaml
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

from dagster_project.ingest.loader import LoadReport
from dagster_project.seeds.schema import read_schema
from tests.seed_folder import FILES, OBSERVATIONS, SeedFolder
from tests.test_front_door import ACCEPT, NORMALISE, REJECT_FILE, REJECT_ROW
from tests.torture.oracle import differences, presentable, read

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


# A load takes its time, and shrinking would take hundreds: the file at fault is shown as it is.
SLOW = {"deadline": None, "suppress_health_check": list(HealthCheck), "phases": [Phase.generate]}
CELLS = st.one_of(
    st.sampled_from([cell for row in FILES["facts.csv"].splitlines() for cell in row.split(",")]),
    st.sampled_from([piece.decode(errors="ignore") for piece in PIECES]),
    st.text(max_size=12),
)


@st.composite
def written_files(draw) -> bytes:
    """A facts file of any cells whatever, written as a program would write it, or joined without care."""
    rows = draw(st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=6))
    quoting, end = (
        draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, None])),
        draw(st.sampled_from("\r\n")),
    )
    text = io.StringIO(newline="")
    text.write(FILES["facts.csv"].splitlines()[0] + "\n")
    if quoting is None:
        text.writelines(",".join(row) + end for row in rows)
    else:
        csv.writer(text, quoting=quoting, lineterminator=end).writerows(rows)
    return text.getvalue().encode()


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
        for folder in (self.folder.root / "bulletins").glob("[0-9][0-9][0-9][0-9]"):
            shutil.rmtree(folder)
        for number, (table, content) in enumerate(files):
            self.folder.write(f"bulletins/{number:04d}/{table}.csv", content)
        report = self.folder.load(list(CORPUS))
        outcomes, wrong = [], []
        for number, (table, content) in enumerate(files):
            place = f"bulletins/{number:04d}/{table}.csv"
            rejects = [reject for reject in report.rejects if reject.seed_file == place]
            loaded = self.loaded(table, place)
            outcomes.append("accepted" if not rejects else "partly" if loaded else "refused")
            wrong += [f"{content!r:.600}: {fault}" for fault in self._faults(table, place, content, report)]
        return outcomes, wrong

    def loaded(self, table: str, place: str) -> list[tuple]:
        """Line and values of each row that came from the file."""
        names = ", ".join(f'"{item.name}"' for item in self.schema[table].fields)
        return self.folder.rows(f"select seed_line, {names} from raw.{table} where seed_file = '{place}'")

    def _faults(self, table: str, place: str, content: bytes, report: LoadReport) -> Iterator[str]:
        """Everything that the loader got wrong about one file."""
        rows = self.loaded(table, place)
        loaded = {row[0]: row[1:] for row in rows}
        rejects = [reject for reject in report.rejects if reject.seed_file == place]
        for reject in rejects:
            if " · " not in reject.rule or not presentable(reject.value):
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
