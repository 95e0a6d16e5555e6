"""SIGKILL within the publish step, many times: a whole version is shown, and the next publish works."""

import random
import time
from collections import Counter
from pathlib import Path

import duckdb

from dagster_project.publish import versions
from dagster_project.settings import DATABASE
from tests.torture import results
from tests.torture.publishing import PROCESSES, TABLES, build_id, prepare, publish_all

KILLS = results.count("PUBLISH_KILLS", 300)


def kill_within(public: Path, templates: list[Path], number: int, seconds: float) -> int:
    """Let a process publish in a loop from this number on; kill it so long after its first start."""
    say = PROCESSES.SimpleQueue()
    process = PROCESSES.Process(target=publish_all, args=(public, templates, number, 10**6, say))
    process.start()
    started = say.get()
    assert started == number
    time.sleep(seconds)
    process.kill()
    process.join()
    assert process.exitcode == -9
    while not say.empty():
        started = say.get()
    return started


def state(public: Path, last: int) -> str:
    """How far the publish of the last number had come when it was killed."""
    folder = public / "versions"
    incoming = folder / f".incoming-{build_id(last)}"
    if list(folder.glob(".incoming-old-*")):
        return "removing old versions 清理旧版"
    if incoming.exists():
        if (incoming / "manifest.json").exists():
            return "manifest written 清单已写"
        return (
            "file copied in part or whole 文件复制中"
            if (incoming / DATABASE).exists()
            else "folder made 目录已建"
        )
    if not (folder / build_id(last)).exists():
        return "not begun 尚未开始"
    shown = (public / "current").readlink().name == build_id(last)
    return "shown 已切换" if shown else "whole, not yet shown 已完整、未切换"


def kill_many(folder: Path, times: int) -> Counter:
    """Kill publishes at random moments and look at what is shown; how far each had come."""
    public, pick, states = folder / "public", random.Random(11), Counter()
    sizes = (100, 20_000, 150_000)  # so that kills fall on different steps
    templates = [prepare(folder / str(rows), "x", rows) for rows in sizes]
    publish_all(public, templates, 0, 1)
    number = 1
    for _ in range(times):
        number = kill_within(public, templates, number, pick.uniform(0, 0.08))
        states[state(public, number)] += 1
        with duckdb.connect(str(public / DATABASE), read_only=True) as connection:
            for table in TABLES:
                connection.execute(f"select count(*), min(t) from marts.{table}").fetchall()
        listed = versions.versions(public)
        assert all(version.verify() == [] for version in listed)
        (current,) = [version for version in listed if version.current]
        assert current.build_id in (build_id(number), build_id(number - 1), build_id(number - 2))
        number += 1
        publish_all(public, templates, number, 1)
        assert versions.versions(public)[0].current
        assert not list((public / "versions").glob(".*"))
        assert len(versions.versions(public)) <= versions.KEEP_VERSIONS
        number += 1
    return states


def test_a_killed_publish_never_shows_a_torn_version(tmp_path: Path):
    states = kill_many(tmp_path, KILLS)
    rows = "\n".join(f"| {name} | {times} |" for name, times in states.most_common())
    results.write(
        "publish-kills",
        "## Publishing killed 发布中途被终止\n\n"
        f"{KILLS} SIGKILLs within the publish step alone: each time the published file opened, every listed "
        "version matched its manifest, and the next publish worked and cleaned up.\n"
        f"仅在发布步骤内强行终止 {KILLS} 次：每次已发布文件都可打开、各版本与清单一致，"
        "下一次发布成功并清理残留。\n\n"
        f"| killed when 终止时刻 | times 次数 |\n|---|---|\n{rows}",
    )
