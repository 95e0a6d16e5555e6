"""`make spark-parity`: every table of the models, computed by DuckDB and by a Spark cluster, row for row.

On the real seeds and some made-up figures, which between them fill every mart. The unit tests of the models
run on the cluster as well where the figures are few. Exits with 1 on any difference.

With three paths it is the part that runs beside a cluster: a built file, the one to make, a folder for dbt.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project import private
from dagster_project.downloads.content import Rows
from dagster_project.prepare import prepare
from dagster_project.settings import DATABASE, ROOT, Settings
from dagster_project.spark.build import compute
from dagster_project.spark.server import SparkError
from dagster_project.sql import name, text
from tests.conftest import LATER
from tests.scale.measure import Cost, measured
from tests.scale.synthetic import write_seeds

FIGURES = int(os.environ.get("FIGURES", "1000"))
BIN = Path(sys.executable).parent
# Unit tests with the models: a model whose logic differs is named, not only its rows. They bring rows
# of their own, so at a large size they would only blur what the models take.
SMALL = 10_000  # figures
MODELS = ["build", "--resource-type", "model"]
EVERYTHING = [*MODELS, "--resource-type", "unit_test"] if FIGURES <= SMALL else MODELS
# Empty here: no version is before this build, and no claim of the seeds ranks a whole group. Their unit tests
# fill them on both engines.
UNIT_TESTED = {
    *("marts.build_changes", "marts.change_history"),
    *("intermediate.int_approval", "intermediate.int_claim_ranking"),
}
MADE = "schema_name in ('intermediate', 'marts')"


@dataclass(frozen=True)
class Line:
    """One table of both files: rows of each, and how many stand in one of them only."""

    table: str
    rows: int
    rows_there: int
    only_here: int
    only_there: int
    types: str

    @property
    def equal(self) -> bool:
        return not (self.only_here or self.only_there or self.types)


def compare(here: Path, there: Path) -> Iterator[Line]:
    """Every table that the models make, as it stands in both files: exact values, whatever their order."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {text(str(here))} as here (read_only)")
        connection.execute(f"attach {text(str(there))} as there (read_only)")
        for side, file in (("here", here), ("there", there)):
            if private.beside(file).exists():
                private.attach(connection, file, read_only=True, alias=f"{side}_private")
        tables = connection.execute(
            f"select distinct schema_name, table_name from duckdb_tables() where {MADE} order by all"
        ).fetchall()
        for schema, table in tables:
            places = ["here", "there"]
            if schema == private.SCHEMA:
                places = [f"{place}_private" for place in places]
            types = [_types(connection, place, schema, table) for place in places]
            if [column for column, _ in types[0]] != [column for column, _ in types[1]]:
                yield Line(f"{schema}.{table}", 0, 0, 0, 0, "columns differ, or there is no such table")
                continue
            differs = [f"{c} {a} {b}" for (c, a), (_, b) in zip(*types, strict=True) if a != b]
            sides = [f"{place}.{schema}.{name(table)}" for place in places]
            rows = [Rows.of(connection, side) for side in sides]
            # Rows are held beside each other only where their hashes say that some differ: that takes room.
            pairs = [] if rows[0] == rows[1] else [sides, sides[::-1]]
            counts = [
                connection.execute(f"select count(*) from (from {one} except all from {other})").fetchone()[0]
                for one, other in pairs
            ]
            numbers = [one.count for one in rows]
            yield Line(f"{schema}.{table}", *numbers, *(counts or [0, 0]), "; ".join(differs))


def _types(connection, side: str, schema: str, table: str) -> list[tuple[str, str]]:
    return connection.execute(
        "select column_name, data_type from duckdb_columns() "
        f"where database_name = '{side}' and schema_name = '{schema}' and table_name = '{table}' "
        "order by column_index"
    ).fetchall()


def on_spark(built: Path, database: Path, target: Path, command: Sequence[str] = EVERYTHING) -> None:
    """Make `database` from the raw tables of a built file, its models computed by the cluster.

    command: dbt's, by default with the unit tests of the models.
    Raises SparkError with dbt's last lines where a model or a unit test fails.
    """
    shutil.copyfile(built, database)
    with duckdb.connect(str(database)) as connection:
        for schema in ("marts", "staging"):
            connection.execute(f"drop schema if exists {schema} cascade")
        (build_id,) = connection.execute("select build_id from raw.build_info").fetchone()
    outcome = compute(database, build_id, target, lambda text, done, total: None, command)
    if outcome.exit_code:
        raise SparkError("\n".join(outcome.said))


def main() -> None:
    """Build by DuckDB, compute by Spark, compare, and print a line per table."""
    with tempfile.TemporaryDirectory(prefix="tongcheng-parity-") as folder:
        home = Path(folder)
        seeds, build = home / "seeds", home / "build"
        env = {
            **os.environ,
            "TONGCHENG_SEEDS": str(seeds),
            "TONGCHENG_BUILD": str(build),
            "TONGCHENG_PUBLIC": str(home / "public"),
            "TONGCHENG_AS_OF": LATER,
        }
        print(f"虚构种子 · made-up seeds: {write_seeds(seeds, FIGURES)}", flush=True)
        job = measured([str(BIN / "tongcheng"), "build"], env, ROOT, home / "job.log")
        prepare(Settings.read())
        here, there = build / "work" / DATABASE, home / "there" / DATABASE
        there.parent.mkdir()
        module, paths = [sys.executable, "-m"], map(str, (here, there, home / "dbt"))
        beside = [*module, "dagster_project.spark.local", *module, "tests.spark.parity", *paths]
        spark = measured(beside, env, ROOT, home / "spark.log")
        lines = list(compare(here, there))
    show(lines, job, spark)
    empty = [line.table for line in lines if not line.rows and line.table not in UNIT_TESTED]
    if empty:
        print(f"空表,什么也未证明 · empty, so nothing is proved: {', '.join(empty)}")
    sys.exit(0 if lines and all(line.equal for line in lines) and not empty else 1)


def show(lines: list[Line], job: Cost, spark: Cost) -> None:
    """A line per table, then what it took."""
    for line in lines:
        said = "" if line.equal else f"  ✗ {line.only_here} / {line.only_there} {line.types}"
        print(f"{line.table:46} {line.rows:>9} {line.rows_there:>9}{said}")
    print(f"{sum(line.equal for line in lines)}/{len(lines)} equal")
    for what, wall, cpu, memory in (
        *((f"DuckDB: {stage}", *cost, 0) for stage, cost in job.stages.items()),
        ("DuckDB: the whole job", job.wall, job.cpu, job.memory),
        (f"Spark: its start, {' and '.join(EVERYTHING[2::2])}s", spark.wall, spark.cpu, spark.memory),
    ):
        at_most = f", {memory / 2**30:.1f} GiB at most" if memory else ""
        print(f"{what}: {wall:.0f} s, {cpu:.0f} processor s{at_most}")


if __name__ == "__main__":
    if paths := [Path(argument) for argument in sys.argv[1:4]]:
        on_spark(*paths)
    else:
        main()
