"""A red or late nightly reaches whoever listens, once and in the end, and never breaks what it reports."""

import json
import os
import socketserver
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer

import dagster as dg
import pytest

from dagster_project.operate import alerts
from dagster_project.operate.status import GREEN, HOLD_DAYS, RED, RUNNING, Status, status
from dagster_project.operate.watch import alert_killed, alert_red, alert_unwell
from dagster_project.runs.folders import CARD, KILLED, last_builds, leave_red, set_killed_aside
from dagster_project.settings import Settings

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    for name in (
        "TONGCHENG_ALERT_WEBHOOK",
        "TONGCHENG_ALERT_SMTP",
        "TONGCHENG_ALERT_TO",
        "TONGCHENG_ALERT_FROM",
    ):
        monkeypatch.delenv(name, raising=False)
    return Settings(tmp_path / "seeds", tmp_path / "build", tmp_path / "public")


@pytest.fixture
def refusing():
    """Whether the webhook refuses what it gets: as long as something stands in the list."""
    return []


@pytest.fixture
def webhook(monkeypatch, refusing):
    """A local server; yields what it gets."""
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.headers["Idempotency-Key"].encode("ascii")
            if not refusing:
                got.append((self.headers["Content-Type"], body))
            self.send_response(503 if refusing else 204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("TONGCHENG_ALERT_WEBHOOK", f"http://127.0.0.1:{server.server_port}/hook")
        yield got
        server.shutdown()


@pytest.fixture
def mailbox(monkeypatch):
    """A local mail server of a few lines; yields what it gets."""
    got = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 local\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    got.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("TONGCHENG_ALERT_SMTP", f"smtp://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setenv("TONGCHENG_ALERT_TO", "operator@example.org")
        yield got
        server.shutdown()


def seen(**changes) -> Status:
    """A status in good order, but for the changes."""
    good = {
        "now": NOW, "version": "v1", "version_time": NOW, "figures_until": None, "held": None,
        "last_run": "r1", "last_run_time": NOW, "last_result": GREEN, "red_checks": (), "kept": None,
        "last_green": NOW, "due": NOW - timedelta(hours=9), "next_run": NOW, "ui": None,
    }  # fmt: skip
    return Status(**{**good, **changes})


def test_a_red_build_is_one_json_line_in_the_file_and_on_stderr(settings, capsys):
    kept = settings.red / "20260101T000000Z-abcdefgh"
    kept.mkdir(parents=True)
    (kept / CARD).write_text(json.dumps({"build_id": kept.name}))
    checks = [
        {"relation": "fct_event", "name": "dates_in_order", "blocking": True, "passed": False},
        {"relation": "fct_event", "name": "only_listed", "blocking": False, "passed": False, "title": "a"},
        {"relation": "fct_event", "name": "not_evaluated", "blocking": True, "passed": None},
    ]
    (kept / "checks_gates.json").write_text(json.dumps({"checks": checks}))
    assert alert_red(settings, "abcdefgh-1234", "step failed")
    (told,) = alerts.told_alerts(settings)
    assert json.loads(capsys.readouterr().err) == told
    assert (told["kind"], told["reason"], told["kept"]) == ("RED", "step failed", str(kept))
    assert told["red_checks"] == ["fct_event.dates_in_order"]
    assert told["host"]


def test_the_reason_of_a_red_gate_is_its_rule_and_its_rows(settings):
    kept = settings.red / "20260101T000000Z-abcdefgh"
    kept.mkdir(parents=True)
    (kept / CARD).write_text(json.dumps({"build_id": kept.name}))
    check = {"relation": "fct_event", "name": "a", "blocking": True, "passed": False}
    rule = {"title": "事件有日期 · every event has a date", "unexpected": 3}
    (kept / "checks_gates.json").write_text(json.dumps({"checks": [{**check, **rule}]}))
    assert alert_red(settings, "abcdefgh-1234", "1 blocking asset check failed")
    (told,) = alerts.told_alerts(settings)
    assert told["reason"] == "事件有日期 · every event has a date: 3 行 rows"
    assert "tongcheng status" in told["next"]


def test_command_line_and_daemon_tell_of_a_run_once(settings, webhook):
    assert alert_red(settings, "one")
    assert not alert_red(settings, "one")
    assert alert_red(settings, "two")
    assert [json.loads(body)["key"] for _, body in webhook] == ["one", "two"]


def test_a_missed_night_is_told_once_a_night(settings):
    late = seen(last_green=NOW - timedelta(days=2))
    assert alert_unwell(settings, late)
    assert not alert_unwell(settings, late)
    assert alert_unwell(settings, seen(last_green=NOW - timedelta(days=2), due=NOW + timedelta(days=1)))
    assert [told["kind"] for told in alerts.told_alerts(settings)] == ["LATE", "LATE"]


def test_when_all_is_well_or_nothing_was_ever_built_nothing_is_told(settings):
    assert not alert_unwell(settings, seen())
    new = {"version": None, "last_green": None}
    assert not alert_unwell(settings, seen(last_run=None, **new))
    assert not alert_unwell(settings, seen(last_result=RUNNING, **new))  # the first one
    assert not settings.alerts.exists()


def test_where_only_the_public_folder_came_back_from_a_backup_a_missed_night_is_told(settings):
    restored = seen(last_run=None, last_green=None)
    assert alert_unwell(settings, restored)
    assert not alert_unwell(settings, restored)
    assert alerts.told_alerts(settings)[0]["kind"] == "LATE"


def test_a_red_last_run_is_told_before_lateness(settings):
    assert alert_unwell(settings, seen(last_result=RED, last_green=None))
    assert alerts.told_alerts(settings)[0]["key"] == "r1"


def test_nights_missed_after_a_red_build_are_told_too(settings):
    red = {"last_result": RED, "last_run": "r9", "last_run_time": NOW}
    assert alert_unwell(settings, seen(**red))
    assert not alert_unwell(settings, seen(**red))
    for days in (1, 2):
        missed = seen(**red, due=NOW + timedelta(days=days))
        assert alert_unwell(settings, missed)
        assert not alert_unwell(settings, missed)


def test_the_webhook_gets_json_and_the_mail_the_words(settings, webhook, mailbox):
    alert_red(settings, "abcdefgh-1234", "原因 why")
    ((kind, body),) = webhook
    assert kind.startswith("application/json")
    assert json.loads(body)["reason"] == "原因 why"
    (mail,) = mailbox
    assert b"To: operator@example.org" in mail
    assert b"Subject: tongcheng RED: abcdefgh-1234" in mail
    (told,) = alerts.told_alerts(settings)
    assert told["sent"] == {"webhook": "ok", "mail": "ok"}


@pytest.mark.parametrize(
    ("variable", "address"),
    [
        ("TONGCHENG_ALERT_WEBHOOK", "http://127.0.0.1:1/secret-token"),
        ("TONGCHENG_ALERT_WEBHOOK", "no address"),
        ("TONGCHENG_ALERT_SMTP", "smtp://user:secret-token@127.0.0.1:1"),
        ("TONGCHENG_ALERT_SMTP", "smtp://127.0.0.1:port"),
    ],
)
def test_a_channel_that_does_not_answer_is_noted_and_fails_nothing(settings, monkeypatch, variable, address):
    monkeypatch.setenv(variable, address)
    monkeypatch.setenv("TONGCHENG_ALERT_TO", "operator@example.org")
    assert alert_red(settings, "one")
    (told,) = alerts.told_alerts(settings)
    (outcome,) = told["sent"].values()
    assert "Error" in outcome
    assert "secret-token" not in settings.alerts.read_text()


def test_what_did_not_arrive_is_sent_again_until_it_has_and_then_no_more(
    settings, webhook, mailbox, refusing
):
    refusing.append(True)
    alert_red(settings, "one")
    alert_red(settings, "two")
    for _ in range(2):
        assert not alert_unwell(settings, seen())
    assert (len(webhook), len(mailbox)) == (0, 2)
    refusing.clear()
    for _ in range(2):
        assert not alert_unwell(settings, seen())
    assert [json.loads(body)["key"] for _, body in webhook] == ["one", "two"]
    assert len(mailbox) == 2
    arrived = {"webhook": "ok", "mail": "ok"}
    assert [(told["key"], told["sent"]) for told in alerts.told_alerts(settings)] == [
        ("one", arrived),
        ("two", arrived),
    ]


def test_a_server_that_does_not_answer_is_asked_once_a_look(settings, monkeypatch):
    monkeypatch.setenv("TONGCHENG_ALERT_WEBHOOK", "http://127.0.0.1:1/")
    for key in ("one", "two", "three"):
        alert_red(settings, key)
    asked = []

    def silent(_channels, record):
        asked.append(record["key"])
        raise TimeoutError

    monkeypatch.setattr(alerts, "_post", silent)
    assert alerts.resend(settings) == 0
    assert asked == ["one"]


def test_a_way_that_nobody_names_any_more_owes_nothing(settings, webhook, refusing, monkeypatch):
    refusing.append(True)
    alert_red(settings, "one")
    refusing.clear()
    monkeypatch.delenv("TONGCHENG_ALERT_WEBHOOK")
    assert alerts.resend(settings) == 0
    assert webhook == []


def test_a_folder_that_cannot_be_written_is_told_of_all_the_same(settings, webhook):
    settings.build.write_text("no folder")
    assert alert_red(settings, "one")
    assert not alert_red(settings, "one")
    assert len(webhook) == 1


def test_a_build_that_could_not_start_is_the_last_one_and_red(settings):
    build_id = leave_red(settings, "YAML 有误 · broken", NOW)
    now = status(settings)
    assert (now.last_run, now.last_result, now.reason) == (build_id, RED, "YAML 有误 · broken")
    assert alert_unwell(settings, now)
    assert alerts.told_alerts(settings)[0]["reason"] == "YAML 有误 · broken"


def test_a_killed_build_is_told_of_once_by_whoever_sees_it(settings):
    settings.next.mkdir(parents=True)
    build_id = "20260101T000000Z-abcdefgh"
    (settings.next / CARD).write_text(json.dumps({"build_id": build_id}))
    assert last_builds(settings).killed.build_id == build_id
    assert alert_killed(settings)  # the next build of the command line
    assert not alert_unwell(settings, status(settings))  # the timer
    settings.next.rename(settings.build / "dead")  # the next build begins
    assert not alert_red(settings, "abcdefgh-1234")  # the daemon, by the id of Dagster's run
    (told,) = alerts.told_alerts(settings)
    assert (told["key"], "the process of the build is gone" in told["reason"]) == (build_id, True)


def test_a_killed_build_is_told_of_although_the_next_one_began_before_anybody_looked(settings):
    settings.next.mkdir(parents=True)
    build_id = "20260101T000000Z-abcdefgh"
    (settings.next / CARD).write_text(json.dumps({"build_id": build_id}))
    set_killed_aside(settings)  # as the next build does
    assert not settings.next.exists()
    for told in (True, False):
        assert alert_unwell(settings, seen(last_run="20260102T000000Z-another")) == told
    (record,) = alerts.told_alerts(settings)
    assert (record["key"], record["reason"], record["kept"]) == (
        build_id,
        KILLED,
        str(settings.red / build_id),
    )


def test_a_rollback_that_nobody_ended_is_told_of_once(settings):
    for days, told in ((HOLD_DAYS - 1, []), (HOLD_DAYS + 1, ["HELD"])):
        held = seen(held="v1", held_since=NOW - timedelta(days=days))
        assert alert_unwell(settings, held) == bool(told)
        assert not alert_unwell(settings, held)
        assert [one["kind"] for one in alerts.told_alerts(settings)] == told
        assert held.healthy == (not told)


def publish(settings: Settings, content: bytes, name: str = "20260101T000000Z-aa") -> None:
    """The current version, whose manifest says that its file holds the word `whole`."""
    version = settings.public / "versions" / name
    version.mkdir(parents=True)
    files = [{"path": "tongcheng.duckdb", "bytes": 5, "sha256": sha256(b"whole").hexdigest()}]
    (version / "tongcheng.duckdb").write_bytes(content)
    (version / "manifest.json").write_text(json.dumps({"built_at": "2026-01-01 00:00:00", "files": files}))
    (settings.public / "current").unlink(missing_ok=True)
    (settings.public / "current").symlink_to(version)


@pytest.mark.parametrize(
    ("file", "earlier", "remedy"),
    [
        ("HOLD", b"whole", "tongcheng resume"),
        ("current/manifest.json", b"whole", "tongcheng rollback"),
        ("current/tongcheng.duckdb", b"whole", "tongcheng rollback"),
        ("current/tongcheng.duckdb", b"cut", "tongcheng build"),
    ],
)
def test_what_is_damaged_in_the_public_folder_is_told_of_and_what_helps(
    settings, webhook, file, earlier, remedy
):
    publish(settings, earlier, "20251231T000000Z-aa")
    publish(settings, b"whole")
    assert not status(settings, hashes=True).damage
    (settings.public / file).write_text('{"build_id": "2026')
    now = status(settings)
    now = replace(now, last_green=now.now)  # a night without a build would be told beside it
    assert remedy in now.damage
    assert not now.healthy
    assert alert_unwell(settings, now)
    assert not alert_unwell(settings, now)
    assert alerts.told_alerts(settings)[0]["kind"] == "DAMAGED"
    assert len(webhook) == 1


def test_a_published_file_of_the_right_length_is_read_where_an_alert_depends_on_it(settings):
    publish(settings, b"whoLe")
    assert not status(settings).damage
    assert "tongcheng.duckdb" in status(settings, hashes=True).damage


def test_a_build_that_broke_off_is_told_of_by_its_own_name(settings):
    """As where the disk was full in the middle: its folder was set aside already."""
    build_id = "20260103T000000Z-abcdefgh"
    kept = settings.red / build_id
    kept.mkdir(parents=True)
    (kept / CARD).write_text(json.dumps({"build_id": build_id, "pid": os.getpid()}))
    assert leave_red(settings, "the disk is full", NOW) == build_id
    assert alert_red(settings, build_id, "the disk is full")
    assert not alert_unwell(settings, status(settings))
    assert leave_red(settings, "another", datetime(2026, 1, 4, tzinfo=UTC)) != build_id


def test_a_step_that_failed_without_a_check_is_remembered_by_its_alert(settings):
    kept = settings.red / "20260103T000000Z-abcdefgh"
    kept.mkdir(parents=True)
    (kept / CARD).write_text(json.dumps({"build_id": kept.name}))
    assert status(settings).reason is None
    alert_red(settings, "abcdefgh-1234", "磁盘已满 · the disk is full")
    assert status(settings).reason == "磁盘已满 · the disk is full"


def test_a_record_of_checks_cut_short_hides_no_alert(settings):
    build_id = leave_red(settings, "the disk is full", NOW)
    (settings.red / build_id / "checks_gates.json").write_text('{"checks": [')
    assert alert_unwell(settings, status(settings))


def test_a_line_cut_short_by_a_crash_hides_no_other(settings):
    alert_red(settings, "one")
    with settings.alerts.open("a") as file:
        file.write('{"key": "tw')
    assert alert_red(settings, "two")
    assert [told["key"] for told in alerts.told_alerts(settings)] == ["one", "two"]


def test_the_daemon_tells_of_failed_full_runs_only(settings, monkeypatch):
    from dagster_project.defs.alerts import red_build

    monkeypatch.setenv("TONGCHENG_BUILD", str(settings.build))
    monkeypatch.setenv("TONGCHENG_PUBLIC", str(settings.public))
    assert red_build.default_status == dg.DefaultSensorStatus.RUNNING

    @dg.asset
    def broken():
        raise ValueError("on purpose")

    with dg.DagsterInstance.ephemeral() as instance:
        failed = dg.materialize([broken], instance=instance, raise_on_error=False)

        def look(run):
            context = dg.build_run_status_sensor_context(
                sensor_name="red_build",
                dagster_instance=instance,
                dagster_run=run,
                dagster_event=failed.get_run_failure_event(),
            )
            red_build(context.for_run_failure())
            return [told["key"] for told in alerts.told_alerts(settings)]

        def look_at_interrupted():
            event = failed.get_run_failure_event()
            reason = type(event.job_failure_data.failure_reason)
            data = event.job_failure_data._replace(failure_reason=reason.UNEXPECTED_TERMINATION)
            context = dg.build_run_status_sensor_context(
                sensor_name="red_build",
                dagster_instance=instance,
                dagster_run=dg.DagsterRun("nightly", run_id="ended"),
                dagster_event=event._replace(event_specific_data=data),
            )
            red_build(context.for_run_failure())
            return alerts.told_alerts(settings)

        def look_at_killed():
            event = failed.get_run_failure_event()._replace(event_specific_data=None)
            context = dg.build_run_status_sensor_context(
                sensor_name="red_build",
                dagster_instance=instance,
                dagster_run=dg.DagsterRun("nightly", run_id="killed"),
                dagster_event=event,
            )
            red_build(context.for_run_failure())
            return [told["key"] for told in alerts.told_alerts(settings)]

        assert look_at_interrupted() == []
        single = dg.DagsterRun("nightly", run_id="single", asset_selection={dg.AssetKey("broken")})
        assert look(single) == []
        assert look(dg.DagsterRun("nightly", run_id="whole")) == ["whole"]
        assert look_at_killed() == ["whole", "killed"]
