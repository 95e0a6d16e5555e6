"""Stage 4, before publishing: the report as a folder of static pages. What a page says stands in report/."""

import dagster as dg

from dagster_project import progress
from dagster_project.defs.models import models
from dagster_project.runs.build_session import BuildSession
from dagster_project.settings import CACHE

KEY = dg.AssetKey(["published", "site"])
PAGE = "/published/site/index.html"  # as the UI serves it, once published


@dg.asset(
    key=KEY,
    deps=sorted(key for key in models.keys if key.path[0] == "marts"),
    group_name="publish",
    owners=["team:warehouse"],
    kinds={"html"},
    pool="warehouse",
    metadata={"page": dg.MetadataValue.url(PAGE)},
    description=(
        "给读者的报告，离线可读，双语 · the report for readers: static pages in both languages, from "
        "`public/site/index.html` on, published together with the warehouse that they are made from."
    ),
)
def site(context: dg.AssetExecutionContext, session: BuildSession) -> dg.MaterializeResult:
    """Write the pages beside the run's file; publishing takes them along."""
    from dagster_project.report.pictures import as_markdown  # charts take a second to import
    from dagster_project.report.site import build_site, recorded_checks

    run = session.run
    progress.report("report", run.build_id)
    to = run.out / "site"
    shown = build_site(
        run.database,
        to,
        cache=CACHE,
        checks=recorded_checks(run.folder),
        gate_page=run.settings.gates / "index.html",
        manifest=run.settings.build / "dbt" / "manifest.json",
        published=run.settings.public / "current" / "site",
        on_progress=lambda text: progress.report("report", text),
        on_warning=context.log.warning,
    )
    files = [path for path in to.rglob("*") if path.is_file()]
    return dg.MaterializeResult(
        metadata={
            "page": dg.MetadataValue.url(PAGE),
            "pages": sum(path.suffix == ".html" for path in files),
            "bytes": sum(path.stat().st_size for path in files),
            "headlines": dg.MetadataValue.md(as_markdown(shown, page="/published/site/indicators/{}.html")),
        }
    )
