"""Stage 2: the dbt project as assets, and for each relation one check, which is all its dbt tests.

What the models and the tests say stands in dbt_project/.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import dagster as dg

from dagster_project import progress, sql
from dagster_project.dbt_command import Outcome
from dagster_project.defs.engine import run_dbt, told_of
from dagster_project.defs.quality import offending
from dagster_project.imports import lean
from dagster_project.prepare import MANIFEST
from dagster_project.runs import check_ledger
from dagster_project.runs.build_session import BuildSession, Run
from dagster_project.settings import SHOWN_ROWS

with lean(absent={"dbt"}):  # it reads the manifest by itself then; dbt is a process of its own
    from dagster_dbt import DagsterDbtTranslator, build_dbt_asset_specs

# Unit tests try the logic on made-up rows, not tonight's data: as dbt advises, `make test` runs them.
BUILD = ["build", "--exclude-resource-type", "unit_test", "exposure"]
CHECK = "dbt_tests"
# What later stages import when they begin: a build does so while it waits for dbt, and a core is idle.
AHEAD = tuple(f"dagster_project.{name}" for name in ("gates.engine", "downloads.export", "report.site"))
# Of the tables between the models a night on which little is new keeps few; a run of one asset may want more.
NOT_KEPT = re.compile(r"Table with name int_\w+ does not exist")
UPSTREAM = (
    "所读的中间表未留存，请连同上游选取，或先 tongcheng build --full · "
    "a table between the models was not kept: select what it comes from as well, "
    "or run tongcheng build --full first"
)
VERDICTS = {"pass": True, "warn": True, "fail": False, "error": False}  # others: not evaluated


class Translator(DagsterDbtTranslator):
    """Names as the layout has them: group and first part of the key are the stage."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The folder below models/: staging, intermediate or marts."""
        return dbt_resource_props["fqn"][1]


def _nodes(resource_type: str) -> dict[str, dict]:
    """The manifest's nodes of one kind by their unique id."""
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"]
    return {key: node for key, node in nodes.items() if node["resource_type"] == resource_type}


def declared_tests() -> int:
    """How many tests a full run must have evaluated."""
    return len(_nodes("test"))


def _tests_by_relation() -> dict[str, dict[str, dict]]:
    tests: dict[str, dict[str, dict]] = defaultdict(dict)
    for key, node in _nodes("test").items():
        tests[_relation(node)][key] = node
    return tests


def _relation(test: dict) -> str:
    """The model that a test is about; a test that is a query of its own says which."""
    if attached := test.get("attached_node"):
        return attached.split(".")[-1]
    return test["config"]["meta"]["dagster"]["ref"]["name"]


def _rule(test: dict) -> str:
    return test["meta"]["description"]


TESTS = _tests_by_relation()


@cache
def _asset_specs() -> Sequence[dg.AssetSpec]:
    """Not a constant: Dagster would find it here beside the assets made of it."""
    return build_dbt_asset_specs(manifest=MANIFEST, dagster_dbt_translator=Translator())


def _check_specs() -> Iterator[dg.AssetCheckSpec]:
    for spec in _asset_specs():
        if tests := TESTS.get(spec.key.path[-1]):
            rules = "\n".join(f"- `{test['name']}`: {_rule(test)}" for test in tests.values())
            yield dg.AssetCheckSpec(
                CHECK, asset=spec.key, blocking=True, description=f"dbt 测试 · dbt tests\n\n{rules}"
            )


@dg.multi_asset(
    name="dbt", specs=_asset_specs(), check_specs=list(_check_specs()), can_subset=True, pool="warehouse"
)
def models(context: dg.AssetExecutionContext, session: BuildSession):
    """Build and test the selected models, then report each with its rows, and each relation's tests."""
    run = session.run
    command = [*BUILD, *_selection(context)]
    if run.full:
        Thread(target=_import_ahead, daemon=True).start()
    outcome = run_dbt(run, command, lambda text, done, total: progress.report("dbt", text, done, total))
    if run.full:
        _record(run, outcome.results)
    if not outcome.exit_code:
        yield from _materialized(context, run, outcome.results)
    # After the tables that they judge, or Dagster would tie them to those of the night before.
    yield from _checks(context, run, outcome.results)
    if outcome.exit_code:
        raise dg.Failure(_why(outcome), allow_retries=False)


def _import_ahead() -> None:
    for module in AHEAD:
        with suppress(Exception):  # the stage that needs it will say
            import_module(module)


