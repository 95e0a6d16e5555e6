"""Which files stand in the seeds folder, and which should.

Here: names and places only; nothing is opened. Not here: what is inside a file (ingest/front_door.py).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from dagster_project.seeds.schema import BULLETINS, Table

# A plain name can neither expand as a pattern nor leave its quotes.
UNDECLARED = "没有表声明此文件 · no table declares this file"
DRAFT = "草稿未完成:移入各表后删除 · an unfinished draft: move its rows into the tables, then delete it"
PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")
REGISTER = "sources"  # the table with one row per bulletin folder
RECORD = "record"  # the table of cells that stand for a page


@dataclass(frozen=True)
class SeedPath:
    """One file of a table: `file` is relative to the seeds folder, `fault` says why it may not be opened."""

    seed_table: str
    file: str
    path: Path
    source_id: str | None = None
    fault: str | None = None


def bulletin_folders(seeds: Path) -> list[str]:
    """Names of the bulletins' folders that may be read, sorted."""
    folder = seeds / BULLETINS
    names = [entry.name for entry in folder.iterdir() if entry.is_dir()] if folder.is_dir() else []
    return sorted(name for name in names if PLAIN_NAME.fullmatch(name))


def files_of(seeds: Path, table: Table) -> list[SeedPath]:
    """Every file that the table must have, there or not; of an optional one those there are."""
    if not table.per_bulletin:
        return [_seed_path(seeds, table.name, table.path)]
    files = {source_id: table.path.replace("*", source_id) for source_id in bulletin_folders(seeds)}
    return [
        _seed_path(seeds, table.name, file, source_id)
        for source_id, file in files.items()
        if not table.optional or os.path.lexists(seeds / file)
    ]


def _seed_path(seeds: Path, table: str, file: str, source_id: str | None = None) -> SeedPath:
    path, fault = seeds / file, None
    if not path.exists():
        fault = "文件不存在 · the file is missing"
    elif not path.is_file() or not path.resolve().is_relative_to(seeds.resolve()):
        fault = "不是种子目录内的普通文件 · not a plain file inside the seeds folder"
    return SeedPath(table, file, path, source_id, fault)


def strays(seeds: Path, tables: dict[str, Table]) -> list[tuple[str, str]]:
    """Files and folders that look like seeds but belong to no table: relative path and reason."""
    declared = {file.file for table in tables.values() for file in files_of(seeds, table)}
    found = []
    folder = seeds / BULLETINS
    places = [seeds, folder, *(folder / name for name in bulletin_folders(seeds))]
    for place in places:
        for entry in sorted(place.iterdir()) if place.is_dir() else ():
            file = entry.relative_to(seeds).as_posix()
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                if place == folder and not PLAIN_NAME.fullmatch(entry.name):
                    found.append(
                        (file, "目录名只能用小写字母、数字和 _ . - · folder names are plain lower case")
                    )
            elif file not in declared and entry.suffix.lower() in (".csv", ".tsv", ".xlsx", ".xls"):
                found.append((file, DRAFT if entry.name == "draft.csv" else UNDECLARED))
    return found
