"""`tongcheng sql`: runs one statement of an untrusted user on the published file, strictly read-only.

Four fences, because each alone has a gap: only a single reading statement is accepted; the file is opened
read-only; files, extensions and settings are out of reach; a watchdog ends what takes too long. Here: the
fences. How an answer is shown stands in output.py.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

CHUNK = 1000  # rows fetched at once
CONFIG = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,  # else a name may mean a variable of this process
}
LIMITS = {"memory_limit": "2GB", "max_temp_directory_size": "8GB"}
READING = ("select", "with", "from", "values", "table", "pivot", "unpivot", "show", "desc", "summarize")
_EXPLAIN = re.compile(
    r"explain\s*(?:analyze\b)?\s*(?:\((?:\s*(?:analyze|format)\b[\s\w]*,?)*\))?", re.IGNORECASE
)
# Functions that act on the process instead of reading; no setting turns them off.
_ACTING = re.compile(
    r"\b((?:en|dis)able_\w+|(?:force_)?checkpoint|truncate_duckdb_logs|write_log|verify_\w+"
    r'|arrow_scan\w*|pandas_scan|python_map_function)"?\s*\(',
    re.IGNORECASE,
)

_NO_COLUMN = re.compile(r'Referenced column "(\w+)" not found')


class Refused(RuntimeError):
    """The statement was refused or failed; the message says why, 中文 · English."""


@dataclass(frozen=True)
class Answer:
    """`columns`: names; `rows`: read once, in the order of the answer, fetched as they are asked for."""

    columns: list[str]
    rows: Iterator[tuple]


@contextmanager
def ask(database: Path, sql: str, timeout: float = 30) -> Iterator[Answer]:
    """Run one read-only statement on a DuckDB file; the answer is read within the `with`.

    timeout: seconds for running and reading together. Raises Refused, also while rows are read. What does not
    fit into memory goes to a private folder that is removed at the end.
    """
    spill = tempfile.mkdtemp(prefix="tongcheng-sql-")
    try:
        with duckdb.connect(
            str(database), read_only=True, config={**CONFIG, "temp_directory": spill}
        ) as connection:
            for name, value in {**LIMITS, "search_path": "marts"}.items():
                connection.execute(f"set {name} = '{value}'")  # some are ignored when given on connecting
            connection.execute("set lock_configuration = true")
            watchdog = threading.Timer(timeout, connection.interrupt)
            watchdog.daemon = True
            watchdog.start()
            try:
                result = connection.execute(_reading(connection, sql))
                columns = [column[0] for column in result.description]
                yield Answer(columns, _rows(result))
            except duckdb.InterruptException:
                raise Refused(f"超过 {timeout:g} 秒，已中断 · stopped after {timeout:g} s") from None
            finally:
                watchdog.cancel()
    except duckdb.PermissionException:
        raise Refused("不可读写文件、不可加载扩展 · access to files and extensions is not allowed") from None
    except duckdb.Error as error:
        raise Refused(_one_line(str(error)) + _where_it_is(database, str(error))) from None
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def _where_it_is(database: Path, message: str) -> str:
    """In which tables a column is that the one asked for has not; empty where there is none of that name."""
    if not (missing := _NO_COLUMN.search(message)):
        return ""
    with duckdb.connect(str(database), read_only=True, config={**CONFIG}) as connection:
        found = connection.execute(
            "select table_name from duckdb_columns() where schema_name = 'marts' and column_name = lower(?) "
            "order by table_name",
            [missing[1]],
        ).fetchall()
    there = ", ".join(name for (name,) in found)
    return f"\n{missing[1]} 列在 · is a column of: {there}" if there else ""


def _one_line(message: str) -> str:
    """DuckDB's message in one line, with the place in the statement below it where DuckDB shows one."""
    what, place, where = message.strip().partition("\n\nLINE ")
    return " ".join(what.split()) + place.replace("\n\n", "\n") + where


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[tuple]:
    while rows := result.fetchmany(CHUNK):
        yield from rows


def _reading(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The statement, if it is a single read-only one."""
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise Refused(f"只接受一条语句 · one statement at a time, not {len(statements)}")
    (statement,) = statements
    text = _without_comments(sql)
    kind = statement.type
    if kind == duckdb.StatementType.EXPLAIN and (prefix := _EXPLAIN.match(text)):
        _reading(connection, text[prefix.end() :])
    elif kind != duckdb.StatementType.SELECT or not text.lower().lstrip("( \t\r\n").startswith(READING):
        # DuckDB turns some PRAGMA into SELECT, so the type alone does not tell.
        raise Refused(
            "只接受只读语句 · read-only statements only: "
            "SELECT, WITH, FROM, VALUES, EXPLAIN, DESCRIBE, SHOW, SUMMARIZE"
        )
    if acting := _ACTING.search(text):
        raise Refused(f"此函数不只是读取 · this function does more than read: {acting[1]}")
    return statement


def _without_comments(sql: str) -> str:
    """The text from its first token on; DuckDB's tokens leave comments out."""
    tokens = duckdb.tokenize(sql)
    return sql.encode()[tokens[0][0] :].decode() if tokens else ""
