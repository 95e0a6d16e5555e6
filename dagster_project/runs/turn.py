"""One build at a time: the lock of the build folder, and who has it. Needs nothing of Dagster."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from dagster_project import progress
from dagster_project.settings import Settings


@contextmanager
def build_lock(settings: Settings, run_id: str, say: Callable[[str], object]) -> Iterator[None]:
    """Hold the build folder's lock, which the kernel releases if this process dies; say who has it."""
    settings.build.mkdir(parents=True, exist_ok=True)
    lock, card = FileLock(settings.lock), settings.build / "lock.holder.json"
    try:
        lock.acquire(blocking=False)
    except Timeout:
        holder = _holder(card)
        say(f"等待另一构建结束 · waiting for another build to end: {holder}")
        progress.report("wait", f"等待 · waiting for {holder}")
        lock.acquire()
    try:
        card.write_text(json.dumps({"pid": os.getpid(), "run": run_id, "since": _now()}))
        yield
    finally:
        card.unlink(missing_ok=True)
        lock.release()


def await_turn(settings: Settings) -> None:
    """Return when no other build is under way: whoever gives up meanwhile leaves no run behind."""
    with build_lock(settings, "", lambda _: None):
        pass


def _holder(card: Path) -> str:
    try:
        holder = json.loads(card.read_text())
        return f"run {holder['run'][:8]}, process {holder['pid']}, since {holder['since']}"
    except (OSError, ValueError, KeyError):
        return "a build that has just started"


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
