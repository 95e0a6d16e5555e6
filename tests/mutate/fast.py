"""Judges a folder of seeds as a build would, in one process: load, models, tests, gates, history.

Takes the file and the compiled SQL of a real build, so models, tests and gates are the project's own; only
what runs them is lighter: what no change can have touched is left as it is. It also publishes such a folder,
with the functions behind the job's assets. Not here: defects (operators.py), counting (score.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project import sql
from dagster_project.audit.results import latest_results, write_table
from dagster_project.downloads.export import export
from dagster_project.gates.gate import LOADED_SOURCES, Gate, Suite
from dagster_project.gates.suites import evaluate, load_suites
from dagster_project.ingest.loader import load_seeds
from dagster_project.publish import shipped, versions
from dagster_project.publish.changes import write_changes
from dagster_project.report.site import build_site, recorded_checks
from dagster_project.seeds.schema import read_schema
from dagster_project.settings import CACHE, DATABASE, EXPECTATIONS
from tests.conftest import copy_file, opened

HISTORY = "build_changes"
OF_HISTORY = ("int_approval", HISTORY, "change_history")
EVERYWHERE = {"code_lists", "hedge_terms", "units", "sources"}  # seeds that rules of all others rest on
UNREAD = {
    f"raw.{name}"
    for name in ("notes", "rejects", "seed_files", "source_audit", "build_changes", "earlier_changes")
}
Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Catch:
    """Who refused. layer: check, audit, dbt, gate or history; by: the rule; row: what it showed."""

    layer: str
    by: str
    row: str = ""


class Fast:
    """A bench for one folder of seeds after another.

    build: of a green build of the clean seeds; public: the version before; scratch: an empty folder; audits:
    folder of kept results, by default empty.
    """

    def __init__(self, build: Path, public: Path, seeds: Path, scratch: Path, audits: Path | None = None):
        self.build, self.base, self.public = build, build / "work" / DATABASE, public
        self.audits = audits or scratch / "audits"
        self.file = scratch / DATABASE  # views and compiled SQL name the file by its stem
        self.schema = read_schema(seeds)
        manifest = json.loads((build / "dbt" / "manifest.json").read_text(encoding="utf-8"))
        nodes = manifest["nodes"]
        self.sources = {key: f"raw.{source['name']}" for key, source in manifest["sources"].items()}
        self.models = list(_in_order({k: n for k, n in nodes.items() if n["resource_type"] == "model"}))
        self.tests = [node for node in nodes.values() if node["resource_type"] == "test"]
        self.suites = load_suites(EXPECTATIONS)
        self.raw = sorted(set(self.sources.values()) - UNREAD)
        self.marts = [f"marts.{m['name']}" for m in self.models if m["schema"] == "marts"]
        filled = [model for model in self.models if model["config"]["materialized"] == "table"]
        self.tables = {model["unique_id"]: f"{model['schema']}.{model['name']}" for model in filled}
        with sql.read(self.base) as connection:
            digested = [*self.raw, *self.tables.values()]
            self.digests = {table: _digest(connection, table) for table in digested}
        self.seed_hash = ""  # of the seeds loaded last
        self.unchanged = False  # whether the seeds judged last give the very marts of the base

    def catches(
        self,
        seeds: Path,
        files: Collection[str] | None = None,
        queries_only: bool = False,
        new: Collection[str] = (),
        audited: Callable[[], list[Catch]] = list,
    ) -> list[Catch]:
        """All catches of the first layer that has any; empty where the seeds would be published.

        The layers come as a curator meets them: the check, the documents (`audited`), models with their
        tests, gates, the version before. files: those that differ from the base, relative to `seeds`; None:
        any may. new: bulletins that are entered for the first time: no gate pins their facts yet and no
        version before has them, so that with any it is not asked. queries_only: without the gates that are
        no queries, which take twice as long as all the rest.
        """
        copy_file(self.base, self.file)
        self.unchanged = False
        with opened(self.file) as connection:
            if caught := self._loaded(connection, seeds, self._tables(files)) or audited():
                return caught
            if caught := self._modelled(connection, seeds):
                return caught
            changed = self._changed(connection, self.marts)
            self.unchanged = not changed
            loaded = {row[0] for row in connection.execute(LOADED_SOURCES).fetchall()} - set(new)
            concerned = [
                gate
                for suite in self.suites
                for gate in suite.gates
                if gate.blocking
                and gate.applies(loaded)
                and _reads(gate) & changed
                and suite.relation != HISTORY
            ]
            if caught := self._asked(connection, concerned, "gate"):
                return caught
            history = [] if new else self._compared(connection)
        rules = [] if queries_only else [gate for gate in concerned if not gate.query]
        return self._evaluated(rules) or history

    def _tables(self, files: Collection[str] | None) -> set[str] | None:
        """The tables to load: those of the files and those that refer to them; None is all."""
        changed = {Path(file).stem for file in files or ()}
        if not changed or changed & EVERYWHERE:
            return None
        referring = {t.name for t in self.schema.values() if changed & {key.to for key in t.foreign_keys}}
        return changed | referring

    def _loaded(self, connection: Connection, seeds: Path, tables: set[str] | None) -> list[Catch]:
        report = load_seeds(connection, seeds, tables, readings=self.build / "readings", keep=False)
        self.seed_hash = report.seed_hash
        return [
            Catch("check", r.rule.split(" · ")[-1], f"{r.seed_file}:{r.line} {r.column_name}={r.value}")
            for r in report.rejects
        ]

    def remake(self, seeds: Path, as_of: str | None = None) -> Path:
        """The working file as a build of these seeds on that day would leave it; nothing is tested."""
        copy_file(self.base, self.file)
        with opened(self.file) as connection:
            if refused := self._loaded(connection, seeds, None):
                raise ValueError(refused)
            self._without_past(connection, seeds)
            self._name_seeds(connection)
            self._make(connection, as_of)
        return self.file

    def of_day(self, as_of: str) -> Path:
        """The working file as a build of the same seeds on another day would leave it."""
        with opened(self.file) as connection:
            self._make(connection, as_of)
        return self.file

    def _make(self, connection: Connection, as_of: str | None) -> None:
        if as_of:
            connection.execute("update raw.build_info set as_of_date = cast(? as date)", [as_of])
        if refused := self._run(connection, self.models):
            raise ValueError(refused)

    def publish(self, public: Path) -> None:
        """Show the working file as the job would, with its report and downloads, under the base's name.

        No gate is asked here, so the report lists the base's checks.
        """
        out = self.file.parent / versions.OUT
        manifest = self.build / "dbt" / "manifest.json"
        build_site(
            self.file,
            out / "site",
            cache=CACHE,
            checks=recorded_checks(self.base.parent),
            gate_page=self.build / "gates" / "index.html",
            manifest=manifest,
        )
        export(self.file, out, manifest)
        with duckdb.connect(str(self.file), read_only=True) as connection:
            (build_id,) = connection.execute("select build_id from marts.build_info").fetchone()
            rows = {mart.removeprefix("marts."): sql.count(connection, mart) for mart in self.marts}
        told = {"build_id": build_id, "rows": rows}
        assert versions.publish(public, self.file.parent, build_id, told, shipped.require)

    def _without_past(self, connection: Connection, seeds: Path) -> None:
        """What was kept of audits of these very seeds; no version is before them."""
        results = latest_results(self.audits, seeds)
        write_table(connection, results)
        if any(result["seed_hash"] for result in results):  # an audit counts where the build names its seeds
            self._name_seeds(connection)
        for table in ("build_changes", "earlier_changes"):
            connection.execute(f"delete from raw.{table}")

    def _name_seeds(self, connection: Connection) -> None:
        connection.execute("update raw.build_info set seed_hash = ?", [self.seed_hash])

    def _modelled(self, connection: Connection, seeds: Path) -> list[Catch]:
        self._without_past(connection, seeds)
        tables = self._changed(connection, self.raw)
        concerned = {key for key, table in self.sources.items() if table in tables}
        for model in self.models:
            if concerned & set(model["depends_on"]["nodes"]):
                if refused := self._run(connection, [model]):
                    return refused
                if self._differs(connection, model):
                    concerned.add(model["unique_id"])
        return self._tested(connection, concerned)

    def _differs(self, connection: Connection, model: dict) -> bool:
        """Whether the rows just made are not the base's; those of a view are taken not to be."""
        table = self.tables.get(model["unique_id"])
        return table is None or bool(self._changed(connection, [table]))

    def _tested(self, connection: Connection, concerned: set[str]) -> list[Catch]:
        """The tests of what is concerned that find something."""
        return [
            Catch("dbt", test["name"], str(rows[:2]))
            for test in self.tests
            if concerned & set(test["depends_on"]["nodes"])
            and (rows := connection.execute(test["compiled_code"]).fetchmany(3))
        ]

    def _compared(self, connection: Connection) -> list[Catch]:
        write_changes(connection, self.schema.values(), self.public)
        models = [model for model in self.models if model["name"] in OF_HISTORY]
        tested = {model["unique_id"] for model in models}
        if caught := self._run(connection, models) or self._tested(connection, tested):
            return caught
        suite = next(suite for suite in self.suites if suite.relation == HISTORY)
        return self._asked(connection, [gate for gate in suite.gates if gate.blocking], "history")

    def _changed(self, connection: Connection, tables: Iterable[str]) -> set[str]:
        """Those of the tables whose rows are not the base's."""
        return {table for table in tables if _digest(connection, table) != self.digests[table]}

    @staticmethod
    def _asked(connection: Connection, gates: list[Gate], layer: str) -> list[Catch]:
        """The gates that are queries, asked here: Great Expectations takes a second to do the same."""
        return [
            Catch(layer, f"{gate.relation}.{gate.id}", str(rows[:1]))
            for gate in gates
            if gate.query and (rows := connection.execute(_query(gate)).fetchmany(2))
        ]

    def _evaluated(self, gates: list[Gate]) -> list[Catch]:
        wanted = {(gate.relation, gate.id) for gate in gates}
        suites: list[Suite] = [kept for suite in self.suites if (kept := suite.only(wanted))]
        return [
            Catch("gate", f"{result.relation}.{result.id}", str(result.error or result.offending_rows[:1]))
            for result in (evaluate(suites, self.file) if suites else [])
            if result.blocks
        ]

    def _run(self, connection: Connection, models: list[dict]) -> list[Catch]:
        """Fill the tables anew, as they stand, up to the first that its contract refuses."""
        for model in models:
            if table := self.tables.get(model["unique_id"]):
                connection.execute(f"delete from {table}")
                try:
                    connection.execute(f"insert into {table} by name {model['compiled_code']}")
                except duckdb.ConstraintException as refusal:
                    return [Catch("dbt", f"contract of {model['name']}", str(refusal))]
        return []


def _in_order(models: dict[str, dict]) -> Iterator[dict]:
    """Models after those that they read."""
    done: set[str] = set()
    while len(done) < len(models):
        for key, model in models.items():
            if key not in done and not (set(model["depends_on"]["nodes"]) & models.keys()) - done:
                done.add(key)
                yield model


def _digest(connection: Connection, table: str) -> tuple:
    return connection.execute(f"select count(*), sum(hash(t)::hugeint) from {table} as t").fetchone()


def _reads(gate: Gate) -> set[str]:
    """The marts that a gate's answer depends on; a code list is as good as its relation."""
    named = {word.strip("(),;") for word in (gate.query or "").split()}
    return {f"marts.{gate.relation}"} | {name for name in named if name.startswith("marts.")}


def _query(gate: Gate) -> str:
    return gate.query.replace("{batch}", f'marts."{gate.relation}"')
