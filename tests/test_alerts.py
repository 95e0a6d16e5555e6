"""A red or late nightly reaches whoever listens, once, and never breaks what it reports."""

import json
import socketserver
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import dagster as dg
import pytest

from dagster_project.operate import alerts
from dagster_project.operate.status import GREEN, RED, RUNNING, Status
from dagster_project.operate.watch import alert_red, alert_unwell
from dagster_project.runs.folders import CARD
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
def webhook(monkeypatch):
    """A local server; yields what it gets."""
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.headers["Content-Type"], self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
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
        {"relation": "fct_event", "name": "only_listed", "blocking": False, "passed": False},
        {"relation": "fct_event", "name": "not_evaluated", "blocking": True, "passed": None},
    ]
    (kept / "checks_gates.json").write_text(json.dumps({"checks": checks}))
    assert alert_red(settings, "abcdefgh-1234", "step failed")
    (told,) = alerts.told_alerts(settings)
    assert json.loads(capsys.readouterr().err) == told
    assert (told["kind"], told["reason"], told["kept"]) == ("RED", "step failed", str(kept))
    assert told["red_checks"] == ["fct_event.dates_in_order"]


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
    assert not alert_unwell(settings, seen(last_run=None, last_green=None))
    assert not alert_unwell(settings, seen(last_result=RUNNING, last_green=None))  # the first one
    assert not settings.alerts.exists()


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

        single = dg.DagsterRun("nightly", run_id="single", asset_selection={dg.AssetKey("broken")})
        assert look(single) == []
        assert look(dg.DagsterRun("nightly", run_id="whole")) == ["whole"]
