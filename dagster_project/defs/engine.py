"""What computes the models of a run: DuckDB in the run's file, or a Spark cluster beside it.

Single assets are made on the work copy by DuckDB, whatever made the copy: the rows are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import dagster as dg
import duckdb

from dagster_project.dbt_command import Dbt, Outcome, Progress
from dagster_project.incremental import build as incremental
from dagster_project.runs.build_session import Run
from dagster_project.settings import DUCKDB, Spark

Answer = TypeVar("Answer")


def engine_of(run: Run) -> str:
    """Name of the engine."""
    return run.settings.engine if run.full else DUCKDB


def told_of(run: Run) -> dict[str, str]:
    """What the UI shows beside each model: the engine, and where a cluster is."""
    if engine_of(run) == DUCKDB:
        return {"engine": DUCKDB}
    spark = Spark.read()
    return {"engine": engine_of(run), "target": f"{spark.host}:{spark.port}"}


def require(run: Run) -> tuple[str, str]:
    """The engine and its version, once it is known to serve: asked before anything runs."""
    if engine_of(run) == DUCKDB:
        return DUCKDB, duckdb.__version__
    from dagster_project.spark import server  # its client is an extra

    return engine_of(run), _told(lambda: server.require(Spark.read()))


def run_dbt(run: Run, command: list[str], on_progress: Progress) -> Outcome:
    """Build and test the models on the engine, their tables in the run's file."""
    if engine_of(run) == DUCKDB:
        if run.full:
            return incremental.build(run, command, on_progress)
        with Dbt(run.settings.build / "dbt") as dbt:
            return dbt.run(command, run.database, on_progress)
    from dagster_project.spark.build import build  # its client is an extra

    return _told(lambda: build(run, command, on_progress))


def _told(ask: Callable[[], Answer]) -> Answer:
    """What the cluster answers; its refusal is the reason that a person reads."""
    from dagster_project.spark.server import SparkError

    try:
        return ask()
    except SparkError as refusal:
        raise dg.Failure(str(refusal), allow_retries=False) from None
