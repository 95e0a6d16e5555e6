"""One build at a time, each full run in a fresh folder: the resource that every step of a run works through.

Holds the operating-system lock from the first step to the last, whoever started the run, and decides
which file the run works on. No rule about data and no publishing belongs here.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import duckdb
from pydantic import Field, PrivateAttr

from dagster_project import private, sql
from dagster_project.dbt_command import Dbt
from dagster_project.publish.versions import OUT, require_publishable
from dagster_project.runs import liveness
from dagster_project.runs.folders import CARD, MADE, build_id_of, prune_red, set_killed_aside
from dagster_project.runs.history import prune
from dagster_project.runs.inputs import digest, seeds_digest
from dagster_project.runs.turn import build_lock
from dagster_project.settings import DATABASE, DUCKDB, STORAGE_VERSION, Settings

INTERRUPTED = "UNEXPECTED_TERMINATION"  # what Dagster calls it in an enum without a public name
INTERRUPT = "INTERRUPT"  # of a step, as Dagster names its source
FIRST_AND_LAST = {("raw", "build_info"), ("published", "tongcheng")}  # assets of every build
THEIR_STEPS = {"ingest", "published__tongcheng"}


@dataclass(frozen=True)
class Run:
    """The run under way.

    full: everything was selected, so it starts fresh and may publish; inputs: hash of all that it then reads;
    anew: no model is to rest on what an earlier build made; dbt: the process that will build its models,
    where one was started ahead.
    """

    settings: Settings
    run_id: str
    started: datetime
    as_of: date
    full: bool
    inputs: str = ""
    anew: bool = False
    dbt: Dbt | None = None

    @property
    def build_id(self) -> str:
        """Sortable name of the build: UTC start and the head of the run's id."""
        return build_id_of(self.started, self.run_id)

    @property
    def folder(self) -> Path:
        """Where this run's file and check ledger stand."""
        return self.settings.next if self.full else self.settings.work

    @property
    def database(self) -> Path:
        """The DuckDB file that this run builds."""
        return self.folder / DATABASE

    @property
    def out(self) -> Path:
        """What is published beside the file, as it stands; moved from there into the version."""
        return self.folder / OUT

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Read and write the run's file; afterwards it is checkpointed and closed, no log beside it."""
        connection = connect(self.database)
        try:
            yield connection
            connection.execute("checkpoint")
        finally:
            connection.close()


def connect(database: Path) -> duckdb.DuckDBPyConnection:
    """Open a file to be written, in the storage version and with the share of the machine of every step."""
    config = {"storage_compatibility_version": STORAGE_VERSION, **Settings.read().duckdb()}
    return duckdb.connect(str(database), config=config)


def keep_loaded(database: Path) -> None:
    """Leave what was loaded in a build's file that began as a copy of yesterday's, and nothing else."""
    loaded = database.with_name("loaded.duckdb")
    with connect(loaded) as connection:
        connection.execute(f"attach {sql.text(str(database))} as begun (read_only); create schema raw")
        tables = "from duckdb_tables() where database_name = 'begun' and schema_name = 'raw'"
        for (table,) in connection.execute(f"select table_name {tables}").fetchall():
            connection.execute(f"create table raw.{sql.name(table)} as from begun.raw.{sql.name(table)}")
    private.remove(database)
    database.with_name(f"{database.name}.wal").unlink(missing_ok=True)
    os.replace(loaded, database)


