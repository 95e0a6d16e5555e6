"""`make mutate`: builds once, judges every seeded defect and every legitimate addition, writes the score.

SITES, CASES and SEED in the environment change how many and which; TONGCHENG_CORPUS adds the audit. Results
go to build/mutate as they come, and at the end to docs/robustness.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from dagster_project.settings import ROOT, Settings
from tests.mutate import score
from tests.mutate.fast import Fast
from tests.mutate.operators import OPERATORS
from tests.mutate.report import report, share
from tests.torture import results

SITES, CASES = int(os.environ.get("SITES") or 10), int(os.environ.get("CASES") or 50)
SEED, WORKERS = int(os.environ.get("SEED") or 20211121), int(os.environ.get("WORKERS") or 2)
AS_OF = "2022-06-30"


def main() -> int:
    """Exit code 0; 1 where a legitimate addition was refused."""
    folder = Settings.read().build / "mutate"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    env = {
        **os.environ,
        "TONGCHENG_AS_OF": AS_OF,
        "TONGCHENG_SEEDS": str(ROOT / "seeds"),
        "TONGCHENG_BUILD": str(folder / "build"),
        "TONGCHENG_PUBLIC": str(folder / "public"),
    }
    subprocess.run([Path(sys.executable).with_name("tongcheng"), "build"], env=env, check=True)
    names = list(OPERATORS)
    with ProcessPoolExecutor(WORKERS) as pool:
        parts = [pool.submit(_outcomes, folder, f"{part}", names[part::WORKERS]) for part in range(WORKERS)]
        found = [outcome for part in parts for outcome in part.result()]
        alarms = pool.submit(_alarms, folder).result()
    results.write("mutation", report(found, alarms, SEED))
    entry = [outcome for outcome in found if outcome.entry]
    print(f"first entry: {share(entry)} of {len(entry)} caught; docs/robustness.md")
    return int(any(caught for _, caught in alarms))


def _bench(folder: Path, name: str) -> tuple[Fast, Path]:
    scratch, seeds = folder / name, folder / name / "seeds"
    shutil.copytree(ROOT / "seeds", seeds)
    return Fast(folder / "build", folder / "public", seeds, scratch), seeds


def _outcomes(folder: Path, name: str, operators: list[str]) -> list[score.Outcome]:
    fast, seeds = _bench(folder, name)
    found = score.outcomes(fast, seeds, SITES, SEED, Settings.read().corpus, operators)
    return score.kept(folder / f"outcomes_{name}.jsonl", found, lambda text: print(text, flush=True))


def _alarms(folder: Path) -> list[tuple[str, list]]:
    fast, seeds = _bench(folder, "alarms")
    found = []
    for what, caught in score.alarms(fast, seeds, CASES, SEED, Settings.read().corpus):
        print(f"{what}: {caught[0].by if caught else 'green'}", flush=True)
        found.append((what, caught))
    return found


if __name__ == "__main__":
    sys.exit(main())
