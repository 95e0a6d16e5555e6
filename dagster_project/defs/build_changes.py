"""Stage 1, beside the seeds: what differs from the published version. Compared by publish/changes.py."""

import dagster as dg

from dagster_project import sql
from dagster_project.defs.ingest import SEED_TABLES
from dagster_project.prepare import CHANGES_TABLE
from dagster_project.publish.changes import ChangesError, write_changes
from dagster_project.runs.build_session import BuildSession
from dagster_project.tables import markdown_table

KEY = dg.AssetKey(["raw", "build_changes"])


@dg.asset(
    key=KEY,
    deps=[dg.AssetKey(["raw", name]) for name in [*SEED_TABLES, "seed_files"]],
    description=CHANGES_TABLE["build_changes"],
    group_name="ingest",
    owners=["team:warehouse"],
    kinds={"duckdb"},
    pool="warehouse",
)
def build_changes(context: dg.AssetExecutionContext, session: BuildSession) -> dg.MaterializeResult:
    """Compare what was loaded with the published version, rolled back or not; the first build has none."""
    run = session.run
    with run.connect() as connection:
        try:
            before = write_changes(connection, SEED_TABLES.values(), run.settings.public)
        except ChangesError as error:
            raise dg.Failure(str(error), allow_retries=False) from None
        count = sql.count(connection, "raw.build_changes")
        preview = markdown_table(connection, "raw.build_changes", limit=10)
    context.log.info(f"与之比较 · compared with: {before or '尚无已发布版本 · nothing published yet'}")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": count,
            "compared_with": before or "",
            "preview": dg.MetadataValue.md(preview),
        }
    )
