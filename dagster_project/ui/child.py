"""A program of Dagster that ends with the UI that started it, however that one ended.

`python -m dagster_project.ui.child PROGRAM ARGUMENTS`: standard input is a pipe whose other end the UI alone
holds. Nothing is ever written to it; it closes when the UI is gone, killed or not.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from importlib.metadata import entry_points

from filelock import FileLock, Timeout

from dagster_project.settings import Settings

DAEMON = "dagster-daemon"
PATIENCE = 30  # seconds that a daemon waits for another to be gone


def main() -> None:
    """Run the console script PROGRAM in this process; with it, all that it started ends."""
    program, *arguments = sys.argv[1:]
    threading.Thread(target=_end_with_the_ui, args=(sys.stdin.fileno(),), daemon=True).start()
    if program == DAEMON:  # two would start each night twice
        try:
            lock = FileLock(Settings.read().build / "daemon.lock")
            lock.acquire(timeout=PATIENCE)
        except Timeout:
            sys.exit("另一守护进程仍在运行 · another daemon still runs on this build folder")
    sys.argv = [program, *arguments]
    (script,) = entry_points(group="console_scripts", name=program)
    script.load()()


def _end_with_the_ui(pipe: int) -> None:
    while os.read(pipe, 1):
        pass
    os.killpg(0, signal.SIGKILL)  # the group is this program's own


if __name__ == "__main__":
    main()
