"""Stage 1: one asset per seed table, loaded by `ingest/loader.py` into schema raw of the run's file.

What a row must be is declared in seeds/schema; this file only turns the loader's report into Dagster's words.
"""

import os
import platform
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version

import dagster as dg
import duckdb

from dagster_project import progress, sql
from dagster_project.defs.engine import engine_of, require
from dagster_project.incremental.build import begin, begin_anew
from dagster_project.ingest.loader import LoadReport, load_seeds
from dagster_project.prepare import LOADER_TABLES
from dagster_project.runs import check_ledger
from dagster_project.runs.build_session import BuildSession, Run
from dagster_project.seeds.schema import read_schema
from dagster_project.settings import DUCKDB, ROOT
from dagster_project.tables import markdown_table

GROUP = "ingest"
SEED_TABLES = read_schema(ROOT / "seeds")
NO_REJECTS = "no_rejected_rows"


def _key(name: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", name])


def _seed_specs() -> Iterator[dg.AssetSpec]:
    for table in SEED_TABLES.values():
        columns = [
            dg.TableColumn(
                field.name,
                field.type,
                description=f"{field.title} · {field.description}",
                constraints=dg.TableColumnConstraints(nullable=not field.required),
            )
            for field in table.fields
        ]
        yield dg.AssetSpec(
            _key(table.name),
            description=f"{table.title} · {table.description}\n\n`seeds/{table.path}`",
            group_name=GROUP,
            owners=["team:curators"],
            kinds={"tsv" if table.heads else "csv", "duckdb"},
            metadata={"dagster/column_schema": dg.TableSchema(columns), "seeds": f"seeds/{table.path}"},
            skippable=True,
        )


def _loader_specs() -> Iterator[dg.AssetSpec]:
    """What ingest itself adds; the report on the files depends on every seed table."""
    tokens = [t.name for t in SEED_TABLES.values() if any(f.token_of for f in t.fields)]
    deps = {
        "token": [*tokens, "hedge_terms"],
        "record_head": ["record"],
        "record_part": ["record", "hedge_terms"],
        "build_info": [],
    }
    for name, text in LOADER_TABLES.items():
        yield dg.AssetSpec(
            _key(name),
            deps=[_key(t) for t in deps.get(name, list(SEED_TABLES))],
            description=text,
            group_name=GROUP,
            owners=["team:warehouse"],
            kinds={"python", "duckdb"},
            skippable=True,
        )


@dg.multi_asset(
    name="ingest",
    specs=[*_seed_specs(), *_loader_specs()],
    check_specs=[
        dg.AssetCheckSpec(
            NO_REJECTS,
            asset=_key(name),
            blocking=True,
            description="没有被拒收的行 · all rows of the table's files were accepted; rejects are listed",
        )
        for name in SEED_TABLES
    ],
    can_subset=True,
    pool="warehouse",
)
def ingest(context: dg.AssetExecutionContext, session: BuildSession):
    """Load the selected seed tables; every bad row of every file is reported at once."""
    run = session.run
    engine = require(run)
    selected = {key.path[-1] for key in context.selected_asset_keys}
    tables = [name for name in SEED_TABLES if name in selected]
    report = _load(run, tables)
    with run.connect() as connection:
        if "build_info" in selected:
            _write_build_info(connection, run, report, engine)
        previews = {name: markdown_table(connection, f'raw."{name}"', limit=5) for name in selected}
        counts = {name: sql.count(connection, f"raw.{sql.name(name)}") for name in selected}
    checks = [_recorded(name, _rejects_of(report, name)) for name in tables]
    check_ledger.write(run, "seeds", len(checks), checks, bound=False)

    # upstream first: what reports on the loading depends on every table
    for name in [*tables, *(name for name in LOADER_TABLES if name in selected)]:
        files = [file for file in report.files if file.seed_table == name]
        yield dg.MaterializeResult(
            asset_key=_key(name),
            metadata={
                "dagster/row_count": counts[name],
                "preview": dg.MetadataValue.md(previews[name]),
                **({"files": _file_table(files)} if files else {}),
            },
            check_results=[_check_result(report, name)] if name in SEED_TABLES else [],
        )


def _load(run: Run, tables: list[str]) -> LoadReport:
    """Load into a copy of yesterday's file, where a build can go on from that, or into a file of its own."""
    if run.full and engine_of(run) == DUCKDB and begin(run):
        try:
            return _loaded(run, tables, over_earlier=True)
        except duckdb.Error:  # a block of it is damaged, which shows when it is read
            begin_anew(run)
    return _loaded(run, tables, over_earlier=False)


def _loaded(run: Run, tables: list[str], over_earlier: bool) -> LoadReport:
    with run.connect() as connection:
        return load_seeds(
            connection,
            run.settings.seeds,
            tables,
            on_progress=lambda name, rows: progress.report(
                "ingest", f"{name}: {rows}", tables.index(name) + 1, len(tables)
            ),
            readings=run.settings.readings,
            over_earlier=over_earlier,
        )


def _rejects_of(report: LoadReport, name: str) -> list:
    return [reject for reject in report.rejects if reject.seed_table == name]


def _recorded(name: str, rejects: list) -> check_ledger.Check:
    """For whoever is told of a red night: the first place to look at, and how many there are."""
    check = check_ledger.Check(name, NO_REJECTS, True, not rejects)
    if not rejects:
        return check
    first = rejects[0]
    place = ", ".join(str(part) for part in (first.seed_file, first.line, first.column_name) if part)
    return replace(check, title=f"{place}: {first.rule}", unexpected=len(rejects))


def _check_result(report: LoadReport, name: str) -> dg.AssetCheckResult:
    rejects = _rejects_of(report, name)
    notes = [note for note in report.notes if note.seed_table == name]
    metadata: dict[str, int | dg.TableMetadataValue] = {"rejected": len(rejects), "normalised": len(notes)}
    for label, rows in (("rejects", rejects), ("notes", notes)):
        if rows:
            metadata[f"{label} (first 50)"] = dg.TableMetadataValue(
                records=[
                    dg.TableRecord(
                        {
                            "file": row.seed_file,
                            "line": row.line or 0,
                            "column": row.column_name or "",
                            "value": row.value or "",
                            "rule": row.rule,
                        }
                    )
                    for row in rows[:50]
                ],
                schema=dg.TableSchema(
                    [dg.TableColumn(c) for c in ("file", "line", "column", "value", "rule")]
                ),
            )
    return dg.AssetCheckResult(
        check_name=NO_REJECTS, asset_key=_key(name), passed=not rejects, metadata=metadata
    )


def _file_table(files: list) -> dg.TableMetadataValue:
    return dg.TableMetadataValue(
        records=[
            dg.TableRecord({"file": f.file, "rows": f.rows, "bytes": f.bytes, "sha256": f.sha256})
            for f in files
        ],
        schema=dg.TableSchema([dg.TableColumn(c) for c in ("file", "rows", "bytes", "sha256")]),
    )


def _write_build_info(connection, run: Run, report: LoadReport, engine: tuple[str, str]) -> None:
    """One row that names the build; every later stage and the published version carry it."""
    row = {
        "build_id": run.build_id,
        "run_id": run.run_id,
        "built_at": run.started.replace(tzinfo=None),
        "as_of_date": run.as_of,
        "git_revision": _git_revision(),
        "seed_hash": report.seed_hash,
        "engine": engine[0],
        "engine_version": engine[1],
        "python_version": platform.python_version(),
        **{f"{name}_version": version(package) for name, package in _LIBRARIES.items()},
    }
    types = {"built_at": "timestamp", "as_of_date": "date"}
    columns = ", ".join(f"{name} {types.get(name, 'varchar')}" for name in row)
    connection.execute(f"create or replace table raw.build_info ({columns})")
    connection.execute(f"insert into raw.build_info values ({', '.join('?' * len(row))})", list(row.values()))


_LIBRARIES = {
    "dagster": "dagster",
    "dbt": "dbt-core",
    "duckdb": "duckdb",
    "great_expectations": "great-expectations",
}


def _git_revision() -> str:
    """Commit of the project, `+` where files differ from it, `unknown` outside a checkout."""
    try:
        done = subprocess.run(
            ["git", "-C", os.fspath(ROOT), "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"],
            capture_output=True,
            text=True,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return done.stdout.strip() or "unknown"
