"""Runs a command and says what it took: wall and processor time, and the most memory of all its processes."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import psutil

from dagster_project.build_command import BEGINS, STAGES

EVERY = 0.2  # seconds between two looks at the memory
SHOWN_LINES = 60  # of a command that failed


@dataclass
class Cost:
    """wall, cpu: seconds; memory: bytes; stages: wall and cpu of each stage that the command named."""

    wall: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    stages: dict[str, tuple[float, float]] = field(default_factory=dict)


def measured(command: list[str], env: dict[str, str], cwd: Path, log: Path) -> Cost:
    """Run a command to its end, its output kept in `log`; where it fails, show the end of that and exit."""
    cost, marks, before, started = Cost(), [], _ended(), time.perf_counter()
    process = psutil.Popen(
        command, env=env, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )

    def read() -> None:
        with process.stdout as lines, log.open("w", encoding="utf-8", buffering=1) as stream:
            for line in lines:
                stream.write(line)
                if stage := next(
                    (one for one in STAGES.values() if line.endswith(f"{one} {BEGINS}\n")), None
                ):
                    marks.append((stage, time.perf_counter(), _cpu(process)))

    reader = threading.Thread(target=read)
    reader.start()
    while process.poll() is None:
        cost.memory = max(cost.memory, int(_summed(process, lambda one: one.memory_info().rss)))
        time.sleep(EVERY)
    reader.join()
    cost.wall, cost.cpu = time.perf_counter() - started, _ended() - before
    if process.returncode:
        print(*log.read_text(encoding="utf-8").splitlines()[-SHOWN_LINES:], sep="\n")
        sys.exit(f"{' '.join(command)} failed")
    marks.append(("", started + cost.wall, cost.cpu))
    for (stage, begun, cpu), (_, ended, cpu_then) in pairwise(marks):
        cost.stages[stage] = (ended - begun, cpu_then - cpu)
    return cost


def _ended() -> float:
    """Processor time of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _cpu(process: psutil.Process) -> float:
    """Processor time of a tree so far, its ended children included."""
    return _summed(process, lambda one: sum(one.cpu_times()[:4]))


def _summed(process: psutil.Process, look: Callable[[psutil.Process], float]) -> float:
    """A look at each process of the tree, added up; one that ends meanwhile adds nothing."""
    total = 0.0
    with suppress(psutil.NoSuchProcess):
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                if one.status() != psutil.STATUS_ZOMBIE:
                    total += look(one)
    return total
