"""Parts of the benchmark, each in a process of its own: `python -m tests.scale.parts PART …`."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import duckdb

from dagster_project.seeds.files import SeedTree
from dagster_project.seeds.schema import read_schema
from dagster_project.settings import DATABASE, STORAGE_VERSION, Settings
from dagster_project.sql import name, text
from tests.scale import by_hand, one_script


def connect(database: str) -> duckdb.DuckDBPyConnection:
    """As a step of a build connects, without the imports of Dagster, which are no part of reading."""
    config = {"storage_compatibility_version": STORAGE_VERSION, **Settings.read().duckdb()}
    return duckdb.connect(database, config=config)


def load(seeds: str, database: str, readings: str) -> None:
    """The loader alone, into a new file, as the job's first stage runs it; `readings`: what it keeps."""
    from dagster_project.ingest.loader import load_seeds

    with connect(database) as connection:
        report = load_seeds(connection, Path(seeds), readings=Path(readings))
    if not report.ok:
        sys.exit(f"{report.rejects[:5]}")


def plain(seeds: str, database: str) -> None:
    """DuckDB's own reader, all columns as text, nothing checked, told all that it would otherwise guess."""
    with connect(database) as connection:
        tree = SeedTree(Path(seeds))
        for table in read_schema(Path(seeds)).values():
            files = ", ".join(text(str(file.path)) for file in tree.files_of(table))
            if table.heads or not files:  # a fact record is no plain CSV file
                continue
            connection.execute(
                f"create table {name(table.name)} as from read_csv([{files}], all_varchar = true, "
                "header = true, union_by_name = true, delim = ',', quote = '\"', escape = '\"')"
            )


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


def whole(seeds: str, build: str, out: str) -> None:
    """The script for all tables that the job makes; `out`: a new folder."""
    Path(out).mkdir()
    with connect(str(Path(out) / DATABASE)) as connection:
        one_script.run(connection, Path(seeds), Path(build), Path(out))


if __name__ == "__main__":
    PARTS = {"load": load, "plain": plain, "tokens": tokens, "script": script, "whole": whole}
    PARTS[sys.argv[1]](*sys.argv[2:])
