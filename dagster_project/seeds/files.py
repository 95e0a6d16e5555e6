"""Which files stand in the seeds folder, and which should.

Here: names and places only; nothing is opened. Not here: what is inside a file (ingest/front_door.py).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dagster_project.seeds.schema import BULLETINS, Table

# A plain name can neither expand as a pattern nor leave its quotes.
UNDECLARED = "没有表声明此文件 · this file is not declared by any table"
DRAFT = "草稿未完成：移入各表后删除 · an unfinished draft: move its rows into the tables, then delete it"
PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")
DRAFT_FILE = "draft.csv"  # in the folder of a bulletin that is still being typed
REGISTER = "sources"  # the table with one row per bulletin folder
RECORD = "record"  # the table of cells that replace a page


def open_drafts(seeds: Path) -> list[str]:
    """The bulletins that are still being typed, as their draft stands beside the tables."""
    return sorted(draft.parent.name for draft in (seeds / BULLETINS).glob(f"*/{DRAFT_FILE}"))


@dataclass(frozen=True)
class SeedPath:
    """One file of a table: `file` is relative to the seeds folder, `fault` says why it may not be opened."""

    seed_table: str
    file: str
    path: Path
    source_id: str | None = None
    fault: str | None = None


class SeedTree:
    """The seeds folder; each folder in it is listed once, not once for every table."""

    def __init__(self, seeds: Path):
        self.seeds = seeds
        self._listed: dict[str, dict[str, os.DirEntry]] = {}

    @cached_property
    def bulletins(self) -> list[str]:
        """Names of the bulletins' folders that may be read, sorted."""
        folders = (name for name, entry in self._entries(BULLETINS).items() if entry.is_dir())
        return sorted(name for name in folders if PLAIN_NAME.fullmatch(name))

    def files_of(self, table: Table) -> list[SeedPath]:
        """Every file that the table must have, there or not; of an optional one those there are."""
        if not table.per_bulletin:
            return [self._seed_path(table.name, "", table.path)]
        file = table.path.rpartition("/")[2]
        folders = {source_id: f"{BULLETINS}/{source_id}" for source_id in self.bulletins}
        return [
            self._seed_path(table.name, folder, file, source_id)
            for source_id, folder in folders.items()
            if not table.optional or file in self._entries(folder)
        ]

    def strays(self, tables: dict[str, Table]) -> list[tuple[str, str]]:
        """Files and folders that look like seeds but belong to no table: relative path and reason."""
        declared = {file.file for table in tables.values() for file in self.files_of(table)}
        found = []
        for place in ("", BULLETINS, *(f"{BULLETINS}/{name}" for name in self.bulletins)):
            for name, entry in sorted(self._entries(place).items()):
                file = f"{place}/{name}" if place else name
                if name.startswith("."):
                    continue
                if entry.is_dir():
                    if place == BULLETINS and not PLAIN_NAME.fullmatch(name):
                        found.append(
                            (
                                file,
                                "目录名只能用小写字母、数字和 _ . - · folder name: lower case, digits, _ . -",
                            )
                        )
                elif file not in declared and name.lower().endswith((".csv", ".tsv", ".xlsx", ".xls")):
                    found.append((file, DRAFT if name == DRAFT_FILE else UNDECLARED))
        return found

    def _entries(self, place: str) -> dict[str, os.DirEntry]:
        """What stands in a folder below the seeds, by name; nothing where there is no such folder."""
        if place not in self._listed:
            folder = self.seeds / place
            self._listed[place] = (
                {entry.name: entry for entry in os.scandir(folder)} if folder.is_dir() else {}
            )
        return self._listed[place]

    def _seed_path(self, table: str, folder: str, name: str, source_id: str | None = None) -> SeedPath:
        file = f"{folder}/{name}" if folder else name
        path, entry, fault = self.seeds / file, self._entries(folder).get(name), None
        if entry is None or (entry.is_symlink() and not path.exists()):
            fault = "文件不存在 · the file is missing"
        elif not entry.is_file() or (self._is_linked(folder, entry) and not self._is_inside(path)):
            fault = "不是种子目录内的普通文件 · not a plain file inside the seeds folder"
        return SeedPath(table, file, path, source_id, fault)

    def _is_linked(self, folder: str, entry: os.DirEntry) -> bool:
        """Whether a link stands between the seeds folder and the file."""
        above = (
            self._entries(place.rpartition("/")[0])[place.rpartition("/")[2]]
            for place in (BULLETINS, folder)
            if folder
        )
        return entry.is_symlink() or any(each.is_symlink() for each in above)

    def _is_inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.seeds.resolve())
