"""Models and tests of a night: whole models, touched rows in a scratch file, and what reads both.

What comes of it is, row by row, what a full build makes; where that is in doubt, a full build is made, and
the reason is kept with the run.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from dagster_project import private, sql
from dagster_project.dbt_command import Dbt, Outcome, Progress
from dagster_project.incremental.parts import Node, Parts
from dagster_project.incremental.scratch import FOLDER, InDoubt, Scratch
from dagster_project.prepare import MANIFEST
from dagster_project.runs.build_session import Run, keep_loaded
from dagster_project.runs.folders import MADE
from dagster_project.runs.inputs import code_digest
from dagster_project.settings import DATABASE

MOST_TOUCHED = 0.05  # of the figures; beyond it a full build is as quick
AGAIN_AFTER = timedelta(days=6, hours=12)  # every seventh night makes everything anew, whatever has changed
TABLE_MACROS = "create_table_macros"


@dataclass(frozen=True)
class Made:
    """How the models of a run were made.

    code: hash of all that made them; figures, read_again: how many there are, and were read for it; anew_at:
    when everything was last made anew; why: the reason for it, empty where this run did not.
    """

    code: str
    figures: int
    read_again: int
    anew_at: str
    why: str = ""


def build(run: Run, command: Sequence[str], on_progress: Progress) -> Outcome:
    """Have dbt's `command`, which builds and tests everything, see what changed; in doubt, everything."""
    code = code_digest(run.settings.seeds)
    with sql.read(run.database) as connection:
        figures = sql.count(connection, "raw.observations")
        has_begun = bool(sql.count(connection, "duckdb_tables() where schema_name = 'marts'"))
    with run.dbt or Dbt(run.settings.build / "dbt", ahead=True) as dbt:
        try:
            last = require_last(run, code, figures)
            if not has_begun:
                raise InDoubt("文件未由上次的复制而来 · its file did not begin as a copy of the last")
            outcome, read_again = _renewed(run, dbt, figures, command, on_progress)
            made = Made(code, figures, read_again, last.anew_at)
        except (InDoubt, duckdb.Error) as reason:
            if has_begun:
                keep_loaded(run.database)
                _tidy(run)
            outcome = dbt.run(command, run.database, on_progress)
            made = Made(code, figures, figures, run.started.isoformat(), str(reason).partition("\n")[0])
    (run.folder / MADE).write_text(json.dumps(asdict(made), ensure_ascii=False), encoding="utf-8")
    return outcome


def how(folder: Path) -> Made | None:
    """How the models of a run's folder were made, as far as that is known."""
    try:
        return Made(**json.loads((folder / MADE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def begin(run: Run) -> bool:
    """Begin a run's file as a copy of the last green one, if its models can go on from that; whether so."""
    try:
        last = how(run.settings.work)
        require_last(run, code_digest(run.settings.seeds), last.figures if last else 0)
        shutil.copyfile(run.settings.work / DATABASE, run.database)
        with run.connect() as connection:
            private.attach(connection, run.database)  # a new file: few of the tables between are kept
            connection.execute(f"create schema {private.NAME}.{private.SCHEMA}")
            return True
    except (InDoubt, duckdb.Error):  # the latter: it is damaged, or written to
        begin_anew(run)
        return False


def begin_anew(run: Run) -> None:
    """Leave a run without a file."""
    private.remove(run.database)
    for file in (run.database, run.database.with_name(f"{run.database.name}.wal")):
        file.unlink(missing_ok=True)


def require_last(run: Run, code: str, figures: int) -> Made:
    """How the build was made that this one goes on from. Raises InDoubt where none can be, or is to be."""
    last, few = how(run.settings.work), run.settings.few
    if run.anew:
        raise InDoubt("指定全量 · asked for")
    if last is None or not (run.settings.work / DATABASE).exists():
        raise InDoubt("没有可沿用的构建 · there is no build to go on from")
    if figures <= few:
        raise InDoubt(f"数值不超过 {few} 个 · no more than {few} figures")
    if last.code != code:
        raise InDoubt("代码、库或声明有变动 · code, libraries or declarations have changed")
    if run.started - datetime.fromisoformat(last.anew_at) > AGAIN_AFTER:
        raise InDoubt("每周全量一次 · everything is made anew once a week")
    return last


def _renewed(
    run: Run, dbt: Dbt, figures: int, command: Sequence[str], on_progress: Progress
) -> tuple[Outcome, int]:
    """The outcome, and how many figures were read for it."""
    before = run.settings.work / DATABASE
    with sql.read(before) as connection:
        (day,) = sql.row(connection, "select as_of_date from raw.build_info")
    parts = Parts(json.loads(MANIFEST.read_text(encoding="utf-8")), new_day=day != run.as_of)
    scratch = Scratch(run.database, before, parts)
    scratch.compare_raw()
    results: dict[str, dict] = {}

    def part(database: Path, arguments: Sequence[str], only: Sequence[str] = ()) -> None:
        # Beside what dbt wrote of the last full build, which knows the SQL of all models.
        target = run.settings.build / "dbt-part"
        done = dbt.run(arguments, database, on_progress, target=target, only=only)
        if done.exit_code:
            raise InDoubt(f"部分构建未通过 · building a part of it failed: {done.said[-1:]}")
        results.update({key: row for key, row in done.results.items() if key not in results})

    def make(database: Path, *selected: Mapping[str, Node]) -> None:
        names = sorted(node["name"] for each in selected for node in each.values())
        part(database, [*command, "--indirect-selection", "empty"], names)

    tests = parts.tests
    make(run.database, parts.before, tests["before"])
    scratch.find_touched()
    read_again = scratch.figures()
    if read_again > MOST_TOUCHED * figures:
        raise InDoubt(f"涉及 {read_again}/{figures} 个数值 · {read_again} of {figures} figures are touched")
    scratch.fill()
    make(scratch.file, parts.views, parts.replaced, tests["replaced"])
    scratch.merge()
    part(run.database, ["run-operation", TABLE_MACROS])
    make(run.database, parts.after, tests["after"])
    _tidy(run)
    return Outcome(0, results, []), read_again


def _tidy(run: Run) -> None:
    shutil.rmtree(run.folder / FOLDER, ignore_errors=True)
