"""Parts of the benchmark, each in a process of its own: `python -m tests.scale.parts PART …`."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import duckdb

from dagster_project.sql import text
from tests.scale import by_hand


def load(seeds: str, database: str) -> None:
    """The loader alone, into a new file, as the job's first stage runs it."""
    from dagster_project.ingest.loader import load_seeds
    from dagster_project.runs.build_session import connect

    with connect(Path(database)) as connection:
        report = load_seeds(connection, Path(seeds))
    if not report.ok:
        sys.exit(f"{report.rejects[:5]}")


def tokens(seeds: str, given: str) -> None:
    """Only the reading of the distinct tokens, which the script is spared."""
    from dagster_project.figures.lexicon import Lexicon
    from dagster_project.figures.tokens import parse_token

    with (Path(seeds) / "hedge_terms.csv").open(encoding="utf-8", newline="") as file:
        lexicon = Lexicon.from_rows(list(csv.DictReader(file)))
    for (value,) in duckdb.sql(
        f"select value_text from read_parquet({text(given + '/token.parquet')})"
    ).fetchall():
        parse_token(value, lexicon)


def script(seeds: str, given: str, database: str) -> None:
    """The hand-written script."""
    by_hand.run(Path(database), Path(seeds), Path(given))


if __name__ == "__main__":
    {"load": load, "tokens": tokens, "script": script}[sys.argv[1]](*sys.argv[2:])
