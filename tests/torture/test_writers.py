"""Command line, UI and schedule start builds at once, after everything was killed in the middle of one."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.scheduler.instigation import InstigatorType, ScheduleInstigatorData
from dagster_graphql import DagsterGraphQLClient

from dagster_project.publish import versions
from tests.conftest import ROOT, Place
from tests.torture import results
from tests.torture.processes import kill_all

LIMIT = 150  # seconds: two minutes of grace and one look every thirty seconds
PATIENCE = 1800  # seconds for three whole builds on a loaded machine
DAY = 86400


@pytest.fixture
def place(tmp_path, monkeypatch) -> Place:
    """An empty warehouse; this process looks at its Dagster instance too."""
    there = Place(ROOT / "seeds", tmp_path / "build", tmp_path / "public")
    monkeypatch.setenv("DAGSTER_HOME", there.env["DAGSTER_HOME"])
    return there


def wait(what: str, condition, seconds: float = PATIENCE):
    """The first true answer of the condition."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.5)
    raise AssertionError(f"waited {seconds} s in vain: {what}")


def serve(place: Place) -> DagsterGraphQLClient:
    """`tongcheng ui`, answering."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("tongcheng")), "ui", "--port", str(port)]
    process = subprocess.Popen(command, env=place.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def answers() -> bool:
        assert process.poll() is None
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait("the UI", answers, 300)
    return DagsterGraphQLClient("127.0.0.1", port_number=port)


def schedule_state(instance: dg.DagsterInstance):
    """What the daemon knows of the nightly schedule, once it has looked."""
    states = instance.all_instigator_state(instigator_type=InstigatorType.SCHEDULE)
    return next((s for s in states if s.name == "nightly_schedule" and s.instigator_data), None)


def miss_last_night(instance: dg.DagsterInstance) -> None:
    """Let the schedule have been on since before last night: the daemon makes up for what was missed."""
    state = schedule_state(instance)
    data = state.instigator_data
    instance.update_instigator_state(
        state.with_data(ScheduleInstigatorData(data.cron_schedule, time.time() - 1.5 * DAY))
    )


def test_builds_queue_and_a_killed_one_gives_way(place: Place):
    client = serve(place)
    with dg.DagsterInstance.get() as instance:
        wait("the schedule", lambda: schedule_state(instance))
        killed = client.submit_job_execution("nightly")
        wait("its first table", lambda: (place.build / "next" / "checks_seeds.json").exists())
        time.sleep(5)
        kill_all(place)
        assert instance.get_run_by_id(killed).status == dg.DagsterRunStatus.STARTED
        miss_last_night(instance)

        restarted = time.time()
        client = serve(place)
        try:
            by_hand = client.submit_job_execution("nightly")
            command_line = place.start("build")
            by_schedule = wait(
                "the schedule's run",
                lambda: instance.get_runs(dg.RunsFilter(tags={"dagster/schedule_name": "nightly_schedule"})),
            )[0].run_id

            def record(run_id: str):
                return instance.get_run_record_by_id(run_id)

            wait("the dead run", lambda: record(killed).dagster_run.is_finished, LIMIT)
            gave_way = time.time() - restarted
            started = wait(
                "a queued run", lambda: record(by_hand).start_time or record(by_schedule).start_time, LIMIT
            )
            output, _ = command_line.communicate(timeout=PATIENCE)
            assert command_line.returncode == 0, output[-2000:]
            for run_id in (by_hand, by_schedule):
                wait(run_id, lambda run_id=run_id: record(run_id).dagster_run.is_finished)
                assert record(run_id).dagster_run.status == dg.DagsterRunStatus.SUCCESS
            assert record(killed).dagster_run.status == dg.DagsterRunStatus.FAILURE
        finally:
            kill_all(place)
    there = versions.versions(place.public)
    assert len(there) == 3
    assert there[0].current
    assert all(version.verify() == [] for version in there)
    results.write(
        "writers",
        "## Several writers 多个写入者\n\n"
        "UI, daemon and run were killed (SIGKILL) in the middle of a build and restarted; a run from the "
        "UI, one from the schedule and `tongcheng build` were started at the same time. "
        f"The dead run gave way {gave_way:.0f} s after the restart, a queued run began at "
        f"{started - restarted:.0f} s (limit {LIMIT} s); all three queued, succeeded and published, the last "
        "one is shown.\n"
        "界面、守护进程与构建被强行终止后重启，并同时启动界面、定时与命令行三个构建："
        f"已终止的运行 {gave_way:.0f} 秒后让位，三者排队、全部成功并发布，最后一个为当前版本。",
    )
