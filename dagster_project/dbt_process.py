"""The process in which dbt runs, `python -m dagster_project.dbt_process [--ahead]`; see dbt_command.py.

Commands come on stdin, each as one line of JSON; the line that begins with ENDED says what one came to. With
--ahead it loads the project before the first, opens no database for it, and does not load it again. Where
stdin ends, whoever started it is gone: it ends too, whatever it is at.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from contextlib import suppress
from queue import SimpleQueue

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from dagster_project.child import end_with_the_starter
from dagster_project.dbt_command import ENDED

# Only reads what `prepare` has parsed. What is wrong with the project, the command itself will say.
LOAD = ["--no-write-json", "parse"]
SELECTED = "selected"


def main(ahead: bool) -> None:
    """Run command after command, until it is ended."""
    told = SimpleQueue[str]()
    threading.Thread(target=_hear, args=(told,), daemon=True).start()
    parsed = dbtRunner().invoke(LOAD).result if ahead else None
    loaded = parsed if isinstance(parsed, Manifest) else None
    dbt = dbtRunner(loaded)
    gc.freeze()  # what is loaded stays; looking through it again and again would free nothing
    while True:
        command = json.loads(told.get())
        os.environ.update(command["env"])
        done = dbt.invoke([*command["args"], *_selected(loaded, command["only"])])
        _release()
        print(f"{ENDED}{2 if done.exception else int(not done.success)}", flush=True)


def _hear(told: SimpleQueue[str]) -> None:
    for line in sys.stdin:
        told.put(line)
    end_with_the_starter(sys.stdin.fileno())


def _selected(loaded: Manifest | None, only: list[str]) -> list[str]:
    """Arguments that select these nodes alone, of none: what the command says.

    By a tag of our own, where the project is loaded: dbt compares each name with all nodes, in seconds.
    """
    if loaded is None:
        return ["--select", *only] if only else []
    names = set(only)
    for node in loaded.nodes.values():
        others = [tag for tag in node.tags if tag != SELECTED]
        node.tags = [*others, SELECTED] if node.name in names else others
    return ["--select", f"tag:{SELECTED}"] if only else []


def _release() -> None:
    """Close the database, which dbt-duckdb keeps open between commands; the next may name another."""
    with suppress(Exception):  # none was opened
        DuckDBConnectionManager.env().close()
    DuckDBConnectionManager.close_all_connections()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main("--ahead" in sys.argv)
