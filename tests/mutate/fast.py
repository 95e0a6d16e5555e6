"""Judges a folder of seeds as a build would, in one process and in seconds: load, models, tests, gates, history.

Takes the file and the compiled SQL of a real build, so the models are dbt's own; only what runs them is
lighter. Not here: defects (operators.py), counting (score.py).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.changes import write_changes
from dagster_project.gates import Gate, Suite, evaluate, load_suites
from dagster_project.loader import load_seeds
from dagster_project.schema import read_schema
from dagster_project.settings import DATABASE, EXPECTATIONS

HISTORY = "build_changes"
OF_HISTORY = ("int_approval", HISTORY)
UNREAD = ("raw.notes", "raw.rejects", "raw.seed_files", "raw.source_audit", "raw.build_changes")  # by no rule here


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
        manifest = json.loads((build / "dbt" / "manifest.json").read_text(encoding="utf-8"))
        nodes = manifest["nodes"]
        self.models = list(_in_order({k: n for k, n in nodes.items() if n["resource_type"] == "model"}))
        self.tests = [node for node in nodes.values() if node["resource_type"] == "test"]
        suites = load_suites(EXPECTATIONS)
        self.gates = [suite for suite in suites if suite.relation != HISTORY]
        self.history = [suite for suite in suites if suite.relation == HISTORY]
        self.sources = {key: f"raw.{source['name']}" for key, source in manifest["sources"].items()}
        self.raw = [table for table in self.sources.values() if table not in UNREAD]
        self.marts = [f"marts.{model['name']}" for model in self.models if model["schema"] == "marts"]
        with duckdb.connect(str(self.base), read_only=True) as connection:
            self.digests = {table: _digest(connection, table) for table in [*self.raw, *self.marts]}

    def catches(self, seeds: Path) -> list[Catch]:
        """All catches of the first layer that has any; empty where the seeds would be published.

        The version before is asked last: what no other layer caught needs it.
        """
        shutil.copyfile(self.base, self.file)
        return self._loaded(seeds) or self._gated(self.gates, "gate") or self._compared(seeds)

    def same_as_base(self) -> bool:
        """Whether the seeds judged last give the very marts of the base: what was wrong has been put right."""
        with duckdb.connect(str(self.file), config={"threads": 1}) as connection:
            return not self._changed(connection, self.marts)

    def _loaded(self, seeds: Path) -> list[Catch]:
        with duckdb.connect(str(self.file), config={"threads": 1}) as connection:
            report = load_seeds(connection, seeds)
            if not report.ok:
                return [
                    Catch("check", r.rule.split(" · ")[-1], f"{r.seed_file}:{r.line} {r.column_name}={r.value}")
                    for r in report.rejects
                ]
            connection.execute(
                "create or replace table raw.source_audit as "
                "select r.* replace (s.document as document, s.document_sha256 as document_sha256, "
                "s.source_id as source_id, 'NOT_RUN' as status) "
                "from raw.sources as s left join (select * from raw.source_audit where false) as r on true"
            )
            connection.execute("delete from raw.build_changes")
            concerned = self._concerned(self._changed(connection, self.raw))
            self._run(connection, [model for model in self.models if model["unique_id"] in concerned])
            return [
                Catch("dbt", test["name"], str(rows[:2]))
                for test in self.tests
                if concerned & set(test["depends_on"]["nodes"])
                and (rows := connection.execute(test["compiled_code"]).fetchmany(3))
            ]

    def _concerned(self, tables: set[str]) -> set[str]:
        """Everything of dbt that reads changed tables, directly or not: the rest is as on the base."""
        concerned = {key for key, table in self.sources.items() if table in tables}
        for model in self.models:
            if concerned & set(model["depends_on"]["nodes"]):
                concerned.add(model["unique_id"])
        return concerned

    def _changed(self, connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> set[str]:
        """Those of the tables whose rows are not the base's."""
        return {table for table in tables if _digest(connection, table) != self.digests.get(table)}

    def _compared(self, seeds: Path) -> list[Catch]:
        with duckdb.connect(str(self.file), config={"threads": 1}) as connection:
            write_changes(connection, read_schema(seeds).values(), self.public)
            self._run(connection, [model for model in self.models if model["name"] in OF_HISTORY])
        caught = self._gated(self.history, "history")
        with duckdb.connect(str(self.file), config={"threads": 1}) as connection:
            connection.execute(f"delete from marts.{HISTORY}")
        return caught

    def _gated(self, suites: list[Suite], layer: str) -> list[Catch]:
        """Blocking gates that are red. One that is a query is asked here; Great Expectations asks the others."""
        with duckdb.connect(str(self.file), config={"threads": 1}) as connection:
            changed = self._changed(connection, self.marts)

            def concerned(gate: Gate) -> bool:
                read = {table for table in changed if table in (gate.query or "")}
                return gate.blocking and bool(read or f"marts.{gate.relation}" in changed)

            asked = [gate for suite in suites for gate in suite.gates if concerned(gate)]
            red = [
                Catch(layer, f"{gate.relation}.{gate.id}", str(rows[:1]))
                for gate in asked
                if gate.query and (rows := connection.execute(_query(gate)).fetchmany(2))
            ]
        others = {(gate.relation, gate.id) for gate in asked if not gate.query}
        if red or not others:
            return red
        kept = [suite for suite in (suite.only(others) for suite in suites) if suite]
        return [
            Catch(layer, f"{result.relation}.{result.id}", str(result.error or result.offending_rows[:1]))
            for result in evaluate(kept, self.file)
            if result.blocks
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


def _digest(connection: duckdb.DuckDBPyConnection, table: str) -> tuple:
    return connection.execute(f"select count(*), sum(hash(t)::hugeint) from {table} as t").fetchone()


def _query(gate: Gate) -> str:
    """The query of a gate, over the rows that it is about."""
    where = " and ".join(
        f'"{column}" in ({", ".join(map(_literal, value))})' if isinstance(value, list)
        else f'"{column}" = {_literal(value)}'
        for column, value in gate.where.items()
    )  # fmt: skip
    return gate.query.replace("{batch}", f'(select * from marts."{gate.relation}" where {where or "true"})')


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
