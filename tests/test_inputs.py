"""`tongcheng build --if-changed`: what is the same is not built again, and whatever differs is."""

import json
import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from dagster_project.publish import versions
from dagster_project.runs import inputs
from dagster_project.runs.folders import CARD
from dagster_project.runs.inputs import unchanged
from dagster_project.settings import Settings
from tests.conftest import AS_OF, THIRD_MEETING, Place, edit


def settings(place: Place, **others) -> Settings:
    given = {"as_of": date.fromisoformat(AS_OF), **others}
    return Settings(place.seeds, place.build, place.public, **given)


def test_the_summary_again_and_no_second_version(own_warehouse):
    before = own_warehouse.file.resolve()
    code, output = own_warehouse.tongcheng("build", "--if-changed")
    assert code == 0
    for words in ("Nothing has changed", "fct_observation", "checks passed", "tongcheng.duckdb"):
        assert words in output
    assert own_warehouse.file.resolve() == before


def a_figure(place: Place) -> None:
    edit(place, THIRD_MEETING, "107.5对,107.5,", "108.5对,108.5,")


def a_seed_file_more(place: Place) -> None:
    shutil.copyfile(place.seeds / "areas.csv", place.seeds / "areas_2.csv")


def a_seed_renamed(place: Place) -> None:
    (place.seeds / "areas.csv").rename(place.seeds / "area.csv")


def a_link_to_nowhere(place: Place) -> None:
    (place.seeds / "more.csv").symlink_to("nowhere.csv")


def a_pipe(place: Place) -> None:
    os.mkfifo(place.seeds / "more.csv")


def a_name_in_no_encoding(place: Place) -> None:
    (place.seeds / os.fsdecode(b"\xff.csv")).write_text("")


def an_audit(place: Place) -> None:
    (place.build / "audit").mkdir(exist_ok=True)
    (place.build / "audit" / "0_0.json").write_text("{}")


def a_red_run(place: Place) -> None:
    left_by_a_build(place.build / "red" / "21000101T000000Z-aa")


def a_killed_run(place: Place) -> None:
    left_by_a_build(place.build / "next")


def left_by_a_build(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / CARD).write_text(json.dumps({"build_id": "21000101T000000Z-aa"}))


def a_rollback(place: Place) -> None:
    versions.rollback(place.public, place.file.resolve().parent.name)


def damage(place: Place) -> None:
    file = place.file.resolve()
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1] + b"?")


def a_torn_manifest(place: Place) -> None:
    (place.public / "current" / "manifest.json").write_text("{")


def no_working_copy(place: Place) -> None:
    shutil.rmtree(place.build / "work")


@pytest.mark.parametrize(
    "change",
    [
        a_figure,
        a_seed_file_more,
        a_seed_renamed,
        a_link_to_nowhere,
        a_pipe,
        a_name_in_no_encoding,
        an_audit,
        a_red_run,
        a_killed_run,
        a_rollback,
        damage,
        a_torn_manifest,
        no_working_copy,
    ],
)
def test_whatever_differs_is_built(own_warehouse, change):
    assert unchanged(settings(own_warehouse))
    change(own_warehouse)
    assert unchanged(settings(own_warehouse)) is None


def test_another_day_and_documents_at_hand_are_built(warehouse, tmp_path):
    assert unchanged(settings(warehouse, as_of=date(2022, 7, 1))) is None
    assert unchanged(settings(warehouse, as_of=None)) is None  # today
    assert unchanged(settings(warehouse, corpus=tmp_path)) is None


@pytest.mark.parametrize("part", inputs.CODE, ids=lambda path: path.name)
def test_other_code_is_built(warehouse, tmp_path, monkeypatch, part: Path):
    copy = tmp_path / part.name
    (shutil.copytree if part.is_dir() else shutil.copyfile)(part, copy)
    monkeypatch.setattr(inputs, "CODE", tuple(copy if each == part else each for each in inputs.CODE))
    assert unchanged(settings(warehouse))  # wherever the same code stands
    file = next(file for file in [copy, *copy.rglob("*")] if file.suffix in {".py", ".sql", ".yaml", ".lock"})
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert unchanged(settings(warehouse)) is None
