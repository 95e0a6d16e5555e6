"""What builds leave in the build folder, and so how the last of them ended.

A build works in `next/`, under the lock. Green, it becomes `work/`; red, a folder of `red/`; killed, it
stays where it was, and the lock is free. Builds never overlap: names are in the order of ends.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dagster_project.files import is_locked
from dagster_project.settings import Settings

CARD = "build.json"  # in the folder of a build: its id, from its first moment


@dataclass(frozen=True, order=True)
class Build:
    """A build of everything; `folder` is where its files are now."""

    build_id: str
    folder: Path

    @property
    def started(self) -> datetime:
        """When it had the lock: its id begins with that moment."""
        return datetime.strptime(self.build_id.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Builds:
    """The last green one, the last that was red or killed, and the one that has the lock."""

    green: Build | None
    red: Build | None
    under_way: Build | None

    @property
    def last(self) -> Build | None:
        """The last that ended."""
        return max((build for build in (self.green, self.red) if build), default=None)


def last_builds(settings: Settings) -> Builds:
    """Read from the folders; changes nothing. A folder without its card is of no build."""
    green, now = _build(settings.work), _build(settings.next)
    red = [build for folder in _folders(settings.red) if (build := _build(folder))]
    if now and not is_locked(settings.lock):
        red, now = [*red, now], None
    return Builds(green, max(red, default=None), now)


def red_build(settings: Settings, run_id: str) -> Build | None:
    """What a red run left, by the id of the build or of Dagster's run."""
    builds = filter(None, (_build(folder) for folder in (*_folders(settings.red), settings.next)))
    return next((b for b in builds if b.build_id == run_id or b.build_id.endswith(f"-{run_id[:8]}")), None)


def _folders(parent: Path) -> list[Path]:
    return list(parent.iterdir()) if parent.is_dir() else []


def _build(folder: Path) -> Build | None:
    try:
        build_id = json.loads((folder / CARD).read_text(encoding="utf-8"))["build_id"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Build(build_id, folder) if re.fullmatch(r"\d{8}T\d{6}Z-.*", build_id) else None
