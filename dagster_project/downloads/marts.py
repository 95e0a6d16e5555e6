"""What the finished file says of itself: its marts with columns, descriptions, rows, and the build."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from dagster_project import sql

SCHEMA = "marts"
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

    @property
    def relation(self) -> str:
        """The table as SQL."""
        return f"{SCHEMA}.{sql.name(self.name)}"


def read_marts(connection: duckdb.DuckDBPyConnection) -> list[Mart]:
    """Every table of schema marts, by name."""
    columns: dict[str, list[Column]] = {}
    for table, *column in connection.execute(
        "select table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns() "
        f"where schema_name = {sql.text(SCHEMA)} order by table_name, column_index"
    ).fetchall():
        columns.setdefault(table, []).append(Column(*column))
    return [
        Mart(name, description, _rows(connection, name), tuple(columns[name]))
        for name, description in connection.execute(
            "select table_name, coalesce(comment, '') from duckdb_tables() "
            f"where schema_name = {sql.text(SCHEMA)} order by table_name"
        ).fetchall()
    ]


def read_build(connection: duckdb.DuckDBPyConnection) -> dict:
    """The row of build_info, by column."""
    result = connection.execute(f"select * from {SCHEMA}.build_info")
    return dict(zip([column[0] for column in result.description], result.fetchone(), strict=True))


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    return connection.execute(f"select count(*) from {SCHEMA}.{sql.name(name)}").fetchone()[0]
