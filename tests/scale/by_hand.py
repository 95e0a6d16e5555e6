"""Runs by_hand.sql on a seeds folder, and compares what it computes with the marts of a warehouse.

Shared with the warehouse is one thing, the reading of printed tokens: the script takes raw.token as it was
loaded.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from dagster_project.sql import text

SQL = Path(__file__).with_name("by_hand.sql")
RELATIONS = ("fct_observation", "series_change", "integration_progress")


def run(database: Path, seeds: Path, tokens: Path, as_of: date) -> None:
    """Make the three relations in a new file. `tokens`: Parquet of raw.token; as_of: day of the statuses."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"create table token as from read_parquet({text(str(tokens))})")
        connection.execute(f"set variable seeds = {text(str(seeds))}")
        connection.execute(f"set variable as_of = date '{as_of}'")
        connection.execute(SQL.read_text(encoding="utf-8"))


def write_tokens(warehouse: Path, target: Path) -> int:
    """Write raw.token of a warehouse as Parquet; returns how many tokens there are."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute(f"copy raw.token to {text(str(target))}")
        return connection.execute("select count(*) from raw.token").fetchone()[0]


def differences(warehouse: Path, by_hand: Path) -> dict[str, int]:
    """Rows of each relation that one of the two files has and the other has not; columns must be the same."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {text(str(warehouse))} as warehouse (read_only)")
        connection.execute(f"attach {text(str(by_hand))} as by_hand (read_only)")
        found = {}
        for name in RELATIONS:
            one, other = f"warehouse.marts.{name}", f"by_hand.main.{name}"
            shape = [connection.execute(f"describe {table}").fetchall() for table in (one, other)]
            columns = [[(row[0], row[1]) for row in rows] for rows in shape]
            if columns[0] != columns[1]:
                raise AssertionError(f"{name}: {set(columns[0]) ^ set(columns[1])}")
            (count,) = connection.execute(
                f"select count(*) from ((from {one} except all from {other}) "
                f"union all (from {other} except all from {one}))"
            ).fetchone()
            found[name] = count
        return found
