"""Models and tests of a night: whole models, touched rows in a scratch file, and what reads both.

What comes of it is, row by row, what a full build makes; where that is in doubt, a full build is made, and
the reason is kept with the run.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from dagster_project import dbt_command, sql
from dagster_project.incremental.parts import Parts
from dagster_project.incremental.scratch import FOLDER, InDoubt, Scratch, names
from dagster_project.prepare import MANIFEST
from dagster_project.runs.build_session import Run
from dagster_project.runs.folders import MADE
from dagster_project.runs.inputs import code_digest
from dagster_project.settings import DATABASE

MOST_TOUCHED = 0.05  # of the figures; beyond it a full build is as quick
TABLE_MACROS = "create_table_macros"


@dataclass(frozen=True)
class Made:
    """How the models of a run were made.

    code: hash of all that made them; figures, read_again: how many there are, and were read for it; why: the
    reason for which all were made anew, empty where they were not.
    """

    code: str
    figures: int
    read_again: int
    why: str = ""


def build(run: Run, command: Sequence[str], on_progress: dbt_command.Progress) -> dbt_command.Outcome:
    """Have dbt's `command`, which builds and tests everything, see what changed; in doubt, everything."""
    code = code_digest(run.settings.seeds)
    try:
        outcome, read_again, figures = _renewed(run, code, command, on_progress)
        made = Made(code, figures, read_again)
    except (InDoubt, duckdb.Error) as reason:
        _start_over(run)
        outcome = dbt_command.run(command, run.settings.build / "dbt", run.database, on_progress)
        with sql.read(run.database) as connection:
            figures = sql.count(connection, "raw.observations")
        made = Made(code, figures, figures, str(reason))
    (run.folder / MADE).write_text(json.dumps(asdict(made), ensure_ascii=False), encoding="utf-8")
    return outcome


def how(folder: Path) -> Made | None:
    """How the models of a run's folder were made, as far as that is known."""
    try:
        return Made(**json.loads((folder / MADE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _renewed(
    run: Run, code: str, command: Sequence[str], on_progress: dbt_command.Progress
) -> tuple[dbt_command.Outcome, int, int]:
    before = run.settings.work / DATABASE
    parts = _parts(run, code, before)
    loaded = run.database.with_name("loaded.duckdb")
    os.replace(run.database, loaded)
    shutil.copyfile(before, run.database)
    scratch = Scratch(run.database, before, parts)
    scratch.renew_raw(loaded)
    results: dict[str, dict] = {}

    def dbt(database: Path, *selected: Sequence[str]) -> None:
        wanted = ["--indirect-selection", "empty", "--select", *(name for each in selected for name in each)]
        done = dbt_command.run([*command, *wanted], run.settings.build / "dbt", database, on_progress)
        if done.exit_code:
            raise InDoubt(f"部分构建未通过 · building a part of it failed: {done.said[-1:]}")
        results.update({key: row for key, row in done.results.items() if key not in results})

    tests = parts.tests
    dbt(run.database, names(parts.before.values()), names(tests["before"].values()))
    scratch.find_touched()
    read_again, figures = scratch.share()
    if read_again > MOST_TOUCHED * figures:
        raise InDoubt(f"涉及 {read_again}/{figures} 个数值 · {read_again} of {figures} figures are touched")
    scratch.fill()
    dbt(
        scratch.file,
        names(parts.views.values()),
        names(parts.replaced.values()),
        names(tests["replaced"].values()),
    )
    scratch.merge()
    macros = dbt_command.run(
        ["run-operation", TABLE_MACROS], run.settings.build / "dbt", run.database, on_progress
    )
    if macros.exit_code:
        raise InDoubt(f"表函数未建成 · the table macros could not be made: {macros.said[-1:]}")
    dbt(run.database, names(parts.after.values()), names(tests["after"].values()))
    _tidy(run)
    return dbt_command.Outcome(0, results, []), read_again, figures


def _parts(run: Run, code: str, before: Path) -> Parts:
    """What runs when. Raises InDoubt where no earlier build can be gone on from."""
    if run.anew:
        raise InDoubt("指定全量 · asked for")
    last = how(before.parent)
    if last is None or not before.exists():
        raise InDoubt("此前没有可沿用的构建 · there is no earlier build to go on from")
    if last.code != code:
        raise InDoubt("代码、库或声明有变动 · code, libraries or declarations have changed")
    if last.figures <= run.settings.few:
        raise InDoubt(f"数值不足 {run.settings.few} 个 · no more than {run.settings.few} figures")
    with sql.read(before) as connection:
        (day,) = sql.row(connection, "select as_of_date from raw.build_info")
    return Parts(json.loads(MANIFEST.read_text(encoding="utf-8")), new_day=day != run.as_of)


def _start_over(run: Run) -> None:
    """A file with what was loaded, and nothing else."""
    loaded = run.database.with_name("loaded.duckdb")
    if loaded.exists():
        os.replace(loaded, run.database)
        run.database.with_name(f"{run.database.name}.wal").unlink(missing_ok=True)
    _tidy(run)


def _tidy(run: Run) -> None:
    shutil.rmtree(run.folder / FOLDER, ignore_errors=True)
    run.database.with_name("loaded.duckdb").unlink(missing_ok=True)
