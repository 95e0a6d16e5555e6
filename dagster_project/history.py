"""Dagster's run history without the price of a disk flush for each event.

Dagster opens and closes its SQLite files for every event, and the close of a file's last connection flushes
and rewrites it: with some hundred checks a run spent more time there than in dbt. While a run lasts, one idle
connection a file is kept open, and commits leave the flush to the system. The files cannot be damaged by this
(they have a write-ahead log); a power failure may cost the last moments of the run's history.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

_open: dict[str, sqlite3.Connection] | None = None


@contextmanager
def kept_open() -> Iterator[None]:
    """For as long as this lasts, history files that this process touches stay open; may be nested."""
    global _open
    if _open is not None:
        yield
        return
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    _open = {}
    event.listen(Engine, "connect", _on_connect)
    try:
        yield
    finally:
        event.remove(Engine, "connect", _on_connect)
        for connection in _open.values():
            connection.close()
        _open = None


def _on_connect(connection, _record) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.execute("pragma synchronous = normal")
    path = connection.execute("pragma database_list").fetchone()[2]
    if path and path not in _open:
        idle = sqlite3.connect(path, check_same_thread=False)
        idle.execute("select count(*) from sqlite_master").fetchone()  # only a reader counts as open
        _open[path] = idle
