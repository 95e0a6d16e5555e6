"""Stage 1, beside the seeds: what differs from the published version. Compared by publish/changes.py."""

from collections.abc import Iterator

import dagster as dg

from dagster_project import sql
from dagster_project.defs.ingest import SEED_TABLES
from dagster_project.prepare import CHANGES_TABLES
from dagster_project.publish.changes import ChangesError, write_changes
from dagster_project.runs.build_session import BuildSession
from dagster_project.tables import markdown_table


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["raw", table],
            deps=[dg.AssetKey(["raw", name]) for name in [*SEED_TABLES, "seed_files"]],
            description=description,
            group_name="ingest",
            owners=["team:warehouse"],
            kinds={"duckdb"},
        )
        for table, description in CHANGES_TABLES.items()
    ],
    pool="warehouse",
)
def changes(context: dg.AssetExecutionContext, session: BuildSession) -> Iterator[dg.MaterializeResult]:
    """Compare what was loaded with the published version, rolled back or not; the first build has none."""
    run = session.run
    with run.connect() as connection:
        try:
            before = write_changes(connection, SEED_TABLES.values(), run.settings.public)
        except ChangesError as error:
            raise dg.Failure(str(error), allow_retries=False) from None
        told = {
            table: (sql.count(connection, table), markdown_table(connection, table, limit=10))
            for table in (f"raw.{name}" for name in CHANGES_TABLES)
        }
    context.log.info(f"与之比较 · compared with: {before or '尚无已发布版本 · nothing published yet'}")
    for table, (count, preview) in told.items():
        yield dg.MaterializeResult(
            asset_key=table.split("."),
            metadata={
                "dagster/row_count": count,
                "compared_with": before or "",
                "preview": dg.MetadataValue.md(preview),
            },
        )
