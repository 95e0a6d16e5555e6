"""Dagster's SQLite files stay open while a process uses them.

Dagster opens and closes a file for every event, and whoever closes a file last writes its log back and
flushes it. Held open here by a connection more, that happens once; and no event waits for the disk. A power
failure may cost the last moments of a run's history, never its files. By SQLAlchemy's public hook alone: to
leave it out changes nothing but the time.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from contextlib import suppress

from sqlalchemy import event
from sqlalchemy.engine import Engine

KEPT_OPEN = 4  # files: runs, schedules, the index of all events, and the run that this process is busy with
_open: OrderedDict[str, sqlite3.Connection] = OrderedDict()
_lock = threading.Lock()


@event.listens_for(Engine, "connect")
def keep_open(connection, _record) -> None:
    """Hold the file of a new SQLite connection open; the one that was used longest ago makes room."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.execute("pragma synchronous = normal")
    _, _, file = connection.execute("pragma database_list").fetchone()
    if not file:  # in memory
        return
    with _lock:
        if file not in _open:
            _open[file] = sqlite3.connect(file, check_same_thread=False)
            if len(_open) > KEPT_OPEN:
                _open.popitem(last=False)[1].close()
        _open.move_to_end(file)
        # It holds the log from the first look at a file that has one, which a new file has not yet.
        with suppress(sqlite3.OperationalError):  # another is changing it: the next look will do
            _open[file].execute("select count(*) from sqlite_master").fetchone()
