"""`make bench-night FIGURES=1000000`: a night in which one figure in a thousand is new, beside a full build.

What is new is one bulletin that states figures of others again, and the day, as on any night.
"""

from __future__ import annotations

import json
import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb

from dagster_project.seeds.schema import BULLETINS
from dagster_project.settings import ROOT
from dagster_project.sql import text
from tests.scale.bench import AS_OF, BIN
from tests.scale.measure import Cost, measured
from tests.scale.synthetic import write_seeds

BOUNDS = {1_000_000: 0.15, 10_000_000: 0.05}  # of a full build, from so many figures on
NEW = 1000  # one figure in so many
LAST = "*_synthetic_49"
NEXT_DAY = str(date.fromisoformat(AS_OF) + timedelta(days=1))


def add_bulletin(seeds: Path, figures: int) -> int:
    """Add a bulletin of a day after all synthetic ones; returns how many figures it states."""
    (last,) = (seeds / BULLETINS).glob(LAST)
    new = f"{AS_OF}_synthetic_again"
    folder = seeds / BULLETINS / new
    folder.mkdir()
    with duckdb.connect() as connection:
        shape = "header = true, all_varchar = true, quote = '\"', escape = '\"'"

        def read(path: Path) -> str:
            return f"read_csv({text(str(path))}, {shape})"

        register = seeds / "sources.csv"
        whole = register.with_suffix(".whole")
        connection.execute(
            f"copy (from {read(register)} union all by name (select * replace ({text(new)} as source_id, "
            f"{text(AS_OF)} as date_published, {text(f'{new}.txt')} as document, "
            f"sha256({text(new)}) as document_sha256) "
            f"from {read(register)} where source_id = {text(last.name)})) to {text(str(whole))} (header)"
        )
        whole.replace(register)
        facts = read(last / "observations.csv")
        connection.execute(
            "copy (select * replace (observation_id || '-again' as observation_id, 'STATED' as as_of_basis, "
            "null as differs_from, "
            "null as repeats_observation_id, null as comparability_note, null as initiative_id) "
            f"from {facts} limit {max(1, figures // NEW)}) "
            f"to {text(str(folder / 'observations.csv'))} (header)"
        )
        made = read(folder / "observations.csv")
        return connection.execute(f"select count(*) from {made}").fetchone()[0]


def main() -> None:
    """Build, add the bulletin, build again, and print both; results stay in build/bench."""
    figures = int(os.environ.get("FIGURES", "1000000"))
    home = ROOT / "build" / "bench" / f"night-{figures}"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    env = {
        **os.environ,
        "TONGCHENG_SEEDS": str(home / "seeds"),
        "TONGCHENG_BUILD": str(home / "build"),
        "TONGCHENG_PUBLIC": str(home / "public"),
    }

    def job(name: str, as_of: str) -> Cost:
        print(f"{name} …", flush=True)
        command = [str(BIN / "tongcheng"), "build", "--as-of", as_of]
        return measured(command, env, ROOT, home / f"{name}.log")

    stated = write_seeds(home / "seeds", figures)
    full = job("full", AS_OF)
    new = add_bulletin(home / "seeds", figures)
    night = job("night", NEXT_DAY)
    models = json.loads((home / "public" / "current" / "manifest.json").read_text(encoding="utf-8"))["models"]
    results = {"figures": stated, "new": new, "full": vars(full), "night": vars(night), "models": models}
    home.with_suffix(".json").write_text(json.dumps(results, indent=1, ensure_ascii=False), encoding="utf-8")
    shutil.rmtree(home)
    print(f"{stated} figures, {new} new; {models['why'] or models['read_again']} read again")
    print(f"{'':34} full, cpu s  night, cpu s")
    for stage, (_, cpu) in full.stages.items():
        print(f"  {stage:32} {cpu:10.1f} {night.stages.get(stage, (0.0, 0.0))[1]:13.1f}")
    bound = max((size for size in BOUNDS if size <= figures), default=None)
    limit = f", bound {BOUNDS[bound]}" if bound else ""
    print(f"night / full, processor: {night.cpu / full.cpu:.2f}{limit}")
    print(f"night / full, wall: {night.wall / full.wall:.2f}")


if __name__ == "__main__":
    main()
