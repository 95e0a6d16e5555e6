"""Stage 2: the dbt project as assets, its tests as checks. What the models say stands in dbt_project/."""

import json
import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from packaging import version

from dagster_project import progress, sql
from dagster_project.defs.quality import offending
from dagster_project.prepare import MANIFEST, dbt_executable
from dagster_project.runs import check_ledger
from dagster_project.runs.build_session import BuildSession, Run
from dagster_project.settings import DATABASE_VARIABLE, DBT_PROJECT

# Unit tests try the logic on made-up rows, not tonight's data: as dbt advises, `make test` runs them.
BUILD = ["build", "--exclude-resource-type", "unit_test"]
SHOWN_ROWS = 10


class Translator(DagsterDbtTranslator):
    """Names as the layout has them: group and first part of the key are the stage."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The folder below models/: staging, intermediate or marts."""
        return dbt_resource_props["fqn"][1]


class Dbt(DbtCliResource):
    """dbt without two costs that the standard resource has before each command.

    It would start a hidden `dbt --version` (which asks the package index), and import dbt's adapter into this
    process only for row counts, which are read from the finished file instead.
    """

    @cached_property
    def _cli_version(self) -> version.Version:
        return version.parse(installed("dbt-core"))

    def _initialize_dbt_core_adapter(self, args):
        return None


@dbt_assets(
    manifest=MANIFEST,
    name="dbt",
    dagster_dbt_translator=Translator(),
    pool="warehouse",
)
def models(context: dg.AssetExecutionContext, dbt: Dbt, session: BuildSession):
    """Build and test the selected models; row counts are added when the file is free again."""
    run = session.run
    os.environ[DATABASE_VARIABLE] = str(run.database)
    os.environ["DBT_ENV_CUSTOM_ENV_RUN"] = run.run_id  # dbt writes it into its results
    target = run.settings.build / "dbt"
    # Only a total for the progress display: what dbt selects is dbt's business.
    total, done, outputs, red, failure = len(_declared_tests()), 0, [], [], None
    # Results of an earlier run must never pass for this one's, should dbt die before it writes its own.
    (target / "run_results.json").unlink(missing_ok=True)
    # Nor what dbt parsed for an earlier build: where only the order of a test's columns changed it keeps the
    # test's old name, which the manifest does not know. Without it dbt starts from what `prepare` has parsed.
    (target / "partial_parse.msgpack").unlink(missing_ok=True)
    invocation = dbt.cli(BUILD, context=context, target_path=target)
    try:
        for event in invocation.stream():
            if isinstance(event, dg.Output):
                outputs.append(event)
                progress.report("dbt", event.output_name.replace("__", "."), done, total)
            else:
                done += 1
                progress.report("dbt", getattr(event, "check_name", "test"), done, total)
                if isinstance(event, dg.AssetCheckResult) and not event.passed:
                    red.append(event)  # reported below: while dbt runs, no other process can read the file
                else:
                    yield event
    except DagsterDbtCliRuntimeError as error:
        failure = error
    finally:
        results = _results(target, run)
        if run.full:
            _record(run, results)
    yield from _with_rows(red, target, run)
    if failure:
        raise failure
    counts = _row_counts(run)
    for output in outputs:
        name = output.output_name.replace("__", ".", 1)
        yield dg.Output(
            value=output.value,
            output_name=output.output_name,
            metadata={
                **output.metadata,
                **({"dagster/row_count": counts[name]} if name in counts else {}),
            },
        )


def _with_rows(red: list[dg.AssetCheckResult], target: Path, run: Run) -> Iterator[dg.AssetCheckResult]:
    """The failed tests with what they demand and the first rows that they found, as a gate has them."""
    if not red:
        return
    tests = {node["name"]: node for node in _declared_tests().values()}
    ran = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    compiled = {row["unique_id"]: row["compiled_code"] for row in ran}
    with duckdb.connect(str(run.database), read_only=True) as connection:
        for check in red:
            test = tests[check.check_name]
            rows = sql.records(connection, compiled[test["unique_id"]], SHOWN_ROWS)
            yield dg.AssetCheckResult(
                asset_key=check.asset_key,
                check_name=check.check_name,
                passed=False,
                severity=check.severity,
                metadata={"rule": test["meta"]["description"], **check.metadata, **offending(rows)},
            )


def _declared_tests() -> dict[str, dict]:
    """Every data test of the manifest by its unique id."""
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"]
    return {key: node for key, node in nodes.items() if node["resource_type"] == "test"}


def declared_tests() -> int:
    """How many tests a full run must have evaluated."""
    return len(_declared_tests())


def _results(target: Path, run: Run) -> dict[str, str]:
    """Status by unique id; nothing where the file is another run's: a killed run's dbt may outlive it."""
    path = target / "run_results.json"
    document = json.loads(path.read_text()) if path.exists() else {"metadata": {}}
    if document["metadata"].get("env", {}).get("RUN") != run.run_id:
        return {}
    return {row["unique_id"]: row["status"] for row in document["results"]}


def _record(run: Run, results: dict[str, str]) -> None:
    """Write which of the declared tests this very run evaluated, and their outcome."""
    verdict = {"pass": True, "warn": True, "success": True, "fail": False, "error": False}
    declared = _declared_tests()
    checks = [
        check_ledger.Check(
            relation=_relation(node),
            name=node["name"],
            blocking=True,
            passed=verdict.get(results.get(key, "")),
        )
        for key, node in declared.items()
    ]
    check_ledger.write(run, "dbt", len(declared), checks)


def _relation(test: dict) -> str:
    """The model that a test is about; a test that is a query of its own says which."""
    if attached := test.get("attached_node"):
        return attached.split(".")[-1]
    return test["config"]["meta"]["dagster"]["ref"]["name"]


def _row_counts(run: Run) -> dict[str, int]:
    """Rows of the tables that were built, by schema.name; views are not counted, that would run them."""
    with duckdb.connect(str(run.database), read_only=True) as connection:
        return dict(
            connection.execute(
                "select schema_name || '.' || table_name, estimated_size from duckdb_tables()"
            ).fetchall()
        )


dbt_resource = Dbt(
    project_dir=os.fspath(DBT_PROJECT), profiles_dir=os.fspath(DBT_PROJECT), dbt_executable=dbt_executable()
)