def _materialized(
    context: dg.AssetExecutionContext, run: Run, results: Mapping[str, dict]
) -> Iterator[dg.MaterializeResult]:
    """Each selected relation with its rows, after what it depends on."""
    counts = _row_counts(run)
    keys = {key.path[-1]: key for key in context.selected_asset_keys}
    built = (unique_id.split(".")[-1] for unique_id in results)
    for key in (keys[name] for name in built if name in keys):
        rows = counts.get(".".join(key.path))
        counted = {} if rows is None else {"dagster/row_count": rows}
        yield dg.MaterializeResult(asset_key=key, metadata={**told_of(run), **counted})


def _selection(context: dg.AssetExecutionContext) -> list[str]:
    """dbt's arguments for a run of less than everything: the models by name, and the tests of the checks."""
    if len(context.selected_asset_keys) == len(_asset_specs()):
        return []
    names = [key.path[-1] for key in context.selected_asset_keys]
    for check in context.selected_asset_check_keys:
        names += [test["name"] for test in TESTS[check.asset_key.path[-1]].values()]
    return ["--indirect-selection", "empty", "--select", *sorted(names)]


def _checks(
    context: dg.AssetExecutionContext, run: Run, results: Mapping[str, dict]
) -> Iterator[dg.AssetCheckResult]:
    """One result per selected check; none where dbt got to none of its tests, or did not get to all."""
    for check in sorted(context.selected_asset_check_keys):
        tests = TESTS[check.asset_key.path[-1]]
        verdicts = {key: _verdict(results, key) for key in tests}
        red = [key for key, verdict in verdicts.items() if verdict is False]
        if red or None not in verdicts.values():
            yield dg.AssetCheckResult(
                asset_key=check.asset_key,
                check_name=CHECK,
                passed=not red,
                metadata={
                    "passed": f"{sum(map(bool, verdicts.values()))}/{len(tests)}",
                    **_offences(run.database, {key: tests[key] for key in red}, results),
                },
            )


def _verdict(results: Mapping[str, dict], key: str) -> bool | None:
    return VERDICTS.get(results[key]["status"]) if key in results else None


def _offences(
    database: Path, red: Mapping[str, dict], results: Mapping[str, dict]
) -> dict[str, str | dg.MetadataValue]:
    """What each failed test demands and the first rows that it found, as a gate has them."""
    told: dict[str, str | dg.MetadataValue] = {}
    if not red:
        return told
    with sql.read(database) as connection:
        for key, test in red.items():
            name = test["name"]
            told[name] = _rule(test)
            if results[key]["status"] == "error":
                told[f"{name}: error"] = _message(results[key])
            else:
                rows = sql.records(connection, results[key]["compiled_code"], SHOWN_ROWS)
                told |= {f"{name}: {label}": value for label, value in offending(rows).items()}
    return told


def _why(outcome: Outcome) -> str:
    """Why dbt failed: the models' errors; where only tests failed, how many: their checks say the rest."""
    status = [row["status"] for row in outcome.results.values()]
    if broken := [_message(row) for row in outcome.results.values() if _is_broken_model(row)]:
        return "\n".join(broken)
    if "fail" in status or "error" in status:
        red, skipped = status.count("fail") + status.count("error"), status.count("skipped")
        return f"dbt 测试未通过 · dbt tests failed: {red}; 因此未执行 · not run for that: {skipped}"
    return "\n".join(outcome.said) or f"dbt: exit code {outcome.exit_code}"


def _message(row: dict) -> str:
    said = str(row["message"])
    return f"{said}\n{UPSTREAM}" if NOT_KEPT.search(said) else said


def _is_broken_model(row: dict) -> bool:
    return row["status"] == "error" and row["unique_id"].startswith("model.")


def _record(run: Run, results: Mapping[str, dict]) -> None:
    """Write which of the declared tests this very run evaluated, and their outcome."""
    checks = [
        _recorded(relation, test, _verdict(results, key), results.get(key, {}))
        for relation, tests in TESTS.items()
        for key, test in tests.items()
    ]
    check_ledger.write(run, "dbt", len(checks), checks)


def _recorded(relation: str, test: dict, verdict: bool | None, result: dict) -> check_ledger.Check:
    """Of a red one also its rule and its rows, for whoever is told of the night."""
    check = check_ledger.Check(relation, test["name"], blocking=True, passed=verdict)
    if verdict is False:
        return replace(check, title=_rule(test), unexpected=result.get("failures") or 0)
    return check


def _row_counts(run: Run) -> dict[str, int]:
    """Rows of the tables that were built, by schema.name; views are not counted, that would run them.

    Counted, as DuckDB's own estimate takes in the rows that a night has replaced.
    """
    with sql.read(run.database) as connection:
        tables = connection.execute("select database_name, schema_name, table_name from duckdb_tables()")
        return {
            f"{schema}.{table}": sql.count(connection, f"{database}.{schema}.{sql.name(table)}")
            for database, schema, table in tables.fetchall()
        }
