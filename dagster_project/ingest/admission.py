"""What is said of one seed file before its cells are read: its survey, how it is admitted, what is refused.

Declarations alone, which front_door.py and framing.py fill in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

MAX_COLUMNS = 200
MAX_FIELD = 64 * 1024  # bytes


@dataclass(frozen=True)
class Problem:
    """Something refused or normalised in a file. `line` is physical, header = 1; None for the whole file."""

    line: int | None
    column_name: str | None
    value: str | None
    rule: str


class Refused(Exception):
    """The whole file is refused; carries the reason."""

    def __init__(
        self, rule: str, line: int | None = None, column: str | None = None, value: str | None = None
    ):
        super().__init__(rule)
        self.problem = Problem(line, column, value, rule)


@dataclass(frozen=True)
class Survey:
    """What one pass over the bytes says. `plain`: quotes and commas leave DuckDB nothing to guess."""

    bytes: int
    sha256: str
    lines: int
    commas: int  # outside quotes
    newline: str  # '\n', '\r\n', or '?' for anything else
    nuls: int
    torn: tuple[int, int] | None  # byte and line where a run of zero bytes begins
    too_long: bool
    plain: bool


@dataclass
class Admission:
    """How one file may be read: `path`, where it stands or the pool (None: refused), its columns in file
    order, records in it.

    `heads`: of a fact record, line, name and value of what stands before its table.
    """

    survey: Survey
    path: Path | None = None
    columns: tuple[str, ...] = ()
    rows: int = 0
    refused_rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    heads: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class SeedFile:
    """One file that was read: `rows` counts its records, rejected ones too."""

    seed_table: str
    file: str
    source_id: str | None
    rows: int
    bytes: int
    sha256: str
