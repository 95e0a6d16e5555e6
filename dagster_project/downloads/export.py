"""All downloads of one finished file, in order. Each format stands in a module of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from dagster_project import sql
from dagster_project.downloads import sdmx
from dagster_project.downloads.data_package import write_data_package
from dagster_project.downloads.flat_files import write_csv, write_parquet
from dagster_project.downloads.index import File, write_index
from dagster_project.downloads.marts import read_build, read_marts
from dagster_project.downloads.sdmx_structure import write_structure
from dagster_project.downloads.sheet_limits import SHEET_ROWS
from dagster_project.downloads.workbook import write_workbook
from dagster_project.settings import MEMORY_LIMIT

Progress = Callable[[str, int, int], None]


def export(
    database: Path,
    out: Path,
    manifest: Path,
    on_progress: Progress = lambda text, done, total: None,
    sheet_rows: int = SHEET_ROWS,
) -> list[File]:
    """Write every download into `out` and return what is there, the database first.

    manifest: dbt's, for keys; on_progress: told what is written, how many files of how many are done;
    sheet_rows: rows from which a mart is too long for a sheet.
    """
    for folder in ("parquet", "csv", "sdmx", "downloads"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute(f"set memory_limit = {sql.text(MEMORY_LIMIT)}")
        # Sorted files stay sorted; of the others, four times less is held in memory.
        connection.execute("set preserve_insertion_order = false")
        marts, build = read_marts(connection, manifest), read_build(connection)
        total, done, rows = 2 * len(marts) + 3, 0, {}

        def begin(path: str, count: int | None) -> Path:
            nonlocal done
            on_progress(path, done, total)
            done += 1
            rows[path] = count
            return out / path

        for mart in marts:
            write_parquet(connection, mart, begin(f"parquet/{mart.name}.parquet", mart.rows), build)
            write_csv(connection, mart, begin(f"csv/{mart.name}.csv", mart.rows))
        in_sheets = sum(mart.rows for mart in marts if mart.rows <= sheet_rows)
        path = begin("tongcheng.xlsx", in_sheets)
        write_workbook(
            connection,
            marts,
            path,
            build,
            lambda mart, written: on_progress(f"{path.name}: {mart} {written}", done - 1, total),
            sheet_rows,
        )
        stated = next(mart for mart in marts if mart.name == sdmx.MART)
        sdmx.write_sdmx_csv(connection, stated, begin(f"sdmx/{stated.name}.csv", stated.rows))
        write_structure(connection, marts, begin("sdmx/structure.json", None), build)
        files = {path: File.of(out / path, out, count) for path, count in rows.items()}
        write_data_package(connection, marts, files, build, out / "datapackage.json")
    warehouse = File.of(database, database.parent, sum(mart.rows for mart in marts))
    package = File.of(out / "datapackage.json", out, None)
    listed = [warehouse, package, *sorted(files.values(), key=lambda file: file.path)]
    write_index(out / "downloads", build, listed)
    return listed
