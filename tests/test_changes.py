"""What differs from the published version: rows added, changed, removed; none that is merely moved."""

import re
from pathlib import Path

import duckdb
import pytest

from dagster_project.ingest.loader import load_seeds
from dagster_project.publish import changes as carried
from dagster_project.publish.changes import ChangesError, write_changes
from dagster_project.seeds.schema import read_schema
from tests.seed_folder import OBSERVATIONS, SeedFolder


@pytest.fixture
def folder(tmp_path: Path) -> SeedFolder:
    return SeedFolder(tmp_path)


def publish(folder: SeedFolder, public: Path) -> None:
    version = public / "versions" / "b0"
    version.mkdir(parents=True)
    with duckdb.connect(str(version / "tongcheng.duckdb")) as connection:
        load_seeds(connection, folder.root)
    (public / "current").symlink_to("versions/b0")


def changes(folder: SeedFolder, public: Path) -> list[tuple]:
    folder.load()
    write_changes(folder.connection, read_schema(folder.root).values(), public)
    return folder.rows(
        "select relation, row_id, column_name, change_type, old_value, new_value, seed_line "
        "from raw.build_changes order by all"
    )


def test_a_first_build_has_nothing_to_compare_with(folder, tmp_path):
    assert changes(folder, tmp_path / "public") == []


def test_unchanged_and_reordered_rows_differ_in_nothing(folder, tmp_path):
    publish(folder, tmp_path / "public")
    trains = "trains,TRAINS,510100;510600,107.5对,107.5,PAIR,107.45,107.55\n"
    folder.replace(OBSERVATIONS, trains, "")
    folder.write(OBSERVATIONS, (folder.root / OBSERVATIONS).read_text() + trains)
    folder.replace("facts.csv", ",27840,", ",27840.000,")
    assert changes(folder, tmp_path / "public") == []


def test_each_cell_that_differs_is_told_with_its_line(folder, tmp_path):
    publish(folder, tmp_path / "public")
    folder.replace(OBSERVATIONS, "107.5对,107.5,PAIR,107.45,107.55", "108.5对,108.5,PAIR,,")
    assert changes(folder, tmp_path / "public") == [
        ("observations", "trains", "lower_bound", "CHANGED", "107.45", None, 2),
        ("observations", "trains", "obs_value", "CHANGED", "107.5", "108.5", 2),
        ("observations", "trains", "upper_bound", "CHANGED", "107.55", None, 2),
        ("observations", "trains", "value_text", "CHANGED", "107.5对", "108.5对", 2),
    ]


def test_a_row_that_comes_or_goes_is_one_change_and_keys_are_joined(folder, tmp_path):
    publish(folder, tmp_path / "public")
    folder.replace("facts.csv", "TRAINS,510100,2020-02-25,88,A,首批\n", "TRAINS,510100,2020-02-26,88,A,\n")
    assert changes(folder, tmp_path / "public") == [
        ("facts", "TRAINS@510100@2020-02-25", "*", "REMOVED", None, None, 2),
        ("facts", "TRAINS@510100@2020-02-26", "*", "ADDED", None, None, 2),
    ]


def test_a_status_is_the_published_one(folder, tmp_path):
    publish(folder, tmp_path / "public")
    folder.replace("facts.csv", ",508,P,", ",508,A,")
    changes(folder, tmp_path / "public")
    assert folder.rows("select column_name, obs_status, compared_with from raw.build_changes") == [
        ("obs_status", "P", "b0")
    ]


def test_a_column_under_another_name_is_compared_with_what_it_was(folder, tmp_path):
    publish(folder, tmp_path / "public")
    with duckdb.connect(str(tmp_path / "public" / "current" / "tongcheng.duckdb")) as connection:
        connection.execute("alter table raw.facts rename column obs_status to state")
    schema = folder.root / "schema" / "facts.yaml"
    schema.write_text(schema.read_text().replace("name: obs_status", "name: obs_status\n  alias: state"))
    folder.replace("facts.csv", ",510100,2020-02-25,88,A,首批\n", ",510100,2020-02-25,88,P,首批\n")
    told = ("facts", "TRAINS@510100@2020-02-25", "obs_status", "CHANGED", "A", "P", 2)
    assert changes(folder, tmp_path / "public") == [told]
    assert folder.rows("select column_was, obs_status from raw.build_changes") == [("state", "A")]


def publish_with_history(folder: SeedFolder, public: Path, days: int) -> None:
    publish(folder, public)
    with duckdb.connect(str(public / "versions" / "b0" / "tongcheng.duckdb")) as connection:
        columns = ", ".join(f"{column} {kind}" for column, kind in carried.EARLIER.items())
        connection.execute("create schema marts")
        connection.execute(f"create table marts.change_history ({columns}, newer varchar)")
        for day in range(1, days + 1):
            connection.execute(
                "insert into marts.change_history "
                "(build_id, built_at, relation, row_id, column_name, change_type, verdict) "
                f"values ('b-{day}', '2021-06-0{day}', 'fct_event', 'e{day}', '*', 'ADDED', 'FREE')"
            )


def test_a_history_under_another_name_is_carried_on_too(folder, tmp_path):
    publish_with_history(folder, tmp_path / "public", 1)
    with duckdb.connect(str(tmp_path / "public" / "current" / "tongcheng.duckdb")) as connection:
        connection.execute("alter table marts.change_history rename column change_type to kind")
    changes(folder, tmp_path / "public")
    assert folder.rows("select build_id, change_type from raw.earlier_changes") == [("b-1", "ADDED")]


def earlier(folder: SeedFolder) -> list[str]:
    rows = folder.rows("select build_id from raw.earlier_changes order by 1")
    return [build for (build,) in rows]


def test_what_earlier_versions_changed_is_carried_on_whether_or_not_anything_changes(folder, tmp_path):
    publish_with_history(folder, tmp_path / "public", 2)
    assert changes(folder, tmp_path / "public") == []
    assert earlier(folder) == ["b-1", "b-2"]
    folder.replace("facts.csv", ",508,P,", ",508,A,")
    assert len(changes(folder, tmp_path / "public")) == 1
    assert earlier(folder) == ["b-1", "b-2"]


def test_the_history_is_bounded_and_the_oldest_go_first(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(carried, "MOST_EARLIER", 2)
    publish_with_history(folder, tmp_path / "public", 3)
    changes(folder, tmp_path / "public")
    assert earlier(folder) == ["b-2", "b-3"]


def test_a_version_that_tells_no_history_has_none_to_carry_on(folder, tmp_path):
    publish(folder, tmp_path / "public")
    changes(folder, tmp_path / "public")
    assert earlier(folder) == []


def test_a_published_file_that_cannot_be_read_stops_the_build(folder, tmp_path):
    publish(folder, tmp_path / "public")
    (tmp_path / "public" / "current" / "tongcheng.duckdb").write_bytes(b"torn")
    with pytest.raises(ChangesError, match="cannot compare with the published version b0") as told:
        changes(folder, tmp_path / "public")
    assert "rollback" not in str(told.value)  # there is no other version
    link = re.search(r"remove the link (.+?),", str(told.value))
    Path(link[1]).unlink()
    assert changes(folder, tmp_path / "public") == []
