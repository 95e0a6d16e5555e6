"""All models of a full build on a cluster: there and back, then dbt's tests on what came back.

The tests run on the run's file, as ever: what they prove is what is published, the way there and back
included.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from dagster_project import private
from dagster_project.dbt_command import Dbt, Outcome, Progress
from dagster_project.prepare import MANIFEST
from dagster_project.runs.build_session import Run, connect
from dagster_project.settings import Spark
from dagster_project.spark import server, transfer
from dagster_project.spark.server import SparkError

PREFIX = "tongcheng_"
STAGES = ("raw", "staging", "intermediate", "marts")
TABLE_MACROS = "create_table_macros"
OF_ONE_FILE = ("config.materialized:view", "resource_type:test")  # views, made where they are read


def build(run: Run, command: Sequence[str], on_progress: Progress) -> Outcome:
    """Compute the models there, take the tables into the run's file and test them, as one dbt run would.

    command: the arguments of dbt that build and test everything. Raises SparkError.
    """
    own = run.settings.build / "dbt"
    made = compute(run.database, run.build_id, run.settings.build / "dbt-spark", on_progress)
    if made.exit_code:
        return made
    with Dbt(own) as dbt:
        macros = dbt.run(["run-operation", TABLE_MACROS], run.database, on_progress)
        if macros.exit_code:
            return macros
        tested = dbt.run([*command, "--select", *OF_ONE_FILE], run.database, on_progress)
    return Outcome(tested.exit_code, {**made.results, **tested.results}, tested.said)


def compute(
    database: Path,
    build_id: str,
    target: Path,
    on_progress: Progress,
    command: Sequence[str] = ("run",),
) -> Outcome:
    """Fill a file that has only raw tables with the tables of the models, as the cluster computes them.

    target: folder of all that dbt writes. Raises SparkError where the cluster fails, not where a model does.
    """
    spark = Spark.read()
    with _schemas(spark, build_id) as (prefix, folder):
        with connect(database) as connection:
            names = transfer.send(connection, folder / "raw")
        with server.connect(spark) as cursor:
            for name in names:
                place = (folder / "raw" / name).as_uri()
                server.query(cursor, f"create table {prefix}_raw.{name} using parquet location '{place}'")
        with Dbt(target) as dbt:
            made = dbt.run(
                [*command, "--target", "spark"],
                database,
                on_progress,
                {"TONGCHENG_SPARK_SCHEMA": prefix},
            )
        if made.exit_code:
            server.require_alive(spark)  # a server that died explains every other error
            return made
        with connect(database) as connection:
            private.attach(connection, database)
            for node in _tables():
                transfer.fetch(connection, node, folder / node["schema"] / node["name"])
            connection.execute("checkpoint")
    return made


def _tables() -> list[dict]:
    """The models that are tables, in dbt's manifest."""
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"].values()
    return [n for n in nodes if n["resource_type"] == "model" and n["config"]["materialized"] == "table"]


@contextmanager
def _schemas(spark: Spark, build_id: str) -> Iterator[tuple[str, Path]]:
    """Schemas of this build alone, each with a folder of its own; both are gone afterwards.

    Yields what their names begin with, and the folder. What a killed build left is removed first: its lock is
    free, as the kernel frees it.
    """
    shared = server.shared_folder(spark)
    shared.mkdir(parents=True, exist_ok=True)
    prefix = PREFIX + build_id.lower().replace("-", "_")
    folder, lock = shared / prefix, _lock(shared / prefix)
    with lock, server.connect(spark) as cursor:
        _remove_dead(cursor, shared)
        try:
            folder.mkdir()
            for stage in STAGES:
                place = (folder / stage).as_uri()
                server.query(cursor, f"create schema {prefix}_{stage} location '{place}'")
            yield prefix, folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            # A server that is gone cannot: the next build will.
            with suppress(SparkError), server.connect(spark) as last:
                _drop(last, prefix)
            Path(lock.lock_file).unlink(missing_ok=True)


def _lock(folder: Path) -> FileLock:
    """Of one build, beside its folder: held before there is one, so that no new one passes for dead."""
    return FileLock(folder.with_name(f"{folder.name}.lock"))


def _remove_dead(cursor, shared: Path) -> None:
    """Folders of builds whose lock is free, and schemas of this shared folder whose own is gone."""
    for path in shared.glob(f"{PREFIX}*.lock"):
        lock = _lock(path.with_suffix(""))
        with suppress(Timeout), lock.acquire(blocking=False):
            shutil.rmtree(path.with_suffix(""), ignore_errors=True)
            path.unlink(missing_ok=True)
    for name, *_ in server.query(cursor, f"show schemas like '{PREFIX}*'"):
        place = dict(row[:2] for row in server.query(cursor, f"describe schema {name}")).get("Location", "")
        # Others may use the cluster with another folder: what is there is theirs.
        if f"{shared}/" in place and not (shared / name.rpartition("_")[0]).exists():
            server.query(cursor, f"drop schema if exists {name} cascade")


def _drop(cursor, prefix: str) -> None:
    for stage in STAGES:
        server.query(cursor, f"drop schema if exists {prefix}_{stage} cascade")
