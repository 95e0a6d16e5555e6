"""A full disk, a folder that may not be written, damaged and locked files: told in a line, and survived."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from tests.conftest import ROOT, Place
from tests.torture import results
from tests.torture.test_kill_build import check_published
from tests.unprivileged import bound, needs_permissions

DONE: list[str] = []  # what came of each case, for the document


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Iterator[Place]:
    """One published version; copies of it are spoiled."""
    folder = tmp_path_factory.mktemp("sound")
    there = Place(ROOT / "seeds", folder / "build", folder / "public")
    assert build(there)[0] == 0
    yield there
    if DONE:
        results.write(
            "faults",
            "## Faults of the machine 机器故障\n\n"
            "Each time: one line that names the fault (or none, if the build does not need what failed), the "
            "published file untouched, the next build green.\n"
            "每次：一行说明故障（不影响构建的除外），已发布文件不变，下一次构建成功。\n\n"
            "| fault 故障 | said 提示 |\n|---|---|\n" + "\n".join(DONE),
        )


@pytest.fixture
def place(built: Place, tmp_path: Path) -> Place:
    return Place(built.seeds, tmp_path / "build", tmp_path / "public")


def copy(built: Place, place: Place) -> None:
    for source, target in ((built.build, place.build), (built.public, place.public)):
        subprocess.run(["cp", "-a", f"{source}/.", f"{target}/"], check=True)


def build(place: Place) -> tuple[int, str]:
    """Exit code and output of a build that obeys permissions."""
    command = bound(str(Path(sys.executable).with_name("tongcheng")), "build")
    done = subprocess.run(command, env=place.env, capture_output=True, text=True, timeout=1800)
    return done.returncode, done.stdout + done.stderr


def red_then_green(place: Place, words: str, name: str, mend: Callable[[], object]) -> None:
    """The build fails in these words, without a traceback; what is published stays; mended, it is green."""
    before = check_published(place)
    code, output = build(place)
    assert code == 1, output
    assert "Traceback" not in output
    line = next((row.strip() for row in output.splitlines() if words in row), None)
    assert line, output[-3000:]
    assert check_published(place) == before
    mend()
    green(place)
    said = next(part for part in line.removeprefix("✗ ").split(": ") if words in part)
    DONE.append(f"| {name} | `{re.sub(r' /.*', ' …', said)}` |")


def green(place: Place) -> None:
    before = check_published(place)
    code, output = build(place)
    assert code == 0, output
    assert check_published(place) > before


def tmpfs(folder: Path, megabytes: float, stack: ExitStack) -> Callable[[], object]:
    """A small disk at the folder; the returned function makes it large."""
    folder.mkdir()
    size = f"size={int(megabytes * 1024)}k"
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", folder], capture_output=True)
    if made.returncode:
        pytest.skip("no right to mount a small disk here: run as root")
    stack.callback(subprocess.run, ["umount", "-l", folder])
    return lambda: subprocess.run(["mount", "-o", "remount,size=500m", folder], check=True)


def megabytes(folder: Path) -> float:
    return sum(f.lstat().st_blocks * 512 for f in folder.rglob("*")) / 2**20


def test_full_disk_where_analysts_read(built: Place, place: Place):
    with ExitStack() as stack:
        place.build.mkdir()
        mend = tmpfs(place.public, megabytes(built.public) + 5, stack)
        copy(built, place)
        red_then_green(place, "the disk is full", "full disk under public/ 发布盘已满", mend)


def test_full_disk_where_builds_work(built: Place, place: Place):
    with ExitStack() as stack:
        place.public.mkdir()
        mend = tmpfs(place.build, megabytes(built.build) + 6, stack)
        copy(built, place)
        red_then_green(place, "is full", "full disk under build/ 工作盘已满", mend)


@needs_permissions
@pytest.mark.parametrize("folder", ["build", "build/dagster/history/runs", "public", "public/versions"])
def test_a_folder_that_may_not_be_written(built: Place, place: Place, folder: str):
    place.build.mkdir()
    place.public.mkdir()
    copy(built, place)
    spoiled = place.build.parent / folder
    spoiled.chmod(0o555)
    words = "no permission"
    red_then_green(place, words, f"read-only {folder}/ 只读", lambda: spoiled.chmod(0o755))


DAMAGED = (
    "build/dbt/partial_parse.msgpack",
    "build/dbt/manifest.json",
    "build/dbt/run_results.json",
    "build/work/tongcheng.duckdb",
    "build/next/tongcheng.duckdb",
    "build/lock.holder.json",
)


def test_damaged_working_files_do_no_harm(built: Place, place: Place):
    place.build.mkdir()
    place.public.mkdir()
    copy(built, place)
    for file in DAMAGED:
        path = place.build.parent / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"\0damaged" * 100)
    green(place)
    DONE.append("| six damaged working files 六个工作文件损坏 | — |")


def test_a_damaged_run_history_is_named(built: Place, place: Place):
    place.build.mkdir()
    place.public.mkdir()
    copy(built, place)
    history = place.build / "dagster" / "history" / "runs" / "index.db"
    history.write_bytes(b"\0damaged" * 1000)

    def set_aside() -> None:
        os.rename(place.build / "dagster", place.build / "dagster.damaged")

    red_then_green(place, "a file is damaged", "damaged run history 运行历史损坏", set_aside)


def test_files_that_others_hold_open_do_no_harm(built: Place, place: Place):
    place.build.mkdir()
    place.public.mkdir()
    copy(built, place)
    left = place.build / "next"
    left.mkdir()
    with (
        duckdb.connect(str(place.build / "work" / "tongcheng.duckdb")),
        duckdb.connect(str(left / "tongcheng.duckdb")),
    ):
        green(place)
    DONE.append("| working files open in another process 工作文件被他人打开 | — |")


def test_a_public_folder_that_another_process_holds(built: Place, place: Place):
    place.build.mkdir()
    place.public.mkdir()
    copy(built, place)
    lock = FileLock(place.public / ".lock")
    lock.acquire()
    red_then_green(place, "another process has held", "public/ held by another process 被占用", lock.release)
