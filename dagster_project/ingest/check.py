"""`tongcheng check`: lists every error in the seeds at once, without a build."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb
from rich.table import Table
from rich.text import Text

from dagster_project.ingest.loader import Finding, LoadReport, load_seeds
from dagster_project.ingest.relations import TABLES, broken_relations
from dagster_project.seeds.as_written import Seeds
from dagster_project.settings import Settings
from dagster_project.terminal import Screen


def check_seeds(settings: Settings) -> int:
    """Load everything into memory and print what is wrong. Returns the exit code: 0 clean, 1 not."""
    console = Screen()
    report = read_seeds(settings)
    show_findings(console, report)
    rows = sum(report.rows.values())
    if report.ok:
        console.print(
            f"种子无误 · no errors in the seeds: {rows} rows in {len(report.files)} files",
            style="green",
            highlight=False,
        )
        return 0
    files = len({reject.seed_file for reject in report.rejects})
    console.print(
        f"错误 {len(report.rejects)} 处，文件 {files} 个 · errors: {len(report.rejects)}, files: {files}",
        style="red",
        highlight=False,
    )
    return 1


def read_seeds(settings: Settings) -> LoadReport:
    """What a build would refuse of the seeds; nothing is kept."""
    # By default what memory does not hold goes to one folder of the working one, whichever process it is.
    with (
        tempfile.TemporaryDirectory(prefix="tongcheng-check-") as spill,
        duckdb.connect(":memory:", config={**settings.duckdb(), "temp_directory": spill}) as connection,
    ):
        report = load_seeds(connection, settings.seeds, readings=settings.readings, keep=False)
    # A folder that does not declare them all has no relations between figures.
    if report.rejects or not report.rows.keys() >= set(TABLES):
        return report
    return replace(report, rejects=_broken_relations(settings.seeds))


def _broken_relations(seeds: Path) -> list[Finding]:
    return [
        Finding("relations", file, int(line), "relation_id", row["relation_id"], rule)
        for row, rule in broken_relations(Seeds(seeds, TABLES))
        for file, _, line in [row["_place"].rpartition(":")]
    ]


def show_findings(console: Screen, report: LoadReport) -> None:
    """Rejects and notes: a table for a person, one plain line each where the output is not a terminal."""
    for title, rows in (("拒收 · rejected", report.rejects), ("已规范化 · normalised", report.notes)):
        if not rows:
            continue
        if not console.is_terminal:
            for row in rows:
                place = f"{row.seed_file}:{row.line or 1}"
                cell = f"{row.column_name}={row.value or ''!r}: " if row.column_name else ""
                print(f"{title}: {place}: {cell}{row.rule}")
            continue
        table = Table("文件 · file", "行 · line", "列 · column", "值 · value", "规则 · rule", title=title)
        for row in rows:
            cells = (row.seed_file, str(row.line or ""), row.column_name or "", row.value or "", row.rule)
            table.add_row(*(Text(cell, overflow="fold") for cell in cells))
        console.print(table)
