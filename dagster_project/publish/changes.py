"""What differs between the seeds just loaded and those of the published version: raw.build_changes.

Compares, cell by cell, the rows of seed files that are no longer byte for byte what they were. Here: what
differs, and what the versions before differed in (raw.earlier_changes). Not here: which differences are
allowed; that is said by the mart build_changes and its gates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from dagster_project.publish.versions import other_sound
from dagster_project.seeds.schema import Table
from dagster_project.settings import DATABASE
from dagster_project.sql import name, text

BEFORE = "version_before"  # the published file under this name, read-only
COLUMNS = {
    "relation": "varchar",
    "row_id": "varchar",
    "column_name": "varchar",
    "column_was": "varchar",
    "change_type": "varchar",
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
# What the mart change_history of the published version tells, carried into the next.
EARLIER = {
    "build_id": "varchar",
    "built_at": "timestamp",
    **{
        column: kind
        for column, kind in COLUMNS.items()
        if column not in ("column_was", "obs_status", "compared_with")
    },
    "verdict": "varchar",
    "date_approved": "date",
    "approved_by": "varchar",
    "approval_reason": "varchar",
}
_WAS = {"change_type": "kind"}  # columns of change_history under another name in earlier versions
MOST_EARLIER = 20_000  # of the newest builds; some 3 MB
# What is shown of a row besides its cells; no column of a seed begins with an underscore.
_TOLD = ("_obs_status", "_label", "_source", "_locator", "_file", "_line")
LABELS = ("value_text", "title_zh", "name_zh")  # a person knows a row by one of these
WHOLE_ROW = "*"


class ChangesError(RuntimeError):
    """Comparison with the published version is impossible; the message says why, 中文 · English."""


def write_changes(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], public: Path) -> str | None:
    """Write raw.build_changes: one row per changed cell, one (column `*`) per added or removed row.

    Keys of several columns are joined by @; numbers are written without trailing zeros; obs_status is the
    published one where there was one. Beside it raw.earlier_changes, which carries on what the published
    version tells of itself and those before it. Returns the build that was compared with, None where nothing
    is published: then both are empty. Raises ChangesError.
    """
    for made, columns in {"build_changes": COLUMNS, "earlier_changes": EARLIER}.items():
        declared = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        connection.execute(f"create or replace table raw.{made} ({declared})")
    current = public / "current"
    if not current.is_symlink():
        return None
    file = current.resolve() / DATABASE
    try:
        connection.execute(f"attach {text(str(file))} as {BEFORE} (read_only)")
        try:
            touched = {
                name
                for (name,) in connection.execute(
                    f"select seed_table from ({_files('raw', f'{BEFORE}.raw')} union all "
                    f"{_files(f'{BEFORE}.raw', 'raw')})"
                ).fetchall()
            }
            for table in tables:
                if table.name in touched:
                    _compare(connection, table, file.parent.name)
            _carry_on(connection)
        finally:
            connection.execute(f"detach {BEFORE}")
    except duckdb.Error as error:
        sound = other_sound(public)
        remedy = (
            f"`tongcheng rollback {sound.build_id}`, then `tongcheng resume`"
            if sound
            else f"no other is sound: remove the link {current}, and the next build compares with none"
        )
        raise ChangesError(
            f"无法与已发布版本比较 · cannot compare with the published version {file.parent.name}; if it is "
            f"damaged, {remedy}: {error}"
        ) from None
    return file.parent.name


def _files(raw: str, other: str) -> str:
    """SQL: the seed files of one side that the other has not, or not with these bytes."""
    columns = "seed_table, seed_file, sha256"
    return f"(select {columns} from {raw}.seed_files except select {columns} from {other}.seed_files)"


def _carry_on(connection: duckdb.DuckDBPyConnection) -> None:
    """What the published version tells of changes, the newest builds first; an old one may tell nothing."""
    columns = _columns(connection, "marts", "change_history")
    if there := _called(EARLIER, _WAS, columns):
        shared = ", ".join(f"{name(was)} as {name(column)}" for column, was in there.items())
        connection.execute(
            f"insert into raw.earlier_changes by name select {shared} from {BEFORE}.marts.change_history "
            f"order by build_id desc, relation, row_id, column_name limit {MOST_EARLIER}"
        )


def _columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> set[str]:
    """The columns that a table of the published version has; none where there is no such table."""
    rows = connection.execute(
        "select column_name from duckdb_columns() "
        f"where database_name = '{BEFORE}' and schema_name = {text(schema)} and table_name = {text(table)}"
    ).fetchall()
    return {column for (column,) in rows}


def _called(columns: Iterable[str], aliases: Mapping[str, str], there: set[str]) -> dict[str, str]:
    """What the published version calls columns of today; one that it had under no name is left out."""
    names = {column: column if column in there else aliases.get(column) for column in columns}
    return {column: was for column, was in names.items() if was in there}


def _compare(connection: duckdb.DuckDBPyConnection, table: Table, build_id: str) -> None:
    """Add what differs in one table; a table or a column that the version before had not is left out.

    Columns have today's names, whatever they were called there.
    """
    aliases = {field.name: field.alias for field in table.fields if field.alias}
    called = _called(table.columns, aliases, _columns(connection, "raw", table.name))
    if not set(table.primary_key) <= set(called):
        return
    before = f"{BEFORE}.raw"
    now = {column: column for column in called}
    for side, columns, raw, other in (("old", called, before, "raw"), ("new", now, "raw", before)):
        connection.execute(
            f"create or replace temp table change_{side} as {_rows(table, columns, raw, other)}"
        )
    cells = [column for column in called if column not in table.primary_key]
    selects = [
        f"select _key, '{WHOLE_ROW}', null, '{kind}', null, null, {', '.join(_TOLD)} from change_{side} as s "
        f"where not exists (select 1 from change_{other} as o where o._key = s._key)"
        for kind, side, other in (("REMOVED", "old", "new"), ("ADDED", "new", "old"))
    ]
    if cells:
        pairs = ", ".join(f"o.{name(cell)} as {_old(cell)}, n.{name(cell)}" for cell in cells)
        differs = " or ".join(f"o.{name(cell)} is distinct from n.{name(cell)}" for cell in cells)
        told = ", ".join(f"{'o' if column == '_obs_status' else 'n'}.{column}" for column in _TOLD)
        connection.execute(
            f"create or replace temp table change_both as select n._key, {pairs}, {told} "
            f"from change_old as o join change_new as n on n._key = o._key where {differs}"
        )
        selects += [
            f"select _key, {text(cell)}, {_was(cell, called[cell])}, 'CHANGED', {_old(cell)}, {name(cell)}, "
            f"{', '.join(_TOLD)} from change_both where {_old(cell)} is distinct from {name(cell)}"
            for cell in cells
        ]
    connection.execute(
        f"insert into raw.build_changes select {text(table.name)}, *, {text(build_id)} "
        f"from ({' union all '.join(selects)}) order by all"
    )
    for temporary in ("change_old", "change_new", "change_both"):
        connection.execute(f"drop table if exists temp.{temporary}")


def _was(cell: str, called: str) -> str:
    """SQL: the name under which an approval may know a cell, where it is not today's."""
    return "null" if called == cell else text(called)


def _old(cell: str) -> str:
    return name(f"old {cell}")


def _rows(table: Table, columns: Mapping[str, str], raw: str, other: str) -> str:
    """SQL: the rows of files that differ from the other side's; cells as text.

    columns: by their names of today, what they are called on this side.
    """
    numbers = {field.name for field in table.fields if field.type == "number"}

    def written(column: str) -> str:
        shown = f"cast({name(columns[column])} as varchar)"
        return f"rtrim(rtrim({shown}, '0'), '.')" if column in numbers else shown

    def one_of(*candidates: str) -> str:
        there = [name(columns[column]) for column in candidates if column in columns]
        return f"coalesce({', '.join([*there, 'null'])})::varchar"

    return (
        f"select concat_ws('@', {', '.join(map(written, table.primary_key))}) as _key, "
        f"{''.join(f'{written(column)} as {name(column)}, ' for column in columns)}"
        f"{one_of('obs_status')} as _obs_status, {one_of(*LABELS)} as _label, "
        f"{one_of('source_id')} as _source, {one_of('locator')} as _locator, "
        f"seed_file as _file, seed_line as _line from {raw}.{name(table.name)} "
        f"where seed_file in (select seed_file from {_files(raw, other)})"
    )
