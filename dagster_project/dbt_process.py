"""The process in which dbt runs, `python -m dagster_project.dbt_process [--ahead]`; see dbt_command.py.

Its command comes as one line of JSON on stdin. With --ahead it loads the project before it reads that line,
and opens no database for it. Where stdin ends, whoever started it is gone: it ends too, whatever it is at.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import sys
import threading
from contextlib import suppress

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from dagster_project.child import end_with_the_starter

# Only reads what `prepare` has parsed. What is wrong with the project, the command itself will say.
LOAD = ["--no-write-json", "parse"]


def main(ahead: bool) -> int:
    """Wait for the command and run it; returns dbt's exit code."""
    atexit.register(gc.freeze)  # as in cli.py
    loaded = dbtRunner().invoke(LOAD).result if ahead else None
    if not (line := sys.stdin.readline()):
        return 1
    threading.Thread(target=end_with_the_starter, args=(sys.stdin.fileno(),), daemon=True).start()
    told = json.loads(line)
    os.environ.update(told["env"])
    done = dbtRunner(loaded if isinstance(loaded, Manifest) else None).invoke(told["args"])
    return 2 if done.exception else int(not done.success)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main("--ahead" in sys.argv))
