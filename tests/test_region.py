"""Another region: its seeds alone, with one bulletin, are judged by what holds anywhere, and published.

A file of its own, as each build takes long.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Place, edit

MIANYANG = "2020-07-30_mianyang_eight_actions"
FIGURES = f"bulletins/{MIANYANG}/observations.csv"
Row = dict[str, str]


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rewrite(path: Path, change: Callable[[Row], Row | None]) -> None:
    """Change or drop (None) each row of a seed file."""
    kept = [changed for row in rows_of(path) if (changed := change(dict(row)))]
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)


def keep(path: Path, wanted: Callable[[Row], bool]) -> None:
    rewrite(path, lambda row: row if wanted(row) else None)


def nothing(_: Row) -> bool:
    return False


def region(folder: Path, source: str) -> Place:
    """The real seeds with one bulletin and what refers to it; the catalogues as they are."""
    place = Place(folder / "seeds", folder / "build", folder / "public")
    shutil.copytree(ROOT / "seeds", place.seeds)
    for bulletin in (place.seeds / "bulletins").iterdir():
        if bulletin.name != source:
            shutil.rmtree(bulletin)
    keep(place.seeds / "sources.csv", lambda row: row["source_id"] == source)
    initiatives = place.seeds / "bulletins" / source / "initiatives.csv"
    told = {row["initiative_id"] for row in rows_of(initiatives)}

    def without_strangers(row: Row) -> Row:
        """Programmes that other bulletins name are not there to belong to."""
        for column in ("initiative_id", "parent_initiative_id"):
            if row.get(column) and row[column] not in told:
                row[column] = ""
        return row

    ids = set()
    for path in place.seeds.rglob("*.csv"):
        if path.parent.name == source:
            rewrite(path, without_strangers)
        if path.name not in ("relations.csv", "revisions.csv"):
            ids |= {value for row in rows_of(path) for value in row.values()}
    keep(place.seeds / "relations.csv", lambda row: {row["subject_id"], row["object_id"]} <= ids)
    keep(place.seeds / "revisions.csv", lambda row: row["row_id"] in ids)
    return place


def manifest(place: Place) -> dict:
    return json.loads((place.public / "current" / "manifest.json").read_text(encoding="utf-8"))


def test_a_region_with_one_bulletin_is_published(tmp_path: Path):
    place = region(tmp_path, MIANYANG)
    code, output = place.tongcheng("build")
    assert code == 0, output
    published = manifest(place)
    gates = {(c["relation"], c["name"]): c["passed"] for c in published["checks"] if c["part"] == "gates"}
    assert gates["fct_observation", "wenchang_quarters_2020"]
    skipped = {(one["relation"], one["name"]) for one in published["skipped"]}
    assert ("fct_observation", "train_pairs_2020") in skipped
    assert not skipped & gates.keys()
    assert all(MIANYANG not in one["pins"] for one in published["skipped"])
    assert f"skipped: {len(skipped)} gates" in output
    assert "emitted no result" not in output
    page = (place.build / "gates" / "index.html").read_text(encoding="utf-8")
    assert page.count("not applicable, skipped") == len(skipped)


def test_a_wrong_pinned_fact_of_a_loaded_bulletin_stops_the_build(tmp_path: Path):
    """Token and value agree, and nothing was published before to compare with: only the pin can see it."""
    place = region(tmp_path, MIANYANG)
    edit(place, FIGURES, "59个,59,", "58个,58,")
    code, output = place.tongcheng("build")
    assert code == 1
    assert "wenchang_quarters_2020" in output
    assert "58" in output
    assert not place.file.exists()


@pytest.mark.parametrize("kind", ["observations", "commitments"])
def test_a_region_that_tells_one_thing_only_is_published(tmp_path: Path, kind: str):
    """One row of one kind, with what it refers to in the catalogues, and nothing that anybody has pinned."""
    place = region(tmp_path, MIANYANG)
    bulletin = place.seeds / "bulletins" / "2020-07-30_elsewhere"
    (place.seeds / "bulletins" / MIANYANG).rename(bulletin)
    edit(place, "sources.csv", MIANYANG, bulletin.name)
    for path in bulletin.glob("*.csv"):
        if path.name != f"{kind}.csv":
            keep(path, nothing)
    first = rows_of(bulletin / f"{kind}.csv")[-1]
    blank = ("initiative_id", "fulfils_commitment_id", "base_observation_id")
    rewrite(
        bulletin / f"{kind}.csv",
        lambda row: {k: "" if k in blank else v for k, v in row.items()} if row == first else None,
    )
    for name in ("relations", "revisions", "area_members"):
        keep(place.seeds / f"{name}.csv", nothing)
    areas = {row["ref_area"]: row for row in rows_of(place.seeds / "areas.csv")}
    wanted, path = set((first.get("ref_area") or first["areas"]).split(";")), place.seeds / "areas.csv"
    while above := {areas[area]["parent_area"] for area in wanted} - wanted - {""}:
        wanted |= above
    keep(path, lambda row: row["ref_area"] in wanted)
    indicators = place.seeds / "indicators.csv"
    keep(indicators, lambda row: row["indicator_id"] == first.get("indicator_id"))
    code, output = place.tongcheng("build")
    assert code == 0, output
