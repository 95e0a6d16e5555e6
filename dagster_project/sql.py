"""Small SQL helpers: quoting, rows from Python into a table and out of one. No rule about data belongs here.

Values are never bound as lists: DuckDB's Python client then imports pandas, which costs more than a whole
check of the seeds.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from dagster_project import private
from dagster_project.settings import Settings

_NULL = "\\N"
_BATCH = 2_000  # rows fetched at once: as tuples they take as much as what is made of them
_COSTLY = ("varchar", "enum", "decimal")


def text(value: str) -> str:
    """A SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def name(identifier: str) -> str:
    """A quoted SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: str | int | None) -> str:
    """A SQL literal of a string, a number or nothing."""
    return "null" if value is None else text(value) if isinstance(value, str) else str(value)


def number(x: str, cast: str = "try_cast") -> str:
    """SQL: the text `x` as an exact number; one that is none is NULL, or with `cast` an error."""
    # Straight to DECIMAL(38, 9) costs a hundred times as much; most figures fit less.
    small, whole = f"try_cast({x} as decimal(18, 9))", f"regexp_full_match({x}, '-?[0-9]{{1,18}}')"
    large = f"case when {whole} then try_cast({x} as bigint)::decimal(38, 9) end"
    return f"coalesce({small}::decimal(38, 9), {large}, {cast}({x} as decimal(38, 9)))"


def spill(database: Path) -> str:
    """Where this process alone puts what memory does not hold, beside the file.

    By default all processes that read a file share one folder, and take each other's parts for their own.
    """
    return f"{database}.{os.getpid()}.tmp"


def read(database: Path) -> duckdb.DuckDBPyConnection:
    """Open a finished file, with no more of the machine than a step of a build may take.

    Of a build's file the tables between are found too, by schema and name.
    """
    connection = duckdb.connect(str(database), read_only=True)
    options = Settings.read().duckdb()
    # Of this process another connection may have set it, and put something there: it can be set only once.
    if row(connection, "select current_setting('temp_directory')")[0] != spill(database):
        options["temp_directory"] = spill(database)
    for option, value in options.items():  # not on connecting: others may have it open
        connection.execute(f"set {option} = {literal(value)}")
    if private.beside(database).exists():
        private.attach(connection, database, read_only=True)
        private.find_by_name(connection)
    return connection


def row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple:
    """The first row of a query that always has one. Raises LookupError."""
    if (found := connection.execute(query).fetchone()) is None:
        raise LookupError(f"no row: {query}")
    return found


def count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """How many rows a relation has."""
    return row(connection, f"select count(*) from {relation}")[0]


def copied(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    """Run a COPY into a file; returns the rows that it wrote."""
    return row(connection, statement)[0]


def records(
    connection: duckdb.DuckDBPyConnection, query: str, most: int | None = None
) -> list[dict[str, Any]]:
    """The rows of a query by column, the first `most` or all.

    Equal texts and numbers of one column are one object: codes, names and dates come again and again, and the
    report holds all its rows at once.
    """
    result = connection.execute(query)
    names = [name for name, *_ in result.description]
    # Column by column, which costs half of what value by value does.
    once = [dict[Any, Any]().setdefault if kind.id in _COSTLY else None for _, kind, *_ in result.description]
    rows: list[dict[str, Any]] = []
    while some := result.fetchmany(_BATCH if most is None else most - len(rows)):
        columns = (
            map(same, values, values) if same else values
            for same, values in zip(once, zip(*some, strict=True), strict=True)
        )
        rows += (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))
    return rows


def insert(
    connection: duckdb.DuckDBPyConnection, target: str, rows: Iterable[Sequence], scratch: Path
) -> None:
    """Append rows to a table by way of a CSV file in the folder `scratch`; columns in the table's order."""
    columns = connection.execute(f"select column_name, column_type from (describe {target})").fetchall()
    file = scratch / "rows.csv"
    with file.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([_cell(value) for value in row] for row in rows)
    numbers = {column for column, kind in columns if kind.startswith("DECIMAL")}
    shape = {column: "VARCHAR" if column in numbers else kind for column, kind in columns}
    typed = (number(name(column), "cast") if column in numbers else name(column) for column in shape)
    shown = ", ".join(f"{text(column)}: {text(kind)}" for column, kind in shape.items())
    connection.execute(
        f"insert into {target} select {', '.join(typed)} "
        f"from read_csv({text(str(file))}, columns = {{{shown}}}, "
        "auto_detect = false, header = false, delim = ',', "
        f"quote = '\"', escape = '\"', nullstr = '{_NULL}', "
        "compression = 'none', hive_partitioning = false)"
    )
    file.unlink()


def _cell(value: object) -> str:
    if value is None:
        return _NULL
    return format(value, "f") if hasattr(value, "as_tuple") else str(value)  # a Decimal without exponent
