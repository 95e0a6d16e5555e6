"""Ends whole process trees of a build, by their ids, the way a power cut would."""

from __future__ import annotations

import contextlib

import psutil

from tests.conftest import Place


def kill_tree(pid: int, place: Place) -> int:
    """SIGKILL a process and all that works for the same build folder. Returns how many were killed."""
    victims = []
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        victims = [root, *root.children(recursive=True)]
    killed = 0
    while victims:
        for process in victims:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
                killed += 1
        psutil.wait_procs(victims, timeout=10)
        victims = workers(place)  # a child that was born meanwhile
    return killed


def workers(place: Place) -> list[psutil.Process]:
    """Every living process that has this build folder in its environment."""
    found = []
    for process in psutil.process_iter(["status"]):
        with contextlib.suppress(psutil.Error):
            if process.info["status"] != psutil.STATUS_ZOMBIE and (
                process.environ().get("TONGCHENG_BUILD") == str(place.build)
            ):
                found.append(process)
    return found
