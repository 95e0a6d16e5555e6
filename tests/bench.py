"""`make bench`: the job, report and downloads included, beside a bare `dbt build`; and `check`.

Runs are taken in turn, so that a drift of the machine meets both; ratios of each pair, then their median.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from rich.progress import track

from dagster_project.build_command import STAGES
from dagster_project.settings import DATABASE_VARIABLE
from tests.scale.measure import Cost, measured

ROOT = Path(__file__).resolve().parent.parent
PAIRS = int(os.environ.get("PAIRS", "5"))
BIN = Path(sys.executable).parent
EXTRAS = (STAGES["downloads"], STAGES["report"])  # made of the marts, after the gates


def extras(job: Cost) -> float:
    """Seconds of the job that went into report and downloads."""
    return sum(job.stages[stage][0] for stage in EXTRAS)


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
        bare_env = {**env, DATABASE_VARIABLE: str(base / "build" / "work" / "tongcheng.duckdb")}

        def run(command: list[str], env: dict[str, str], cwd: Path = ROOT) -> Cost:
            return measured(command, env, cwd, base / "log.txt")

        run(job, env)  # warm: manifest, partial parse, bytecode
        from dagster_project.defs.models import BUILD  # which reads the manifest

        bare = [
            str(BIN / "dbt"),
            "--quiet",
            *BUILD,
            "--profiles-dir",
            ".",
            "--target-path",
            str(base / "dbt"),
        ]
        run(bare, bare_env, ROOT / "dbt_project")
        rows = [
            (run(job, env), run(bare, bare_env, ROOT / "dbt_project"), run(check, env))
            for _ in track(range(PAIRS), description="pairs", transient=True)
        ]

    def line(text: str, figures: list[float], bound: float | None = None) -> None:
        limit = f", bound {bound}" if bound else ""
        print(f"{text}: {statistics.median(figures):.2f} ({min(figures):.2f}–{max(figures):.2f}){limit}")

    line("job, wall s", [job.wall for job, _, _ in rows])
    line("job, processor s", [job.cpu for job, _, _ in rows])
    line("of it report and downloads, wall s", [extras(job) for job, _, _ in rows])
    line("bare dbt build, wall s", [bare.wall for _, bare, _ in rows])
    line("bare dbt build, processor s", [bare.cpu for _, bare, _ in rows])
    line("job / dbt build, wall", [job.wall / bare.wall for job, bare, _ in rows], 1.5)
    line("job / dbt build, processor", [job.cpu / bare.cpu for job, bare, _ in rows], 1.8)
    line("check, processor s", [check.cpu for _, _, check in rows], 3.0)


if __name__ == "__main__":
    main()
