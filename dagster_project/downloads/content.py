"""What a file is made of, as one hash: where a published file is made of the same, it is linked, not written.

Rows, columns, descriptions, and the code that writes them. A linked file is the published one, byte for byte;
one that is damaged or gone is written anew.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

import duckdb

from dagster_project import export_text, sql
from dagster_project.downloads.index import INDEX, File
from dagster_project.downloads.marts import Mart
from dagster_project.files import linked, sha256


@dataclass(frozen=True)
class Rows:
    """Rows as a set, each hashed by itself: how many, and two sums of their hashes."""

    SUMMED: ClassVar = "count(*), coalesce(bit_xor(hashed), 0), coalesce(sum(hashed), 0)"  # of such hashes

    count: int
    exclusive: int
    total: int

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, relation: str, row: str = "hash(one)") -> Rows:
        """Those of a relation; row: the hash of one, as SQL."""
        hashed = f"select {row} as hashed from {relation} as one"
        return cls(*map(int, sql.row(connection, f"select {cls.SUMMED} from ({hashed})")))

    def __add__(self, others: Rows) -> Rows:
        return Rows(self.count + others.count, self.exclusive ^ others.exclusive, self.total + others.total)


def content_of(mart: Mart, rows: Rows) -> str:
    """Hash of all that decides a file of these rows of a mart."""
    columns = [(column.name, column.type, column.description) for column in mart.lasting]
    said = (
        astuple(rows),
        mart.name,
        mart.description,
        columns,
        mart.keys.order,
        mart.keys.primary,
        _code(),
    )
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@cache
def _code() -> str:
    """Hash of what writes the files: this folder, and DuckDB."""
    modules = sorted([*Path(__file__).parent.glob("*.py"), Path(export_text.__file__)])
    return hashlib.sha256("".join([duckdb.__version__, *map(sha256, modules)]).encode()).hexdigest()


@dataclass(frozen=True)
class Published:
    """The files of the version that readers have, as its index lists them."""

    folder: Path
    files: dict[str, File]

    @classmethod
    def read(cls, folder: Path | None) -> Published:
        """Those of a version's folder; none where there is no version, or its index cannot be read."""
        try:
            listed = json.loads((folder / INDEX).read_text(encoding="utf-8"))["files"] if folder else []
            return cls(folder or Path(), {entry["path"]: File(**entry) for entry in listed})
        except (OSError, ValueError, KeyError, TypeError):
            return cls(Path(), {})

    def linked(self, to: Path, path: str, content: str) -> File | None:
        """Have the published file `path` as `to` as well, if it is made of `content` and undamaged."""
        file = self.files.get(path)
        if file is None or file.content != content:
            return None
        return file if linked(self.folder / path, to, file.bytes, file.sha256) else None
