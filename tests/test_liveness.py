"""A run whose process is gone is seen as dead; one that works, or has just begun, is not."""

import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from dagster._core.launcher import WorkerStatus

from dagster_project.runs import liveness

CLAIM = """
import sys, time
from dagster_project.runs import liveness
liveness.claim("run")
liveness.claim("run")
print(flush=True)
time.sleep(60)
"""


@pytest.fixture
def health(tmp_path, monkeypatch):
    """What the launcher says of the run 'run', started so many seconds ago."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))

    def ask(seconds: float) -> WorkerStatus:
        record = SimpleNamespace(start_time=time.time() - seconds)
        instance = SimpleNamespace(get_run_record_by_id=lambda run_id: record)
        launcher = liveness.Launcher()
        monkeypatch.setattr(liveness.Launcher, "_instance", instance)
        return launcher.check_run_worker_health(SimpleNamespace(run_id="run")).status

    return ask


def test_a_killed_process_is_dead_at_once(health):
    with subprocess.Popen([sys.executable, "-c", CLAIM], stdout=subprocess.PIPE) as worker:
        worker.stdout.readline()
        assert health(0) == health(7200) == WorkerStatus.RUNNING
        worker.kill()
    assert health(0) == WorkerStatus.FAILED


def test_a_run_that_never_claimed_its_lock_is_dead_after_a_while(health):
    assert health(liveness.GRACE_SECONDS - 30) == WorkerStatus.RUNNING
    assert health(liveness.GRACE_SECONDS + 1) == WorkerStatus.FAILED
