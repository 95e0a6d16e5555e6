"""What is published is what was checked: a log beside the file, a copy that lacks rows, other downloads."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dagster_project import private, sql
from dagster_project.files import UnwrittenLogError, sealed_sha256, sha256
from dagster_project.publish import shipped, versions
from dagster_project.settings import DATABASE, OF_NIGHT, STORAGE_VERSION

BUILD = "20260101T000000Z-aa"
ROWS = {"build_info": 1, "fct_event": 3}
# Writes rows, says so, and waits to be killed: they stand in the log, not in the file.
WRITER = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("set checkpoint_threshold = '1 GB'")
connection.execute("insert into marts.fct_event select 9")
print("written", flush=True)
time.sleep(600)
"""


@pytest.fixture
def run(tmp_path) -> Path:
    """A run's folder: a file of two marts, and each as CSV and as Parquet, listed."""
    folder = tmp_path / "run"
    for kind in ("csv", "parquet", "downloads"):
        (folder / "out" / kind).mkdir(parents=True)
    files = [(DATABASE, None, folder / DATABASE)]
    with duckdb.connect(
        str(folder / DATABASE), config={"storage_compatibility_version": STORAGE_VERSION}
    ) as connection:
        connection.execute("create schema marts")
        connection.execute(f"create table marts.build_info as select '{BUILD}' as build_id")
        connection.execute("create table marts.fct_event as select n from range(3) as r (n)")
        for path, rows in (
            ("csv/fct_event.csv", 3), ("parquet/fct_event.parquet", 3),
            ("csv/build_info.csv", 1), ("parquet/build_info.parquet", 1),
        ):  # fmt: skip
            file = folder / "out" / path
            connection.execute(f"copy marts.{file.stem} to '{file}' (format {file.parent.name})")
            files.append((path, rows, file))
    listed = [
        {"path": path, "rows": rows, "bytes": file.stat().st_size, "sha256": sha256(file)}
        for path, rows, file in files
    ]
    write_index(folder, listed)
    return folder


def write_index(run: Path, files: list[dict]) -> None:
    (run / "out" / shipped.INDEX).write_text(json.dumps({"files": files}))


def publish(run: Path, public: Path, **said) -> versions.Version | None:
    manifest = {"build_id": BUILD, "rows": ROWS, **said}
    return versions.publish(public, run, BUILD, manifest, shipped.require)


def refused(run: Path, public: Path, match: str, **said) -> None:
    with pytest.raises(versions.VersionError, match=match):
        publish(run, public, **said)
    assert versions.versions(public) == []
    assert not list((public / "versions").iterdir()), "nothing is left behind"


