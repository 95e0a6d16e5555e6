"""One file in which the rows of many are read: a file opened costs DuckDB more than its few rows.

Each row has the table's own columns in their order, whatever its file leaves out or puts elsewhere; then what
stood in columns without a name, its line, and the number of its file. Not here: what a sound row is
(framing.py, record_file.py).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import Self

from dagster_project.ingest.admission import Admission

NAMELESS, LINE, FILE = "_nameless", "_line", "_file"  # columns after the declared ones
Framed = Iterable[tuple[int, list[str]]]  # line and fields of each sound row


class Pool:
    """The rows of one table's files; `names`: its declared columns."""

    def __init__(self, path: Path, names: tuple[str, ...]):
        self.path, self.names, self.columns = path, names, (*names, NAMELESS, LINE, FILE)
        self._stream = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._stream, lineterminator="\n")

    def add(self, file: int, admission: Admission, rows: Framed) -> None:
        """Keep the rows of a file. What was kept of one that is refused on the way is not read."""
        self._writer.writerows(self._placed(file, admission, rows))
        admission.path = self.path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def _placed(self, file: int, admission: Admission, rows: Framed) -> Iterator[list]:
        named = pick = None
        for line, fields in rows:
            if pick is None:
                at = {column: place for place, column in enumerate(admission.columns)}
                named = sum(column in at for column in self.names)
                # One blank more than there are fields stands for every column that the file leaves out.
                places = [at.get(column, len(at)) for column in self.names]
                pick = itemgetter(*places) if len(places) > 1 else lambda cells, at=places[0]: (cells[at],)
            nameless = ",".join(filter(None, fields[named:]))
            yield [*pick([*fields, ""]), nameless, line, file]
