"""Ends all processes of a build, by their ids, the way a power cut would."""

from __future__ import annotations

import contextlib

import psutil

from tests.conftest import Place


def kill_all(place: Place) -> None:
    """SIGKILL all that works for this build folder, children that are born meanwhile too."""
    while victims := workers(place):
        for process in victims:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(victims, timeout=10)


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
