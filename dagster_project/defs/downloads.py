"""Stage 4, before publishing: the marts as files for download. What each file is: downloads/."""

import dagster as dg

from dagster_project import progress
from dagster_project.defs.models import models
from dagster_project.prepare import MANIFEST
from dagster_project.publish import shipped
from dagster_project.runs.build_session import BuildSession
from dagster_project.settings import DATABASE
from dagster_project.tables import markdown

KEY = dg.AssetKey(["published", "downloads"])


@dg.asset(
    key=KEY,
    deps=sorted(key for key in models.keys if key.path[0] == "marts"),
    group_name="publish",
    owners=["team:warehouse"],
    kinds={"parquet", "csv", "excel"},
    pool="warehouse",
    description=(
        "供下载的文件 · files for download: Parquet, CSV with a data package, a workbook, SDMX-CSV; "
        "published together with the warehouse that they are made from."
    ),
)
def downloads(context: dg.AssetExecutionContext, session: BuildSession) -> dg.MaterializeResult:
    """Write the finished file as analysts get it, and every mart in every format from there."""
    from dagster_project.downloads.export import export  # its libraries serve this step alone

    run = session.run
    shown = run.out / DATABASE
    shipped.write(run.database, shown)
    files = export(
        shown,
        run.out,
        MANIFEST,
        lambda text, done, total: progress.report("downloads", text, done, total),
        published=run.settings.public / "current",
    )
    rows = [(file.path, file.rows, file.bytes, file.sha256[:12]) for file in files]
    return dg.MaterializeResult(
        metadata={
            "folder": dg.MetadataValue.path(str(run.settings.public / "downloads")),
            "files": len(files),
            "listing": dg.MetadataValue.md(markdown(["file", "rows", "bytes", "sha256"], rows)),
        }
    )
