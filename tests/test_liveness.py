"""A run whose process is gone is seen as dead; one that works, or has just begun, is not."""

import subprocess
import sys
import time

import pytest

from dagster_project.runs import liveness
from dagster_project.settings import Settings

CLAIM = """
import sys, time
from dagster_project.runs import liveness
from dagster_project.settings import Settings
liveness.claim(Settings.read(), "run")
liveness.claim(Settings.read(), "run")
print(flush=True)
time.sleep(60)
"""


@pytest.fixture
def is_dead(tmp_path, monkeypatch):
    """What is said of the run 'run', started so many seconds ago."""
    monkeypatch.setenv("TONGCHENG_BUILD", str(tmp_path))
    return lambda seconds: liveness.is_dead(Settings.read(), "run", time.time() - seconds)


def test_a_killed_process_is_dead_at_once(is_dead):
    with subprocess.Popen([sys.executable, "-c", CLAIM], stdout=subprocess.PIPE) as worker:
        worker.stdout.readline()
        assert not is_dead(0)
        assert not is_dead(7200)
        worker.kill()
    assert is_dead(0)


def test_a_run_that_never_claimed_its_lock_is_dead_after_a_while(is_dead):
    assert not is_dead(liveness.GRACE_SECONDS - 30)
    assert is_dead(liveness.GRACE_SECONDS + 1)
