"""Writes a seeds folder of any size: the real seeds, with made-up areas, indicators, bulletins beside them.

What is made up stands in synthetic.sql. The real seeds stay in it, so that every gate keeps what it is about.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from dagster_project.seeds.schema import BULLETINS, Table, read_schema
from dagster_project.settings import ROOT
from dagster_project.sql import name, text

FIGURES_PER_SERIES = 12.8  # ten periods, some told again, some reprinted
SQL = Path(__file__).with_name("synthetic.sql")


def write_seeds(folder: Path, figures: int, seed: int = 1) -> int:
    """Make `folder` a seeds folder of about so many figures besides the real ones; returns how many."""
    shutil.copytree(ROOT / "seeds", folder)
    with duckdb.connect() as connection:
        connection.execute(f"set variable seed = {int(seed)}")
        connection.execute(f"set variable n_series = {max(1, round(figures / FIGURES_PER_SERIES))}")
        connection.execute(SQL.read_text(encoding="utf-8"))
        made = {row[0] for row in connection.execute("select name from (show tables)").fetchall()}
        bulletins = connection.execute("select bulletin, slug(bulletin) from bulletin").fetchall()
        for _, source_id in bulletins:
            (folder / BULLETINS / source_id).mkdir()
        for table in read_schema(folder).values():
            rows = _declared(connection, table) if table.name in made else ""
            if rows and not table.per_bulletin:
                _append(connection, rows, folder / table.path)
            for bulletin, source_id in bulletins if rows and table.per_bulletin else ():
                target = folder / BULLETINS / source_id / f"{table.name}.csv"
                _write(connection, f"{rows} where bulletin = {bulletin}", target)
        return connection.execute("select count(*) from telling").fetchone()[0]


def _declared(connection: duckdb.DuckDBPyConnection, table: Table) -> str:
    """A made-up relation in the declared order of columns; a column that it lacks is blank."""
    there = {row[0] for row in connection.execute(f"describe {name(table.name)}").fetchall()}
    columns = (
        name(field.name) if field.name in there else f"null as {name(field.name)}" for field in table.fields
    )
    return f"select {', '.join(columns)} from {name(table.name)}"


def _write(connection: duckdb.DuckDBPyConnection, rows: str, target: Path) -> None:
    connection.execute(f"copy ({rows}) to {text(str(target))} (format csv, header)")


def _append(connection: duckdb.DuckDBPyConnection, rows: str, target: Path) -> None:
    """After the rows of a file that is there, and with the columns that it leaves out."""
    real = f"read_csv({text(str(target))}, all_varchar = true, header = true, quote = '\"', escape = '\"')"
    made = f"select columns(*)::varchar from ({rows})"
    whole = target.with_suffix(".whole")
    _write(connection, f"({made} limit 0) union all by name (from {real}) union all by name ({made})", whole)
    whole.replace(target)
