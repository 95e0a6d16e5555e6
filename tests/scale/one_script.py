"""What the whole job is held against: load, all marts, Parquet and CSV, in one connection and no more.

The models' own SQL as the job compiled it, without framework, contract, test, gate, refusal or page. What no
plain CSV file holds is given: tokens, fact records, results of audits, the build.
"""

from __future__ import annotations

import json
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from dagster_project import private, sql
from dagster_project.ingest.cell_rules import SQL_TYPES
from dagster_project.seeds.files import SeedTree
from dagster_project.seeds.schema import Table, read_schema
from dagster_project.settings import DATABASE
from tests.scale import by_hand

MARTS = "marts"


def run(connection: duckdb.DuckDBPyConnection, seeds: Path, build: Path, out: Path) -> None:
    """Make everything in an empty file of the name of the job's. build: of the job; out: for the files."""
    connection.execute(f"attach {sql.text(str(build / 'work' / DATABASE))} as given (read_only)")
    _load(connection, seeds)
    models = _models(build)
    private.attach(connection, out / DATABASE)
    for schema in sorted({f"{model['database']}.{model['schema']}" for model in models}):
        connection.execute(f"create schema {schema}")
    for model in models:
        relation = f"{model['database']}.{model['schema']}.{sql.name(model['name'])}"
        path = build / "dbt" / "compiled" / model["package_name"] / model["original_file_path"]
        kind, query = model["config"]["materialized"], path.read_text(encoding="utf-8")
        connection.execute(f"create {kind} {relation} as {query}")
        if model["schema"] == MARTS:
            for options in ("parquet, compression zstd", "csv, header"):
                file = out / f"{model['name']}.{options.partition(',')[0]}"
                connection.execute(f"copy {relation} to {sql.text(str(file))} (format {options})")


def differences(build: Path, database: Path) -> dict[str, int]:
    """Rows of each mart that the job or the script alone has."""
    made = sorted(model["name"] for model in _models(build) if model["schema"] == MARTS)
    return by_hand.differences(build / "work" / DATABASE, database, made, MARTS)


def _models(build: Path) -> list[dict]:
    """All models, each after those that it reads."""
    nodes = json.loads((build / "dbt" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    reads = {key: models.keys() & set(node["depends_on"]["nodes"]) for key, node in models.items()}
    return [models[key] for key in TopologicalSorter(reads).static_order()]


def _load(connection: duckdb.DuckDBPyConnection, seeds: Path) -> None:
    """The raw tables: those of plain CSV files read from these, the others as given."""
    connection.execute("create schema raw")
    tree, schema = SeedTree(seeds), read_schema(seeds)
    tables = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'given' and schema_name = 'raw'"
    )
    for (name,) in tables.fetchall():
        declared, raw = schema.get(name), f"raw.{sql.name(name)}"
        files = tree.files_of(declared) if declared and not declared.heads else []
        connection.execute(f"create table {raw} as from given.{raw} {'limit 0' if files else ''}")
        if declared and files:
            _read(connection, declared, [str(file.path) for file in files])


def _read(connection: duckdb.DuckDBPyConnection, table: Table, files: list[str]) -> None:
    """Files into the empty raw table: columns that a file leaves out are empty, as the loader has them."""
    source = (
        f"read_csv([{', '.join(map(sql.text, files))}], all_varchar = true, header = true, delim = ',', "
        "quote = '\"', escape = '\"', union_by_name = true, filename = true)"
    )
    there = {row[0] for row in connection.execute(f"describe from {source}").fetchall()}
    columns = [
        f"{_typed(sql.name(field.name), SQL_TYPES[field.type])} as {sql.name(field.name)}"
        for field in table.fields
        if field.name in there
    ]
    if table.per_bulletin:
        columns.append("parse_filename(parse_dirpath(filename)) as source_id")
    connection.execute(
        f"insert into raw.{sql.name(table.name)} by name select {', '.join(columns)} from {source}"
    )


def _typed(column: str, kind: str) -> str:
    return sql.number(column, "cast") if kind.startswith("DECIMAL") else f"cast({column} as {kind})"
