"""Loads the seeds: every file, every row, every fault in one pass, into schema raw of a DuckDB database.

Here: the order of things, the accounting ('nothing is dropped silently') and the report. Not here: bytes
(front_door.py, framing.py), one table (table_load.py), rules of a cell (cell_rules.py) or between rows
(cross_checks.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import astuple, dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from dagster_project.ingest.admission import SeedFile
from dagster_project.ingest.cell_rules import printable
from dagster_project.ingest.cross_checks import CrossChecks
from dagster_project.ingest.near import name_the_near
from dagster_project.ingest.printed import Printed
from dagster_project.ingest.table_load import (
    DOUBTS,
    FINDING,
    NOTES,
    REJECTS,
    TableLoad,
)
from dagster_project.seeds.files import REGISTER, SeedTree
from dagster_project.seeds.schema import Table, read_schema
from dagster_project.sql import count, insert, name, row, text

CODE_LISTS = "code_lists"  # loaded first: closed lists are rules for all other tables
LISTED = 100_000  # findings listed in the report; raw.rejects and raw.notes hold all


@dataclass(frozen=True)
class Finding:
    """One reject or one note. `line` is physical, header = 1; None for what concerns a whole file."""

    seed_table: str
    seed_file: str
    line: int | None
    column_name: str | None
    value: str | None
    rule: str


@dataclass(frozen=True)
class LoadReport:
    """What came of a load: rows per raw table, the files, and all that was refused or normalised."""

    rows: dict[str, int]
    files: list[SeedFile]
    rejects: list[Finding]
    notes: list[Finding]
    seed_hash: str

    @property
    def ok(self) -> bool:
        """Whether nothing was refused."""
        return not self.rejects


def load_seeds(
    connection: duckdb.DuckDBPyConnection,
    seeds: Path,
    tables: Collection[str] | None = None,
    on_progress: Callable[[str, int], None] | None = None,
    readings: Path | None = None,
    keep: bool = True,
    over_earlier: bool = False,
) -> LoadReport:
    """Write raw.* of the connection's database from the seeds folder; bad content is reported, never raised.

    `tables`: load only these, against the raw tables that are there. `on_progress(table, rows)` is called as
    each table has been read. `readings`: folder of what was read of printed texts before; with
    `keep` it is renewed. `over_earlier`: the database holds an earlier load by the same code and
    declarations, of which the rows of large files that have not changed stay. Both only save time. Raises
    SchemaError, ValueError for an unknown table, OSError.
    """
    seeds = Path(seeds)
    schema = read_schema(seeds)
    if unknown := set(tables or ()) - set(schema):
        raise ValueError(f"未声明的表 · undeclared tables: {sorted(unknown)}")
    wanted = [table for table in schema if tables is None or table in tables]
    wanted.sort(key=lambda table: table != CODE_LISTS)
    with TemporaryDirectory(prefix="tongcheng-") as scratch:
        load = _Load(connection, seeds, schema, wanted, Path(scratch), readings, keep, over_earlier)
        try:
            for table in wanted:
                rows = load.table(table)
                if on_progress:
                    on_progress(table, rows)
            return load.finish()
        finally:
            for temporary in (REJECTS, NOTES, DOUBTS):
                connection.execute(f"drop table if exists temp.{temporary}")


class _Load:
    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        seeds: Path,
        schema: dict[str, Table],
        wanted: list[str],
        scratch: Path,
        readings: Path | None,
        keep: bool,
        over_earlier: bool,
    ):
        self.connection, self.schema, self.wanted, self.scratch = connection, schema, wanted, scratch
        self.tree, self.readings, self.keep = SeedTree(seeds), readings, keep
        self.read: dict[str, int] = {}
        self.files: list[SeedFile] = []
        self.broken: set[str] = set()  # tables of which a file could not be read
        self.codes: dict[str, list[str]] | None = None  # once known: no other table changes them
        connection.execute("create schema if not exists raw")
        self.earlier_lists = self._closed_lists() if over_earlier else []
        self.earlier_files = self._earlier_files() if over_earlier else {}
        for target in (REJECTS, NOTES):
            connection.execute(f"create or replace temp table {target} ({FINDING})")

    def table(self, table: str) -> int:
        """Load one table and say how many rows could be read."""
        folder = self.scratch / table
        folder.mkdir()
        files = self.tree.files_of(self.schema[table])
        if self.codes is None and table != CODE_LISTS:
            self.codes = self._read_codes()
        load = TableLoad(
            self.connection, self.schema[table], files, self.codes or {}, folder, self._sound(table)
        )
        self.read[table] = load.run()
        if not load.whole:
            self.broken.add(table)
        for index, admission in load.admissions.items():
            file, facts = files[index], admission.survey
            rows = admission.rows + admission.refused_rows if admission.path else 0
            self.files.append(SeedFile(table, file.file, file.source_id, rows, facts.bytes, facts.sha256))
        return self.read[table]

    def _sound(self, table: str) -> dict[str, SeedFile]:
        """The files that an earlier load took as they stand, with the closed lists of today."""
        known = self.earlier_files.get(table, {}) if table != CODE_LISTS else {}
        return known if known and self._lists_are_as_before else {}

    @cached_property
    def _lists_are_as_before(self) -> bool:
        return self._closed_lists() == self.earlier_lists

    def _closed_lists(self) -> list[tuple]:
        return self.connection.execute(
            f"select code_list, code from raw.{CODE_LISTS} order by all"
        ).fetchall()

    def _earlier_files(self) -> dict[str, dict[str, SeedFile]]:
        """By table, those without any finding."""
        said = "select seed_file from raw.notes union all select seed_file from raw.rejects"
        sound = f"{printable('seed_file')} not in ({said})"
        files = self.connection.execute(f"select * from raw.seed_files where {sound}")
        by_table: dict[str, dict[str, SeedFile]] = {}
        for file in (SeedFile(*each) for each in files.fetchall()):
            by_table.setdefault(file.seed_table, {})[file.file] = file
        return by_table

    def _read_codes(self) -> dict[str, list[str]]:
        """Closed lists that columns name; none are enforced while their own file cannot be read."""
        if CODE_LISTS not in self._present():
            return {}
        codes: dict[str, list[str]] = {
            field.code_list: [] for table in self.schema.values() for field in table.fields if field.code_list
        }
        rows = self.connection.execute(f"select distinct code_list, code from raw.{CODE_LISTS} order by all")
        for code_list, code in rows.fetchall():
            if code_list is not None and code is not None:
                codes.setdefault(code_list, []).append(code)
        return codes

    def _present(self) -> set[str]:
        rows = self.connection.execute(
            "select table_name from duckdb_tables() "
            "where schema_name = 'raw' and database_name = current_database()"
        )
        pending = set(self.wanted) - set(self.read)
        return {row[0] for row in rows.fetchall()} - self.broken - pending

    def finish(self) -> LoadReport:
        """Check rows against each other, take the rejected ones out, and write what was found."""
        self._check_places()
        present = self._present()
        printed = Printed(self.connection, self.schema, present, self.scratch, self.readings, self.keep)
        checks = CrossChecks(self.connection, self.schema, self.wanted, present, printed)
        for what in checks.run():
            self._file(NOTES, "", f"未核对 · not checked: {what}")
        name_the_near(self.connection, self.schema, self.codes or {})
        rows = {table: self._take_out_rejected(table) for table in self.wanted}
        self._write_findings()
        hashes = self.connection.execute(
            "select seed_file, sha256 from raw.seed_files order by all"
        ).fetchall()
        digest = hashlib.sha256("".join(f"{file}\0{sha256}\n" for file, sha256 in hashes).encode())
        return LoadReport(
            rows, self.files, self._findings(REJECTS), self._findings(NOTES), digest.hexdigest()
        )

    @property
    def _desk(self) -> str | None:
        """The table under which a finding about the folder itself is filed."""
        return REGISTER if REGISTER in self.wanted else next(iter(self.wanted), None)

    def _file(self, target: str, place: str, rule: str) -> None:
        """File a finding that belongs to no line."""
        insert(self.connection, target, [(self._desk, place, None, None, None, rule)], self.scratch)

    def _check_places(self) -> None:
        """Bulletin folders against rows of the register, and files that no table declares."""
        if not self._desk:
            return

        for place, reason in self.tree.strays(self.schema):
            self._file(REJECTS, place, reason)
        if REGISTER not in self._present() or not any(table.per_bulletin for table in self.schema.values()):
            return
        folders = set(self.tree.bulletins)
        reprint = (
            "primary_source_id is not null" if "primary_source_id" in self.schema[REGISTER].named else "false"
        )
        rows = self.connection.execute(
            f"select source_id, {reprint} from raw.{REGISTER} where source_id is not null"
        )
        listed = dict(rows.fetchall())
        for folder in sorted(folders - set(listed)):
            self._file(
                REJECTS,
                f"bulletins/{folder}",
                "sources.csv 中没有此来源 · this folder has no row in sources.csv",
            )
        for source_id in sorted(source for source, is_reprint in listed.items() if not is_reprint):
            if source_id not in folders:
                self._file(
                    REJECTS,
                    f"bulletins/{source_id}",
                    "来源没有目录 · a source without a folder that is not a reprint",
                )

    def _take_out_rejected(self, table: str) -> int:
        """Delete rejected rows from raw.<table>; returns the rows that stay. Every row is accounted for."""
        raw = f"raw.{name(table)}"
        rejected = (
            f"(select seed_file, line from {REJECTS} where seed_table = {text(table)} and line is not null)"
        )
        deleted = 0
        if self.connection.execute(f"select 1 from {rejected} limit 1").fetchone():
            (deleted,) = row(self.connection, f"delete from {raw} where (seed_file, seed_line) in {rejected}")
        kept = count(self.connection, raw)
        if kept + deleted != self.read[table]:
            raise RuntimeError(f"{table}: {self.read[table]} rows read, {kept} kept, {deleted} rejected")
        return kept

    def _write_findings(self) -> None:
        """Replace what raw.rejects, raw.notes and raw.seed_files say about the tables of this load."""
        files = "seed_table varchar, seed_file varchar, source_id varchar, rows bigint, bytes bigint"
        files += ", sha256 varchar"
        wanted = f"({', '.join(map(text, self.wanted)) or 'null'})"
        for target, columns in (("rejects", FINDING), ("notes", FINDING), ("seed_files", files)):
            self.connection.execute(f"create table if not exists raw.{target} ({columns})")
            self.connection.execute(f"delete from raw.{target} where seed_table in {wanted}")
        for source, target in ((REJECTS, "rejects"), (NOTES, "notes")):
            self.connection.execute(
                f"insert into raw.{target} select seed_table, {printable('seed_file')}, line, "
                f"column_name, {printable('value')}, rule from {source} "
                "order by seed_table, seed_file, line nulls first, rowid"
            )
        if self.files:
            insert(self.connection, "raw.seed_files", map(astuple, self.files), self.scratch)

    def _findings(self, source: str) -> list[Finding]:
        target = "rejects" if source == REJECTS else "notes"
        wanted = ", ".join(map(text, self.wanted)) or "null"
        rows = self.connection.execute(
            f"select * from raw.{target} where seed_table in ({wanted}) limit {LISTED}"
        ).fetchall()
        return [Finding(*row) for row in rows]
