"""The queries of the READMEs and their shown results: read here, run here, written here, never typed.

Here: what a query block is and how a result looks. Not here: what must hold of the READMEs (test_readme.py).
A query is a block fenced as sql; its result is the Markdown table that follows it.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
RENEW = "python tests/readme.py --write"
_DAY = re.compile(r"(as of |统计时点为 )\d{4}-\d{2}-\d{2}")
_BLOCK = re.compile(r"```sql\n(?P<query>.*?)```\n(?:\n(?P<shown>(?:\|[^\n]*\n)+))?", re.S)


@dataclass(frozen=True)
class Block:
    """One query as printed and the result shown under it, a Markdown table with its last line break."""

    readme: str
    number: int
    query: str
    shown: str


def read_blocks(readme: str) -> list[Block]:
    """The query blocks of a README, in order, numbered from 1."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    return [
        Block(readme, number, match["query"], match["shown"] or "")
        for number, match in enumerate(_BLOCK.finditer(text), 1)
    ]


def render(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """Run a query and give its result as a Markdown table. Nothing is shortened; NULL is an empty cell."""
    result = connection.execute(query)
    names = [column[0] for column in result.description]
    rows = [[_cell(value) for value in row] for row in result.fetchall()]
    lines = [names, ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | Decimal):  # trailing zeros say nothing: 88, not 88.000000000
        number = Decimal(str(value))
        return f"{number.normalize():f}" if number else "0"
    return str(value).replace("|", "&#124;").replace("\n", " ")


def rewrite(text: str, connection: duckdb.DuckDBPyConnection) -> str:
    """The text of a README with every result as it is now, and the day that the build speaks of."""
    text = _DAY.sub(lambda m: f"{m[1]}{as_of(connection)}", text)
    return _BLOCK.sub(lambda m: f"```sql\n{m['query']}```\n\n{render(connection, m['query'])}", text)


def as_of(connection: duckdb.DuckDBPyConnection) -> str:
    """The day that the statuses of this build refer to."""
    ((day,),) = connection.execute("select as_of_date from marts.build_info").fetchall()
    return str(day)


def write(file: Path) -> Iterator[str]:
    """Renew the results of both READMEs from a warehouse file; yields the names of those that changed."""
    with duckdb.connect(str(file), read_only=True) as connection:
        for name in READMES:
            old = (ROOT / name).read_text(encoding="utf-8")
            if (new := rewrite(old, connection)) != old:
                (ROOT / name).write_text(new, encoding="utf-8")
                yield name


def main() -> int:
    """Build the warehouse as of the day that the tests pin, in a temporary folder, and renew the results."""
    sys.path.insert(0, str(ROOT))
    from tests.conftest import AS_OF, Place

    parser = argparse.ArgumentParser(description="Renew the results shown in the READMEs.")
    parser.add_argument("--write", action="store_true", required=True, help="write the files")
    parser.add_argument("--public", type=Path, help=f"use this published folder, built --as-of {AS_OF}")
    public = parser.parse_args().public
    with tempfile.TemporaryDirectory() as folder:
        place = Place(ROOT / "seeds", Path(folder) / "build", public or Path(folder) / "public")
        if public is None:
            print(f"构建中 · building as of {AS_OF}", flush=True)
            code, output = place.tongcheng("build")
            if code:
                print(output, file=sys.stderr)
                return code
        with duckdb.connect(str(place.file), read_only=True) as connection:
            day = as_of(connection)
        if day != AS_OF:
            print(f"须按 {AS_OF} 构建 · build it --as-of {AS_OF}, not {day}", file=sys.stderr)
            return 1
        print(f"已更新 · renewed: {', '.join(write(place.file)) or '–'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
