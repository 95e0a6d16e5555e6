"""Runs by_hand.sql on a seeds folder, and compares what it computes with the marts of a warehouse.

Three things are shared with the warehouse, because the script is no second opinion on them: how a printed
token is read, how a source is known, and the days of the build.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from dagster_project.sql import read, text

SQL = Path(__file__).with_name("by_hand.sql")
RELATIONS = ("fct_observation", "series_change", "integration_progress_history", "integration_progress")
# What is given to the script: a Parquet file of this name, and the query of a working file that fills it.
GIVEN = {
    "token": "from raw.token",
    "known_by": "select source_id, evidence from intermediate.int_source_evidence",
    "build": "select as_of_date, cast(built_at as date) as built_on from raw.build_info",
}


def write_given(warehouse: Path, folder: Path) -> int:
    """Write what the script is given of a working file; returns how many distinct tokens there are."""
    folder.mkdir(parents=True, exist_ok=True)
    with read(warehouse) as connection:
        for name, query in GIVEN.items():
            connection.execute(f"copy ({query}) to {text(str(folder / f'{name}.parquet'))}")
        return connection.execute("select count(*) from raw.token").fetchone()[0]


def run(database: Path, seeds: Path, given: Path) -> None:
    """Make the relations in a new file. `given`: the folder of write_given."""
    with duckdb.connect(str(database)) as connection:
        for name in ("token", "known_by"):
            connection.execute(
                f"create table {name} as from read_parquet({text(str(given / f'{name}.parquet'))})"
            )
        connection.execute(f"set variable seeds = {text(str(seeds))}")
        for name, column in (("as_of", "as_of_date"), ("built_on", "built_on")):
            connection.execute(
                f"set variable {name} = "
                f"(select {column} from read_parquet({text(str(given / 'build.parquet'))}))"
            )
        connection.execute(SQL.read_text(encoding="utf-8"))


def differences(
    warehouse: Path, by_hand: Path, relations: Iterable[str] = RELATIONS, schema: str = "main"
) -> dict[str, int]:
    """Rows of each relation that one of the two files has and the other has not; columns must be the same.

    schema: of the second file; of the first it is that of the marts.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {text(str(warehouse))} as warehouse (read_only)")
        connection.execute(f"attach {text(str(by_hand))} as by_hand (read_only)")
        found = {}
        for name in relations:
            one, other = f"warehouse.marts.{name}", f"by_hand.{schema}.{name}"
            shape = [connection.execute(f"describe {table}").fetchall() for table in (one, other)]
            columns = [[(row[0], row[1]) for row in rows] for rows in shape]
            if set(columns[0]) != set(columns[1]):
                raise AssertionError(f"{name}: {set(columns[0]) ^ set(columns[1])}")
            named = ", ".join(column for column, _ in columns[0])
            one, other = (f"(select {named} from {table})" for table in (one, other))
            (count,) = connection.execute(
                f"select count(*) from ((from {one} except all from {other}) "
                f"union all (from {other} except all from {one}))"
            ).fetchone()
            found[name] = count
        return found
