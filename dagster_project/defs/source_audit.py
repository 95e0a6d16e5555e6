"""Stage 1, beside the seeds: the result of the audit for each document. The audit itself: audit/."""

from collections.abc import Iterator

import dagster as dg

from dagster_project.audit.comparison import AuditError
from dagster_project.audit.results import audit_and_keep, latest_results, write_table
from dagster_project.defs.ingest import SEED_TABLES
from dagster_project.prepare import AUDIT_TABLE
from dagster_project.runs.build_session import BuildSession
from dagster_project.seeds.as_written import UnreadableSeeds
from dagster_project.tables import markdown

KEY = dg.AssetKey(["raw", "source_audit"])
CHECK = "complete_and_true"


@dg.multi_asset(
    name="source_audit",
    specs=[
        dg.AssetSpec(
            KEY,
            deps=[dg.AssetKey(["raw", name]) for name in SEED_TABLES],
            description=AUDIT_TABLE["source_audit"],
            group_name="ingest",
            owners=["team:curators"],
            kinds={"python", "duckdb"},
            skippable=True,
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            CHECK,
            asset=KEY,
            # What blocks is the gate on marts.source_audit: it also applies where no documents are available.
            description="每个数字、每句陈述都有着落且无误；没有文档时跳过 · every numeral and statement is "
            "accounted for and every figure is right; skipped where the documents are not available "
            "(TONGCHENG_CORPUS)",
        )
    ],
    can_subset=True,
    pool="warehouse",
)
def source_audit(context: dg.AssetExecutionContext, session: BuildSession) -> Iterator:
    """Audit where the documents are available; otherwise take the stored results for exactly these seeds."""
    settings = session.run.settings
    corpus = settings.corpus if settings.corpus and settings.corpus.is_dir() else None
    try:
        if corpus:
            audits, note = audit_and_keep(settings, corpus)
            context.log.info(note)
        rows = latest_results(settings.audits, settings.seeds)
    except (AuditError, UnreadableSeeds) as error:
        raise dg.Failure(str(error)) from None
    with session.run.connect() as connection:
        write_table(connection, rows)
    shown = ("source_id", "status", "tokens", "covered", "missing", "statements", "told", "wrong")
    results = markdown(list(shown), [tuple(row[name] for name in shown) for row in rows])
    yield dg.MaterializeResult(
        asset_key=KEY, metadata={"dagster/row_count": len(rows), "results": dg.MetadataValue.md(results)}
    )
    if not corpus:
        context.log.warning(
            "未核对：没有文档 · check skipped: the documents are not available (TONGCHENG_CORPUS)"
        )
        return
    sources = [source for each in audits for source in each.sources]
    misses = [finding for source in sources for finding in (*source.missing, *source.untold, *source.wrong)]
    first = [(m.source_id, m.line, m.token, m.rule) for m in misses[:20]]
    yield dg.AssetCheckResult(
        asset_key=KEY,
        check_name=CHECK,
        passed=all(each.complete for each in audits),
        metadata={
            "misses": len(misses),
            "first": dg.MetadataValue.md(markdown(["source", "line", "token", "rule"], first)),
        },
    )
