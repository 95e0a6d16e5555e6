"""A program of Dagster that ends with the process that started it, however that one ended.

`python -m dagster_project.child PROGRAM ARGUMENTS`, started by `start`: standard input is a pipe whose other
end the starter alone holds. Nothing is ever written to it; it closes when the starter is gone, killed or not.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from importlib.metadata import entry_points
from typing import Any

from filelock import FileLock, Timeout

from dagster_project.settings import Settings

DAEMON = "dagster-daemon"
PATIENCE = 30  # seconds that a daemon waits for another to be gone


def start(program: str, *arguments: str, **options: Any) -> subprocess.Popen:
    """Start a console script of this environment; options: of Popen.

    In a group of its own: Ctrl-C reaches the starter alone, which then ends its children in order.
    """
    command = [sys.executable, "-m", "dagster_project.child", program, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, **options)


def main() -> None:
    """Run the console script PROGRAM in this process; with it, all that it started ends."""
    program, *arguments = sys.argv[1:]
    threading.Thread(target=end_with_the_starter, args=(sys.stdin.fileno(),), daemon=True).start()
    if program == DAEMON:  # two would start each night twice
        try:
            lock = FileLock(Settings.read().build / "daemon.lock")
            lock.acquire(timeout=PATIENCE)
        except Timeout:
            sys.exit("另一守护进程仍在运行 · another daemon still runs on this build folder")
    sys.argv = [program, *arguments]
    (script,) = entry_points(group="console_scripts", name=program)
    script.load()()


def end_with_the_starter(pipe: int) -> None:
    """End this process and all that it started, once nobody holds the other end of `pipe`."""
    while os.read(pipe, 1):
        pass
    os.killpg(0, signal.SIGKILL)  # the group is this program's own


if __name__ == "__main__":
    main()
