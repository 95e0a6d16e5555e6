"""dbt's process: started ahead, it touches nothing of the build, and it never outlives whoever started it."""

import os
import signal
import subprocess
import sys
import time

import duckdb
import psutil
import pytest

from dagster_project.dbt_command import Dbt

NEW_PARSE = "Unable to do partial parsing"  # as dbt says it
ENDLESS = ["show", "--inline", "select count(*) as n from range(1000000000000)"]
STARTS = """
import sys
from pathlib import Path
from dagster_project.dbt_command import Dbt
folder = Path(sys.argv[1])
dbt = Dbt(folder / "dbt")
print(dbt._process.pid, flush=True)
if sys.argv[2] == "at work":
    dbt.run({args}, folder / "file.duckdb", lambda *_: None)
sys.stdin.read()
"""


@pytest.mark.parametrize("busy", ["waiting", "at work"])
def test_it_ends_with_a_killed_build(warehouse, tmp_path, busy):
    code = STARTS.format(args=ENDLESS)
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path), busy], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as build:
        dbt = psutil.Process(int(build.stdout.readline()))
        if busy == "at work":
            while b"Found" not in build.stdout.readline():
                pass
        os.kill(build.pid, signal.SIGKILL)
    dbt.wait(60)


def test_started_ahead_it_runs_command_after_command_and_leaves_files_to_others_in_between(
    warehouse, tmp_path
):
    file, target = tmp_path / "file.duckdb", tmp_path / "dbt"
    with Dbt(target, ahead=True) as dbt:
        while not (target / "perf_info.json").exists():  # the last that it writes of loading
            assert dbt._process.poll() is None
            time.sleep(0.1)
        assert not file.exists()
        for n, to in ((1, None), (2, None), (3, tmp_path / "part")):
            with duckdb.connect(str(file)) as ours:
                ours.execute(f"create or replace table one as select {n} as n")
            done = dbt.run(["show", "--inline", "from one"], file, lambda *_: None, target=to)
            assert done.exit_code == 0, done.said
            assert any(f"| {n} |" in line for line in done.said)
            assert done.results
            # Parsing takes longer than building: the profile names neither the file nor a folder.
            assert any("Found" in line for line in done.said)
            assert not any(NEW_PARSE in line for line in done.said)
            file = tmp_path / str(n) / "file.duckdb"
            file.parent.mkdir()
        assert dbt.run(["--version"], file, lambda *_: None).exit_code  # it made nothing
        assert dbt.run(["show", "--inline", "from none"], file, lambda *_: None).exit_code
