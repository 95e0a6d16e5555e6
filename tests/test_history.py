"""Dagster's event log: each file is opened once, others see all of it, the stock log reads the same."""

import sqlite3
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import Engine, event

from dagster_project.prepare import INSTANCE_CONFIG
from dagster_project.runs.event_log import INDEX, KEPT_OPEN, EventLog

KEY = dg.AssetKey("figure_0")


def figures(count: int) -> list[dg.AssetsDefinition]:
    """Assets with a check each, as a build has them."""
    names = [f"figure_{number}" for number in range(count)]

    @dg.multi_asset(
        specs=[dg.AssetSpec(name) for name in names],
        check_specs=[dg.AssetCheckSpec("sound", asset=name) for name in names],
    )
    def made():
        for name in names:
            checked = dg.AssetCheckResult(asset_key=name, passed=True)
            yield dg.MaterializeResult(asset_key=name, metadata={"rows": 7}, check_results=[checked])

    return [made]


@pytest.fixture
def home(tmp_path: Path, monkeypatch) -> Path:
    """Of an instance as the project configures it."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    (tmp_path / "dagster.yaml").write_text(INSTANCE_CONFIG.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def told(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    return [entry.dagster_event_type for entry in instance.all_logs(run_id) if entry.is_dagster_event]


def test_more_events_open_no_more_files_and_the_stock_log_reads_the_same(home: Path):
    opened: list[str] = []

    def note(connection, _record):
        _, _, file = connection.execute("pragma database_list").fetchone()
        opened.append(Path(file).stem)

    def opens(count: int) -> tuple[int, int]:
        """Of the index and of the run's own file, in a run of so many assets."""
        opened.clear()
        run_id = dg.materialize(figures(count), instance=instance).run_id
        return opened.count(INDEX), opened.count(run_id)

    with dg.DagsterInstance.get() as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        dg.materialize(figures(1), instance=instance)  # makes the index
        event.listen(Engine, "connect", note)
        try:
            assert opens(8) == opens(1)
        finally:
            event.remove(Engine, "connect", note)
        run_id = dg.materialize(figures(1), instance=instance).run_id
        before, record = told(instance, run_id), instance.get_latest_materialization_event(KEY)
    runs = home / "history" / "runs"
    assert not list(runs.glob("*-wal")), "written back at the end"
    entries = SqliteEventLogStorage(str(runs)).get_logs_for_run(run_id)
    assert [entry.dagster_event_type for entry in entries if entry.is_dagster_event] == before
    assert record in entries


def test_a_file_in_use_is_whole_for_others_and_only_some_are_held(home: Path):
    with dg.DagsterInstance.get() as instance:
        ran = [dg.materialize(figures(1), instance=instance).run_id for _ in range(KEPT_OPEN + 1)]
        with sqlite3.connect(home / "history" / "runs" / f"{ran[-1]}.db") as other:
            (seen,) = other.execute("select count(*) from event_logs").fetchone()
        assert seen == len(instance.all_logs(ran[-1]))
        held = {log.stem for log in (home / "history" / "runs").glob("*.db-wal")}
        assert {ran[-1], INDEX} <= held
        assert ran[0] not in held
