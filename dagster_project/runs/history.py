"""Dagster's run history in SQLite, with its files kept open between events.

The stock storage makes, opens and closes a database for every event, and the close of a file's last
connection flushes and rewrites it: a night of the real seeds took 67 to 72 s of processor time with it,
and 53 s with this. It is the one place that rests on Dagster's inside. Configured in dagster.yaml. A power
failure may cost the last moments of a run's history, never its files: they have a write-ahead log.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

KEPT_OPEN = 4  # files: the index over all runs, and the runs that this process is busy with
BUSY_SECONDS = 60


class History(SqliteEventLogStorage):
    """Stock storage and files, other connections. `base_dir` is Dagster's home folder."""

    def __init__(self, base_dir: str, inst_data=None):
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._tables: set[str] = set()
        super().__init__(str(Path(base_dir) / "history" / "runs"), inst_data)

    @classmethod
    def from_config_value(cls, inst_data, config_value) -> History:
        """Made by Dagster from dagster.yaml; the stock method names its own class."""
        return cls(inst_data=inst_data, **config_value)

    def has_table(self, table_name: str) -> bool:
        """Asked for every event of a check; a table that was there once is not looked up again."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        """The engine of a file; the one that was used longest ago makes room."""
        if shard not in self._engines:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=QueuePool,
                connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", _leave_flushing_to_the_system)
            self._engines[shard] = engine
            if len(self._engines) > KEPT_OPEN:
                self._engines.popitem(last=False)[1].dispose()
        self._engines.move_to_end(shard)
        return self._engines[shard]


def _leave_flushing_to_the_system(connection, _record) -> None:
    connection.execute("pragma synchronous = normal")
