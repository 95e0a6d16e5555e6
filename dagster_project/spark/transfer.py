"""Raw tables to the cluster's folder, and the tables that dbt made there back into the run's file.

Both ways as Parquet, written and read by DuckDB on this side. What comes back must have exactly the columns
and types that the models' contracts name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

from dagster_project import sql
from dagster_project.spark.server import SparkError

RAW = "raw"
# Names of types in contracts, as DuckDB has them.
TYPES = {"string": "VARCHAR", "int": "INTEGER", "decimal": "DECIMAL"}


def send(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[str]:
    """Write the raw tables into `folder`, a folder each; returns their names."""
    query = f"select table_name from duckdb_tables() where schema_name = {sql.text(RAW)} order by 1"
    tables = [name for (name,) in connection.execute(query).fetchall()]
    for table in tables:
        target = folder / table
        target.mkdir(parents=True)
        file = sql.text(str(target / "part-0.parquet"))
        connection.execute(f"copy {RAW}.{sql.name(table)} to {file} (format parquet)")
    return tables


def fetch(connection: duckdb.DuckDBPyConnection, node: Mapping, folder: Path) -> None:
    """Make a table of the run's file from the Parquet files of one dbt model, with its descriptions.

    node: the model in dbt's manifest. Raises SparkError where columns or types are not those of its contract.
    """
    schema = ".".join(map(sql.name, (node["database"], node["schema"])))
    table = f"{schema}.{sql.name(node['name'])}"
    files = f"read_parquet({sql.text(str(folder / '*.parquet'))}, hive_partitioning = false)"
    found = {
        name: kind for name, kind, *_ in connection.execute(f"describe select * from {files}").fetchall()
    }
    if node["config"]["contract"]["enforced"]:
        wanted = {name: duckdb_type(column["data_type"]) for name, column in node["columns"].items()}
        if list(found.items()) != list(wanted.items()):
            wrong = {n: f"{found.get(n)}, not {wanted.get(n)}" for n in {**wanted, **found}}
            shown = "; ".join(f"{n}: {text}" for n, text in wrong.items() if found.get(n) != wanted.get(n))
            raise SparkError(
                f"类型不符 · {node['name']} came back with other columns: {shown or 'their order'}"
            )
    columns = [f"{sql.name(name)} {kind}{_never_null(node, name)}" for name, kind in found.items()]
    connection.execute(f"create schema if not exists {schema}")
    connection.execute(f"create table {table} ({', '.join(columns)})")
    connection.execute(f"insert into {table} from {files}")
    if node["config"]["persist_docs"].get("relation"):
        connection.execute(f"comment on table {table} is {sql.text(node['description'])}")
        for name, column in node["columns"].items():
            text = sql.text(column["description"])
            connection.execute(f"comment on column {table}.{sql.name(name)} is {text}")


def duckdb_type(declared: str) -> str:
    """A type of a contract as DuckDB names it."""
    name, _, size = declared.lower().partition("(")
    size = re.sub(r"\s", "", size)
    return TYPES.get(name, name.upper()) + (f"({size}" if size else "")


def _never_null(node: Mapping, name: str) -> str:
    constraints = node["columns"].get(name, {}).get("constraints", [])
    return " not null" if any(one["type"] == "not_null" for one in constraints) else ""
