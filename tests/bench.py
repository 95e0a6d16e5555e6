"""`make bench`: the whole job beside a bare `dbt build` of the same project, and `check` beside the job.

Runs are taken in turn, so that a drift of the machine meets both; ratios of each pair, then their median.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.progress import track

from dagster_project.defs.models import BUILD

ROOT = Path(__file__).resolve().parent.parent
PAIRS = int(os.environ.get("PAIRS", "5"))
BIN = Path(sys.executable).parent


def seconds(command: list[str], env: dict[str, str], cwd: Path = ROOT) -> float:
    """Wall time of one command, in seconds; stops the benchmark where the command fails."""
    start = time.perf_counter()
    done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        env = {
            **os.environ,
            "TONGCHENG_BUILD": str(base / "build"),
            "TONGCHENG_PUBLIC": str(base / "public"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        job = [str(BIN / "tongcheng"), "build"]
        check = [str(BIN / "tongcheng"), "check"]
        bare = [
            str(BIN / "dbt"),
            "--quiet",
            *BUILD,
            "--profiles-dir",
            ".",
            "--target-path",
            str(base / "dbt"),
        ]
        bare_env = {**env, "DBT_ENV_SECRET_DATABASE": str(base / "build" / "work" / "tongcheng.duckdb")}
        seconds(job, env)  # warm: manifest, partial parse, bytecode
        seconds(bare, bare_env, ROOT / "dbt_project")
        rows = []
        for _ in track(range(PAIRS), description="pairs", transient=True):
            rows.append(
                (
                    seconds(job, env),
                    seconds(bare, bare_env, ROOT / "dbt_project"),
                    seconds(check, env),
                )
            )
    medians = [statistics.median(column) for column in zip(*rows, strict=True)]
    ratios = [job / bare for job, bare, _ in rows]
    print(
        f"whole job {medians[0]:.1f} s, bare dbt build {medians[1]:.1f} s, check {medians[2]:.1f} s (medians)"
    )
    print(
        f"job / dbt build: {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}), bound 2.5"
    )
    print(f"check / job: {statistics.median(c / j for j, _, c in rows):.2f}, bound 0.20")


if __name__ == "__main__":
    main()
