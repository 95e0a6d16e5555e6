"""What the finished file says of itself: its marts with columns, descriptions, rows, and the build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project import sql
from dagster_project.downloads.keys import Keys, read_keys

SCHEMA = "marts"
SORTED_ROWS = 1_048_576  # nobody compares more line by line, and sorting them takes gigabytes
_HERE = f"schema_name = {sql.text(SCHEMA)} and database_name = current_database()"
_KINDS = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "DOUBLE": "number",
}


@dataclass(frozen=True)
class Column:
    """One column; `type` is DuckDB's."""

    name: str
    type: str
    description: str

    @property
    def kind(self) -> str:
        """'text', 'number', 'integer', 'boolean', 'date' or 'timestamp' (UTC); KeyError for another type."""
        return "number" if self.type.startswith("DECIMAL") else _KINDS[self.type]

    @property
    def quoted(self) -> str:
        """The name as SQL."""
        return sql.name(self.name)


@dataclass(frozen=True)
class Mart:
    """One published table."""

    name: str
    description: str
    rows: int
    columns: tuple[Column, ...]
    keys: Keys

    @property
    def relation(self) -> str:
        """The table as SQL."""
        return f"{SCHEMA}.{sql.name(self.name)}"

    @property
    def order(self) -> str:
        """What its rows are to be sorted by, as SQL, so that two versions of a file can be compared.

        The order in which the mart is stored, but for what a night put at its end, or its key; nothing where
        they are too many to sort.
        """
        columns = self.keys.order or self.keys.primary
        return ", ".join(map(sql.name, columns)) if self.rows <= SORTED_ROWS else ""

    @property
    def in_order(self) -> str:
        """The table as SQL, its rows in the order of every file."""
        return f"{self.relation} order by {self.order}" if self.order else self.relation

    @property
    def lasting(self) -> tuple[Column, ...]:
        """The columns of its files of rows: without those that would have every row new each day.

        These follow from the others and the day of the build.
        """
        return tuple(column for column in self.columns if column.name not in self.keys.of_the_day)

    @property
    def hashed(self) -> str:
        """A row's hash as SQL: of what it says in its files."""
        return f"hash({', '.join(column.quoted for column in self.lasting)})"

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


def read_marts(connection: duckdb.DuckDBPyConnection, manifest: Path) -> list[Mart]:
    """Every table of schema marts, by name. manifest: dbt's, for keys."""
    keys = read_keys(manifest)
    columns: dict[str, list[Column]] = {}
    for table, *column in connection.execute(
        "select table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns() "
        f"where {_HERE} order by table_name, column_index"
    ).fetchall():
        columns.setdefault(table, []).append(Column(*column))
    return [
        Mart(
            name,
            description,
            sql.count(connection, f"{SCHEMA}.{sql.name(name)}"),
            tuple(columns[name]),
            keys.get(name, Keys()),
        )
        for name, description in connection.execute(
            f"select table_name, coalesce(comment, '') from duckdb_tables() where {_HERE} order by table_name"
        ).fetchall()
    ]


def read_build(connection: duckdb.DuckDBPyConnection) -> dict:
    """The row of build_info, by column, and `figures_until`, the last day that a figure refers to."""
    until = f"select max(time_period_end) from {SCHEMA}.fct_observation"
    return sql.records(connection, f"select *, ({until}) as figures_until from {SCHEMA}.build_info")[0]
