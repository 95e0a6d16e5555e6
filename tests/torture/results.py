"""Writes the last result of a long run into its own section of docs/robustness.md."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "robustness.md"
HEAD = """# Robustness 稳健性

Last results of the long runs, written by them. 长时间运行的最近结果，由其自行写入。
"""


def write(section: str, text: str) -> None:
    """Replace what stands between the section's markers; a new section goes to the end."""
    start, end = f"<!-- {section} -->", f"<!-- /{section} -->"
    document = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else HEAD
    block = f"{start}\n{text.strip()}\n\n{_where_and_when()}\n{end}"
    if start in document:
        before, _, rest = document.partition(start)
        document = before + block + rest.partition(end)[2]
    else:
        document = f"{document.rstrip()}\n\n{block}\n"
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(document, encoding="utf-8")


def count(name: str, default: int) -> int:
    """How many: the environment variable TORTURE_<NAME>, or what the long run is meant to do."""
    return int(os.environ.get(f"TORTURE_{name}") or default)


def _where_and_when() -> str:
    day = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"_{day}, {os.cpu_count()} cores 核, Python {platform.python_version()}._"
