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

from dagster_project import dbt_command
from dagster_project.prepare import MANIFEST
from dagster_project.runs.build_session import Run, connect
from dagster_project.settings import Spark
from dagster_project.spark import server, transfer
from dagster_project.spark.server import SparkError

PREFIX = "tongcheng_"
STAGES = ("raw", "staging", "intermediate", "marts")
TABLE_MACROS = "create_table_macros"
OF_ONE_FILE = ("path:models/staging", "resource_type:test")  # views, made where they are read


def build(run: Run, command: Sequence[str], on_progress: dbt_command.Progress) -> dbt_command.Outcome:
    """Compute the models there, take the tables into the run's file and test them, as one dbt run would.

    command: the arguments of dbt that build and test everything. Raises SparkError.
    """
    own = run.settings.build / "dbt"
    made = compute(run.database, run.build_id, run.settings.build / "dbt-spark", on_progress)
    if made.exit_code:
        return made
    macros = dbt_command.run(["run-operation", TABLE_MACROS], own, run.database, on_progress)
    if macros.exit_code:
        return macros
    tested = dbt_command.run([*command, "--select", *OF_ONE_FILE], own, run.database, on_progress)
    return dbt_command.Outcome(tested.exit_code, {**made.results, **tested.results}, tested.said)


def compute(
    database: Path,
    build_id: str,
    target: Path,
    on_progress: dbt_command.Progress,
    command: Sequence[str] = ("run",),
) -> dbt_command.Outcome:
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
        made = dbt_command.run(
            [*command, "--target", "spark"],
            target,
            database,
            on_progress,
            {"TONGCHENG_SPARK_SCHEMA": prefix},
        )
        if made.exit_code:
            server.require_alive(spark)  # a server that died explains every other error
            return made
        with connect(database) as connection:
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

    Yields what their names begin with, and the folder. What a killed build left is removed first: its
    folder's lock is free, as the kernel frees it.
    """
    if spark.folder is None:
        raise SparkError("缺少共享文件夹 · a folder that all workers see is needed: --spark-folder")
    prefix = PREFIX + build_id.lower().replace("-", "_")
    folder = spark.folder / prefix
    with server.connect(spark) as cursor:
        _remove_dead(cursor, spark.folder)
        folder.mkdir(parents=True)
        with FileLock(folder / ".lock"):
            for stage in STAGES:
                place = (folder / stage).as_uri()
                server.query(cursor, f"create schema {prefix}_{stage} location '{place}'")
            try:
                yield prefix, folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                # A server that is gone cannot: the next build will.
                with suppress(SparkError), server.connect(spark) as last:
                    _drop(last, prefix)


def _remove_dead(cursor, shared: Path) -> None:
    """Folders that nobody holds, and schemas whose folder is gone."""
    for folder in shared.glob(f"{PREFIX}*"):
        with suppress(Timeout), FileLock(folder / ".lock", blocking=False):
            shutil.rmtree(folder, ignore_errors=True)
    names = {name for (name, *_) in server.query(cursor, f"show schemas like '{PREFIX}*'")}
    for prefix in sorted({name.rpartition("_")[0] for name in names}):
        if not (shared / prefix).exists():
            _drop(cursor, prefix)


def _drop(cursor, prefix: str) -> None:
    for stage in STAGES:
        server.query(cursor, f"drop schema if exists {prefix}_{stage} cascade")
