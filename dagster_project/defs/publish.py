"""Stage 4: a green file becomes the published version. How versions are kept: publish/versions.py."""

import json
from dataclasses import asdict
from datetime import date, datetime

import dagster as dg

from dagster_project import progress, sql
from dagster_project.defs import downloads, report
from dagster_project.defs.ingest import SEED_TABLES
from dagster_project.defs.models import declared_tests
from dagster_project.defs.quality import BESIDE_GATES
from dagster_project.gates.suites import applying, load_suites
from dagster_project.incremental.build import how
from dagster_project.operate.status import GRACE
from dagster_project.prepare import MANIFEST
from dagster_project.publish import shipped, versions
from dagster_project.runs import check_ledger
from dagster_project.runs.build_session import BuildSession, Run, keep_as_work
from dagster_project.settings import EXPECTATIONS, NIGHTLY, TIMEZONE
from dagster_project.tables import markdown

_DUE = datetime.combine(date.min, NIGHTLY) + GRACE  # the hour by which a night's version is there


# Served beside Dagster's own pages (ui/server.py).
LINKS = {
    "report": dg.MetadataValue.url("/published/site/index.html"),
    "gates": dg.MetadataValue.url("/gates/index.html"),
}


def _contents() -> set[dg.AssetKey]:
    """Every mart, and every other table of the file that no model reads: red checks on them keep it back."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    nodes = {**manifest["sources"], **manifest["nodes"]}
    contents = set()
    for key, node in nodes.items():
        read_on = any(child.startswith("model.") for child in manifest["child_map"].get(key, []))
        if node["resource_type"] in {"model", "source"} and (node["schema"] == "marts" or not read_on):
            contents.add(dg.AssetKey([node["schema"], node["name"]]))
    return contents


@dg.asset(
    key=["published", "tongcheng"],
    deps=sorted(_contents() | {downloads.KEY, report.KEY}),
    group_name="publish",
    metadata=LINKS,
    owners=["team:warehouse"],
    kinds={"duckdb", "file"},
    pool="warehouse",
    freshness_policy=dg.FreshnessPolicy.cron(
        deadline_cron=f"{_DUE.minute} {_DUE.hour} * * *", lower_bound_delta=GRACE, timezone=TIMEZONE
    ),
    description=(
        "已发布的数据仓库 · the published warehouse, `public/tongcheng.duckdb`: one file, replaced as a "
        "whole when every blocking check of the run is green, and never otherwise."
    ),
)
def published(context: dg.AssetExecutionContext, session: BuildSession) -> dg.MaterializeResult:
    """Publish the run's file if its check ledger is complete, else refuse."""
    run = session.run
    progress.report("publish", run.build_id)
    suites = load_suites(EXPECTATIONS)
    gates = {(gate.relation, gate.id): gate for suite in suites for gate in suite.gates}
    apply = {(gate.relation, gate.id) for gate in applying(suites, run.database)}
    declared = {"seeds": len(SEED_TABLES), "dbt": declared_tests(), "gates": len(apply) + len(BESIDE_GATES)}
    skipped = [
        {"part": "gates", "relation": relation, "name": name, "pins": list(gate.pins)}
        for (relation, name), gate in gates.items()
        if (relation, name) not in apply
    ]
    try:
        checks = check_ledger.require(run, declared, {(one["relation"], one["name"]) for one in skipped})
    except check_ledger.Unproven as refusal:
        raise dg.Failure(f"拒绝发布 · not published: {refusal}", allow_retries=False) from None
    manifest = {**_describe(run), "inputs": run.inputs, "checks": checks, "skipped": skipped}
    try:
        version = versions.publish(run.settings.public, run.folder, run.build_id, manifest, shipped.require)
    except versions.VersionError as refusal:
        raise dg.Failure(f"拒绝发布 · not published: {refusal}", allow_retries=False) from None
    keep_as_work(run)
    if version is None:
        held = versions.held(run.settings.public)
        text = f"已回退并保持 · held at {held} by a rollback: checked but not published; `tongcheng resume`"
        context.log.warning(text)
        return dg.MaterializeResult(metadata={"held": text})
    return dg.MaterializeResult(
        metadata={
            **LINKS,
            "build_id": version.build_id,
            "file": dg.MetadataValue.path(str(run.settings.public / "tongcheng.duckdb")),
            "checks": len(checks),
            "bytes": version.manifest["files"][0]["bytes"],
            "rows": dg.MetadataValue.md(markdown(["mart", "rows"], list(manifest["rows"].items()))),
        }
    )


def _describe(run: Run) -> dict:
    """What the manifest says of the build: identity, how models were made, rows of each mart, seed files."""
    with sql.read(run.database) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
        ).fetchall()
        rows = {name: sql.count(connection, f"marts.{sql.name(name)}") for (name,) in names}
        (build,) = sql.records(connection, "select * from raw.build_info")
        query = "select seed_file as file, rows, bytes, sha256 from raw.seed_files order by seed_file"
        seeds = sql.records(connection, query)
    told = {column: str(value) for column, value in build.items()}
    made = how(run.folder)
    models = {name: value for name, value in asdict(made).items() if name != "code"} if made else None
    return {**told, "models": models, "rows": rows, "seeds": seeds}
