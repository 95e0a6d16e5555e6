"""One seed table: from admitted files to raw.<table>, set-based, with a reason for every refusal.

All columns are read as text in strict mode and typed in the same pass, straight into the raw table. Doubtful
rows keep their text beside them until they have had the full rules. Not here: rules that need other rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import astuple, replace
from itertools import groupby
from math import inf
from pathlib import Path
from types import MappingProxyType

import duckdb

from dagster_project.files import sha256
from dagster_project.ingest import cell_rules
from dagster_project.ingest.admission import Admission, Problem, SeedFile, Survey
from dagster_project.ingest.framing import EXTRA
from dagster_project.ingest.front_door import SMALL, admit
from dagster_project.ingest.pool import FILE, LINE, NAMELESS, Pool
from dagster_project.ingest.record_file import RecordShape
from dagster_project.seeds.files import SeedPath
from dagster_project.seeds.schema import Table
from dagster_project.sql import insert, literal, name, row, text

REJECTS, NOTES, DOUBTS = "load_reject", "load_note", "load_doubt"  # temporary tables
WORKING = ("_text varchar[]", "_file integer")  # columns of the raw table while it is loaded
FINDING = (
    "seed_table varchar, seed_file varchar, line bigint, column_name varchar, value varchar, rule varchar"
)
LARGE = 8 * 1024 * 1024  # bytes; worth reading in parallel
LONGEST = 200  # characters kept of a refused text
Codes = Mapping[str, Collection[str]]


class TableLoad:
    """The loading of one table; `admissions`: of those `files` that may be opened, by place.

    sound: files whose rows an earlier load has left as they are to be, as long as their bytes are the same.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: Table,
        files: list[SeedPath],
        codes: Codes,
        scratch: Path,
        sound: Mapping[str, SeedFile] = MappingProxyType({}),
    ):
        self.connection, self.table, self.files, self.codes = connection, table, files, codes
        self.scratch, self.sound = scratch, sound
        self.references = {
            column for key in table.foreign_keys if len(key.fields) == 1 for column in key.fields
        }
        self.admissions: dict[int, Admission] = {}
        aliases = {field.alias: field.name for field in table.fields if field.alias}
        self.record = RecordShape(table.heads, aliases) if table.heads else None
        self.names = tuple(field.name for field in table.fields)

    def run(self) -> int:
        """Create raw.<table> of all rows that could be read, rejected ones still in it. Returns the rows."""
        source = ["source_id varchar"] if self.table.per_bulletin else []
        columns = [f"{name(f.name)} {cell_rules.SQL_TYPES[f.type]}" for f in self.table.fields]
        columns = [*source, *columns, "seed_file varchar", "seed_line bigint", *WORKING]
        if kept := self._unchanged():
            files = ", ".join(text(self.files[index].file) for index in kept)
            self.connection.execute(f"delete from {self.raw} where seed_file not in ({files})")
            for column in WORKING:
                self.connection.execute(f"alter table {self.raw} add column {column}")
        else:
            self.connection.execute(f"create or replace table {self.raw} ({', '.join(columns)})")
        self._read_all()
        if row(self.connection, f"select count(_text) from {self.raw}")[0]:
            self._judge()
        for column in WORKING:
            self.connection.execute(f"alter table {self.raw} drop column {column.split()[0]}")
        self._keep_problems()
        if self.record:
            self._keep_heads()
        return sum(self.admissions[index].rows for index in self._readable())

    @property
    def whole(self) -> bool:
        """Whether every file of the table could be read."""
        return len(self._readable()) == len(self.files)

    @property
    def framed_to(self) -> float:
        """Bytes of the largest file that is framed although it is plain: with one file nothing is gained."""
        return SMALL if self.table.per_bulletin else 0

    def _read_all(self) -> None:
        """Small files and those that are not plain by way of a pool, the others where they stand."""
        with self._pool() as pool:
            for index in sorted(set(range(len(self.files))) - self.admissions.keys()):
                self._admit(index, pool, self.framed_to)
            in_place = [i for i in self._readable() if self.admissions[i].path not in (pool.path, self._kept)]
            for group in (list(g) for _, g in groupby(sorted(in_place, key=self._shape), key=self._shape)):
                links = [self._link(index) for index in group]
                if not self._append(group, self.admissions[group[0]].columns, links):
                    for index in group:
                        self._admit(index, pool, inf)
        pooled = [i for i in self._readable() if self.admissions[i].path == pool.path]
        if pooled and not self._append(pooled, pool.columns, [pool.path]):
            for index in pooled:
                self._read_alone(index)

    def _unchanged(self) -> list[int]:
        """Large files with the same bytes as in an earlier load: their rows stay."""
        for index, file in enumerate(self.files):
            known = self.sound.get(file.file)
            if not known or self.record or file.fault or known.bytes <= SMALL:
                continue
            if file.path.stat().st_size == known.bytes and sha256(file.path) == known.sha256:
                same = Survey(known.bytes, known.sha256, 0, 0, "\n", 0, None, False, True)
                self.admissions[index] = Admission(same, self._kept, rows=known.rows)
        return list(self.admissions)

    @property
    def _kept(self) -> Path:
        """What stands for the path of a file that need not be opened."""
        return self.scratch / "kept"

    def _read_alone(self, index: int) -> None:
        """Read a file by way of a pool of its own, because another one may have spoiled theirs."""
        with self._pool() as pool:
            self._admit(index, pool, inf)
        admission = self.admissions[index]
        if admission.path and not self._append([index], pool.columns, [pool.path]):
            admission.path = None
            admission.problems = [
                Problem(None, None, None, "无法可靠读取 · the file cannot be read reliably")
            ]

    def _pool(self) -> Pool:
        return Pool(self.scratch / "pool.csv", self.names)

    def _readable(self) -> list[int]:
        return [i for i, admission in self.admissions.items() if admission.path]

    def _admit(self, index: int, pool: Pool, framed_to: float) -> None:
        file = self.files[index]
        if file.fault:
            return
        link = self._link(index)
        link.unlink(missing_ok=True)
        optional = {field.name for field in self.table.fields if not field.required}
        admission = admit(file.path, self.names, pool, index, framed_to, optional, self.record)
        if admission.path == file.path:
            # DuckDB expands patterns in paths; a link has a name of our own.
            link.symlink_to(file.path.resolve())
        self.admissions[index] = admission

    def _link(self, index: int) -> Path:
        return self.scratch / f"{index}.csv"

    def _shape(self, index: int) -> tuple:
        """Files that one statement may read: like columns and newlines, and only small ones together.

        DuckDB keeps the order of rows within one file that it reads in parallel, but not between files.
        """
        admission = self.admissions[index]
        return admission.columns, admission.survey.newline, index if self._large(index) else -1

    def _large(self, index: int) -> bool:
        return self.admissions[index].survey.bytes > LARGE

    @property
    def raw(self) -> str:
        """The raw table's name in SQL."""
        return f"raw.{name(self.table.name)}"

    def _append(self, group: list[int], columns: tuple[str, ...], paths: list[Path]) -> bool:
        """Append files to the raw table. False, and nothing appended, if DuckDB sees other records."""
        large = sum(path.stat().st_size for path in paths) > LARGE and len(paths) == 1
        statement = self._append_sql(group, columns, paths, parallel=large)
        # Only that operator keeps the order of rows read in parallel, and lines follow from the order.
        if large and "BATCH_INSERT" not in str(self.connection.execute(f"explain {statement}").fetchall()):
            statement = self._append_sql(group, columns, paths, parallel=False)
        try:
            self.connection.execute(statement)
        except duckdb.InvalidInputException:
            return False
        listed = ", ".join(map(str, group))
        seen = self.connection.execute(
            f"select _file, count(*), min(rowid), max(rowid) from {self.raw} "
            f"where _file in ({listed}) group by _file"
        ).fetchall()
        counted = {(index, rows) for index, rows, first, last in seen if last - first + 1 == rows}
        if counted != {(i, rows) for i in group if (rows := self.admissions[i].rows)}:
            self.connection.execute(f"delete from {self.raw} where _file in ({listed})")
            return False
        # A row's line follows from its place, unless framing has counted it.
        if seen and LINE not in columns:
            # A case costs less than a join: files are few where rows are many.
            first_rows = " ".join(f"when {index} then {first}" for index, _, first, _ in seen)
            self.connection.execute(
                f"update {self.raw} set seed_line = rowid - case _file {first_rows} end + 2 "
                f"where _file in ({listed})"
            )
        return True

    def _append_sql(
        self, group: list[int], columns: tuple[str, ...], paths: list[Path], parallel: bool
    ) -> str:
        absent = dict.fromkeys(self.names, "null::varchar")
        at = absent | {column: f"c{position}" for position, column in enumerate(columns)}
        extra = [at[column] for column in columns if column.startswith(EXTRA)]
        nameless = f"nullif(concat_ws(',', {', '.join(extra)}), '')" if extra else at.get(NAMELESS, "null")
        texts = [at[field.name] for field in self.table.fields]
        typed = [cell_rules.value(field, at[field.name]) for field in self.table.fields]
        # Links are named by the place of their file among the table's files; a pool tells it in each row.
        number = at.get(FILE) or "regexp_extract(filename, '([0-9]+)[.]csv$', 1)"
        number = str(group[0]) if len(group) == 1 else f"{number}::integer"
        seed_files = ", ".join(text(file.file) for file in self.files)
        sources = ", ".join(literal(file.source_id) for file in self.files)
        source = [f"[{sources}][{number} + 1]"] if self.table.per_bulletin else []
        shape = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(columns)))
        return f"""
            insert into {self.raw}
            select {", ".join([*source, *typed])}, [{seed_files}][{number} + 1],
                {f"{at[LINE]}::bigint" if LINE in at else "null"},
                case when {self._doubt(at, nameless)} then [{", ".join(texts)}, {nameless}] end, {number}
            from read_csv([{", ".join(text(str(path)) for path in paths)}], columns = {{{shape}}},
                auto_detect = false, header = false, skip = {0 if LINE in at else 1}, parallel = {parallel},
                filename = true, delim = ',', quote = '"', escape = '"', strict_mode = true,
                null_padding = false, compression = 'none', hive_partitioning = false)
            where {f"list_contains([{', '.join(map(str, group))}], {number})" if FILE in at else "true"}"""

    def _doubt(self, at: Mapping[str, str], nameless: str) -> str:
        first = self.table.fields[0].name
        conditions = [f"{at[first]} = {text(first)}", f"{nameless} is not null"]
        if self._free:
            conditions.append(cell_rules.doubtful_text([at[self.names[place]] for place in self._free]))
        for field in self.table.fields:
            conditions += cell_rules.doubts(
                field, at[field.name], self._codes(field.code_list), self.references
            )
        return " or ".join(conditions)

    @property
    def _free(self) -> list[int]:
        """Places of the columns that may hold any text."""
        fields = enumerate(self.table.fields)
        return [i for i, f in fields if f.type == "string" and self._codes(f.code_list) is None]

    def _codes(self, code_list: str | None) -> Collection[str] | None:
        return self.codes.get(code_list) if code_list else None

    def _doubtful(self) -> set[int]:
        """Places of the columns for whose sake rows are in doubt: full rules of all would take DuckDB longer
        to prepare than a whole table to read.
        """
        free = (
            f"select unnest({self._free}::integer[]) as place, _text from {self.raw} where _text is not null"
        )
        found = self.connection.execute(
            f"select distinct place from ({free}) where {cell_rules.doubtful_text(['_text[place + 1]'])}"
        ).fetchall()
        conditions = [
            cell_rules.doubts(field, f"_text[{i + 1}]", self._codes(field.code_list), self.references)
            or ["false"]
            for i, field in enumerate(self.table.fields)
        ]
        any_of = ", ".join(f"bool_or({' or '.join(each)})" for each in conditions)
        flags = row(self.connection, f"select {any_of} from {self.raw} where _text is not null")
        return {place for (place,) in found} | {i for i, flag in enumerate(flags) if flag}

    def _judge(self) -> None:
        """Full rules for the doubtful cells of the doubtful rows: values, rejects and notes."""
        fields = list(enumerate(self.table.fields))
        doubtful = self._doubtful()
        keys = "seed_file, seed_line"
        source = "source_id as _source, " if self.table.per_bulletin else ""
        texts = ", ".join(f"_text[{i + 1}] as x{i}" for i, _ in fields)
        cleaned = ", ".join(
            f"x{i}, {cell_rules.clean(field, f'x{i}') if i in doubtful else f'x{i}'} as t{i}"
            for i, field in fields
        )
        repeated = " and ".join(f"coalesce(x{i}, '') = {text(field.name)}" for i, field in fields)
        judged = [f"x{i}, {cell_rules.value(field, f't{i}')} as {name(field.name)}" for i, field in fields]
        judged += [
            f"{cell_rules.note(field, f'x{i}', f't{i}')} as n{i}, "
            f"{cell_rules.problem(field, f't{i}', self._codes(field.code_list), self.references)} as p{i}"
            for i, field in fields
            if i in doubtful
        ]
        kept = "_source, " if source else ""
        self.connection.execute(
            f"create or replace temp table {DOUBTS} as "
            f"select {kept}{keys}, nameless, {repeated} as repeated, {', '.join(judged)} from "
            f"(select {kept}{keys}, nameless, {cleaned} from "
            f"(select {source}{keys}, _text[{len(fields) + 1}] as nameless, {texts} "
            f"from {self.raw} where _text is not null))"
        )
        typed = ", ".join(name(field.name) for field in self.table.fields)
        self.connection.execute(
            f"delete from {self.raw} where _text is not null; "
            f"insert into {self.raw} select {kept}{typed}, {keys}, null, null from {DOUBTS}"
        )
        header = "{'c': null, 'v': x0, 'r': '重复的标题行 · the header row again', 'n': null}"
        rule = "case when nameless <> '' then '无名列中有值 · a value in a column without a name' end"
        found = [f"{{'c': null, 'v': nameless, 'r': {rule}, 'n': null}}"]
        found += [
            f"{{'c': {text(field.name)}, 'v': x{i}, 'r': p{i}, 'n': n{i}}}"
            for i, field in fields
            if i in doubtful
        ]
        self.connection.execute(
            "create or replace temp table load_cell as select seed_file, seed_line, "
            f"unnest(case when repeated then [{header}] else [{', '.join(found)}] end) as cell from {DOUBTS}"
        )
        place = f"select {text(self.table.name)}, seed_file, seed_line, cell.c, cell.v"
        self.connection.execute(
            f"insert into {REJECTS} {place}, cell.r from load_cell where cell.r is not null; "
            f"insert into {NOTES} {place}, cell.n from load_cell where cell.r is null and cell.n <> ''; "
            f"drop table load_cell; drop table {DOUBTS}"
        )

    def _keep_problems(self) -> None:
        for index, file in enumerate(self.files):
            admission = self.admissions.get(index)
            problems = admission.problems if admission else [Problem(None, None, None, file.fault or "")]
            notes = admission.notes if admission else []
            for target, found in ((REJECTS, problems), (NOTES, notes)):
                if found:
                    rows = ((self.table.name, file.file, *astuple(_short(problem))) for problem in found)
                    insert(self.connection, target, rows, self.scratch)

    def _keep_heads(self) -> None:
        """What stands before the tables of fact records, in a table of its own."""
        head = f"raw.{name(f'{self.table.name}_head')}"
        columns = "source_id varchar, name varchar, value varchar, seed_file varchar, seed_line bigint"
        self.connection.execute(f"create or replace table {head} ({columns})")
        rows = [
            (self.files[index].source_id, head_name, value or None, self.files[index].file, line)
            for index, admission in self.admissions.items()
            for line, head_name, value in admission.heads
        ]
        if rows:
            insert(self.connection, head, rows, self.scratch)


def _short(problem: Problem) -> Problem:
    """Only the beginning of a value is ever shown; NUL cannot stand in a text."""
    value = problem.value and problem.value[:LONGEST].replace("\0", "\u2400")
    return replace(problem, value=value)
