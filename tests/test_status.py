"""`tongcheng status`: the two clocks, the last night, the next one."""

import json
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from filelock import FileLock

from dagster_project.operate.status import GREEN, NONE, RED, nights, status
from dagster_project.operate.status_output import run_status
from dagster_project.settings import Settings
from tests.conftest import copy_build


@pytest.fixture
def settings(warehouse, tmp_path) -> Settings:
    """The published version, and a run history of its own."""
    copy_build(warehouse.build / "dagster", tmp_path / "build" / "dagster")
    shutil.copytree(warehouse.public, tmp_path / "public", symlinks=True)
    return Settings(warehouse.seeds, tmp_path / "build", tmp_path / "public")


def change(settings: Settings, database: str, sql: str, *values) -> None:
    with sqlite3.connect(settings.dagster_home / database) as connection:
        connection.execute(sql, values)
    connection.close()


def soon(settings: Settings) -> datetime:
    """An hour after the last build."""
    return status(settings).last_run_time + timedelta(hours=1)


def test_after_a_green_build_all_is_well_for_a_day(settings):
    seen = status(settings, soon(settings))
    assert seen.healthy
    assert seen.last_result == GREEN
    assert seen.version
    assert 0.9 < seen.version_age_hours < 1.5
    assert seen.figures_age_days > 1000  # the figures' clock is another one than the builds'
    tomorrow = status(settings, soon(settings) + timedelta(days=2))
    assert tomorrow.late
    assert not tomorrow.healthy


def test_a_red_last_run_names_its_red_checks_and_where_its_files_are(settings):
    change(settings, "history/runs.db", "update runs set status = 'FAILURE'")
    run_id = status(settings).last_run
    kept = settings.red / f"20260101T000000Z-{run_id[:8]}"
    kept.mkdir(parents=True)
    checks = [{"relation": "fct_event", "name": "dates_in_order", "blocking": True, "passed": False}]
    (kept / "audit_gates.json").write_text(json.dumps({"checks": checks}))
    seen = status(settings, soon(settings))
    assert (seen.last_result, seen.red_checks, seen.kept) == (RED, ("fct_event.dates_in_order",), str(kept))
    assert seen.late  # no green build at all is left
    assert not seen.healthy


def test_of_two_runs_the_last_is_that_which_ended_last(settings):
    """One that was created first waits for the other, and is red."""
    first = status(settings).last_run
    change(settings, "history/runs.db", "delete from runs where run_id <> ?", first)
    kept = "start_time, create_timestamp, run_body, pipeline_name"
    later = f"insert into runs (run_id, status, end_time, {kept}) "
    later += f"select 'later', 'SUCCESS', end_time - 5, {kept} from runs"
    change(settings, "history/runs.db", later)
    change(settings, "history/runs.db", "update runs set status = 'FAILURE' where run_id = ?", first)
    assert (status(settings).last_run, status(settings).last_result) == (first, RED)
    change(settings, "history/runs.db", "update runs set end_time = null where run_id = 'later'")
    assert status(settings).last_run == first  # it began before that one ended
    change(settings, "history/runs.db", "update runs set start_time = 9e9 where run_id = 'later'")
    assert status(settings).last_run == "later"


def test_a_look_at_single_assets_is_no_night(settings):
    def result(assets: list[str], **limits) -> str:
        keys = [{"path": asset.split("/")} for asset in assets]
        body = json.dumps({"asset_selection": {"__frozenset__": keys}, **limits})
        change(settings, "history/runs.db", "update runs set run_body = ?", body)
        return status(settings).last_result

    everything = ["raw/build_info", "raw/areas", "published/tongcheng"]
    assert result(everything) == GREEN  # 'Materialize all' of the UI
    assert result([]) == GREEN
    assert result(["raw/areas"]) == NONE  # also where it was started from the job's page
    assert result(["raw/build_info", "published/site"]) == NONE
    assert result([], asset_check_selection={"__frozenset__": [{"name": "train_pairs"}]}) == NONE
    assert result([], step_keys_to_execute=["gates", "published__tongcheng"]) == NONE  # 'from failure'
    assert result([], step_keys_to_execute=["ingest", "gates", "published__tongcheng"]) == GREEN


def test_a_rollback_that_holds_is_said_and_is_no_fault(settings):
    (settings.public / "HOLD").write_text(json.dumps({"build_id": "20260101T000000Z-aa"}))
    seen = status(settings, soon(settings))
    assert seen.held == "20260101T000000Z-aa"
    assert seen.healthy


def test_the_next_night_is_named_only_if_something_will_start_it(settings):
    assert status(settings).next_run is None
    with FileLock(settings.build / "ui.lock"):
        (settings.build / "ui.json").write_text('{"address": "http://127.0.0.1:3000"}')
        seen = status(settings)
        assert seen.ui == "http://127.0.0.1:3000"
        assert seen.next_run > seen.now
        body = '{"origin": {"job_name": "nightly_schedule"}}'
        change(
            settings,
            "schedules/schedules.db",
            "insert into instigators (selector_id, status, instigator_type, instigator_body) "
            "values ('test', 'STOPPED', 'SCHEDULE', ?)",
            body,
        )
        assert status(settings).next_run is None
    assert status(settings).ui is None


@pytest.mark.parametrize(
    ("moment", "last", "following"),
    [
        ("2026-01-02T17:59", "2026-01-01T18:00", "2026-01-02T18:00"),
        ("2026-01-02T18:00", "2026-01-02T18:00", "2026-01-03T18:00"),
        ("2026-01-03T01:00", "2026-01-02T18:00", "2026-01-03T18:00"),
    ],
)
def test_nights_start_at_two_in_shanghai(moment, last, following):
    given, *expected = (datetime.fromisoformat(t).replace(tzinfo=UTC) for t in (moment, last, following))
    assert list(nights(given)) == expected


def test_a_person_and_a_program_read_the_same_and_get_the_exit_code(settings, capsys):
    assert run_status(settings, as_json=True, tell=False) == 0
    seen = json.loads(capsys.readouterr().out)
    assert seen["healthy"] is True
    assert datetime.fromisoformat(seen["due"]).tzinfo
    assert run_status(settings, as_json=False, tell=False) == 0
    output = capsys.readouterr().out
    assert seen["version"] in output
    assert "figures until" in output
    change(settings, "history/runs.db", "update runs set status = 'FAILURE'")
    assert run_status(settings, as_json=False, tell=True) == 1
    assert json.loads(capsys.readouterr().err)["kind"] == "RED"
    assert run_status(settings, as_json=False, tell=True) == 1
    assert capsys.readouterr().err == ""  # told already


def test_before_the_first_build_it_says_so_and_makes_nothing(tmp_path, capsys):
    settings = Settings(tmp_path / "seeds", tmp_path / "build", tmp_path / "public")
    assert run_status(settings, as_json=False, tell=False) == 1
    assert "tongcheng build" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
