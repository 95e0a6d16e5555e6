"""The tables between the models: a file beside a build's own, which holds what will be published and no more.

So the file that is checked is the file that is shown, and nothing has to be taken out of it. Every connection
knows the tables between as `private`, or finds them by schema and name.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from dagster_project.settings import STORAGE_VERSION

NAME = "private"  # of the database, as dbt_project.yml has it
SCHEMA = "intermediate"


def beside(database: Path) -> Path:
    """The file with the tables between of a build's file."""
    return database.with_name(f"{NAME}.duckdb")


def attach(
    connection: duckdb.DuckDBPyConnection, database: Path, read_only: bool = False, alias: str = NAME
) -> None:
    """Have the tables between of `database` at hand; written to, their file is made where there is none."""
    options = "read_only" if read_only else f"storage_version '{STORAGE_VERSION}'"
    file = str(beside(database)).replace("'", "''")
    connection.execute(f"attach if not exists '{file}' as {alias} ({options})")


def find_by_name(connection: duckdb.DuckDBPyConnection) -> None:
    """Let `schema.table` mean a table between as well, in a connection whose own file is the build's."""
    (own,) = connection.execute("select current_database()").fetchone() or ("",)
    connection.execute(f"set search_path = '{own}.main,{NAME}.{SCHEMA}'")


def remove(database: Path) -> None:
    """Remove the tables between, and what was not yet written to their file."""
    file = beside(database)
    for path in (file, file.with_name(f"{file.name}.wal")):
        path.unlink(missing_ok=True)
