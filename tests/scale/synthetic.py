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

FIGURES_PER_SERIES = 12.5  # ten periods, some told again, some reprinted
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
        for table in read_schema(folder).values():
            if not table.per_bulletin and table.name in made:
                _append(connection, table, folder / table.path)
            for bulletin, source_id in bulletins if table.per_bulletin else ():
                target = folder / BULLETINS / source_id / f"{table.name}.csv"
                target.parent.mkdir(exist_ok=True)
                _write(connection, table, f"where bulletin = {bulletin}", target)
        return connection.execute("select count(*) from telling").fetchone()[0]


def _write(connection: duckdb.DuckDBPyConnection, table: Table, where: str, target: Path) -> None:
    """Rows of a made-up relation in the declared order of columns; a column that it lacks is blank."""
    there = {row[0] for row in connection.execute(f"describe {name(table.name)}").fetchall()}
    columns = ", ".join(
        name(field.name) if field.name in there else f"null as {name(field.name)}" for field in table.fields
    )
    connection.execute(
        f"copy (select {columns} from {name(table.name)} {where}) to {text(str(target))} (format csv, header)"
    )


def _append(connection: duckdb.DuckDBPyConnection, table: Table, target: Path) -> None:
    """The same, after the rows of a file that is there."""
    made = target.with_suffix(".made")
    _write(connection, table, "", made)
    with target.open("ab") as file, made.open("rb") as rows:
        rows.readline()
        shutil.copyfileobj(rows, file)
    made.unlink()
