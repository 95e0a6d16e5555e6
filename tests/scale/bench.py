"""`make bench-scale FIGURES=1000000`: load, models, gates and the whole job on made-up seeds of that size.

Beside them one hand-written script, which must come to the same rows. Like is compared with like: load plus
the models of the three relations, against the script that computes just these from the same files; the whole
job, against one script for all its tables as DuckDB, Parquet and CSV. What is compared is processor time;
wall time on a shared machine says how busy the others are.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path

from dagster_project.settings import DATABASE, DATABASE_VARIABLE, DBT_PROJECT, ROOT
from tests.scale import by_hand, one_script, queries
from tests.scale.measure import Cost, measured
from tests.scale.synthetic import write_seeds

AS_OF = "2022-06-30"
BOUND, MEMORY_BOUND = 1.5, 8  # times the script; GiB
WHOLE_BOUNDS = {1_000_000: 1.8, 10_000_000: 1.5}  # times the script for everything, from so many figures on
LOAD_BOUND = 0.7  # times the speed of DuckDB's own reader, once the tokens are known
BIN = Path(sys.executable).parent
CORE = [f"+{relation}" for relation in by_hand.RELATIONS]
PARTS = ("load", "load again", "plain", "tokens", "core", "script", "whole", "job")


def main() -> None:
    """Measure one size, print it and keep it as build/bench/<figures>.json; KEEP=1 keeps the files too."""
    figures = int(os.environ.get("FIGURES", "1000000"))
    home = ROOT / "build" / "bench" / str(figures)
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    results = bench(home, figures)
    home.with_suffix(".json").write_text(json.dumps(results, indent=1, ensure_ascii=False), encoding="utf-8")
    if "KEEP" not in os.environ:
        shutil.rmtree(home)
    show(results)


def bench(home: Path, figures: int) -> dict:
    """Everything measured at one size: seconds, bytes, rows. Files stay in `home`, for a look if it fails."""
    seeds, given, script = home / "seeds", home / "given", home / "by_hand.duckdb"
    env = {
        **os.environ,
        "TONGCHENG_SEEDS": str(seeds),
        "TONGCHENG_BUILD": str(home / "build"),
        "TONGCHENG_PUBLIC": str(home / "public"),
        "TONGCHENG_AS_OF": AS_OF,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        DATABASE_VARIABLE: str(home / "build" / "work" / DATABASE),
    }

    def part(name: str, *arguments: object, again: bool = False) -> dict:
        print(f"{name}{' again' * again} …", flush=True)
        command = [sys.executable, "-m", "tests.scale.parts", name, *map(str, arguments)]
        return vars(measured(command, env, ROOT, home / f"{name}.log"))

    def dbt(*models: str) -> Cost:
        command = [str(BIN / "dbt"), "--quiet", "run", "--profiles-dir", ".", "--select", *models]
        return measured([*command, "--target-path", str(home / "dbt")], env, DBT_PROJECT, home / "dbt.log")

    print("seeds …", flush=True)
    started = time.perf_counter()
    results: dict = {"figures": write_seeds(seeds, figures), "seeds": time.perf_counter() - started}
    for again in (False, True):
        results["load again" if again else "load"] = part(
            "load", seeds, home / DATABASE, home / "readings", again=again
        )
        (home / DATABASE).unlink()
    results["plain"] = part("plain", seeds, home / DATABASE)
    (home / DATABASE).unlink()
    print("job …", flush=True)
    results["job"] = vars(measured([str(BIN / "tongcheng"), "build"], env, ROOT, home / "job.log"))
    print("queries …", flush=True)
    results["queries"] = queries.ask(str(home / "public" / DATABASE))
    results["distinct tokens"] = by_hand.write_given(home / "build" / "work" / DATABASE, given)
    results["tokens"] = part("tokens", seeds, given)
    results["script"] = part("script", seeds, given, script)
    results["whole"] = part("whole", seeds, home / "build", home / "whole")
    results["models"] = _models(home / "build" / "dbt" / "run_results.json")
    print("core …", flush=True)
    dbt("stg_breaks")  # parses, so that the next two start alike
    start, core = dbt("stg_breaks"), dbt(*CORE)
    results["core"] = {"wall": core.wall - start.wall, "cpu": core.cpu - start.cpu, "memory": core.memory}
    results["differences"] = {
        **by_hand.differences(home / "build" / "work" / DATABASE, script),
        **one_script.differences(home / "build", home / "whole" / DATABASE),
    }
    return results


def _models(run_results: Path) -> dict[str, float]:
    """Wall seconds of each model and test of the job."""
    nodes = json.loads(run_results.read_text(encoding="utf-8"))["results"]
    return {node["unique_id"].split(".", 2)[2]: node["execution_time"] for node in nodes}


def show(results: dict) -> None:
    """Print one size; exits with 1 where the rows differ."""
    print(f"{results['figures']} figures, {results['distinct tokens']} distinct tokens")
    print(f"{'':34} cpu s   wall s  GiB")
    for name in PARTS:
        cost = results[name]
        print(f"{name:31} {cost['cpu']:8.1f} {cost['wall']:8.1f} {cost['memory'] / 2**30:4.1f}")
    for stage, (wall, cpu) in results["job"]["stages"].items():
        print(f"  {stage:28} {cpu:8.1f} {wall:8.1f}")
    slowest = sorted(results["models"].items(), key=lambda item: -item[1])[:8]
    print("slowest: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in slowest))
    queries.show(results["queries"])
    load, tokens, core, script = (results[name]["cpu"] for name in ("load", "tokens", "core", "script"))
    print(f"load + models, tokens apart, / script: {(load - tokens + core) / script:.2f}, bound {BOUND}")
    job, whole = results["job"]["cpu"], results["whole"]["cpu"] + tokens
    bounds = [bound for size, bound in WHOLE_BOUNDS.items() if results["figures"] >= size]
    print(
        f"whole job / script for everything: {job / whole:.2f}" + "".join(f", bound {b}" for b in bounds[-1:])
    )
    again, plain = (results[name]["cpu"] for name in ("load again", "plain"))
    print(f"plain reading / load again, all tokens known: {plain / again:.2f}, bound {LOAD_BOUND}")
    print(f"memory of the job: {results['job']['memory'] / 2**30:.1f} GiB, bound {MEMORY_BOUND}")
    if any(results["differences"].values()):
        sys.exit(f"the script comes to other rows: {results['differences']}")


if __name__ == "__main__":
    main()
