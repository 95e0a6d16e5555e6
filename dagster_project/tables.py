"""Small tables for people: rows of a relation as Markdown, safe to show in a page."""

from __future__ import annotations

import duckdb


def markdown_table(connection: duckdb.DuckDBPyConnection, relation: str, limit: int) -> str:
    """The first rows of a relation as a Markdown table; cells are shortened and cannot carry markup."""
    result = connection.execute(f"select * from {relation} limit {int(limit)}")
    return markdown([column[0] for column in result.description], result.fetchall())


def markdown(columns: list[str], rows: list[tuple]) -> str:
    """A Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


# Neither HTML nor a link, an image or code can begin in a cell.
_SAFE = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "|": "&#124;",
        "[": "&#91;",
        "`": "&#96;",
        "\\": "&#92;",
        "\n": " ",
    }
)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    text = text if len(text) <= 60 else text[:59] + "…"
    return text.translate(_SAFE)
