"""The seed files as typed, and drafts of changes to them: what operators work with."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from dagster_project.figures.lexicon import Lexicon
from dagster_project.figures.tokens import parse_token

FIGURES = {"observations": "obs_value", "claims": "factor", "commitments": "target_value"}


@dataclass(frozen=True)
class Row:
    """One record of a file; `number` counts records from 0."""

    file: str
    number: int
    cells: dict[str, str] = field(hash=False)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")  # a file may leave a nullable column out

    @property
    def table(self) -> str:
        """Seed table that the file belongs to."""
        return Path(self.file).stem

    @property
    def bulletin(self) -> str:
        """The bulletin whose file it is; blank for a table of the catalogue."""
        return bulletin_of(self.file)

    @property
    def place(self) -> str:
        """File and record for a person."""
        return f"{self.file} #{self.number + 1}"


def bulletin_of(file: str) -> str:
    """The bulletin that a file is of; blank for one of the catalogue."""
    parts = file.split("/")
    return parts[1] if parts[0] == "bulletins" else ""


class Book:
    """All CSVs of a seeds folder; `random` makes every choice, so that a run can be repeated."""

    def __init__(self, seeds: Path, seed: int):
        self.seeds, self.random = seeds, random.Random(seed)
        self.lexicon = Lexicon.read(seeds / "hedge_terms.csv")
        self.files: dict[str, list[list[str]]] = {}
        for path in sorted(seeds.rglob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as stream:
                self.files[path.relative_to(seeds).as_posix()] = list(csv.reader(stream))

    def rows(self, *tables: str) -> list[Row]:
        """All records of the tables in random order; of bulletins only those whose document is held."""
        found = [
            Row(file, number, dict(zip(lines[0], line, strict=True)))
            for file, lines in self.files.items()
            if Path(file).stem in tables and not (self.seeds / file).with_name("record.tsv").exists()
            for number, line in enumerate(lines[1:])
        ]
        self.random.shuffle(found)
        return found

    def figures(self, *tables: str) -> Iterator[tuple[Row, str, Decimal]]:
        """Records that state one number, with the column of the number and the number."""
        for row in self.rows(*(tables or FIGURES)):
            column = FIGURES[row.table]
            if row["value_text"] and row[column]:
                yield row, column, Decimal(row[column])

    def values(self, table: str, column: str) -> list[str]:
        """What a column holds, blanks left out, each once."""
        return sorted({row[column] for row in self.rows(table)} - {""})

    def pick(self, values: list[str], other_than: str) -> str:
        """One of the values that is another one."""
        return self.random.choice([value for value in values if value != other_than])

    def read(self, token: str) -> Decimal | None:
        """The number that a token states; None where it cannot be read or states no single one."""
        read = parse_token(token, self.lexicon)
        if read.error or read.v is None or read.value_qualifier in ("RANGE", "ORDER", "VAGUE"):
            return None
        return read.v * read.sign

    def sources_of(self, cells: dict[str, str]) -> set[str]:
        """The bulletins that a row of the register, or of identities between figures, belongs to."""
        if "source_id" in cells:
            return {cells["source_id"]}
        named = {cells["subject_id"], cells["object_id"]}
        rows = self.rows("observations", "claims", "commitments")
        return {row.bulletin for row in rows if not named.isdisjoint(row.cells.values())}

    def draft(self) -> Draft:
        """A change to begin."""
        return Draft(self)


class Draft:
    """Changed copies of files; the book stays as it is. Records are counted as they were in the book."""

    def __init__(self, book: Book):
        self.book = book
        self.lines: dict[str, list[list[str] | None]] = {}
        self.added: dict[str, list[list[str]]] = {}
        self.bytes: dict[str, bytes | None] = {}

    def _of(self, file: str, columns: Iterable[str] = ()) -> list[list[str] | None]:
        """The lines to change; a column that the file leaves out is added, blank."""
        if file not in self.lines:
            self.lines[file] = [list(line) for line in self.book.files[file]]
        lines = self.lines[file]
        for column in columns:
            if column not in lines[0]:
                for line in lines:
                    if line is not None:
                        line.append(column if line is lines[0] else "")
                for added in self.added.get(file, []):
                    added.append("")
        return lines

    def set(self, row: Row, **cells: str) -> Draft:
        """Type other cells into a record."""
        lines = self._of(row.file, [column for column, value in cells.items() if value])
        for column, value in cells.items():
            if column in lines[0]:
                lines[row.number + 1][lines[0].index(column)] = value
        return self

    def delete(self, row: Row) -> Draft:
        """Take a record out."""
        self._of(row.file)[row.number + 1] = None
        return self

    def add(self, file: str, **cells: str) -> Draft:
        """Append a record; columns that are not given stay blank."""
        header = self._of(file, [column for column, value in cells.items() if value])[0]
        self.added.setdefault(file, []).append([cells.get(column, "") for column in header])
        return self

    def begin(self, file: str, like: str) -> Draft:
        """A new file with the columns of another."""
        self.lines[file] = [list(self.book.files[like][0])]
        return self

    def raw(self, file: str, content: bytes | None) -> Draft:
        """Put bytes in place of a file; None takes the file away."""
        self.bytes[file] = content
        return self

    def new_sources(self) -> set[str]:
        """The bulletins whose entry it spoils: of the changed files, and of changed rows of the register.

        Identities between figures are typed together with the figures.
        """
        found = {bulletin_of(file) for file in (*self.lines, *self.bytes)} - {""}
        for file in ("sources.csv", "relations.csv"):
            before, now = self.book.files[file], self.lines.get(file, self.book.files[file])
            for old, new in zip(before, now, strict=True):
                if new is None or old != new[: len(old)]:
                    cells = dict(zip(before[0], old, strict=True))
                    found |= self.book.sources_of(cells)
        return found

    def contents(self) -> dict[str, bytes | None]:
        """What each changed file holds now."""
        done = dict(self.bytes)
        for file, lines in self.lines.items():
            stream = io.StringIO(newline="")
            kept = [line for line in lines if line is not None]
            csv.writer(stream, lineterminator="\n").writerows(kept + self.added.get(file, []))
            done[file] = stream.getvalue().encode()
        return done
