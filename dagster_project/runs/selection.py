"""Which runs are builds: of everything, from the first seed to the published version.

Needs nothing of Dagster: `tongcheng status` asks it of the run history, too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

ASSETS = {("raw", "build_info"), ("published", "tongcheng")}  # first and last
STEPS = {"ingest", "published__tongcheng"}  # the steps that make them


def is_full(assets: Collection[Sequence[str]], checks: Collection, steps: Collection[str]) -> bool:
    """Whether a run limited to these asset paths, checks and steps is a build; empty means not limited.

    A check by itself is none, nor is a run that goes on where a red one stopped.
    """
    whole = {tuple(path) for path in assets} >= ASSETS if assets else not checks
    return whole and (not steps or set(steps) >= STEPS)
