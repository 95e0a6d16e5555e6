"""What Python reads text by text (printed tokens, cells of fact records), kept from one build to the next.

A text reads the same as long as words, code and libraries are the same: together they are the edition, named
by a kept file beside the hash of its bytes. What is not whole, or of another edition, is read anew.
"""

from __future__ import annotations

import hashlib
import sys
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import duckdb

from dagster_project import STARTED
from dagster_project.files import sha256
from dagster_project.settings import ROOT
from dagster_project.sql import count, insert, name, row, text

TEXTS = "load_text"  # temporary: the distinct texts of one kind
PACKAGE = ROOT / "dagster_project"
CODE = (PACKAGE / "figures", PACKAGE / "ingest", PACKAGE / "sql.py")  # reads, writes and keeps
LIBRARIES = ("cn2an", "proces", "opencc", "duckdb")  # of that code, and what they themselves read with
SETTLED = 1.0  # seconds before the start within which the clock of the disk may be wrong


def edition(words: Iterable[Mapping[str, object]]) -> str | None:
    """Hash of all that a reading depends on; None if the code may have changed since it was loaded."""
    digest = hashlib.sha256(repr((sys.version, [(each, version(each)) for each in LIBRARIES])).encode())
    digest.update(repr([sorted(word.items()) for word in words]).encode())
    files = [file for root in CODE for file in ([root] if root.is_file() else sorted(root.rglob("*.py")))]
    for file in files:
        digest.update(f"{file.name}\0".encode() + file.read_bytes() + b"\0")
    # The inode's time: unlike that of the content it cannot be set back.
    changed = any(file.stat().st_ctime > STARTED - SETTLED for file in files)
    return None if changed else digest.hexdigest()


class Readings:
    """`folder`: where they are kept, None for nowhere; `adds`: whether new ones are kept too."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        scratch: Path,
        words: Iterable[Mapping[str, object]],
        folder: Path | None,
        adds: bool,
    ):
        self.connection, self.scratch = connection, scratch
        self.edition = edition(words) if folder else None
        self.folder, self.adds = folder if self.edition else None, adds

    def fill(
        self, kind: str, target: str, texts: str, read: Callable[[str], Iterable[Sequence[object]]]
    ) -> int:
        """Fill a table, the first column of which is the text, with what `read` makes of each text.

        texts: a query with that one column. `read` gives at least one row for each. Returns their number.
        """
        column = name(self.connection.execute(f"describe {target}").fetchall()[0][0])
        (distinct,) = row(
            self.connection,
            f"create or replace temp table {TEXTS} as "
            f"select distinct {column} from ({texts}) where {column} is not null",
        )
        known = self._take(kind, target, column)
        unknown = self.connection.execute(f"from {TEXTS} anti join {target} using ({column}) order by 1")
        if new := [each for (each,) in unknown.fetchall()]:
            insert(self.connection, target, (found for each in new for found in read(each)), self.scratch)
        if self.folder and self.adds and (new or count(self.connection, target) < known):
            self._keep(self.folder, kind, target, column)
        self.connection.execute(f"drop table {TEXTS}")
        return distinct

    def _take(self, kind: str, target: str, column: str) -> int:
        """Take what is kept of the texts; returns how many rows are kept. A damaged file is removed."""
        try:
            for file in self.folder.glob(f"{kind}-{self.edition}-*.parquet") if self.folder else ():
                if sha256(file) == file.stem.rpartition("-")[2]:
                    source = f"read_parquet({text(str(file))})"
                    self.connection.execute(
                        f"insert into {target} from {source} semi join {TEXTS} using ({column})"
                    )
                    return count(self.connection, source)
                if self.adds:
                    file.unlink()
        except (OSError, duckdb.Error):  # gone, or another user's
            pass
        return 0

    def _keep(self, folder: Path, kind: str, target: str, column: str) -> None:
        """Replace what is kept of this kind, of whatever edition, by the table. Nothing depends on it."""
        partial = folder / f"{kind}-{uuid.uuid4().hex}.partial"
        try:
            folder.mkdir(exist_ok=True)
            self.connection.execute(
                f"copy (from {target} order by {column}) to {text(str(partial))} (format parquet)"
            )
            whole = folder / f"{kind}-{self.edition}-{sha256(partial)}.parquet"
            partial.replace(whole)
            for other in folder.glob(f"{kind}-*"):
                if other != whole:
                    other.unlink(missing_ok=True)
        except (OSError, duckdb.Error):  # no room, or no right to write: the next build reads them again
            with suppress(OSError):
                partial.unlink()
