"""SIGKILL at points spread over the life of a build: what is published stays whole, the next build works."""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field

import duckdb
import pytest

from dagster_project import build_command
from dagster_project.publish import versions
from tests.conftest import ROOT, Place
from tests.torture import results
from tests.torture.processes import kill_all

KILLS = results.count("KILLS", 50)
EVERY = results.count("BUILD_EVERY", 1)  # a whole build after every so many kills
STAGES = tuple(name.split()[0] for stage, name in build_command.STAGES.items() if stage != "wait")
LAST = STAGES[-2:]  # where something new may be shown: the line that begins a stage is read a little late


@dataclass(frozen=True)
class Point:
    """When to kill: a share of a build's usual time, a stage's first line, or a file's appearance.

    `alone`: only the main process dies; what it has started lives on as an orphan.
    """

    kind: str
    at: float
    stage: str = ""
    alone: bool = False

    def __str__(self) -> str:
        return f"{self.kind}{'-' + self.stage if self.stage else ''}-{self.at:.3f}"


def points(count: int) -> list[Point]:
    """Half by time, the rest by stage, around the commit point, and with orphans; well mixed."""
    by_time = [Point("time", (n + 0.5) / (count // 2)) for n in range(count // 2)]
    rest = count - len(by_time)
    staged = range(rest * 2 // 5)
    by_stage = [Point("stage", 0.4 * (n // len(STAGES)), STAGES[n % len(STAGES)]) for n in staged]
    orphans = [Point("orphan", (n + 0.5) / (rest // 5), alone=True) for n in range(rest // 5)]
    near = rest - len(by_stage) - len(orphans)
    publish = [Point("publish", 0.15 * n / near) for n in range(near)]
    mixed = [*by_time, *by_stage, *orphans, *publish]
    random.Random(5).shuffle(mixed)  # a run that is cut short has been everywhere too
    return mixed


@dataclass
class History:
    """What has happened so far in one warehouse."""

    place: Place
    seconds: list[float] = field(default_factory=list)  # of builds that came to their end
    whole: int = 0  # builds after a kill that succeeded
    kills: list[tuple[Point, str]] = field(default_factory=list)  # and the last stage that was begun
    missed: list[Point] = field(default_factory=list)  # the build had ended before
    tried: int = 0


@pytest.fixture(scope="module")
def history(tmp_path_factory) -> History:
    folder = tmp_path_factory.mktemp("killed")
    there = History(Place(ROOT / "seeds", folder / "build", folder / "public"))
    build(there)
    yield there
    write_result(there)


def build(there: History) -> None:
    """A whole build, which must succeed without help."""
    started = time.monotonic()
    process = there.place.start("build")
    output, _ = process.communicate(timeout=1800)
    assert process.returncode == 0, output[-3000:]
    there.seconds.append(time.monotonic() - started)
    there.whole += bool(there.kills)
    shown = check_published(there.place)
    assert shown == versions.versions(there.place.public)[0].build_id
    assert not list((there.place.public / "versions").glob(".*"))
    assert not there.place.build.joinpath("next").exists()


def check_published(place: Place) -> str:
    """The fixed path opens and shows one whole version; so does every listed one. Returns its build id."""
    with duckdb.connect(str(place.file), read_only=True) as connection:
        ((build_id,),) = connection.execute("select build_id from marts.build_info").fetchall()
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        ).fetchall():
            connection.execute(f'select count(*) from marts."{name}"').fetchall()
    listed = versions.versions(place.public)
    assert all(version.verify() == [] for version in listed)
    (current,) = [version for version in listed if version.current]
    assert current.build_id == current.manifest["build_id"] == build_id
    return build_id


def kill_at(point: Point, there: History) -> str | None:
    """Start a build, kill it at the point; the last stage it had begun, or None where it had ended."""
    place, stage = there.place, "—"
    started = time.monotonic()
    process = place.start("build")
    os.set_blocking(process.stdout.fileno(), False)
    deadline = started + point.at * min(there.seconds[-3:]) if not point.stage else None
    seen: float | None = None
    while process.poll() is None:
        now = time.monotonic()
        with contextlib.suppress(BlockingIOError):
            chunk = os.read(process.stdout.fileno(), 65536).decode(errors="replace")
            stage = next((s for s in reversed(STAGES) if s in chunk), stage)
        if point.kind == "publish":
            if seen is None and list((place.public / "versions").glob(".incoming-*")):
                seen = now
            if seen is not None and now >= seen + point.at:
                break
        elif point.stage:
            if seen is None and STAGES.index(point.stage) <= (STAGES.index(stage) if stage in STAGES else -1):
                seen = now
            if seen is not None and now >= seen + point.at:
                break
        elif now >= deadline:
            break
        time.sleep(0.002 if stage in LAST or point.kind == "publish" else 0.02)
    process.kill()
    killed = process.wait() == -9  # else it had ended by itself
    if not point.alone:
        kill_all(place)
    process.stdout.close()
    if killed:
        return stage
    there.seconds.append(time.monotonic() - started)  # the machine has become faster
    return None


@pytest.mark.parametrize("point", points(KILLS), ids=str)
def test_a_killed_build_leaves_the_published_version_whole(history: History, point: Point):
    history.tried += 1
    before = check_published(history.place)
    stage = kill_at(point, history)
    after = check_published(history.place)
    if stage is None:
        history.missed.append(point)
        pytest.skip("the build had ended before that point")
    else:
        assert after == before or stage in LAST
        history.kills.append((point, stage))
    if history.tried % EVERY == 0:
        build(history)
        kill_all(history.place)  # orphans


def write_result(there: History) -> None:
    """The section of the document."""
    build(there)
    if len(there.kills) + len(there.missed) < there.tried:
        return  # a failed test speaks for itself
    stages = Counter(stage for _, stage in there.kills)
    kinds = Counter(point.kind for point, _ in there.kills)
    names = {
        "time": "spread over time 按时间",
        "stage": "at a stage's start 阶段之初",
        "publish": "around the commit point 发布前后",
        "orphan": "main process alone 仅主进程",
    }
    rows = "\n".join(f"| {names[kind]} | {number} |" for kind, number in kinds.items())
    during = ", ".join(f"{stage} {stages[stage]}" for stage in ("—", *STAGES) if stages[stage])
    results.write(
        "crashes",
        "## Build killed 构建中途被终止\n\n"
        f"SIGKILL of the whole process tree at {len(there.kills)} points of a build. After each: the "
        "published file opened, every version matched its manifest, and the next build started without "
        f"intervention; {there.whole} whole builds in between all succeeded and published.\n"
        f"在构建的 {len(there.kills)} 个时点强行终止全部进程；每次之后，已发布文件可打开并与清单一致，"
        f"下一次构建无需干预即可开始；其间 {there.whole} 次完整构建全部成功并发布。\n\n"
        f"| where 时点 | kills 次数 |\n|---|---|\n{rows}\n\n"
        f"Stage in progress 所在阶段: {during}.",
    )
