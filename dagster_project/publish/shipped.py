"""The file that analysts open, and the proof that it holds what was checked: its own bytes, by themselves.

Every check before it saw the run's file, and a log beside that file; a copy has neither. Here: what differs
in the copy, and what is compared. Not here: which checks there are (runs/check_ledger.py), how a version is
shown (versions.py).
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path, PurePosixPath

import duckdb

from dagster_project import sql
from dagster_project.publish.versions import VersionError
from dagster_project.settings import DATABASE, OF_NIGHT, Settings

INDEX = PurePosixPath("downloads/index.json")
OF_EVERY_MART = {"parquet", "csv"}  # folders: of each mart a file, or a folder of files
OF_A_MART = OF_EVERY_MART | {"sdmx"}

# Of the build alone: views of the raw tables, and the rows that a night made.
OF_THE_BUILD = ("staging", OF_NIGHT)


def write(database: Path, to: Path) -> None:
    """Copy a run's file, so that a client shows the marts first and nothing of the build alone.

    A client looks into the default schema: each mart is also a view there, with the mart's description, and
    each table macro stands there as well. All but the first of a macro's parameters are null unless given.
    """
    to.parent.mkdir(exist_ok=True)
    to.unlink(missing_ok=True)  # or what another name of it shows would change
    shutil.copyfile(database, to)
    with duckdb.connect(str(to), config=Settings.read().duckdb()) as connection:
        marts = connection.execute(
            "select table_name, comment from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()
        for mart, comment in marts:
            connection.execute(f"create view main.{sql.name(mart)} as from marts.{sql.name(mart)}")
            connection.execute(f"comment on view main.{sql.name(mart)} is {sql.text(comment or '')}")
        macros = connection.execute(
            "select function_name, parameters, macro_definition from duckdb_functions() "
            "where schema_name = 'marts' and function_type = 'table_macro'"
        ).fetchall()
        for macro, (first, *others), body in macros:
            parameters = ", ".join([first, *(f"{other} := null" for other in others)])
            connection.execute(f"create macro main.{sql.name(macro)}({parameters}) as table {body}")
        for schema in OF_THE_BUILD:
            connection.execute(f"drop schema if exists {schema} cascade")
    to.chmod(0o444)  # as it will be shown: one that is not touched again is hashed once


def require(folder: Path, manifest: dict) -> None:
    """Raise VersionError, naming all that differs, unless the folder holds what the manifest says.

    manifest: build_id; rows, of each mart by name; files, with path, bytes and sha256.
    """
    wrong = [*_database(folder / DATABASE, manifest), *_downloads(folder, manifest)]
    if wrong:
        raise VersionError(
            "所发布的并非所检查的 · what would be published is not what was checked: " + "; ".join(wrong)
        )


def _database(database: Path, manifest: dict) -> list[str]:
    """Relations and rows of the file beside those of the manifest."""
    try:
        with sql.read(database) as connection:
            names = connection.execute(
                "select table_name from information_schema.tables where table_schema = 'marts'"
            ).fetchall()
            there = {name: sql.count(connection, f"marts.{sql.name(name)}") for (name,) in names}
            ids = [
                row["build_id"] for row in sql.records(connection, "select build_id from marts.build_info")
            ]
    except duckdb.Error as error:
        return [f"{DATABASE}: {error}"]
    said = manifest["rows"]
    wrong = [
        f"marts.{name}: {said.get(name)} rows checked, {there.get(name)} in the file"
        for name in sorted(said.keys() | there.keys())
        if said.get(name) != there.get(name)
    ]
    return wrong if ids == [manifest["build_id"]] else [*wrong, f"{DATABASE}: of build {ids}"]


def _downloads(folder: Path, manifest: dict) -> list[str]:
    """Bytes and rows of the files for download, as they were written, beside those about to be shown."""
    sealed = {entry["path"]: (entry["bytes"], entry["sha256"]) for entry in manifest["files"]}
    if str(INDEX) not in sealed:
        return [f"{INDEX}: missing"]
    wrong, rows, listed = [], Counter[tuple[str, str]](), set[str]()
    for entry in json.loads((folder / INDEX).read_text(encoding="utf-8"))["files"]:
        path = PurePosixPath(entry["path"])
        listed.add(str(path))
        if sealed.get(str(path)) != (entry["bytes"], entry["sha256"]):
            wrong.append(f"{path}: not the bytes that were written")
        if path.parts[0] in OF_A_MART and entry["rows"] is not None:
            rows[path.parts[0], PurePosixPath(path.parts[1]).stem] += entry["rows"]
    # Readers take all files of a folder.
    wrong += [
        f"{path}: not listed"
        for path in sorted(sealed.keys() - listed)
        if PurePosixPath(path).parts[0] in OF_A_MART
    ]
    said = manifest["rows"]
    wanted = {(kind, mart) for kind in OF_EVERY_MART for mart in said} | rows.keys()
    return wrong + [
        f"{kind}/{mart}: {rows[kind, mart]} rows, {said.get(mart)} checked"
        for kind, mart in sorted(wanted)
        if rows[kind, mart] != said.get(mart)
    ]
