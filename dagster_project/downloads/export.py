"""All downloads of one finished file, in order. Each format stands in a module of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dagster_project import sql
from dagster_project.downloads import sdmx
from dagster_project.downloads.data_package import write_data_package
from dagster_project.downloads.flat_files import write_csv, write_parquet
from dagster_project.downloads.index import File, write_index
from dagster_project.downloads.marts import read_build, read_marts
from dagster_project.downloads.sdmx_structure import write_structure
from dagster_project.downloads.sheet_limits import SHEET_ROWS
from dagster_project.downloads.workbook import write_workbook

WORKBOOK, STRUCTURE = "tongcheng.xlsx", "sdmx/structure.json"
Progress = Callable[[str, int, int], None]


def export(
    database: Path,
    out: Path,
    manifest: Path,
    on_progress: Progress = lambda text, done, total: None,
    sheet_rows: int = SHEET_ROWS,
) -> list[File]:
    """Write every download into `out` and return what is there, the database first, with rows as written.

    manifest: dbt's, for keys; on_progress: told what is written, how many files of how many are done;
    sheet_rows: rows from which a mart is too long for a sheet.
    """
    for folder in ("parquet", "csv", "sdmx", "downloads"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    with sql.read(database) as connection:
        # Sorted files stay sorted; of the others, four times less is held in memory.
        connection.execute("set preserve_insertion_order = false")
        marts, build = read_marts(connection, manifest), read_build(connection)
        total = 2 * len(marts) + 3
        rows: dict[str, int | None] = {}  # of each file, as it was written

        def begin(path: str) -> Path:
            on_progress(path, len(rows), total)
            return out / path

        def show(mart: str, written: int) -> None:
            on_progress(f"{WORKBOOK}: {mart} {written}", len(rows), total)

        for mart in marts:
            path = f"parquet/{mart.name}.parquet"
            rows[path] = write_parquet(connection, mart, begin(path), build)
            path = f"csv/{mart.name}.csv"
            rows[path] = write_csv(connection, mart, begin(path))
        rows[WORKBOOK] = write_workbook(connection, marts, begin(WORKBOOK), build, show, sheet_rows)
        stated = next(mart for mart in marts if mart.name == sdmx.MART)
        path = f"sdmx/{stated.name}.csv"
        rows[path] = sdmx.write_sdmx_csv(connection, stated, begin(path))
        write_structure(connection, marts, begin(STRUCTURE), build)
        rows[STRUCTURE] = None
        files = {path: File.of(out / path, out, count) for path, count in rows.items()}
        write_data_package(connection, marts, files, build, out / "datapackage.json")
    warehouse = File.of(database, database.parent, sum(mart.rows for mart in marts))
    package = File.of(out / "datapackage.json", out, None)
    listed = [warehouse, package, *sorted(files.values(), key=lambda file: file.path)]
    write_index(out / "downloads", build, listed)
    return listed
