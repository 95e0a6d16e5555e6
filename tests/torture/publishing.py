"""Publishers and readers as processes of their own, over small prepared DuckDB files."""

from __future__ import annotations

import multiprocessing
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.publish import versions
from dagster_project.settings import DATABASE, STORAGE_VERSION

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.torture.publishing"])
TABLES = ("build_info", "fct_observation", "series_change", "integration_progress")


def prepare(folder: Path, build_id: str, rows: int = 2000) -> Path:
    """A run's folder whose file names its build in every row of several tables."""
    folder.mkdir(parents=True)
    config = {"storage_compatibility_version": STORAGE_VERSION}
    with duckdb.connect(str(folder / DATABASE), config=config) as connection:
        connection.execute("create schema marts")
        for table in TABLES:
            connection.execute(
                f"create table marts.{table} as select ? as build_id, n, md5(n::varchar) as t "
                f"from range({1 if table == 'build_info' else rows}) as r (n)",
                [build_id],
            )
    return folder


def unproven(folder: Path, manifest: dict) -> None:
    """Takes a version as it is: what is tortured here is how it is shown."""


def build_id(number: int) -> str:
    """Names that sort by number, as those of real builds sort by time."""
    return f"2026010{1 + number // 86400}T{number % 86400:06d}Z-{number:08x}"


def publish_all(public: Path, templates: list[Path], first: int, count: int, say=None) -> None:
    """Publish versions one after the other; each template is copied to the name of a fresh build."""
    for number in range(first, first + count):
        template = templates[number % len(templates)]
        if say:
            say.put(number)
        versions.publish(public, template, build_id(number), {"build_id": build_id(number)}, unproven)


def publish_prepared(public: Path, scratch: Path, first: int, count: int) -> None:
    """Publish versions of different content, each prepared just before and removed after."""
    for number in range(first, first + count):
        folder = prepare(scratch / str(number), build_id(number))
        versions.publish(public, folder, build_id(number), {"build_id": build_id(number)}, unproven)
        shutil.rmtree(folder)


@dataclass
class Reading:
    """What one reader saw: connections made, distinct builds, and everything that was wrong."""

    connections: int
    builds: int
    faults: list[str]


def read_until(public: Path, stop, found) -> None:
    """Open, query several tables twice each, close, again and again, until told to stop."""
    seen, faults, connections = set(), [], 0
    while not stop.is_set() or not connections:
        connections += 1
        try:
            with duckdb.connect(str(public / DATABASE), read_only=True) as connection:
                ids = set()
                for table in (*TABLES, *TABLES):
                    rows = connection.execute(
                        f"select build_id, count(*), count(distinct t) from marts.{table} group by all"
                    ).fetchall()
                    ids |= {row[0] for row in rows}
                    time.sleep(0.001)
            if len(ids) != 1:
                faults.append(f"mixed: {sorted(ids)}")
            seen |= ids
        except Exception as error:
            faults.append(repr(error))
    found.put(Reading(connections, len(seen), faults[:5]))


def read_while_publishing(folder: Path, readers: int, publishes: int) -> list[Reading]:
    """Start the readers, publish, stop them; what each has seen."""
    public = folder / "public"
    publish_prepared(public, folder / "first", 0, 1)
    stop, found = PROCESSES.Event(), PROCESSES.Queue()
    started = [PROCESSES.Process(target=read_until, args=(public, stop, found)) for _ in range(readers)]
    for process in started:
        process.start()
    writer = PROCESSES.Process(target=publish_prepared, args=(public, folder / "next", 1, publishes))
    writer.start()
    writer.join()
    stop.set()
    seen = [found.get(timeout=120) for _ in started]
    for process in started:
        process.join()
    assert writer.exitcode == 0
    return seen
