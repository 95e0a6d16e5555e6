"""Runs dbt in a process of its own; reads the lines that it prints, then run_results.json.

dbt opens the warehouse's file to write, which one process at a time may; that is why it is not called here.
To load dbt takes seconds: a build starts the process ahead, while it loads the seeds, and has it run all its
commands.
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
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from dagster_project.settings import DATABASE_VARIABLE, DBT_PROJECT

TARGET = DBT_PROJECT / "target"  # of what `prepare` has parsed
PROCESS = "dagster_project.dbt_process"
SHOWN_LINES = 30
RESULTS = "run_results.json"
PARSED = "partial_parse.msgpack"
Progress = Callable[[str, int, int], None]
# Only a display follows these lines; what a run came to is read from its results.
DONE = re.compile(r"(?P<done>\d+) of (?P<total>\d+) (?!START)(?P<text>.*?)(?: \.{2,}| *\[|$)")
ENDED = "\x1e"  # begins the line in which the process says what a command came to
MARK = "DBT_ENV_CUSTOM_ENV_COMMAND"  # dbt writes it into its results, as it was when it was loaded


@dataclass(frozen=True)
class Outcome:
    """What a dbt command came to.

    exit_code: dbt's, and not 0 where it wrote no results; results: each node's row of run_results.json by
    unique id, none where it died before.
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
        "DBT_LOG_LEVEL_FILE": "none",  # what it prints, whoever started it keeps
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_USE_COLORS": "false",
    }
    return {**os.environ, **own, **({DATABASE_VARIABLE: os.fspath(database)} if database else {})}


class Dbt:
    """A process that waits for commands, with dbt loaded, and ends on leaving. target: folder of its files.

    ahead: it loads the project too, once and by itself; otherwise with each command, whose profile may be
    another.
    """

    def __init__(self, target: Path, ahead: bool = False):
        target.mkdir(parents=True, exist_ok=True)
        # Where only the order of a test's columns changed, what dbt parsed for an earlier build keeps the
        # test's old name, which the manifest does not know: it starts from what `prepare` has parsed.
        (target / PARSED).unlink(missing_ok=True)
        if (TARGET / PARSED).exists():
            shutil.copy(TARGET / PARSED, target / PARSED)
        self._target, self._mark = target, str(uuid.uuid4())
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", PROCESS, *(["--ahead"] if ahead else [])],
            cwd=DBT_PROJECT,
            env={**environment(target), MARK: self._mark},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C reaches the build alone, which ends it in order
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def run(
        self,
        args: Sequence[str],
        database: Path,
        on_progress: Progress,
        variables: Mapping[str, str] | None = None,
        target: Path | None = None,
        only: Sequence[str] = (),
    ) -> Outcome:
        """Run a command that writes results. Afterwards nothing holds the file open.

        on_progress: told what dbt is done with, how many of how many; database: the file that it opens;
        variables: of the environment, beside those; target: folder of what this one writes; only: names of
        the nodes to select, which costs less than to name them in the arguments.
        """
        said, target = deque[str](maxlen=SHOWN_LINES), target or self._target
        # Those of an earlier command must never pass for this one's, should dbt die before it writes its own.
        (target / RESULTS).unlink(missing_ok=True)
        env = {**environment(target, database), **(variables or {})}
        exit_code = self._told({"args": list(args), "env": env, "only": list(only)}, said, on_progress)
        results = _results(target, self._mark)
        return Outcome(exit_code or int(not results), results, list(said))

    def _told(self, command: dict, said: deque[str], on_progress: Progress) -> int:
        """Tell the process a command, and print what it prints; the command's exit code, or its own."""
        with suppress(BrokenPipeError):  # it died: what it printed says why
            print(json.dumps(command), file=self._process.stdin, flush=True)
        for line in self._process.stdout or ():
            if line.startswith(ENDED):
                return int(line.removeprefix(ENDED))
            print(line, end="")
            said.append(line.rstrip("\n"))
            if node := DONE.search(line):
                on_progress(node["text"], int(node["done"]), int(node["total"]))
        return self._process.wait()

    def end(self) -> None:
        """End it, whatever it is at, which it then undoes. One that has ended is only tidied away."""
        self._process.terminate()
        with suppress(BrokenPipeError), self._process:
            pass


def _results(target: Path, mark: str) -> dict[str, dict]:
    path = target / RESULTS
    if not path.exists():
        return {}
    document = json.loads(path.read_text(encoding="utf-8"))
    if document["metadata"].get("env", {}).get("COMMAND") != mark:
        return {}
    return {row["unique_id"]: row for row in document["results"]}
