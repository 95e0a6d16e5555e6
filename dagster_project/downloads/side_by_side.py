"""Files that are written at once, each by one thread: two on one small file mostly wait for each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project import sql
from dagster_project.downloads.content import Published
from dagster_project.downloads.index import File


@dataclass(frozen=True)
class Wanted:
    """One file: its path in the folder, what it is made of, and what writes it and returns its rows."""

    path: str
    content: str
    write: Callable[[duckdb.DuckDBPyConnection, Path], int]


def have(
    connection: duckdb.DuckDBPyConnection,
    wanted: Sequence[Wanted],
    out: Path,
    before: Published,
    on_wait: Callable[[str, int], None],
) -> dict[str, File]:
    """Have each file in the folder `out`, and return them by path: links where published ones are the same.

    on_wait: told the path of the next that is waited for, and how many there are.
    """
    (threads,) = sql.row(connection, "select current_setting('threads')")

    def one(file: Wanted) -> File:
        to = out / file.path
        to.parent.mkdir(exist_ok=True)
        if there := before.linked(to, file.path, file.content):
            return there
        with connection.cursor() as cursor:
            return File.of(to, out, file.write(cursor, to), file.content)

    pool = ThreadPoolExecutor(threads)
    connection.execute("set threads = 1")
    files: dict[str, File] = {}
    try:
        made = pool.map(one, wanted)
        for file in wanted:
            on_wait(file.path, len(files))
            files[file.path] = next(made)
    finally:
        pool.shutdown(cancel_futures=True)
        connection.execute(f"set threads = {threads}")
    return files
