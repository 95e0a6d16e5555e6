"""Machine faults in words: a full disk, a folder without write permission, a damaged or locked file.

The libraries below report the same fault in many ways; a person sees one. No rule about data belongs here.
"""

from __future__ import annotations

import re
import sqlite3

from dagster_project.settings import Settings

# What we call it, and what the operating system, SQLite, DuckDB and dbt call it.
KINDS = (
    ("磁盘已满 · the disk is full", r"No space left|disk is full|Disk quota|File too large|Errno 2[78]\b"),
    ("磁盘出错或已满 · disk error, or the disk is full", r"disk I/O error"),  # SQLite's word for both
    (
        "没有权限 · no permission",
        r"unable to open database file|Permission denied|"
        r"Read-only file system|readonly database|not permitted|Errno (1|13|30)\b",
    ),
    ("文件被占用 · a file is in use", r"Could not set lock|database is locked|Conflicting lock"),
    (
        "文件已损坏 · a file is damaged",
        r"not a database|malformed|not a valid DuckDB|Corrupt|checksum",
    ),
)


def original(error: BaseException) -> BaseException:
    """The exception that was raised first, which the libraries wrap."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def said(settings: Settings, error: BaseException, *own: type[BaseException]) -> str:
    """What is said of an error that ends a command, and what helps. own: those that say it themselves."""
    first = original(error)
    if isinstance(first, own):
        return str(first)
    if isinstance(first, sqlite3.DatabaseError) and not isinstance(first, sqlite3.OperationalError):
        home = settings.dagster_home  # only the history of runs: nothing that a build needs
        return f"{in_words(first)}; 把 {home} 移开后再试 · move {home} aside, then try again"
    return in_words(first)


def in_words(error: BaseException | str) -> str:
    """One line: the kind of fault, then the first line of the message."""
    said = str(error).strip() or type(error).__name__
    kind = next((words for words, pattern in KINDS if re.search(pattern, said, re.IGNORECASE)), None)
    line = said.splitlines()[0]
    if kind is None:
        unexpected = f"意外错误 · unexpected error: {type(error).__name__}: {line}"
        return unexpected if isinstance(error, Exception) else line
    return f"{kind}: {line}"