def leave_a_log(run: Path) -> None:
    """A process writes rows of the file and is killed."""
    command = [sys.executable, "-c", WRITER, str(run / DATABASE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "written\n"
        os.kill(writer.pid, signal.SIGKILL)


def test_a_version_that_is_what_was_checked_is_published(run, tmp_path):
    assert publish(run, tmp_path / "public").verify() == []


def test_the_log_of_a_killed_writer_is_refused_wherever_the_file_is_hashed(run):
    leave_a_log(run)
    with duckdb.connect(str(run / DATABASE)) as connection:  # whoever opens the file sees the log's rows
        (rows,) = connection.execute("select count(*) from marts.fct_event").fetchone()
    assert rows == 4
    leave_a_log(run)
    with pytest.raises(UnwrittenLogError, match="a log beside the file"):
        sealed_sha256(run / DATABASE)


def test_a_copy_that_lacks_what_the_log_holds_is_not_published(run, tmp_path):
    leave_a_log(run)
    refused(run, tmp_path / "public", "a log beside the file")
    (run / f"{DATABASE}.wal").unlink()
    refused(
        run, tmp_path / "public", "fct_event: 4 rows checked, 3 in the file", rows={**ROWS, "fct_event": 4}
    )


@pytest.mark.parametrize("rows", [{"build_info": 1}, {**ROWS, "fct_claim": 5}])
def test_a_mart_more_or_less_than_was_checked_is_not_published(run, tmp_path, rows):
    refused(run, tmp_path / "public", "rows checked", rows=rows)


def test_a_file_of_another_build_is_not_published(run, tmp_path):
    refused(run, tmp_path / "public", "of build", build_id="20260102T000000Z-bb")


def test_a_file_that_does_not_open_is_not_published(run, tmp_path):
    (run / DATABASE).write_bytes(b"no database")
    refused(run, tmp_path / "public", DATABASE)


@pytest.mark.parametrize("path", [DATABASE, "csv/fct_event.csv"])
def test_downloads_that_are_not_the_bytes_written_are_not_published(run, tmp_path, path):
    index = json.loads((run / "out" / shipped.INDEX).read_text())["files"]
    for entry in index:
        if entry["path"] == path:
            entry["sha256"] = "0" * 64
    write_index(run, index)
    refused(run, tmp_path / "public", f"{path}: not the bytes that were written")


def test_a_download_with_fewer_rows_than_its_mart_is_not_published(run, tmp_path):
    index = json.loads((run / "out" / shipped.INDEX).read_text())["files"]
    index[1]["rows"] = 2
    write_index(run, index)
    refused(run, tmp_path / "public", "2 rows, 3 checked")


def in_parts(run: Path, rows: int) -> None:
    """Have the file of the mart as the only one of its folder, said to have these rows."""
    index = json.loads((run / "out" / shipped.INDEX).read_text())["files"]
    whole = run / "out" / "csv" / "fct_event.csv"
    (folder := whole.with_suffix("")).mkdir()
    whole.rename(folder / "a.csv")
    index[1] |= {"path": "csv/fct_event/a.csv", "rows": rows}
    write_index(run, index)


def test_parts_with_fewer_rows_than_their_mart_are_not_published(run, tmp_path):
    in_parts(run, 2)
    refused(run, tmp_path / "public", "csv/fct_event: 2 rows, 3 checked")


@pytest.mark.parametrize("path", ["parquet/fct_event.parquet", "csv/build_info.csv"])
def test_a_mart_without_its_file_is_not_published(run, tmp_path, path):
    (run / "out" / path).unlink()
    index = json.loads((run / "out" / shipped.INDEX).read_text())["files"]
    write_index(run, [entry for entry in index if entry["path"] != path])
    refused(run, tmp_path / "public", f"{path.rpartition('.')[0]}: 0 rows")


def test_a_file_that_nobody_listed_is_not_published(run, tmp_path):
    in_parts(run, 3)
    (run / "out" / "csv" / "fct_event" / "b.csv").write_text("n\n4\n")
    refused(run, tmp_path / "public", "csv/fct_event/b.csv: not listed")


def test_parts_with_all_rows_are(run, tmp_path):
    in_parts(run, 3)
    assert publish(run, tmp_path / "public") is not None


def test_a_version_without_a_list_of_downloads_is_not_published(run, tmp_path):
    shutil.rmtree(run / "out" / "downloads")
    refused(run, tmp_path / "public", "missing")


def test_a_log_beside_a_published_file_is_noticed(run, tmp_path):
    version = publish(run, tmp_path / "public")
    (version.folder / f"{DATABASE}.wal").write_bytes(b"")
    assert version.verify() == [f"{DATABASE}.wal"]


def test_what_is_shown_has_all_that_is_said_of_the_marts_in_their_order(run, tmp_path):
    with duckdb.connect(str(run / DATABASE)) as connection:
        private.attach(connection, run / DATABASE)
        connection.execute("create table private.large as select md5(range::varchar) from range(200000)")
        connection.execute(
            "create or replace table marts.fct_event"
            " (n bigint primary key, m integer not null, check (n > m));"
            "insert into marts.fct_event values (3, 1), (1, 0), (2, 1);"
            "comment on table marts.fct_event is 'Events 事件'; comment on column marts.fct_event.m is 'M 数'"
        )
        connection.execute("create macro marts.fct_event_as_of(d) as table from marts.fct_event where n > d")
    shipped.write(run / DATABASE, tmp_path / "shown.duckdb")
    said = (
        *(
            f"select {columns} from {of}() where schema_name = 'marts' order by all"
            for of, columns in {
                "duckdb_tables": "table_name, comment, has_primary_key",
                "duckdb_columns": "table_name, column_name, data_type, is_nullable, comment",
                "duckdb_constraints": "table_name, constraint_text",
                "duckdb_functions": "function_name, parameters",
            }.items()
        ),
        "from marts.fct_event",
        "from marts.fct_event_as_of(1)",
    )
    answers = []
    for file in (run / DATABASE, tmp_path / "shown.duckdb"):
        with duckdb.connect(str(file), read_only=True) as connection:
            answers.append([connection.execute(query).fetchall() for query in said])
    assert answers[0] == answers[1]
    assert [path.name for path in tmp_path.iterdir() if path != run] == ["shown.duckdb"]


def test_the_published_file_has_next_to_no_empty_room(warehouse):
    """What the models drop, and all that stands between them, is in another file."""
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        (size,) = connection.execute(
            "select (total_blocks, free_blocks) from pragma_database_size()"
        ).fetchall()
    total, free = size[0]
    assert free <= total // 20


def test_a_client_that_lists_tables_sees_the_marts_and_nothing_private(run, tmp_path):
    with duckdb.connect(str(run / DATABASE)) as connection:
        connection.execute("comment on table marts.fct_event is 'Events 事件'")
        connection.execute("create schema staging; create view staging.stg_events as select 1 as x")
        connection.execute(f"create schema {OF_NIGHT}; create table {OF_NIGHT}.fct_event as select 1 as x")
    was = sha256(run / DATABASE)
    shipped.write(run / DATABASE, tmp_path / "shown.duckdb")
    assert sha256(run / DATABASE) == was
    with duckdb.connect(str(tmp_path / "shown.duckdb"), read_only=True) as connection:
        assert connection.execute("show tables").fetchall() == [(mart,) for mart in sorted(ROWS)]
        said = "select comment from duckdb_views() where view_name = 'fct_event'"
        assert connection.execute(said).fetchone() == ("Events 事件",)
        schemas = connection.execute("select distinct table_schema from information_schema.tables").fetchall()
        assert sorted(schemas) == [("main",), ("marts",)]
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / 'shown.duckdb'}' as other (read_only)")
        for mart in ("other.fct_event", "other.main.fct_event", "other.marts.fct_event"):
            assert connection.execute(f"select count(*) from {mart}").fetchone() == (ROWS["fct_event"],)


def test_the_tables_between_the_models_are_beside_the_file_that_was_checked_and_not_in_it(warehouse):
    for file in (warehouse.file, warehouse.working_file):
        with duckdb.connect(str(file), read_only=True) as connection:
            (schemas,) = connection.execute(
                "select list(distinct schema_name) from duckdb_tables()"
            ).fetchone()
        assert sorted(schemas) == ["marts", "raw"]
    with sql.read(warehouse.working_file) as connection:
        assert connection.execute("select count(*) > 0 from intermediate.int_telling").fetchone() == (True,)
    assert not private.beside(warehouse.file).exists()
