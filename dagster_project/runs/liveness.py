"""Whether the process of a run is still alive: it holds a lock file that the system releases when it dies.

Dagster's own launcher cannot tell; a run that was killed with everything around it would hold its place
until its time is up. Asked by the sensor `dead_runs`.
"""

from __future__ import annotations

import time
from pathlib import Path

from filelock import FileLock

from dagster_project.files import is_locked
from dagster_project.settings import Settings

GRACE_SECONDS = 120  # from the start of a run until it must have its lock
_held: dict[str, FileLock] = {}  # by run, until this process ends, however it ends


def _file(settings: Settings, run_id: str) -> Path:
    return settings.dagster_home / "storage" / run_id / "alive.lock"


def claim(settings: Settings, run_id: str) -> None:
    """Show that this process works on the run; calling it twice does no harm."""
    if run_id not in _held:
        file = _file(settings, run_id)
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(file)
        lock.acquire()
        _held[run_id] = lock


def lives(settings: Settings, run_id: str) -> bool | None:
    """Whether some process works on the run; None if none ever claimed it."""
    file = _file(settings, run_id)
    return is_locked(file) if file.exists() else None


def is_dead(settings: Settings, run_id: str, started: float | None) -> bool:
    """Whether the process of a run is gone.

    started: seconds since 1970; a run without a lock counts as alive for GRACE_SECONDS from then.
    """
    alive = lives(settings, run_id)
    if alive is None:
        return started is not None and time.time() - started >= GRACE_SECONDS
    return not alive
