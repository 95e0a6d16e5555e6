"""The real seeds with a few of their bulletins, sound by themselves: of another region, or quick to load."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Collection
from pathlib import Path

from tests.conftest import ROOT

Row = dict[str, str]
MIANYANG = "2020-07-30_mianyang_eight_actions"  # enough for a region: facts of each kind, and pins


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rewrite(path: Path, change: Callable[[Row], Row | None]) -> None:
    """Change or drop (None) each row of a seed file; a column that comes stands last."""
    kept = [changed for row in rows_of(path) if (changed := change(dict(row)))]
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    header = list(dict.fromkeys([*header, *(column for row in kept for column in row)]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)


def keep(path: Path, wanted: Callable[[Row], bool]) -> None:
    rewrite(path, lambda row: row if wanted(row) else None)


def nothing(_: Row) -> bool:
    return False


def write_seeds(seeds: Path, sources: Collection[str]) -> None:
    """The real seeds with these bulletins and what refers to them; the catalogues as they are."""
    shutil.copytree(ROOT / "seeds", seeds, ignore=shutil.ignore_patterns("bulletins"))
    for source in sources:
        shutil.copytree(ROOT / "seeds" / "bulletins" / source, seeds / "bulletins" / source)
    keep(seeds / "sources.csv", lambda row: row["source_id"] in sources)
    initiatives = seeds.glob("bulletins/*/initiatives.csv")
    told = {row["initiative_id"] for path in initiatives for row in rows_of(path)}

    def without_strangers(row: Row) -> Row:
        """Programmes that other bulletins name are not there to belong to."""
        for column in ("initiative_id", "parent_initiative_id"):
            if row.get(column) and row[column] not in told:
                row[column] = ""
        return row

    ids: set[str] = set()
    for path in seeds.rglob("*.csv"):
        if path.parent.name in sources:
            rewrite(path, without_strangers)
        if path.name not in ("relations.csv", "revisions.csv"):
            ids |= {value for row in rows_of(path) for value in row.values()}
    keep(seeds / "relations.csv", lambda row: {row["subject_id"], row["object_id"]} <= ids)
    keep(seeds / "revisions.csv", lambda row: row["row_id"] in ids)
