"""Faults of the machine: one line that names them, exit code 1, and what is published stays."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest
from click.testing import CliRunner

from dagster_project import build_command as tongcheng_run
from dagster_project import prepare
from dagster_project.cli import main
from dagster_project.operate.alerts import told_alerts
from dagster_project.operate.faults import in_words
from dagster_project.operate.status import RED, status
from dagster_project.prepare import PrepareError
from dagster_project.publish import versions
from dagster_project.runs import build_session
from dagster_project.runs.build_session import BuildSession
from dagster_project.runs.folders import CARD
from dagster_project.settings import Settings
from dagster_project.ui import server
from tests.conftest import ROOT, Place
from tests.test_versions import publish
from tests.unprivileged import bound, needs_permissions

SAID = {
    "the disk is full": [
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/x"),
        OSError(errno.EFBIG, os.strerror(errno.EFBIG), "/x"),
        "(sqlite3.OperationalError) database or disk is full",
        'IO Error: Could not write file "/x": No space left on device',
    ],
    "disk error, or the disk is full": ["(sqlite3.OperationalError) disk I/O error"],
    "no permission": [
        "(sqlite3.OperationalError) unable to open database file",
        PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/x"),
        OSError(errno.EROFS, os.strerror(errno.EROFS), "/x"),
        "(sqlite3.OperationalError) attempt to write a readonly database",
    ],
    "a file is in use": [
        'IO Error: Could not set lock on file "/x": Conflicting lock is held in python (PID 7)',
        "(sqlite3.OperationalError) database is locked",
    ],
    "a file is damaged": [
        "(sqlite3.DatabaseError) file is not a database",
        "(sqlite3.DatabaseError) database disk image is malformed",
        'IO Error: The file "/x" exists, but it is not a valid DuckDB database file!',
    ],
    "unexpected error: KeyError": [KeyError("x")],
}


@pytest.mark.parametrize(("kind", "error"), [(kind, error) for kind, said in SAID.items() for error in said])
def test_a_fault_is_named_in_one_line(kind: str, error):
    line = in_words(error)
    assert f" · {kind}: " in line
    assert "\n" not in line


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A warehouse with one published version of a few bytes."""
    there = Place(ROOT / "seeds", tmp_path / "build", tmp_path / "public")
    publish(
        there.public, tmp_path / "run", "20260101T000000Z-aa", b"published", built_at="2026-01-01 00:00:00"
    )
    return there


def run(place: Place, *arguments: str) -> tuple[int, str]:
    command = bound(str(Path(sys.executable).with_name("tongcheng")), *arguments)
    done = subprocess.run(command, env=place.env, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


@needs_permissions
@pytest.mark.parametrize("command", ["build", "ui"])
def test_a_folder_that_may_not_be_written(place: Place, command: str):
    place.build.mkdir()
    place.build.chmod(0o555)
    code, output = run(place, command)
    assert code == 1
    assert "no permission" in output
    assert str(place.build) in output
    assert "Traceback" not in output
    assert place.file.read_bytes() == b"published"


def test_a_damaged_run_history_says_what_to_move_aside(place: Place, monkeypatch, capsys):
    def damaged(*_):
        raise RuntimeError from sqlite3.DatabaseError("file is not a database")

    monkeypatch.setattr(tongcheng_run, "_execute", damaged)
    settings = Settings(place.seeds, place.build, place.public)
    assert tongcheng_run.run_nightly(settings) == 1
    output = capsys.readouterr().out
    assert "a file is damaged: file is not a database" in output
    assert f"move {settings.dagster_home} aside" in output
    (told,) = told_alerts(settings)
    assert f"move {settings.dagster_home} aside" in told["reason"]
    assert "sqlite3.DatabaseError" in (place.build / "logs" / "build.log").read_text(encoding="utf-8")


def test_a_ui_says_so_too_and_is_told_of(place: Place, monkeypatch, capsys):
    monkeypatch.setattr(prepare, "prepare", lambda *_: None)
    settings = Settings(place.seeds, place.build, place.public)
    monkeypatch.setenv("DAGSTER_HOME", str(settings.dagster_home))
    for name in ("runs.db", "schedules.db"):
        for folder in ("history", "schedules"):
            (settings.dagster_home / folder).mkdir(parents=True, exist_ok=True)
            (settings.dagster_home / folder / name).write_text("no database" * 100)
    (settings.dagster_home / "dagster.yaml").touch()
    assert server.serve(settings, 0) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert f"move {settings.dagster_home} aside" in said
    (told,) = told_alerts(settings)
    assert f"move {settings.dagster_home} aside" in told["reason"]


def test_a_build_that_cannot_start_is_red_and_told_of_once(place: Place, monkeypatch, capsys):
    said = "dbt cannot parse the project:\nmodels/marts/fct_event.yml: while parsing"

    def broken(*_):
        raise PrepareError(said)

    monkeypatch.setattr(tongcheng_run, "prepare", broken)
    settings = Settings(place.seeds, place.build, place.public)
    assert tongcheng_run.run_nightly(settings) == 1
    assert said in capsys.readouterr().out
    seen = status(settings)
    assert (seen.last_result, seen.reason) == (RED, said)
    (told,) = told_alerts(settings)
    assert (told["key"], told["reason"]) == (seen.last_run, said)


def test_a_ui_that_cannot_start_is_told_of_once(place: Place, monkeypatch, capsys):
    def broken(*_):
        raise PrepareError("dbt cannot parse the project")

    monkeypatch.setattr(prepare, "prepare", broken)
    settings = Settings(place.seeds, place.build, place.public)
    for _ in range(2):  # a service manager tries again and again
        assert server.serve(settings, 0) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert [told["kind"] for told in told_alerts(settings)] == ["RED"]
    (settings.build / server.CARD).write_text("{}")  # it ran again; months later the same is wrong
    assert server.serve(settings, 0) == 1
    assert len(told_alerts(settings)) == 2


def test_what_could_not_be_published_stops_a_build_before_its_work(place: Place, monkeypatch):
    settings = Settings(place.seeds, place.build, place.public)
    for name, value in place.env.items():
        monkeypatch.setenv(name, value)

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(place.public))

    monkeypatch.setattr(build_session, "require_publishable", full)
    context = SimpleNamespace(run=None, instance=None, log=None)
    with pytest.raises(OSError, match="No space"), BuildSession().yield_for_execution(context):
        raise AssertionError("work has begun")
    assert status(settings).last_result == RED


