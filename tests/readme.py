"""The queries of READMEs and docs and their shown results: read here, run here, written here, never typed.

Here: what a query is and how a result looks. Not here: what must hold of the pages (test_docs.py).
A query is a block fenced as sql, its result the Markdown table that follows it; or, inside a sentence, the
comment `<!-- sql: select … -->value<!-- /sql -->`, which a reader of the page does not see.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
FINDINGS = ("docs/findings.md", "docs/findings.zh-CN.md")  # of the day LATER, all other pages of AS_OF
RENEW = "python tests/readme.py --write"
_BLOCK = re.compile(r"```sql\n(?P<query>.*?)```\n(?:\n(?P<shown>(?:\|[^\n]*\n)+))?", re.S)
_VALUE = re.compile(r"<!-- sql: (?P<query>.*?) -->(?P<shown>.*?)<!-- /sql -->", re.S)


@dataclass(frozen=True)
class Shown:
    """One query of a page and the result shown: a Markdown table with its last line break, or a value."""

    page: str
    number: int
    query: str
    shown: str


def pages() -> list[str]:
    """Every page whose results are kept true, READMEs first: paths relative to the project."""
    return [
        *READMES,
        "CONTRIBUTING.md",
        *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md")),
    ]


def read_blocks(page: str) -> list[Shown]:
    """The query blocks of a page, in order, numbered from 1."""
    return _read(page, _BLOCK)


def read_values(page: str) -> list[Shown]:
    """The queries inside sentences of a page, in order, numbered from 1."""
    return _read(page, _VALUE)


def _read(page: str, pattern: re.Pattern) -> list[Shown]:
    found = pattern.finditer((ROOT / page).read_text(encoding="utf-8"))
    return [Shown(page, n, match["query"], match["shown"] or "") for n, match in enumerate(found, 1)]


def render(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """Run a query and give its result as a Markdown table. Nothing is shortened; NULL is an empty cell."""
    result = connection.execute(query)
    names = [column[0] for column in result.description]
    rows = [[_cell(value) for value in row] for row in result.fetchall()]
    lines = [names, ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def render_value(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """Run a query of one row and one column and give it as it stands in a sentence."""
    ((value,),) = connection.execute(query).fetchall()
    return _cell(value)


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
    """The text of a page with every result as it is now."""
    text = _BLOCK.sub(lambda m: f"```sql\n{m['query']}```\n\n{render(connection, m['query'])}", text)
    return _VALUE.sub(
        lambda m: f"<!-- sql: {m['query']} -->{render_value(connection, m['query'])}<!-- /sql -->", text
    )


def write(file: Path, of: Iterable[str]) -> Iterator[str]:
    """Renew the results of these pages from a warehouse file; yields the names of those that changed."""
    with duckdb.connect(str(file), read_only=True) as connection:
        for page in of:
            old = (ROOT / page).read_text(encoding="utf-8")
            if (new := rewrite(old, connection)) != old:
                (ROOT / page).write_text(new, encoding="utf-8")
                yield page


def main() -> int:
    """Build the warehouse as of the days that the tests pin, in a temporary folder, and renew the results."""
    sys.path.insert(0, str(ROOT))
    from tests.conftest import AS_OF, LATER, Place
    from tests.mutate.fast import Fast

    parser = argparse.ArgumentParser(description="Renew the results shown in READMEs and docs.")
    parser.add_argument("--write", action="store_true", required=True, help="write the files")
    parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(ROOT / "seeds", Path(folder) / "build", Path(folder) / "public")
        print(f"构建中 · building as of {AS_OF}", flush=True)
        code, output = place.tongcheng("build")
        if code:
            print(output, file=sys.stderr)
            return code
        changed = [*write(place.file, [page for page in pages() if page not in FINDINGS])]
        print(f"构建中 · building as of {LATER}", flush=True)
        later = Fast(place.build, place.public, place.seeds, Path(folder)).remake(place.seeds, as_of=LATER)
        changed += write(later, FINDINGS)
        print(f"已更新 · renewed: {', '.join(changed) or '–'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
