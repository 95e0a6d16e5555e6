"""All downloads of one finished file, in order. Each format stands in a module of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from dagster_project import sql
from dagster_project.downloads import sdmx
from dagster_project.downloads.content import Published, Rows, content_of
from dagster_project.downloads.data_package import write_data_package
from dagster_project.downloads.flat_files import write_csv, write_parquet
from dagster_project.downloads.index import File, write_index
from dagster_project.downloads.marts import Mart, read_build, read_marts
from dagster_project.downloads.parts import PART_ROWS, Part, parts_of
from dagster_project.downloads.sdmx_structure import write_structure
from dagster_project.downloads.sheet_limits import SHEET_ROWS, elsewhere
from dagster_project.downloads.side_by_side import Wanted, have
from dagster_project.downloads.workbook import write_workbook

WORKBOOK, PACKAGE = "tongcheng.xlsx", "datapackage.json"
OF_THE_DAY = "每日各行皆变，见 tongcheng.duckdb · other in every row each day: in tongcheng.duckdb"
DATA, STRUCTURE = f"sdmx/{sdmx.MART}.csv", "sdmx/structure.json"
Progress = Callable[[str, int, int], None]


def export(
    database: Path,
    out: Path,
    manifest: Path,
    on_progress: Progress = lambda text, done, total: None,
    sheet_rows: int = SHEET_ROWS,
    sdmx_rows: int = sdmx.MOST_ROWS,
    published: Path | None = None,
    part_rows: int = PART_ROWS,
) -> list[File]:
    """Have every download in `out` and return what is there, the database first, with rows as written.

    manifest: dbt's, for keys; on_progress: told what is written, how many files of how many are done;
    sheet_rows, sdmx_rows: the most rows of a sheet, and of SDMX; published: folder of the version that
    readers have, whose files are linked where they would be the same; part_rows: of a file of a long mart,
    more or less.
    """
    for folder in ("parquet", "csv", "sdmx", "downloads"):
        shutil.rmtree(out / folder, ignore_errors=True)
        (out / folder).mkdir(parents=True)
    with sql.read(database) as connection:
        marts, build = read_marts(connection, manifest), read_build(connection)
        parts = {mart.name: parts_of(connection, mart, part_rows) for mart in marts}
        wanted = list(_wanted(marts, parts, build, sdmx_rows))
        total = len(wanted) + 3

        files = have(
            connection, wanted, out, Published.read(published), lambda path, n: on_progress(path, n, total)
        )

        def begin(path: str) -> Path:
            on_progress(path, len(files), total)
            return out / path

        def show(mart: str, written: int) -> None:
            on_progress(f"{WORKBOOK}: {mart} {written}", len(files), total)

        lacking = {f"{WORKBOOK}: {m.name}": elsewhere(m) for m in marts if m.rows > sheet_rows}
        lacking |= {f"parquet, csv: {m.name}.{c}": OF_THE_DAY for m in marts for c in m.keys.of_the_day}
        if DATA not in files:
            lacking[DATA] = sdmx.on_demand(next(mart for mart in marts if mart.name == sdmx.MART))
        rows = write_workbook(connection, marts, begin(WORKBOOK), build, show, sheet_rows)
        files[WORKBOOK] = File.of(out / WORKBOOK, out, rows)
        write_structure(connection, marts, begin(STRUCTURE), build)
        files[STRUCTURE] = File.of(out / STRUCTURE, out, None)
        cut = {mart: [files[part.path("csv")] for part in each] for mart, each in parts.items()}
        write_data_package(connection, marts, cut, build, begin(PACKAGE))
    warehouse = File.of(database, database.parent, sum(mart.rows for mart in marts))
    package = File.of(out / PACKAGE, out, None)
    listed = [warehouse, package, *sorted(files.values(), key=lambda file: file.path)]
    write_index(out, build, listed, lacking)
    return listed


def _wanted(marts: list[Mart], parts: dict[str, list[Part]], build: dict, sdmx_rows: int) -> Iterator[Wanted]:
    """The files of rows: each part of each mart as Parquet and CSV, and one mart as SDMX."""
    longest_first = sorted(
        marts, key=lambda mart: max(part.rows.count for part in parts[mart.name]), reverse=True
    )
    for mart in longest_first:  # each is written by one thread
        for part in parts[mart.name]:
            content, rows = content_of(mart, part.rows), part.in_order
            yield Wanted(part.path("parquet"), content, partial(write_parquet, mart, rows, build))
            yield Wanted(part.path("csv"), content, partial(write_csv, mart, rows))
        if mart.name == sdmx.MART and mart.rows <= sdmx_rows:
            all_rows = sum((part.rows for part in parts[mart.name]), Rows(0, 0, 0))
            yield Wanted(DATA, content_of(mart, all_rows), partial(sdmx.write_sdmx_csv, mart))
