"""Dagster's history: its SQLite files stay open while a process uses them, and it holds no more runs than
there are versions.

Dagster opens and closes a file for every event, and whoever closes a file last writes its log back and
flushes it. Held open here by a connection more, that happens once; and no event waits for the disk. A power
failure may cost the last moments of a run's history, never its files. By SQLAlchemy's public hook alone: to
leave it out changes nothing but the time.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.engine import Engine

from dagster_project.publish.versions import KEEP_VERSIONS, versions
from dagster_project.settings import Settings

if TYPE_CHECKING:
    from dagster import DagsterInstance

PRUNED_AT_ONCE = 50  # runs: of a long history, each build removes a part
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


def prune(instance: DagsterInstance, settings: Settings) -> None:
    """Remove the runs that ended, but for the newest and those of versions and red builds that are kept."""
    from dagster import DagsterRunStatus, RunsFilter

    over = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
    kept = {version.build_id for version in versions(settings.public)}
    kept |= {folder.name for folder in settings.red.glob("*")}
    heads = {build_id.rpartition("-")[2] for build_id in kept}
    ended = [run.run_id for run in instance.get_runs(RunsFilter(statuses=over))]
    gone = [run_id for run_id in ended[KEEP_VERSIONS:] if run_id[:8] not in heads]
    for run_id in gone[-PRUNED_AT_ONCE:]:
        instance.delete_run(run_id)
        for left in (settings.dagster_home / "history" / "runs").glob(f"{run_id}.db*"):
            left.unlink(missing_ok=True)
        shutil.rmtree(settings.dagster_home / "storage" / run_id, ignore_errors=True)
