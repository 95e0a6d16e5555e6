"""Judges a folder of seeds as a build would, in one process and in seconds: load, models, tests, gates, history.

Takes the file and the compiled SQL of a real build, so the models are dbt's own; only what runs them is
lighter. Not here: defects (operators.py), counting (score.py).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.changes import write_changes
from dagster_project.gates import Gate, GateResult, Suite, evaluate, load_suites
from dagster_project.loader import load_seeds
from dagster_project.schema import read_schema
from dagster_project.settings import DATABASE, EXPECTATIONS

HISTORY = "build_changes"
OF_HISTORY = ("int_approval", HISTORY)


@dataclass(frozen=True)
class Catch:
    """Who refused a folder of seeds: `layer` is check, dbt, gate or history; `by` its rule's or gate's name."""

    layer: str
    by: str
    row: str = ""


class Fast:
    """A bench for one folder of seeds after another. `build`: of a green build; `public`: the version before."""

    def __init__(self, build: Path, public: Path, scratch: Path):
        self.base, self.public, self.scratch = build / "work" / DATABASE, public, scratch
        self.file = scratch / DATABASE  # views and compiled SQL name the file by its stem
        nodes = json.loads((build / "dbt" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
        self.models = list(_in_order({k: n for k, n in nodes.items() if n["resource_type"] == "model"}))
        self.tests = [node for node in nodes.values() if node["resource_type"] == "test"]
        suites = load_suites(EXPECTATIONS)
        self.gates = [suite for suite in suites if suite.relation != HISTORY]
        self.history = [suite for suite in suites if suite.relation == HISTORY]
        self.digests = self._digests(self.base)

    def catches(self, seeds: Path, history: bool = True) -> list[Catch]:
        """All catches of the first layer that has any; empty where the seeds would be published.

        history: whether there is a version before, against which is compared last of all.
        """
        shutil.copyfile(self.base, self.file)
        caught = self._loaded(seeds) or self._gated(self._concerned(), "gate")
        return caught or (self._compared(seeds) if history else [])

    def _loaded(self, seeds: Path) -> list[Catch]:
        with duckdb.connect(str(self.file), config={"threads": 1}) as connection:
            report = load_seeds(connection, seeds)
            if not report.ok:
                return [
                    Catch(
                        "check", r.rule.split(" · ")[-1], f"{r.seed_file}:{r.line} {r.column_name}={r.value}"
                    )
                    for r in report.rejects
                ]
            connection.execute(
                "create or replace table raw.source_audit as "
                "select r.* replace (s.document as document, s.document_sha256 as document_sha256, "
                "s.source_id as source_id, 'NOT_RUN' as status) "
                "from raw.sources as s left join (select * from raw.source_audit where false) as r on true"
            )
            connection.execute("delete from raw.build_changes")
            self._run(connection, self.models)
            return [
                Catch("dbt", test["name"], str(rows[:2]))
                for test in self.tests
                if (rows := connection.execute(test["compiled_code"]).fetchmany(3))
            ]

    def _concerned(self) -> list[Suite]:
        """The gates that could answer otherwise than on the base: a table that they read has other rows."""
        digests = self._digests(self.file)
        changed = {table for table, digest in digests.items() if digest != self.digests[table]}

        def concerned(gate: Gate) -> bool:
            reads = {f"marts.{gate.relation}"} | {table for table in changed if table in (gate.query or "")}
            return bool(reads & changed) or "raw.code_lists" in changed

        return [
            kept
            for suite in self.gates
            if (kept := suite.only({(g.relation, g.id) for g in suite.gates if concerned(g)}))
        ]

    def _digests(self, file: Path) -> dict[str, tuple]:
        marts = [f"marts.{model['name']}" for model in self.models if model["schema"] == "marts"]
        with duckdb.connect(str(file), read_only=True) as connection:
            return {
                table: connection.execute(
                    f"select count(*), sum(hash(t)::hugeint) from {table} as t"
                ).fetchone()
                for table in [*marts, "raw.code_lists"]
            }

    def _compared(self, seeds: Path) -> list[Catch]:
        with duckdb.connect(str(self.file), config={"threads": 1}) as connection:
            write_changes(connection, read_schema(seeds).values(), self.public)
            self._run(connection, [model for model in self.models if model["name"] in OF_HISTORY])
        return self._gated(self.history, "history")

    def _gated(self, suites: list[Suite], layer: str) -> list[Catch]:
        if not suites:
            return []
        red: list[GateResult] = [result for result in evaluate(suites, self.file) if result.blocks]
        return [
            Catch(layer, f"{result.relation}.{result.id}", str(result.error or result.offending_rows[:1]))
            for result in red
        ]

    @staticmethod
    def _run(connection: duckdb.DuckDBPyConnection, models: list[dict]) -> None:
        """Fill the tables anew, as they stand: their types are those of the contract."""
        for model in models:
            if model["config"]["materialized"] == "table":
                table = f'"{model["schema"]}"."{model["name"]}"'
                connection.execute(f"delete from {table}")
                connection.execute(f"insert into {table} by name {model['compiled_code']}")


def _in_order(models: dict[str, dict]) -> Iterator[dict]:
    """Models after those that they read."""
    done: set[str] = set()
    while len(done) < len(models):
        for key, model in models.items():
            if key not in done and not (set(model["depends_on"]["nodes"]) & models.keys()) - done:
                done.add(key)
                yield model
