"""What the whole job is held against: load, all marts, Parquet and CSV, in one connection and no more.

No framework, test, gate, refusal or page. The large marts are those of by_hand.sql, the others the models'
own SQL as the job compiled it. What no plain CSV file holds is given: tokens, fact records, results of
audits, the build.
"""

from __future__ import annotations

import json
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from dagster_project import sql
from dagster_project.ingest.cell_rules import SQL_TYPES
from dagster_project.seeds.files import SeedTree
from dagster_project.seeds.schema import Table, read_schema
from dagster_project.settings import DATABASE
from tests.scale import by_hand

MARTS = "marts"


def run(seeds: Path, build: Path, given: Path, out: Path) -> None:
    """Make everything in the new folder `out`. build: of the job, which compiled; given: of by_hand."""
    out.mkdir(parents=True)
    by_hand.run(out / DATABASE, seeds, given)
    models = _models(build / "dbt" / "manifest.json")
    with duckdb.connect(str(out / DATABASE)) as connection:
        connection.execute(f"attach {sql.text(str(build / 'work' / DATABASE))} as given (read_only)")
        _load(connection, seeds)
        for schema in sorted({model["schema"] for model in models}):
            connection.execute(f"create schema {schema}")
        for model in models:
            name = f"{model['schema']}.{sql.name(model['name'])}"
            if model["name"] in by_hand.RELATIONS:
                connection.execute(f"create view {name} as from main.{sql.name(model['name'])}")
            else:
                path = build / "dbt" / "compiled" / model["package_name"] / model["original_file_path"]
                kind, query = model["config"]["materialized"], path.read_text(encoding="utf-8")
                connection.execute(f"create {kind} {name} as {query}")
            if model["schema"] == MARTS:
                written = sql.text(str(out / model["name"]))
                connection.execute(f"copy {name} to {written[:-1]}.parquet' (compression zstd)")
                connection.execute(f"copy {name} to {written[:-1]}.csv' (header)")


def differences(build: Path, out: Path) -> dict[str, int]:
    """Rows of each mart that the job or the script alone has."""
    made = [model["name"] for model in _models(build / "dbt" / "manifest.json") if model["schema"] == MARTS]
    others = sorted(set(made) - set(by_hand.RELATIONS))
    return by_hand.differences(build / "work" / DATABASE, out / DATABASE, others, MARTS)


def _models(manifest: Path) -> list[dict]:
    """The models that marts need, each after those it reads; none that only feed what is made by hand."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    todo = [key for key, node in nodes.items() if key.startswith("model.") and node["schema"] == MARTS]
    reads: dict[str, list[str]] = {}
    while todo:
        if (key := todo.pop()) not in reads:
            made = nodes[key]["name"] in by_hand.RELATIONS
            reads[key] = [] if made else [on for on in nodes[key]["depends_on"]["nodes"] if on in nodes]
            todo += reads[key]
    return [nodes[key] for key in TopologicalSorter(reads).static_order()]


def _load(connection: duckdb.DuckDBPyConnection, seeds: Path) -> None:
    """The raw tables: those of plain CSV files read from these, the others as given."""
    connection.execute("create schema raw")
    tree, schema = SeedTree(seeds), read_schema(seeds)
    tables = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'given' and schema_name = 'raw'"
    )
    for (name,) in tables.fetchall():
        declared, raw = schema.get(name), f"raw.{sql.name(name)}"
        files = [str(file.path) for file in tree.files_of(declared)] if declared else []
        plain = bool(files) and not declared.heads
        connection.execute(f"create table {raw} as from given.{raw} {'limit 0' if plain else ''}")
        if plain:
            _read(connection, declared, files)


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
