"""Faults of the machine in words: a full disk, a folder that may not be written, a damaged or locked file.

The libraries below say the same thing in many ways; a person gets one. No rule about data belongs here.
"""

from __future__ import annotations

import re

# What it is called, and what the operating system, SQLite, DuckDB and dbt call it.
KINDS = (
    ("磁盘已满 · the disk is full", r"No space left|disk is full|Disk quota|File too large|Errno 2[78]\b"),
    ("磁盘出错或已满 · the disk fails, or is full", r"disk I/O error"),  # SQLite's word for both
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


def in_words(error: BaseException | str) -> str:
    """One line: what kind of fault it is, then what was said first."""
    said = str(error).strip() or type(error).__name__
    kind = next((words for words, pattern in KINDS if re.search(pattern, said, re.IGNORECASE)), None)
    line = said.splitlines()[0]
    if kind is None:
        return (
            f"意外错误 · unexpected: {type(error).__name__}: {line}" if isinstance(error, Exception) else line
        )
    return f"{kind}: {line}"
