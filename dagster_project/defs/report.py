"""Stage 4, before publishing: the report as a folder of static pages. What a page says stands in report/."""

import json

import dagster as dg

from dagster_project import progress
from dagster_project.prepare import MANIFEST
from dagster_project.warehouse import Warehouse

PAGE = "/site/index.html"  # as the UI serves it, once published


def _marts() -> list[dg.AssetKey]:
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"].values()
    return sorted(
        dg.AssetKey(["marts", n["name"]])
        for n in nodes
        if n["resource_type"] == "model" and n["schema"] == "marts"
    )


@dg.asset(
    key=["report", "site"],
    deps=_marts(),
    group_name="publish",
    owners=["team:warehouse"],
    kinds={"html"},
    pool="warehouse",
    metadata={"page": dg.MetadataValue.url(PAGE)},
    description=(
        "给读者的报告,离线可读,双语 · the report for readers: static pages in both languages with charts, "
        "`public/site/index.html` once published. Made only of what the marts say."
    ),
)
def site(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Write the pages beside the run's file; publishing takes them along."""
    from dagster_project.report.site import build_site, recorded_checks  # Altair takes a second to import

    run = warehouse.run
    progress.report("report", run.build_id)
    charts = build_site(
        run.database,
        run.out / "site",
        cache=run.settings.build / "cache",
        checks=recorded_checks(run.folder),
        gate_page=run.settings.gates / "index.html",
        on_progress=lambda text: progress.report("report", text),
    )
    files = [path for path in (run.out / "site").rglob("*") if path.is_file()]
    return dg.MaterializeResult(
        metadata={
            "page": dg.MetadataValue.url(PAGE),
            "pages": sum(path.suffix == ".html" for path in files),
            "bytes": sum(path.stat().st_size for path in files),
            "charts": len(charts),
        }
    )
