"""What differs between the seeds just loaded and those of the version that analysts read: raw.build_changes.

Compares, cell by cell, the rows of seed files that are no longer byte for byte what they were. Here: what
differs. Not here: which differences are allowed; that is said by the mart build_changes and its gates.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from dagster_project.schema import Table
from dagster_project.settings import DATABASE
from dagster_project.sql import name, text

BEFORE = "version_before"  # the published file under this name, read-only
COLUMNS = {
    "relation": "varchar",
    "row_id": "varchar",
    "column_name": "varchar",
    "kind": "varchar",
    "old_value": "varchar",
    "new_value": "varchar",
    "obs_status": "varchar",
    "label": "varchar",
    "source_id": "varchar",
    "locator": "varchar",
    "seed_file": "varchar",
    "seed_line": "bigint",
    "compared_with": "varchar",
}
LABELS = ("value_text", "title_zh", "name_zh")  # by which a person knows a row
WHOLE_ROW = "*"


class ChangesError(RuntimeError):
    """The published version cannot be compared with; the message says why, 中文 · English."""


def write_changes(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], public: Path) -> str | None:
    """Write raw.build_changes: one row per changed cell, one (column `*`) per added or removed row.

    Keys of several columns are joined by @; numbers are written without trailing zeros; obs_status is the
    published one where there was one. Returns the build that was compared with, None where nothing is
    published: then the table is empty. Raises ChangesError.
    """
    columns = ", ".join(f"{column} {kind}" for column, kind in COLUMNS.items())
    connection.execute(f"create or replace table raw.build_changes ({columns})")
    current = public / "current"
    if not current.is_symlink():
        return None
    file = current.resolve() / DATABASE
    try:
        connection.execute(f"attach {text(str(file))} as {BEFORE} (read_only)")
        try:
            for table in tables:
                _compare(connection, table, file.parent.name)
        finally:
            connection.execute(f"detach {BEFORE}")
    except duckdb.Error as error:
        raise ChangesError(
            f"无法与已发布版本比较 · cannot compare with the published version {file.parent.name}; if it is "
            f"damaged, `tongcheng rollback` to a sound one, then `tongcheng resume`: {error}"
        ) from None
    return file.parent.name


def _compare(connection: duckdb.DuckDBPyConnection, table: Table, build_id: str) -> None:
    """Add what differs in one table; a table or a column that the version before had not is left out."""
    there = connection.execute(
        "select column_name from duckdb_columns() "
        f"where database_name = '{BEFORE}' and schema_name = 'raw' and table_name = {text(table.name)}"
    ).fetchall()
    shared = [column for column in table.columns if (column,) in there]
    if not set(table.primary_key) <= set(shared):
        return
    for side, raw in (("old", f"{BEFORE}.raw"), ("new", "raw")):
        connection.execute(f"create or replace temp table change_{side} as {_rows(table, shared, raw)}")
    cells = [column for column in shared if column not in table.primary_key]
    facts = f"{text(table.name)} as relation, row_key"
    selects = [
        f"select {facts}, '{WHOLE_ROW}', '{kind}', null, null, status, about, source, place, seed_file, seed_line "
        f"from change_{side} as s where not exists "
        f"(select 1 from change_{other} as o where o.row_key = s.row_key)"
        for kind, side, other in (("REMOVED", "old", "new"), ("ADDED", "new", "old"))
    ]
    if cells:
        pairs = ", ".join(f"o.{name(cell)} as {name(f'old {cell}')}, n.{name(cell)}" for cell in cells)
        differs = " or ".join(f"o.{name(cell)} is distinct from n.{name(cell)}" for cell in cells)
        connection.execute(
            f"create or replace temp table change_both as select {pairs}, "
            "n.row_key, o.status, n.about, n.source, n.place, n.seed_file as in_file, n.seed_line as in_line "
            f"from change_old as o join change_new as n on n.row_key = o.row_key where {differs}"
        )
        selects += [
            f"select {facts}, {text(cell)}, 'CHANGED', {name(f'old {cell}')}, {name(cell)}, status, about, "
            f"source, place, in_file, in_line from change_both where {name(f'old {cell}')} is distinct from {name(cell)}"
            for cell in cells
        ]
    connection.execute(
        f"insert into raw.build_changes select *, {text(build_id)} from ({' union all '.join(selects)}) "
        "order by all"
    )
    for temporary in ("change_old", "change_new", "change_both"):
        connection.execute(f"drop table if exists temp.{temporary}")


def _rows(table: Table, columns: list[str], raw: str) -> str:
    """SQL: the rows of files that the other side has not, or not with these bytes; cells as text."""
    numbers = {field.name for field in table.fields if field.type == "number"}

    def written(column: str) -> str:
        shown = f"cast({name(column)} as varchar)"
        return f"rtrim(rtrim({shown}, '0'), '.')" if column in numbers else shown

    def one_of(*candidates: str) -> str:
        return f"coalesce({', '.join([*(name(c) for c in candidates if c in columns), 'null'])})::varchar"

    untouched = (
        f"select n.seed_file from raw.seed_files as n join {BEFORE}.raw.seed_files as o "
        "on o.seed_file = n.seed_file and o.sha256 = n.sha256"
    )
    return (
        f"select concat_ws('@', {', '.join(map(written, table.primary_key))}) as row_key, "
        f"{''.join(f'{written(column)} as {name(column)}, ' for column in columns)}"
        f"{one_of('obs_status')} as status, {one_of(*LABELS)} as about, {one_of('source_id')} as source, {one_of('locator')} as place, "
        f"seed_file, seed_line from {raw}.{name(table.name)} where seed_file not in ({untouched})"
    )
