"""The models' own SQL, as the build compiled it, on rows that a test makes up.

Here: how such rows get in and results come out. Not here: what must hold of them (test_intervals.py).
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from dagster_project import private
from tests.conftest import Place

Row = dict[str, object]


class Lab:
    """An empty warehouse in memory with the tables of a built one; whatever a row leaves out is null."""

    def __init__(self, warehouse: Place, folder: Path):
        self.file = folder / "rows.csv"
        self.compiled = warehouse.build / "dbt" / "compiled" / "tongcheng"
        self.connection = duckdb.connect()
        for database in ("tongcheng", private.NAME):
            self.connection.execute(f"attach ':memory:' as {database}")
        self.connection.execute(f"attach '{warehouse.working_file}' as built (read_only)")
        private.attach(self.connection, warehouse.working_file, read_only=True, alias="built_private")
        # Of each `schema.table`: to ask for one costs as much as for all.
        self.columns: dict[str, list[tuple[str, str]]] = {}
        for table, name, kind in self.connection.execute(
            "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
            "where database_name in ('built', 'built_private') order by column_index"
        ).fetchall():
            self.columns.setdefault(table, []).append((name, kind))

    def rows(self, table: str) -> list[Row]:
        """The real rows of `schema.table`, which a staging view reads from the raw table of its name."""
        columns = ", ".join(f'"{name}"' for name, _ in self.columns[table])
        source = table.replace("staging.stg_", "raw.")
        return self._dicts(self.connection.execute(f"select {columns} from built.{source}"))

    def run(self, script: str, inputs: dict[str, list[Row]]) -> list[Row]:
        """Rows of a compiled model or test, `models/marts/claim_check.sql`, given `schema.table` → rows."""
        for table, rows in inputs.items():
            self._fill(table, rows)
        return self._dicts(self.connection.execute((self.compiled / script).read_text(encoding="utf-8")))

    def run_all(self, scripts: list[str], inputs: dict[str, list[Row]]) -> list[Row]:
        """Rows of the last of some compiled models, each of which reads what those before it make."""
        for table, rows in inputs.items():
            self._fill(table, rows)
        for script in scripts:
            _, schema, file = script.split("/")
            made = (self.compiled / script).read_text(encoding="utf-8")
            table = self._placed(f"{schema}.{file.removesuffix('.sql')}")
            self.connection.execute(f"create or replace table {table} as {made}")
        return self._dicts(self.connection.execute(f"from {table}"))

    def rows_made(self, table: str) -> list[Row]:
        """Rows of a `schema.table` that run_all made on the way."""
        return self._dicts(self.connection.execute(f"from {self._placed(table)}"))

    def _placed(self, table: str) -> str:
        """Where the models look for a `schema.table`; its schema is there then."""
        schema, _, _ = table.partition(".")
        database = private.NAME if schema == private.SCHEMA else "tongcheng"
        self.connection.execute(f"create schema if not exists {database}.{schema}")
        return f"{database}.{table}"

    @staticmethod
    def _dicts(result: duckdb.DuckDBPyConnection) -> list[Row]:
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _fill(self, table: str, rows: list[Row]) -> None:
        with self.file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, sorted({name for row in rows for name in row}))
            writer.writeheader()
            writer.writerows(rows)
        placed = self._placed(table)
        columns = ", ".join(f'"{name}" {kind}' for name, kind in self.columns[table])
        self.connection.execute(f"create or replace table {placed} ({columns})")
        if rows:
            self.connection.execute(
                f"insert into {placed} by name "
                f"from read_csv('{self.file}', header = true, all_varchar = true)"
            )
