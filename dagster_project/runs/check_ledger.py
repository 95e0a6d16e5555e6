"""The proof that every declared check was evaluated on exactly the file to be published.

Each stage writes its part beside the run's file; publishing refuses without all of them.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.files import UnwrittenLogError, sealed_sha256

if TYPE_CHECKING:
    from dagster_project.runs.build_session import Run

PARTS = ("seeds", "dbt", "gates")  # in the order in which they are written


class Unproven(RuntimeError):
    """The file may not be published; the message says which proof is missing."""


@dataclass(frozen=True)
class Check:
    """One declared check; `passed` None: not evaluated, which is right only where it is `skipped`.

    title: a gate's rule in words, and that of any other check that is red; unexpected: rows against it.
    """

    relation: str
    name: str
    blocking: bool
    passed: bool | None
    skipped: bool = False
    title: str = ""
    unexpected: int = 0


def write(run: Run, part: str, declared: int, checks: list[Check], bound: bool = True) -> None:
    """Record one part. `bound`: the file has its final content, so its hash is recorded."""
    document = {
        "build_id": run.build_id,
        "run_id": run.run_id,
        "declared": declared,
        "sha256": sealed_sha256(run.database) if bound else None,
        "checks": [asdict(check) for check in checks],
    }
    _ledger(run.folder, part).write_text(json.dumps(document, ensure_ascii=False, indent=1))


def passed(folder: Path, part: str) -> set[tuple[str, str]]:
    """Relation and name of the checks of a part that passed, as a run's folder has them."""
    try:
        checks = json.loads(_ledger(folder, part).read_text())["checks"]
    except (OSError, ValueError, KeyError):
        return set()
    return {(check["relation"], check["name"]) for check in checks if check["passed"]}


def _ledger(folder: Path, part: str) -> Path:
    return folder / f"checks_{part}.json"


def require(
    run: Run, declared: dict[str, int], skipped: Collection[tuple[str, str]] = frozenset()
) -> list[dict]:
    """Every evaluated check of the run, or Unproven.

    declared: how many checks each part must have evaluated; skipped: relation and name of those that must not
    be, for these seeds. Both are counted anew from the declarations.
    """
    if not run.full:
        raise Unproven("只有完整构建才能发布 · only a full run can be published: materialize all assets")
    try:
        digest = sealed_sha256(run.database)
    except UnwrittenLogError as error:
        raise Unproven(str(error)) from None
    checks = []
    for part in PARTS:
        path = _ledger(run.folder, part)
        if not path.exists():
            raise Unproven(f"缺少检查记录 · no ledger of {part}: its checks were not run")
        record = json.loads(path.read_text())
        evaluated = [check for check in record["checks"] if check["passed"] is not None]
        left_out = [check for check in record["checks"] if check["passed"] is None]
        if record["run_id"] != run.run_id:
            raise Unproven(f"检查记录属于另一次运行 · the ledger of {part} belongs to another run")
        if not declared[part] or not len(evaluated) == record["declared"] == declared[part]:
            raise Unproven(
                f"检查未全部执行 · {part}: {declared[part]} checks declared, {len(evaluated)} evaluated"
            )
        if any((check["relation"], check["name"]) not in skipped for check in left_out):
            raise Unproven(f"跳过了适用的检查 · {part}: a check that applies to these seeds was skipped")
        if record["sha256"] not in (None, digest) or (part != "seeds" and record["sha256"] is None):
            raise Unproven(f"文件在检查后被改动 · the file changed after the checks of {part}")
        red = [check["name"] for check in evaluated if check["blocking"] and not check["passed"]]
        if red:
            raise Unproven(f"检查未通过 · red checks of {part}: {', '.join(red)}")
        checks += [{"part": part, **check} for check in evaluated]
    return checks
