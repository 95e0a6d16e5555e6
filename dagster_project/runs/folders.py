"""What builds leave in the build folder, and so how the last of them ended.

A build works in `next/`, under the lock. Green, it becomes `work/`; red, a folder of `red/`, as does one that
could not even start; killed, it stays where it was, and the lock is free, until the next one sets it aside as
red; interrupted by a person, it leaves nothing. Builds never overlap: names are in the order of ends.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dagster_project.files import is_locked
from dagster_project.settings import Settings

CARD = "build.json"  # in the folder of a build: its id, from its first moment, and a hash of its seeds
KILLED = "构建进程已不存在，重新构建 · the process of the build is gone; to build again: tongcheng build"
MADE = "models.json"  # there too: how its models were made, and by what (incremental/build.py)
KEEP_RED = 10  # red runs kept for the steward


@dataclass(frozen=True, order=True)
class Build:
    """A build of everything; `folder` is where its files are now."""

    build_id: str
    folder: Path

    @property
    def started(self) -> datetime:
        """When it had the lock: its id begins with that moment."""
        return datetime.strptime(self.build_id.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    @property
    def seeds(self) -> str | None:
        """Hash of the seed files that it began with (runs/inputs.py)."""
        return card(self.folder).get("seeds")


@dataclass(frozen=True)
class Builds:
    """The last green one, the last that was red or killed, the one that has the lock; one killed, if any."""

    green: Build | None
    red: Build | None
    under_way: Build | None
    killed: Build | None = None

    @property
    def last(self) -> Build | None:
        """The last that ended."""
        return max((build for build in (self.green, self.red) if build), default=None)

    @property
    def newest(self) -> Build | None:
        """The last that began."""
        return self.under_way or self.last


def build_id_of(started: datetime, run_id: str) -> str:
    """Sortable name of a build: its start, in UTC, and the head of its run's id."""
    return f"{started:%Y%m%dT%H%M%SZ}-{run_id[:8]}"


def leave_red(settings: Settings, reason: str, since: datetime) -> str:
    """A build that broke off is red as any other; returns its id. Raises OSError.

    since: when this process began. A build of it that got as far as a folder is told why it is red; one that
    could not start gets a folder.
    """
    own = [build for build in red_builds(settings) if _is_own(build, since)]
    build_id = max(own).build_id if own else build_id_of(datetime.now(UTC), str(uuid.uuid4()))
    folder = settings.red / build_id
    folder.mkdir(parents=True, exist_ok=True)
    said = {**card(folder), "build_id": build_id, "reason": reason}
    (folder / CARD).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    prune_red(settings)
    return build_id


def leave_nothing(settings: Settings, since: datetime) -> None:
    """Remove what a build of this process left as red since then, where a person ended it."""
    for build in red_builds(settings):
        if _is_own(build, since):
            shutil.rmtree(build.folder, ignore_errors=True)


def _is_own(build: Build, since: datetime) -> bool:
    return card(build.folder).get("pid") == os.getpid() and build.started >= since.replace(microsecond=0)


def set_killed_aside(settings: Settings) -> None:
    """What a killed build left makes room for the next, and stays among the red ones. The lock is held."""
    if killed := _build(settings.next):
        said = {**card(killed.folder), "reason": KILLED}
        (killed.folder / CARD).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        settings.red.mkdir(parents=True, exist_ok=True)
        os.replace(killed.folder, settings.red / killed.build_id)
        prune_red(settings)
    shutil.rmtree(settings.next, ignore_errors=True)  # of one that was killed before it had a name


def red_builds(settings: Settings) -> list[Build]:
    """The red builds that are kept, the oldest first."""
    return sorted(build for folder in _folders(settings.red) if (build := _build(folder)))


def prune_red(settings: Settings) -> None:
    """Remove the oldest folders of red builds beyond those kept."""
    for old in sorted(_folders(settings.red))[:-KEEP_RED]:
        shutil.rmtree(old, ignore_errors=True)


def card(folder: Path) -> dict:
    """What a build says of itself; empty where it says nothing that can be read."""
    try:
        said = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def last_builds(settings: Settings) -> Builds:
    """Read from the folders; changes nothing. A folder without its card is of no build."""
    green, now = _build(settings.work), _build(settings.next)
    red, killed = red_builds(settings), None
    if now and not is_locked(settings.lock):
        killed, now = now, None
    return Builds(green, max([*red, *filter(None, [killed])], default=None), now, killed)


def red_build(settings: Settings, run_id: str) -> Build | None:
    """What a red run left, by the id of the build or of Dagster's run."""
    builds = [*red_builds(settings), *filter(None, [_build(settings.next)])]
    return next((b for b in builds if b.build_id == run_id or b.build_id.endswith(f"-{run_id[:8]}")), None)


def _folders(parent: Path) -> list[Path]:
    return list(parent.iterdir()) if parent.is_dir() else []


def _build(folder: Path) -> Build | None:
    build_id = str(card(folder).get("build_id"))
    return Build(build_id, folder) if re.fullmatch(r"\d{8}T\d{6}Z-.*", build_id) else None
