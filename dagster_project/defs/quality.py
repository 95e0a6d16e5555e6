"""Stage 3: every gate of expectations/ as an asset check. What a gate demands stands there, as data."""

from collections.abc import Iterator

import dagster as dg

from dagster_project import progress
from dagster_project.gates.gate import GateResult
from dagster_project.gates.page import render_page
from dagster_project.gates.suites import applying, evaluate, read_suites
from dagster_project.runs import check_ledger
from dagster_project.runs.build_session import BuildSession
from dagster_project.settings import EXPECTATIONS

# What is wrong with a file turns the check below red; the job, its alerts and all other gates stay.
SUITES, PROBLEMS = read_suites(EXPECTATIONS)
FILES = dg.AssetCheckKey(dg.AssetKey(["marts", "build_info"]), "gate_files_are_sound")
BESIDE_GATES = (FILES,)  # checks of this stage that no file declares


def _specs() -> Iterator[dg.AssetCheckSpec]:
    yield dg.AssetCheckSpec(
        FILES.name,
        asset=FILES.asset_key,
        blocking=True,
        description="门禁文件均可读 · every file of expectations/ can be read",
    )
    for suite in SUITES:
        for gate in suite.gates:
            yield dg.AssetCheckSpec(
                gate.id,
                asset=dg.AssetKey(["marts", suite.relation]),
                blocking=gate.blocking,
                description=f"{gate.title}\n\n{gate.reason}",
                metadata={"page": dg.MetadataValue.url("/gates/index.html"), "severity": gate.severity},
            )


@dg.multi_asset_check(name="gates", specs=list(_specs()), can_subset=True, pool="warehouse")
def gates_of_marts(context: dg.AssetCheckExecutionContext, session: BuildSession):
    """Evaluate the selected gates on the finished file and show the rows that offend them."""
    run = session.run
    if FILES in context.selected_asset_check_keys:
        yield dg.AssetCheckResult(
            asset_key=FILES.asset_key,
            check_name=FILES.name,
            passed=not PROBLEMS,
            metadata={"problems": "\n".join(PROBLEMS)} if PROBLEMS else {},
        )
    wanted = {(key.asset_key.path[-1], key.name) for key in context.selected_asset_check_keys}
    suites = [kept for suite in SUITES if (kept := suite.only(wanted))]
    results = evaluate(
        suites,
        run.database,
        on_progress=lambda text, done, total: progress.report("gates", text, done, total),
        passed=check_ledger.passed(run.settings.work, "gates") if run.full else (),
    )
    if run.full:
        checks = [
            check_ledger.Check(
                result.relation,
                result.id,
                result.gate.blocking,
                result.success if result.evaluated else None,
                result.skipped,
                result.gate.title,
                result.unexpected_count or 0,
            )
            for result in results
        ]
        checks.append(check_ledger.Check(FILES.asset_key.path[-1], FILES.name, True, not PROBLEMS))
        check_ledger.write(run, "gates", len(applying(SUITES, run.database)) + len(BESIDE_GATES), checks)
        # One gate looked at by itself is no page of all gates.
        build = {"build_id": run.build_id, "as_of_date": run.as_of, "run_id": run.run_id}
        render_page(results, build, run.settings.gates / "index.html", PROBLEMS)
    for result in results:
        if result.skipped:
            continue  # a check without a result is shown as not executed: it neither passed nor failed
        yield dg.AssetCheckResult(
            asset_key=dg.AssetKey(["marts", result.relation]),
            check_name=result.id,
            passed=bool(result.success),
            severity=dg.AssetCheckSeverity.ERROR if result.gate.blocking else dg.AssetCheckSeverity.WARN,
            metadata=_metadata(result),
        )


def _metadata(result: GateResult) -> dict:
    metadata = {
        "rule": result.gate.rule,
        "reason": result.gate.reason,
        "unexpected": result.unexpected_count or 0,
        "page": dg.MetadataValue.url("/gates/index.html"),
    }
    if result.error:
        metadata["error"] = result.error
    if result.observed is not None:
        metadata["observed"] = str(result.observed)
    return {**metadata, **offending(result.offending_rows)}


def offending(rows: list[dict]) -> dict:
    """The rows that a red check found, as its metadata."""
    if not rows:
        return {}
    shown = [{key: "" if value is None else str(value) for key, value in row.items()} for row in rows]
    schema = dg.TableSchema([dg.TableColumn(column) for column in rows[0]])
    return {"offending rows": dg.TableMetadataValue(list(map(dg.TableRecord, shown)), schema)}
