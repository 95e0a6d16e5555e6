"""Alerts of a red or late nightly build: a line in build/alerts.jsonl and on stderr, a webhook, a mail.

One alert per run or missed night, whoever notices it first: the command line, the daemon, or a timer that
runs `tongcheng status`.
Webhook and mail are off unless the environment names them. Needs nothing of Dagster.
"""

from __future__ import annotations

import json
import os
import smtplib
import socket
import sys
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from filelock import FileLock

from dagster_project.settings import Channels, Settings

SECONDS = 10  # timeout of a webhook or a mail server


def alert(settings: Settings, key: str, kind: str, text: str, **details) -> bool:
    """Send an alert; False if it was sent before.

    key: what it is about, a run's id or a missed night; kind: RED or LATE; text: 中文 · English.
    A webhook or mail server that does not answer never fails the caller; the line records it.
    """
    settings.build.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.build / "alerts.lock"):
        if any(told["key"] == key for told in told_alerts(settings)):
            return False
        time = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        record = {"time": time, "kind": kind, "key": key, "text": text, **details}
        channels = Channels.read()
        ways = {"webhook": (channels.webhook, _post), "mail": (channels.smtp, _mail)}
        sent = {name: _tried(send, channels, record) for name, (address, send) in ways.items() if address}
        line = json.dumps({**record, "sent": sent}, ensure_ascii=False, default=str)
        _append(settings.alerts, line)
    if not sys.stderr.isatty():  # a log; a person at a terminal has already read it in words
        print(line, file=sys.stderr, flush=True)
    return True


def _append(path: Path, line: str) -> None:
    """Add a line; if a crash cut the last one short, it stays a line of its own."""
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else f"\n{line}"
        file.write(line.encode() + b"\n")


def told_alerts(settings: Settings) -> list[dict]:
    """All alerts so far, oldest first, without lines that a crash cut short."""
    try:
        lines = settings.alerts.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    records = []
    for line in lines:
        try:
            records.append(json.loads(line))
        except ValueError:
            continue
    return [record for record in records if isinstance(record, dict) and "key" in record]


def _tried(send: Callable[[Channels, dict], None], channels: Channels, record: dict) -> str:
    try:
        send(channels, record)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        return f"{type(error).__name__}: {error}"
    return "ok"


def _post(channels: Channels, record: dict) -> None:
    body = json.dumps(record, ensure_ascii=False, default=str).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
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
