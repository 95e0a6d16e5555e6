"""Progress messages while a build runs. Stages report here; the command line listens.

In the UI the same lines appear in the run's log. No stage knows who listens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """`done` of `total` items of one stage (total 0: not known yet), and what is being done."""

    stage: str
    text: str
    done: int = 0
    total: int = 0


Listener = Callable[[Step], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Callable[[], None]:
    """Add a listener of this process; the returned function removes it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def report(stage: str, text: str, done: int = 0, total: int = 0) -> None:
    """Pass a step to every listener."""
    step = Step(stage, text, done, total)
    for listener in _listeners:
        listener(step)
