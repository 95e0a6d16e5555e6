"""`tongcheng status`: the two clocks, the last night, the next one."""

import json
import shutil
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from filelock import FileLock

from dagster_project.operate.status import GREEN, RED, RUNNING, nights, status
from dagster_project.operate.status_output import run_status
from dagster_project.runs.folders import CARD
from dagster_project.settings import Settings


@pytest.fixture
def settings(warehouse, tmp_path) -> Settings:
    """The published version, and the card of its build."""
    made = Settings(warehouse.seeds, tmp_path / "build", tmp_path / "public")
    made.work.mkdir(parents=True)
    shutil.copy(warehouse.build / "work" / CARD, made.work)
    shutil.copytree(warehouse.public, tmp_path / "public", symlinks=True)
    return made


def leave(folder: Path, build_id: str) -> Path:
    """What a build leaves, as far as its folder tells how it ended."""
    folder.mkdir(parents=True)
    (folder / CARD).write_text(json.dumps({"build_id": build_id}))
    return folder


def red(settings: Settings, build_id: str) -> Path:
    return leave(settings.red / build_id, build_id)


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
    kept = red(settings, "21000101T000000Z-aa")
    checks = [{"relation": "fct_event", "name": "dates_in_order", "blocking": True, "passed": False}]
    (kept / "checks_gates.json").write_text(json.dumps({"checks": checks}))
    seen = status(settings)
    assert (seen.last_result, seen.red_checks, seen.kept) == (RED, ("fct_event.dates_in_order",), str(kept))
    assert seen.last_run == "21000101T000000Z-aa"
    assert not seen.healthy
    rule = {"title": "首末有序 · dates in order", "unexpected": 2}
    (kept / "checks_gates.json").write_text(json.dumps({"checks": [{**checks[0], **rule}]}))
    assert status(settings).reason == "首末有序 · dates in order: 2 行 rows"


def test_the_last_build_is_that_which_began_last(settings):
    red(settings, "20200101T000000Z-aa")
    assert status(settings).last_result == GREEN
    red(settings, "21000101T000000Z-bb")
    red(settings, "20200102T000000Z-cc")
    assert status(settings).last_run == "21000101T000000Z-bb"
    shutil.rmtree(settings.work)
    assert status(settings).late  # no green build at all is left


def test_a_build_that_has_the_lock_is_under_way_and_one_without_was_killed(settings):
    leave(settings.next, "21000101T000000Z-aa")
    with FileLock(settings.lock):
        assert status(settings).last_result == RUNNING
        assert status(settings).last_green
    assert status(settings).last_result == RED
    assert status(settings).kept == str(settings.next)


@pytest.mark.parametrize("card", ["", "{}", "[]", '{"build_id": "?"}'])
def test_a_folder_that_no_build_left_is_passed_over(settings, card):
    (red(settings, "21000101T000000Z-aa") / CARD).write_text(card)
    assert status(settings).last_result == GREEN


def test_a_rollback_that_holds_is_said_and_is_no_fault(settings):
    (settings.public / "HOLD").write_text(json.dumps({"build_id": "20260101T000000Z-aa"}))
    seen = status(settings, soon(settings))
    assert seen.held == "20260101T000000Z-aa"
    assert seen.healthy


@pytest.fixture
def ui(settings):
    """A UI whose schedule has a state; the state may be changed."""
    state = {"status": "RUNNING"}

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["query"]
            assert "nightly_schedule" in asked
            body = json.dumps({"data": {"scheduleOrError": {"scheduleState": dict(state)}}}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with FileLock(settings.build / "ui.lock"):
        address = f"http://127.0.0.1:{server.server_port}"
        (settings.build / "ui.json").write_text(json.dumps({"address": address}))
        yield state
    server.shutdown()
    server.server_close()


def test_the_next_night_is_named_only_if_something_will_start_it(settings, ui):
    seen = status(settings)
    assert seen.ui
    assert seen.next_run > seen.now
    for off in ("STOPPED", None):
        ui["status"] = off
        assert status(settings).next_run is None


def test_a_ui_that_does_not_answer_yet_is_not_said_to_have_switched_anything_off(settings, ui, capsys):
    assert status(settings).ui_answers
    (settings.build / "ui.json").write_text(json.dumps({"address": "http://127.0.0.1:9"}))
    seen = status(settings)
    assert (seen.next_run, seen.ui_answers) == (None, False)
    run_status(settings, as_json=False, tell=False)
    told = capsys.readouterr().out
    assert "does not answer yet" in told
    assert "switched off" not in told


def test_while_a_build_runs_a_red_one_before_it_is_not_forgotten(settings):
    red(settings, "21000101T000000Z-aa")
    leave(settings.next, "21000102T000000Z-bb")
    with FileLock(settings.lock):
        seen = status(settings, soon(settings))
    assert (seen.last_result, seen.red_before, seen.healthy) == (RUNNING, True, False)


def test_without_a_ui_there_is_no_next_night(settings):
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
    assert "figures up to" in output
    red(settings, "21000101T000000Z-aa")
    assert run_status(settings, as_json=False, tell=True) == 1
    assert json.loads(capsys.readouterr().err)["kind"] == "RED"
    assert run_status(settings, as_json=False, tell=True) == 1
    assert capsys.readouterr().err == ""  # told already


def test_before_the_first_build_it_says_so_and_makes_nothing(tmp_path, capsys):
    settings = Settings(tmp_path / "seeds", tmp_path / "build", tmp_path / "public")
    assert run_status(settings, as_json=False, tell=False) == 1
    assert "tongcheng build" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
