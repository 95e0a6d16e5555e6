"""Dagster's event log as it is by default, but its SQLite files stay open while a process uses them.

The stock one makes an engine for each statement: SQLAlchemy compiles each anew, and whoever closes a file
last writes its log back and flushes it. Here an engine serves as long as its file is in use, and no event
waits for the disk: a power failure may cost the last moments of a run's history, never its files. Named in
`dagster.yaml`; without that Dagster reads and writes the same files, only slower.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine, event

KEPT_OPEN = 3  # files: the index of all events, the run that this process is busy with, one that is looked at
INDEX = "index"
PATIENCE = 30  # seconds that a statement waits for another process


class EventLog(SqliteEventLogStorage):
    """What differs is where a connection comes from; base_dir: the home folder of the instance."""

    def __init__(self, base_dir: str, inst_data: Any = None):
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._tables: set[str] = set()
        self._one_at_a_time = threading.RLock()
        super().__init__(str(Path(base_dir) / "history" / "runs"), inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Mapping[str, Any]) -> EventLog:
        return cls(inst_data=inst_data, **config_value)

    def run_connection(self, run_id: str | None = None) -> AbstractContextManager[Connection]:
        """A transaction on the file of a run."""
        return self._begin(str(run_id))

    def index_connection(self) -> AbstractContextManager[Connection]:
        """A transaction on what is known across runs."""
        return self._begin(INDEX)

    def has_table(self, table_name: str) -> bool:
        """Asked for each asset; a table that is there stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        """Close all, which writes their logs back."""
        super().dispose()
        with self._one_at_a_time:
            while self._engines:
                self._engines.popitem()[1].dispose()

    @contextmanager
    def _begin(self, file: str) -> Iterator[Connection]:
        with self._one_at_a_time:
            if file not in self._engines:
                self._engines[file] = self._engine(file)
                if len(self._engines) > KEPT_OPEN:
                    self._engines.popitem(last=False)[1].dispose()
            self._engines.move_to_end(file)
            with self._engines[file].begin() as connection:
                yield connection

    def _engine(self, file: str) -> Engine:
        with super().run_connection(file):
            pass  # which makes a file that is not there yet
        engine = create_engine(self.conn_string_for_shard(file), connect_args={"timeout": PATIENCE})
        event.listen(engine, "connect", lambda opened, _: opened.execute("pragma synchronous = normal"))
        return engine
