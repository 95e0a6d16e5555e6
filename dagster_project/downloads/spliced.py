"""A CSV file of which a night replaced few rows: the published one without these, and those made at its end.

That the published file holds what the night found is known by its content, a sum over rows. Needs the run's
file, in which a night keeps both apart.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from dagster_project import sql
from dagster_project.downloads.content import Published, Rows, content_of
from dagster_project.downloads.flat_files import write_rows
from dagster_project.downloads.marts import Mart
from dagster_project.settings import OF_NIGHT, REPLACED

NIGHT = "night"  # what the run's file is attached as


def replaced_marts(connection: duckdb.DuckDBPyConnection, file: Path | None) -> set[str]:
    """The marts of which a night replaced some rows, all others being as they were. file: the run's."""
    if file is None:
        return set()
    connection.execute(f"attach {sql.text(str(file))} as {NIGHT} (read_only)")
    there = f"database_name = '{NIGHT}' and schema_name = '{REPLACED}'"
    names = connection.execute(f"select table_name from duckdb_tables() where {there}").fetchall()
    return {name for (name,) in names}


def splice_csv(
    connection: duckdb.DuckDBPyConnection, mart: Mart, rows: Rows, before: Published, path: str, to: Path
) -> int | None:
    """Write the CSV file of a mart that has these rows; returns how many, None where it cannot be done so."""
    if mart.order:  # each row has its place
        return None
    made, replaced = (f"{NIGHT}.{schema}.{sql.name(mart.name)}" for schema in (OF_NIGHT, REPLACED))
    then = rows.instead(Rows.of(connection, made), Rows.of(connection, replaced))
    if (source := before.undamaged(path, content_of(mart, then))) is None:
        return None
    new, gone = (_lines(connection, mart, relation, to.parent) for relation in (made, replaced))
    if new is None or gone is None:
        return None
    new, gone = new - gone, gone - new
    with source.open("rb") as there, to.open("wb") as here:
        for line in there:
            if gone.get(line):
                gone[line] -= 1
            else:
                here.write(line)
        here.writelines(new.elements())
    return None if gone.total() else rows.count


def _lines(
    connection: duckdb.DuckDBPyConnection, mart: Mart, relation: str, folder: Path
) -> Counter[bytes] | None:
    """The rows of a relation as lines of the mart's file; None where one takes more than a line."""
    with TemporaryDirectory(dir=folder) as scratch:
        file = Path(scratch) / "rows.csv"
        rows = write_rows(connection, mart, relation, file)
        _, *lines = file.read_bytes().splitlines(keepends=True)
    return Counter(lines) if len(lines) == rows else None
