"""Runs dbt in a process of its own; reads the lines that it prints, then run_results.json.

dbt opens the warehouse's file to write, which one process at a time may; that is why it is not called here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dagster_project.child import DBT, start
from dagster_project.settings import DATABASE_VARIABLE, DBT_PROJECT

TARGET = DBT_PROJECT / "target"  # of what `prepare` has parsed
SHOWN_LINES = 30
RESULTS = "run_results.json"
PARSED = "partial_parse.msgpack"
Progress = Callable[[str, int, int], None]
# Only a display follows these lines; what a run came to is read from its results.
DONE = re.compile(r"(?P<done>\d+) of (?P<total>\d+) (?!START)(?P<text>.*?)(?: \.{2,}| *\[|$)")
MARK = "DBT_ENV_CUSTOM_ENV_COMMAND"  # dbt writes it into its results


@dataclass(frozen=True)
class Outcome:
    """What a dbt command came to.

    results: each node's row of run_results.json by unique id; empty where dbt died before it wrote them.
    said: the last lines that it printed.
    """

    exit_code: int
    results: dict[str, dict]
    said: list[str]


def dbt_executable() -> str:
    """The dbt of this environment, whatever PATH says."""
    return str(Path(sys.executable).with_name("dbt"))


def environment(target: Path, database: Path | None = None) -> dict[str, str]:
    """What dbt is told beside its arguments. target: folder of all it writes; database: the file it opens."""
    own = {
        "DBT_PROFILES_DIR": os.fspath(DBT_PROJECT),
        "DBT_TARGET_PATH": os.fspath(target),
        "DBT_LOG_PATH": os.fspath(target),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_USE_COLORS": "false",
    }
    return {**os.environ, **own, **({DATABASE_VARIABLE: os.fspath(database)} if database else {})}


def run(
    args: Sequence[str],
    target: Path,
    database: Path,
    on_progress: Progress,
    variables: Mapping[str, str] | None = None,
) -> Outcome:
    """Run a command that writes results. on_progress: told what dbt is done with, how many of how many.

    target, database: as in `environment`; variables: of the environment, beside those.
    """
    target.mkdir(parents=True, exist_ok=True)
    # Where only the order of a test's columns changed, what dbt parsed for an earlier build keeps the test's
    # old name, which the manifest does not know: it starts from what `prepare` has parsed.
    (target / PARSED).unlink(missing_ok=True)
    if (TARGET / PARSED).exists():
        shutil.copy(TARGET / PARSED, target / PARSED)
    # Results of an earlier run must never pass for this one's, should dbt die before it writes its own; nor
    # those of a killed run, whose dbt may outlive it.
    (target / RESULTS).unlink(missing_ok=True)
    mark = str(uuid.uuid4())
    said: deque[str] = deque(maxlen=SHOWN_LINES)
    with _started(args, {**environment(target, database), **(variables or {}), MARK: mark}) as process:
        for line in process.stdout or ():
            print(line, end="")
            said.append(line.rstrip("\n"))
            if node := DONE.search(line):
                on_progress(node["text"], int(node["done"]), int(node["total"]))
    return Outcome(process.returncode, _results(target, mark), list(said))


@contextmanager
def _started(args: Sequence[str], env: Mapping[str, str]) -> Iterator[subprocess.Popen]:
    """The process; if we are interrupted, so is dbt, which then undoes what it had begun; if killed, killed.

    It would write on in the folder of which the next build is to begin.
    """
    with start(
        DBT,
        *args,
        cwd=DBT_PROJECT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield process
            process.wait()  # before its standard input closes, by which it would end itself
        except BaseException:
            process.terminate()
            raise


def _results(target: Path, mark: str) -> dict[str, dict]:
    path = target / RESULTS
    if not path.exists():
        return {}
    document = json.loads(path.read_text(encoding="utf-8"))
    if document["metadata"].get("env", {}).get("COMMAND") != mark:
        return {}
    return {row["unique_id"]: row for row in document["results"]}
