"""A night on made-up seeds, in one process: `incremental/` itself, with dbt's compiled SQL in place of dbt.

Beside it the same seeds made in full: what differs between the two files is what its tests are about.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import duckdb

from dagster_project import private, sql
from dagster_project.dbt_command import Outcome
from dagster_project.incremental import build as incremental
from dagster_project.incremental.parts import Parts, relation_of
from dagster_project.incremental.scratch import lasting
from dagster_project.ingest.loader import load_seeds
from dagster_project.prepare import MANIFEST
from dagster_project.runs.build_session import Run
from dagster_project.runs.folders import MADE
from dagster_project.runs.inputs import code_digest
from dagster_project.settings import DATABASE, Settings
from tests.conftest import AS_OF, MadeUp, Place, copy_file, opened
from tests.mutate.fast import Fast

Row = dict[str, str]
UNCHANGED: Mapping[str, str] = MappingProxyType({})
Change = Callable[[Path], None]


class Nights:
    """One night after another, each after the same first build."""

    def __init__(self, warehouse: Place, made_up: MadeUp, folder: Path):
        self.warehouse, self.made_up, self.folder = warehouse, made_up, folder
        (folder / "full").mkdir()
        self.fast = Fast(warehouse.build, warehouse.public, made_up.seeds, folder / "full")
        self.nodes = {node["name"]: node for node in [*self.fast.models, *self.fast.tests]}

    def night(
        self, change: Change, as_of: str = AS_OF, after: Path | None = None
    ) -> tuple[incremental.Made, set[str]]:
        """Change a copy of the seeds, build on what is there, and in full; how, and which tables differ.

        after: the file of another night, to build on; the first build's where there is none.
        """
        seeds = self.folder / "seeds"
        shutil.rmtree(seeds, ignore_errors=True)
        shutil.copytree(self.made_up.seeds, seeds)
        change(seeds)
        run = self.begun(as_of, seeds)
        if after:
            copy_file(after, run.settings.work / DATABASE)
        self._load(run)
        self.run = run
        from dagster_project.defs.models import BUILD  # reads what `prepare` has parsed

        self.results = incremental.build(run, BUILD, lambda *_: None).results
        made = incremental.how(run.folder)
        assert made is not None
        if made.why:
            return made, set()
        in_full = self.fast.remake(seeds, as_of)
        with duckdb.connect(str(in_full)) as connection:
            connection.execute("update marts.build_info set seed_hash = ?", [self.fast.seed_hash])
        self.in_full = in_full
        return made, self._differences(run.database, in_full)

    def begun(
        self,
        as_of: str = AS_OF,
        seeds: Path | None = None,
        few: int = 1,
        anew: bool = False,
        earlier: Mapping[str, str] | None = UNCHANGED,
    ) -> Run:
        """A run beside the first build, of which it is known how; earlier: what is said of it untruly."""
        shutil.rmtree(self.folder / "build", ignore_errors=True)
        settings = Settings(
            seeds or self.made_up.seeds,
            self.folder / "build",
            self.folder / "public",
            date.fromisoformat(as_of),
            few=few,
        )
        run = Run(settings, "a-night", datetime.now(UTC), settings.day(), full=True, anew=anew)
        for folder in (run.folder, settings.work):
            folder.mkdir(parents=True)
        copy_file(self.made_up.file, settings.work / DATABASE)
        if earlier is not None:
            made = asdict(incremental.Made(code_digest(settings.seeds), 2000, 2000, str(run.started)))
            (settings.work / MADE).write_text(json.dumps({**made, **earlier}), encoding="utf-8")
        return run

    def _load(self, run: Run) -> None:
        begun = incremental.begin(run)
        with duckdb.connect(str(run.database)) as connection:
            report = load_seeds(
                connection,
                run.settings.seeds,
                readings=self.warehouse.build / "readings",
                keep=False,
                over_earlier=begun,
            )
            assert report.ok, report.rejects[:3]
            connection.execute(
                "delete from raw.build_changes; delete from raw.earlier_changes; "
                "update raw.build_info set as_of_date = cast(? as date), seed_hash = ?",
                [str(run.as_of), report.seed_hash],
            )

    def without_dbt(self, target: Path, ahead: bool) -> AbstractContextManager:
        """In the place of Dbt."""
        return nullcontext(SimpleNamespace(run=self._run))

    def _run(self, args, database, on_progress, target=None, only=()) -> Outcome:
        """As dbt does it: models in the order of what they read, then tests, but none of table macros."""
        results, red = {}, []
        with opened(database) as connection:
            connection.execute(f"attach '{self.made_up.file}' as shape (read_only)")
            private.attach(connection, self.made_up.file, read_only=True, alias="shape_private")
            for node in (node for node in self.nodes.values() if node["name"] in only):
                code, relation = node["compiled_code"], relation_of(node)
                if node["resource_type"] == "model":
                    connection.execute(f"create schema if not exists {relation.rpartition('.')[0]}")
                    if node["config"]["materialized"] == "table":  # of the types of its contract
                        shape = relation_of(node, "shape", "shape_private")
                        code = f"from {shape} limit 0; insert into {relation} by name {code}"
                    connection.execute(
                        f"create or replace {node['config']['materialized']} {relation} as {code}"
                    )
                elif "_as_of(" not in code and (rows := connection.execute(code).fetchmany(2)):
                    red.append(f"{node['name']}: {rows}")
                results[node["unique_id"]] = {"unique_id": node["unique_id"]}
        return Outcome(bool(red), results, red)

    def _differences(self, one: Path, other: Path) -> set[str]:
        """Which tables of a night differ. Steps between that only its scratch file had are none of them."""
        parts = Parts(json.loads(MANIFEST.read_text(encoding="utf-8")), new_day=False)
        kept = {relation_of(node) for node in lasting(parts)}
        steps = {f"{n['schema']}.{n['name']}" for n in parts.replaced.values() if relation_of(n) not in kept}

        def digests(file: Path) -> dict[str, tuple]:
            with sql.read(file) as connection:
                return {
                    table: connection.execute(
                        f"select count(*), sum(hash(t)::hugeint) from {table} as t"
                    ).fetchone()
                    for table in set(self.fast.tables.values()) - steps
                }

        ours, theirs = digests(one), digests(other)
        return {table for table in ours if ours[table] != theirs[table]}


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