class BuildSession(dg.ConfigurableResource):
    """The lock and the working folder of a run; a step reads `session.run`."""

    as_of: str = Field(
        default="", description="统计时点，留空为今天 · day that statuses refer to; empty: today in Shanghai"
    )
    anew: bool = Field(
        default=False, description="各模型全量重建 · make every model anew, whatever earlier builds made"
    )
    _run: Run | None = PrivateAttr(default=None)

    @property
    def run(self) -> Run:
        """The run under way."""
        if self._run is None:
            raise RuntimeError("the warehouse is used outside a run")
        return self._run

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[BuildSession]:
        """Take the lock, open the folder, and on the way out keep what a red run leaves for the steward."""
        settings = Settings.read()
        if self.as_of:
            settings = replace(settings, as_of=date.fromisoformat(self.as_of))
        settings.export()
        run_id = context.run.run_id if context.run else ""
        if run_id:
            liveness.claim(settings, run_id)
        with build_lock(settings, run_id, context.log.info if context.log else print):
            started = datetime.now(UTC)
            full = is_full(context.run)
            # Hashed before anything is read: what changes meanwhile counts as a change.
            inputs = digest(settings) if full else ""
            run = Run(settings, run_id, started, settings.day(), full, inputs, self.anew)
            _open_folder(run)
            try:
                if full:
                    # Now rather than after a minute of work.
                    require_publishable(settings.public, settings.build)
                    if context.instance:
                        prune(context.instance, settings)
                    if settings.engine == DUCKDB:
                        run = replace(run, dbt=Dbt(settings.build / "dbt", ahead=True))
                self._run = run
                yield self
            finally:
                if run.dbt:
                    run.dbt.end()
                _set_red_aside(run)


def is_full(run: dg.DagsterRun | None) -> bool:
    """Whether a run is a build: of everything, from the first seed to the published version.

    A check by itself is none, nor is a run that goes on where a red one stopped. Without a run nothing is
    left out.
    """
    if run is None:
        return True
    assets = {tuple(key.path) for key in run.asset_selection or ()}
    whole = assets >= FIRST_AND_LAST if assets else not run.asset_check_selection
    return whole and (not run.step_keys_to_execute or set(run.step_keys_to_execute) >= THEIR_STEPS)


def was_interrupted(failure: dg.DagsterEvent) -> bool:
    """Whether a step or a run failed because somebody ended it, by Ctrl-C or by stopping the service.

    A second Ctrl-C strikes the first one's work, and then the step alone knows of it.
    """
    if failure.is_step_failure:
        source = failure.step_failure_data.error_source
        return source is not None and source.value == INTERRUPT
    if not failure.is_run_failure:
        return False
    data = failure.job_failure_data  # of a run that was killed, nobody left any
    reason = data.failure_reason if data else None
    return reason is not None and reason.value == INTERRUPTED


def _open_folder(run: Run) -> None:
    """A full run starts empty; whatever a killed one left is set aside, never repaired."""
    if run.full:
        set_killed_aside(run.settings)
        run.folder.mkdir(parents=True)
        card = {
            "build_id": run.build_id,
            "run_id": run.run_id,
            "pid": os.getpid(),
            "seeds": seeds_digest(run.settings.seeds),
        }
        (run.folder / CARD).write_text(json.dumps(card))
    elif not (run.database.exists() and private.beside(run.database).exists()):
        raise dg.Failure(
            "尚无通过的构建，请先执行 Materialize all · no green build yet: 'Materialize all' first"
        )
    else:  # its file will no longer be of one piece: no build may go on from it
        (run.folder / MADE).unlink(missing_ok=True)


def keep_as_work(run: Run) -> None:
    """A green run's folder becomes the copy in which single assets are materialized."""
    work = run.settings.work
    old = work.with_name("work.old")
    shutil.rmtree(old, ignore_errors=True)
    if work.exists():
        os.replace(work, old)
    os.replace(run.folder, work)
    shutil.rmtree(old, ignore_errors=True)


def _set_red_aside(run: Run) -> None:
    """A green run's folder has been moved away; what is still here is red, unless somebody ended the run."""
    if not run.full or not run.folder.exists():
        return
    if isinstance(sys.exc_info()[1], (dg.DagsterExecutionInterruptedError, KeyboardInterrupt)):
        shutil.rmtree(run.folder, ignore_errors=True)
        return
    began_as_copy = run.settings.engine == DUCKDB and private.beside(run.database).exists()
    if began_as_copy and not (run.folder / MADE).exists():  # red before its models were made
        with suppress(duckdb.Error):  # whoever looks into it is not to find marts of yesterday
            keep_loaded(run.database)
    run.settings.red.mkdir(parents=True, exist_ok=True)
    os.replace(run.folder, run.settings.red / run.build_id)
    prune_red(run.settings)
