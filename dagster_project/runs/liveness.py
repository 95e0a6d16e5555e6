"""Whether the process of a run still lives: it holds a lock file that the system frees when it dies.

Dagster's own launcher cannot tell; a run that was killed with everything around it would hold its place
until its time is up. Configured in dagster.yaml, asked by the daemon's run monitoring.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus
from dagster._core.storage.dagster_run import DagsterRun
from filelock import FileLock, Timeout

GRACE_SECONDS = 120  # from the start of a run until it must have its lock
_held: dict[str, FileLock] = {}  # by run, until this process ends, however it ends


def _file(run_id: str) -> Path:
    return Path(os.environ["DAGSTER_HOME"]) / "storage" / run_id / "alive.lock"


def claim(run_id: str) -> None:
    """Show that this process works on the run; twice is as good as once."""
    if run_id not in _held:
        file = _file(run_id)
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(file)
        lock.acquire()
        _held[run_id] = lock


def lives(run_id: str) -> bool | None:
    """Whether some process works on the run; None if none ever claimed it."""
    file = _file(run_id)
    if not file.exists():
        return None
    try:
        with FileLock(file, blocking=False):
            return False
    except Timeout:
        return True


class Launcher(DefaultRunLauncher):
    """Dagster's launcher, which can tell in addition that a run is dead."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Asked by the run monitoring before it looks closer."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """FAILED if the run's process is gone; a run that has just started may not have its lock yet."""
        alive = lives(run.run_id)
        if alive is None:
            record = self._instance.get_run_record_by_id(run.run_id)
            started = record.start_time if record else None
            alive = started is None or datetime.now(UTC).timestamp() - started < GRACE_SECONDS
        if alive:
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.FAILED, "运行进程已不在 · the run's process is gone")
