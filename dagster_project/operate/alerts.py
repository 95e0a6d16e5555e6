"""Alerts of a red or late nightly build: a line in build/alerts.jsonl and on stderr, a webhook, a mail.

One alert per run or missed night, whoever notices it first: the command line, the daemon, or a timer that
runs `tongcheng status`. What did not arrive is sent again at each later look, and never again once it has.
Webhook and mail are off unless the environment names them. Needs nothing of Dagster.
"""

from __future__ import annotations

import json
import os
import smtplib
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from filelock import FileLock

from dagster_project.settings import Channels, Settings

SECONDS = 10  # timeout of a webhook or a mail server


OK = "ok"  # outcome of a delivery
_unrecorded: set[tuple[Path, str]] = set()  # file and key of what this process could not write down


def alert(settings: Settings, key: str, kind: str, text: str, **details) -> bool:
    """Send an alert; False if it was sent before.

    key: what it is about, a run's id or a missed night; kind: RED, LATE, HELD, DAMAGED;
    text: 中文 · English.
    A webhook or mail server that does not answer never fails the caller: the line records it, and `resend`
    tries again. Nor does a folder that cannot be written: the alert may be about that.
    """
    with _alone(settings):
        if (settings.alerts, key) in _unrecorded or any(told["key"] == key for told in told_alerts(settings)):
            return False
        record = {
            "time": _now(),
            "host": socket.gethostname(),
            "kind": kind,
            "key": key,
            "text": text,
            **details,
        }
        channels = Channels.read()
        sent = {name: _tried(send, channels, record)[0] for name, send in _ways(channels).items()}
        line = _record(settings, key, {**record, "sent": sent})
    if not sys.stderr.isatty():  # a log; a person at a terminal has already read it in words
        print(line, file=sys.stderr, flush=True)
    return True


def resend(settings: Settings) -> int:
    """Send again what did not arrive, by the ways that failed; returns how many deliveries succeeded.

    A server that does not answer is asked once, however many alerts wait for it.
    """
    channels, arrived, silent = Channels.read(), 0, set[str]()
    with _alone(settings):
        for told in told_alerts(settings):
            for name, send in _ways(channels).items():
                owed = told["sent"].get(name, OK) != OK and (settings.alerts, told["key"]) not in _unrecorded
                if not owed or name in silent:
                    continue
                outcome, answered = _tried(send, channels, told)
                if not answered:
                    silent.add(name)
                if outcome == OK:
                    arrived += 1
                    _record(settings, told["key"], {"time": _now(), "key": told["key"], "sent": {name: OK}})
    return arrived


def _record(settings: Settings, key: str, record: dict) -> str:
    """Write a line down, and return it; what cannot be written is remembered while this process lives."""
    line = json.dumps(record, ensure_ascii=False, default=str)
    try:
        _append(settings.alerts, line)
    except OSError:
        _unrecorded.add((settings.alerts, key))
    return line


def _ways(channels: Channels) -> dict[str, Callable[[Channels, dict], None]]:
    ways = {"webhook": (channels.webhook, _post), "mail": (channels.smtp, _mail)}
    return {name: send for name, (address, send) in ways.items() if address}


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One process tells at a time; where the folder cannot be written, each on its own."""
    lock = FileLock(settings.build / "alerts.lock")
    try:
        settings.build.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError:
        yield
        return
    try:
        yield
    finally:
        lock.release()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _append(path: Path, line: str) -> None:
    """Add a line; if a crash cut the last one short, it stays a line of its own."""
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else f"\n{line}"
        file.write(line.encode() + b"\n")


def told_alerts(settings: Settings) -> list[dict]:
    """All alerts so far, oldest first, each with its deliveries (`sent`) up to now.

    Lines that a crash cut short are passed over, and so is a file that cannot be read.
    """
    try:
        lines = settings.alerts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    alerts: dict[str, dict] = {}
    for line in lines:
        try:
            record = json.loads(line)
            key, sent = record["key"], dict(record.get("sent") or {})
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
        first = alerts.setdefault(str(key), {**record, "sent": {}})
        first["sent"].update(sent)
    return list(alerts.values())


def _tried(send: Callable[[Channels, dict], None], channels: Channels, record: dict) -> tuple[str, bool]:
    """The outcome, and whether the server answered at all."""
    try:
        send(channels, record)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        answered = isinstance(error, urllib.error.HTTPError)
        return f"{type(error).__name__}: {error}", answered
    return OK, True


def _post(channels: Channels, record: dict) -> None:
    told = {name: value for name, value in record.items() if name != "sent"}  # how earlier attempts went
    body = json.dumps(told, ensure_ascii=False, default=str).encode()
    # Its key, by which a receiver can tell that it has got an alert whose confirmation was lost; a header
    # holds no Chinese, hence the quoting.
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": quote(record["key"], safe=":"),
    }
    request = urllib.request.Request(str(channels.webhook), body, headers, method="POST")
    with urllib.request.urlopen(request, timeout=SECONDS):
        pass


def _mail(channels: Channels, record: dict) -> None:
    server = urlsplit(str(channels.smtp))
    message = EmailMessage()
    message["Subject"] = f"tongcheng {record['kind']}: {record['key'][:40]}"
    if not channels.mail_to:
        raise ValueError("TONGCHENG_ALERT_TO is not set")
    message["From"] = channels.mail_from or f"tongcheng@{socket.gethostname()}"
    message["To"] = channels.mail_to
    details = json.dumps(record, ensure_ascii=False, indent=1, default=str)
    message.set_content(f"{record['text']}\n\n{details}\n")
    connect = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    with connect(server.hostname or "", server.port or 0, timeout=SECONDS) as smtp:
        if server.username:
            if server.scheme != "smtps":
                smtp.starttls()
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.send_message(message)
