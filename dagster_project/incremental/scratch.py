"""The scratch file of a night: what changed in the seeds, what that touches, and raw tables of just that.

It has the stem of every file of a build, which dbt's views embed. Which rows read which others is said in
dbt_project/incremental/touched.sql; here is only what holds for any project: rows that differ, copies, and
rows put in the place of others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dagster_project import private, sql
from dagster_project.incremental.parts import SLICED, Node, OfTheDay, Parts, key_of, relation_of, touches
from dagster_project.runs.build_session import connect
from dagster_project.settings import DATABASE, DBT_PROJECT, OF_NIGHT

TOUCHED = DBT_PROJECT / "incremental" / "touched.sql"
FOLDER = "scratch"
HERE = ("scratch", "scratch_private")  # what the scratch file and its tables between are attached as
BEFORE = ("yesterday", "before_private")  # yesterday's
NOW = (Path(DATABASE).stem, private.NAME)  # the run's own, by whose stem DuckDB knows it
PLACES = {"seed_file", "seed_line"}  # where a row stands is no part of what it says
# Columns by which rows are replaced that last, and the table of schema touched that lists those to replace.
LISTS = {
    "indicator_id, ref_area": "place",
    "claim_id": "claim",
    "earlier_claim_id": "claim",
    "version_id": "version",
    "commitment_id": "commitment",
    "to_commitment_id": "commitment",
    "relation_id": "relation",
}


class InDoubt(Exception):
    """Why a build in full is wanted after all, 中文 · English."""


class Scratch:
    """The file in its folder beside `database`, which is the run's; `before`: yesterday's."""

    def __init__(self, database: Path, before: Path, parts: Parts) -> None:
        self.database, self.before, self.parts = database, before, parts
        self.file = database.parent / FOLDER / DATABASE
        self.file.parent.mkdir()
        with connect(self.file) as connection:
            for schema in ("before", "now", "touched", "raw"):
                connection.execute(f"create schema {schema}")

    def compare_raw(self) -> None:
        """Keep the rows in which what was loaded differs from yesterday's load."""
        with self._attached(self.before, read_only=True) as connection:
            self._copy_views(connection, "before")
        with self._before_at_hand() as connection:
            both = ("raw", "yesterday.raw")
            now, then = (f"select seed_table, seed_file, sha256 from {raw}.seed_files" for raw in both)
            days = " union all ".join(f"select as_of_date from {raw}.build_info" for raw in both)
            connection.execute(
                "create table scratch.touched.day as "
                f"select min(as_of_date) as first_day, max(as_of_date) as last_day from ({days}); "
                "create table scratch.touched.file as select distinct seed_file "
                f"from (({now} except {then}) union all ({then} except {now}))"
            )
            for table in SLICED:
                where = "where seed_file in (from scratch.touched.file)"
                said = "select * exclude (seed_file, seed_line)"
                now, then = (f"{said} from {raw}.{table} {where}" for raw in both)
                connection.execute(
                    f"create table scratch.now.{table} as ({now}) except ({then}); "
                    f"create table scratch.before.{table} as ({then}) except ({now})"
                )

    def _copy_views(self, connection: duckdb.DuckDBPyConnection, side: str) -> None:
        """Views that are read in whole, asked in the file of one side: elsewhere they answer from another."""
        for node in self._compared():
            if _is_view(node):
                connection.execute(f"create table scratch.{side}.{node['name']} as from {relation_of(node)}")

    def _compared(self) -> Iterator:
        """What is read in whole, and may have changed what rows of other relations say."""
        sliced = {f"stg_{table}" for table in SLICED}
        for node in self.parts.inputs.values():
            if node["name"] not in sliced and touches(node) != []:
                yield node

    def find_touched(self) -> None:
        """Fill schema touched, once what is read in whole is made. Raises InDoubt."""
        with self._before_at_hand() as connection:
            self._copy_views(connection, "now")
            connection.execute("create table scratch.touched.named (name varchar, id varchar)")
            for node in self._compared():
                if not _is_view(node):
                    for side, file in (("now", NOW), ("before", BEFORE)):
                        view = f"scratch.{side}.{node['name']}"
                        connection.execute(f"create view {view} as from {relation_of(node, *file)}")
                self._name_changed(connection, node)
            connection.execute(TOUCHED.read_text(encoding="utf-8"))
            connection.execute("drop schema scratch.before cascade; drop schema scratch.now cascade")

    def _name_changed(self, connection: duckdb.DuckDBPyConnection, node) -> None:
        name, columns = node["name"], touches(node)
        described = connection.execute(f"describe scratch.now.{name}").fetchall()
        places = PLACES & {column for column, *_ in described}
        said = f"select * exclude ({', '.join(sorted(places))})" if places else "select *"
        sides = [f"{said} from scratch.{side}.{name}" for side in ("before", "now")]
        differs = f"(({sides[0]}) except ({sides[1]})) union all (({sides[1]}) except ({sides[0]}))"
        if columns is None:
            if connection.execute(f"{differs} limit 1").fetchone():
                raise InDoubt(f"{relation_of(node)} 有变动 · has changed")
            return
        connection.execute(f"create or replace temp table differing as {differs}")
        for column in columns:
            connection.execute(
                f"insert into scratch.touched.named select distinct {sql.text(column)}, {column} "
                f"from differing where {column} is not null"
            )

    def figures(self) -> int:
        """How many are to be read again."""
        with self._attached(self.database) as connection:
            of = "(indicator_id, ref_area) in (from scratch.touched.context)"
            return sql.count(connection, f"raw.observations where {of}")

    def fill(self) -> None:
        """The raw tables that the replaced models' views are of, and what they read beside."""
        of = {
            "observations": "(indicator_id, ref_area) in (from scratch.touched.context)",
            "claims": "claim_id in (from scratch.touched.claim)",
            "commitments": "commitment_id in (from scratch.touched.commitment)",
            "relations": "relation_id in (from scratch.touched.relation)",
        }
        with self._attached(self.database) as connection:
            for table in sorted(self.parts.raw):
                where = f"where {of[table]}" if table in SLICED else ""
                connection.execute(f"create table scratch.raw.{table} as from raw.{table} {where}")
            for key, node in self.parts.beside.items():
                if key not in self.parts.staging:
                    to = relation_of(node, *HERE)
                    connection.execute(f"create schema if not exists {to.rpartition('.')[0]}")
                    connection.execute(f"create table {to} as from {relation_of(node)}")

    def merge(self) -> None:
        """Put the rows that were made here in the place of yesterday's; those of marts are kept apart too."""
        with self._before_at_hand() as connection:
            connection.execute(f"drop schema if exists {OF_NIGHT} cascade; create schema {OF_NIGHT}")
            for node in lasting(self.parts):
                key, to = ", ".join(key_of(node)), relation_of(node)
                rows = f"from {{}} where ({key}) in (from scratch.touched.{LISTS[key]})"
                made = rows.format(relation_of(node, *HERE))
                if node["schema"] == "marts":
                    connection.execute(f"create table {OF_NIGHT}.{node['name']} as {made}")
                else:
                    connection.execute(f"create table {to} as from {relation_of(node, *BEFORE)}")
                connection.execute(f"delete {rows.format(to)}")
                connection.execute(f"insert into {to} by name select * {made}")
            models = {node["name"]: node for node in self.parts.models.values()}
            for key, of_the_day in self.parts.renewed.items():
                view = models[of_the_day.relation]
                self._have_view(connection, view)
                renew(connection, relation_of(self.parts.models[key]), relation_of(view), of_the_day)

    @staticmethod
    def _have_view(connection: duckdb.DuckDBPyConnection, view: Node) -> None:
        """Yesterday's view between, which dbt makes again later, of today's tables."""
        where = f"database_name = {sql.text(BEFORE[1])} and view_name = {sql.text(view['name'])}"
        (said,) = sql.row(connection, f"select sql from duckdb_views() where {where}")
        (own,) = sql.row(connection, "select current_database()")
        connection.execute(f"use {private.NAME}; {said}; use {own}")

    @contextmanager
    def _before_at_hand(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._attached(self.database) as connection:
            connection.execute(f"attach {sql.text(str(self.before))} as {BEFORE[0]} (read_only)")
            private.attach(connection, self.before, read_only=True, alias=BEFORE[1])
            yield connection

    @contextmanager
    def _attached(self, file: Path, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = connect(Path(":memory:") if read_only else file)
        try:
            if read_only:
                connection.execute(f"attach {sql.text(str(file))} as {NOW[0]} (read_only); use {NOW[0]}")
            private.attach(connection, file, read_only)
            connection.execute(f"attach {sql.text(str(self.file))} as {HERE[0]}")
            private.attach(connection, self.file, alias=HERE[1])
            yield connection
        finally:
            connection.close()


def lasting(parts: Parts) -> list[Node]:
    """The replaced tables that a night leaves in whole: marts, and those between that are read further.

    By models made afterwards, or by what finds the next night's touched rows. All others between are steps
    of the scratch file, and go with it.
    """
    read_next = set(re.findall(r"[\w.]+", TOUCHED.read_text(encoding="utf-8")))
    return [
        node
        for key, node in parts.replaced.items()
        if not _is_view(node)
        and (node["schema"] == "marts" or key in parts.read_after or relation_of(node, *BEFORE) in read_next)
    ]


def _is_view(node: Node) -> bool:
    return node["config"]["materialized"] == "view"


def renew(connection: duckdb.DuckDBPyConnection, table: str, view: str, of_the_day: OfTheDay) -> None:
    """Put today's values into columns that are other each day. Raises InDoubt where the rows differ."""
    columns = ", ".join(f"{column} = today.{column}" for column in of_the_day.columns)
    same = " and ".join(f"today.{column} = held.{column}" for column in of_the_day.key)
    (told,) = sql.row(connection, f"update {table} as held set {columns} from {view} as today where {same}")
    if not told == sql.count(connection, table) == sql.count(connection, view):
        raise InDoubt(f"{table}: 各行与当日不符 · its rows are not those of the day")