@needs_permissions
def test_a_public_folder_that_may_not_be_written_is_said_before_any_work(place: Place):
    place.public.chmod(0o555)
    code, output = run(place, "build")
    assert code == 1
    assert "no permission" in output
    assert "prepare" not in output
    settings = Settings(place.seeds, place.build, place.public)
    seen = status(settings)
    assert (seen.last_result, "no permission" in seen.reason) == (RED, True)
    (told,) = told_alerts(settings)
    assert told["key"] == seen.last_run


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, dg.DagsterExecutionInterruptedError])
def test_a_build_that_somebody_ended_leaves_nothing_and_is_not_red(place: Place, monkeypatch, interruption):
    for name, value in place.env.items():
        monkeypatch.setenv(name, value)
    context = SimpleNamespace(run=None, instance=None, log=None)
    with pytest.raises(interruption), BuildSession().yield_for_execution(context) as session:
        raise interruption(session.run.folder)
    assert status(Settings(place.seeds, place.build, place.public)).last_run is None
    assert not list(place.build.glob("red/*"))


def test_ctrl_c_is_told_as_an_interruption(place: Place, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(tongcheng_run, "prepare", interrupted)
    done = CliRunner().invoke(main, ["build"], env=place.env)
    assert done.exit_code == 130
    assert done.stderr.strip() == "已中断，已发布版本不变 · interrupted; what is published is unchanged"
    assert told_alerts(Settings(place.seeds, place.build, place.public)) == []


def test_ctrl_c_twice_leaves_no_red_build_either(place: Place, monkeypatch):
    """The second strikes while the first is being recorded: the step alone knows of it then."""
    settings = Settings(place.seeds, place.build, place.public)

    def struck_twice(*_):
        folder = settings.red / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-aaaaaaaa"
        folder.mkdir(parents=True)
        (folder / CARD).write_text(json.dumps({"build_id": folder.name, "pid": os.getpid()}))
        step = SimpleNamespace(error_source=SimpleNamespace(value=build_session.INTERRUPT))
        failure = SimpleNamespace(is_step_failure=True, is_run_failure=False, step_failure_data=step)
        return SimpleNamespace(success=False, all_events=[failure], run_id="aaaaaaaa-1")

    monkeypatch.setattr(tongcheng_run, "_execute", struck_twice)
    with pytest.raises(KeyboardInterrupt):
        tongcheng_run.run_nightly(settings)
    assert not list(settings.red.iterdir())
    assert told_alerts(settings) == []


@pytest.mark.parametrize(("success", "code"), [(True, 0), (False, 1)])
def test_that_nobody_reads_on_changes_nothing(place: Place, monkeypatch, success: bool, code: int):
    """As after `tongcheng build | head -3`."""
    reading, writing = os.pipe()
    os.close(reading)
    result = SimpleNamespace(success=success, all_events=[], run_id="aaaaaaaa-1")
    monkeypatch.setattr(tongcheng_run, "_execute", lambda *_: result)
    for name in ("_summarise", "_explain"):
        monkeypatch.setattr(tongcheng_run, name, lambda console, *_: console.print("line\n" * 10000))
    with os.fdopen(writing, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert tongcheng_run.run_nightly(Settings(place.seeds, place.build, place.public)) == code


def test_a_command_whose_output_nobody_reads_has_not_failed(place: Place):
    command = [str(Path(sys.executable).with_name("tongcheng")), "resume"]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = subprocess.run(command, env=place.env, stdout=pipe, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_damaged_manifest(place: Place):
    manifest = place.file.resolve().with_name("manifest.json")
    manifest.write_text('{"build_id": "2026')
    code, output = run(place, "versions")
    assert (code, "Traceback" in output) == (1, False)
    assert f"the manifest is damaged: {manifest}" in output


def test_a_public_folder_that_another_process_holds(place: Place, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(versions, "PATIENCE", 0.1)
    with (
        versions.public_lock(place.public),
        pytest.raises(versions.VersionError, match="another process has held"),
    ):
        publish(place.public, tmp_path / "run", "20260102T000000Z-aa")
    assert publish(place.public, tmp_path / "run", "20260102T000000Z-aa").current
