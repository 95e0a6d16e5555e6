"""`tongcheng sql` reads the published file and can do nothing else, whoever wrote the statement."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest

from dagster_project import sql
from dagster_project.files import sha256
from dagster_project.query import shell
from dagster_project.query.output import run_sql
from dagster_project.settings import DATABASE, Settings
from tests.conftest import Place

REFUSED = {
    "a file, by function": "select * from read_csv('{file}')",
    "a file, by name": "from '{file}'",
    "a text": "select content from read_text('/etc/passwd')",
    "bytes": "select * from read_blob('/etc/hos*')",
    "a folder": "select * from glob('/*')",
    "a file, looked into": "from sniff_csv('{file}')",
    "an address": "from read_parquet('http://127.0.0.1:9/x.parquet')",
    "the environment": "select getenv('HOME')",
    "a variable of Python": "select * from statement",
    "secrets": "select * from duckdb_secrets()",
    "write a file": "copy (select 1) to '{new}'",
    "write a file, explained": "explain analyze copy (select 1) to '{new}'",
    "write a folder": "export database '{new}'",
    "run a folder": "import database '{folder}'",
    "another file": "attach '{new}' as other",
    "memory": "attach ':memory:' as m",
    "another catalog": "use system",
    "let go": "detach tongcheng",
    "install": "install httpfs",
    "load": "load httpfs",
    "load a file": "load '{new}'",
    "a setting": "set enable_external_access = true",
    "a setting, explained": "explain analyze set threads = 1",
    "a setting back": "reset lock_configuration",
    "a variable": "set variable x = 1",
    "pragma": "pragma database_list",
    "pragma, hidden by a comment": "/* select */ pragma version",
    "pragma, explained": "explain pragma version",
    "call": "call pragma_version()",
    "checkpoint": "checkpoint",
    "checkpoint, as a function": "select * from checkpoint()",
    "log to a file": "from enable_logging(storage = 'file', storage_path = '{new}')",
    "profile to a file": "from \"enable_profiling\"(save_location = '{new}')",
    "memory of the process": "from arrow_scan(1, 2, 3)",
    "create": "create temp table t as select 1",
    "macro": "create macro f() as 1",
    "insert": "insert into marts.dim_domain select * from marts.dim_domain",
    "update": "update marts.fct_observation set obs_value = 1",
    "delete": "delete from marts.fct_observation",
    "drop": "drop table marts.fct_observation",
    "prepare": "prepare q as select 1",
    "transaction": "begin",
    "two statements": "select 1; select 2",
    "a hidden second": "select 1; drop table marts.fct_observation",
    "nested": "select * from query('drop table marts.fct_observation')",
    "nothing": " -- nothing\n",
    "no SQL": "selec 1",
    "a table that is not there": "from nowhere",
}


@pytest.fixture(scope="module")
def place(warehouse: Place, tmp_path_factory) -> Settings:
    """A copy: one process may not hold a file open under two configurations."""
    public = tmp_path_factory.mktemp("sql") / "public"
    shutil.copytree(warehouse.public, public, symlinks=True)
    return Settings(warehouse.seeds, warehouse.build, public)


def ask(place, capsys, statement, limit=200, timeout=30, form=None):
    """Exit code, what was printed, what was said beside it."""
    code = run_sql(place, statement, limit, timeout, form)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_what_does_more_than_read_the_warehouse_is_refused_in_one_line(statement, place, capsys, tmp_path):
    file, new = tmp_path / "file.csv", tmp_path / "new"
    file.write_text("a\n1\n")
    (tmp_path / "schema.sql").write_text("create table t (a int);")
    before = sha256(place.public / DATABASE)
    code, out, err = ask(place, capsys, statement.format(file=file, new=new, folder=tmp_path))
    assert (code, out) == (1, "")
    assert re.match("✗ .+", err)
    assert len(err.split("\nLINE 1")[0].strip().splitlines()) == 1, err
    assert not new.exists()
    assert sha256(place.public / DATABASE) == before


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "select latest_value from marts.integration_progress where indicator_id = 'TRAIN_PAIRS_DAILY'",
            "107.5",
        ),
        ("with a as (select 1 as b) from a", "1"),
        ("from integration_progress select count(*) > 10", "true"),
        ("(values (3))", "3"),
        ("-- a remark\nselect 4;", "4"),
        ("/* 备注 */ explain (analyze, format json) select 1", "EXPLAIN"),
        ("explain select 1", "physical_plan"),
        ("describe marts.dim_area", "ref_area"),
        ("show tables", "fct_observation"),
        ("summarize marts.dim_unit", "unit_measure"),
        ("pivot fct_event on event_type in ('X') using count(*) group by status", "status"),
    ],
)
def test_every_way_of_reading_works(statement, expected, place, capsys):
    code, out, err = ask(place, capsys, statement)
    assert code == 0, err
    assert expected.lower() in out.lower()


def test_of_a_column_that_is_elsewhere_it_is_said_where(place, capsys):
    code, _, err = ask(place, capsys, "select area_en from fct_observation")
    assert code != 0
    assert err.splitlines()[-1] == "area_en 列在 · is a column of: integration_progress"
    _, _, err = ask(place, capsys, "select no_such from fct_observation")
    assert "is a column of" not in err


def test_a_table_in_a_pipe_breaks_no_text(place, capsys):
    name = "20210414-" + "train-pairs-" * 20
    out = ask(place, capsys, f"select '{name}' as a, '{name}' as b, 1 as c", form="table")[1]
    assert [line.count(name) for line in out.splitlines()].count(2) == 1


def test_a_csv_answer_is_harmless_in_a_spreadsheet(place, capsys):
    statement = "select '=1+1' as a, -1 as b, '-1' as c, -1.50::decimal(9, 4) as d, '余' as e, null as \"@f\""
    out = ask(place, capsys, statement, form="csv")[1]
    rows = list(csv.reader(io.StringIO(out)))
    assert rows == [["a", "b", "c", "d", "e", "'@f"], ["'=1+1", "-1", "'-1", "-1.5", "余", ""]]


def test_a_json_answer_keeps_numbers_and_nulls(place, capsys):
    statement = (
        "select 1.50 as a, 12345678901234567.125::decimal(38, 9) as b, null as c, [1, 2] as d, true as e"
    )
    record = {"a": 1.5, "b": "12345678901234567.125000000", "c": None, "d": [1, 2], "e": True}
    assert json.loads(ask(place, capsys, statement, form="json")[1]) == [record]
    assert json.loads(ask(place, capsys, "select 1 where false", form="json")[1]) == []
    twice = json.loads(ask(place, capsys, "select 1 as a, 2 as a, 3 as a_1", form="json")[1])
    assert twice == [{"a": 1, "a_1": 2, "a_1_1": 3}]


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_label_cannot_steer_a_terminal_or_a_page(form, place, capsys):
    out = ask(place, capsys, "select '<b>|' || chr(27) || '[2J' as label", form=form)[1]
    assert "\x1b[2J" not in out
    assert form == "table" or "<b>" not in out


def test_a_long_answer_is_cut_and_says_so(place, capsys):
    code, out, err = ask(place, capsys, "from range(201)")
    assert (code, len(out.splitlines())) == (0, 201)
    assert "first 200 rows only" in err
    assert "first" not in ask(place, capsys, "from range(200)")[2]
    assert len(ask(place, capsys, "from range(3000)", limit=0)[1].splitlines()) == 3001


def test_a_statement_that_takes_too_long_is_stopped(place, capsys):
    code, _, err = ask(
        place, capsys, "select count(*) from range(1000000000000) where hash(range) = 1", timeout=0.5
    )
    assert code == 1
    assert "stopped after 0.5 s" in err


def test_a_large_question_spills_into_a_bounded_private_folder_that_goes(
    place, capsys, tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setitem(shell.LIMITS, "memory_limit", "150MB")
    large = "select count(*) as n from (select distinct repeat(range::varchar, 100) from range(400000))"
    code, out, err = ask(place, capsys, large)
    assert (code, out) == (0, "n\n400000\n"), err
    monkeypatch.setitem(shell.LIMITS, "max_temp_directory_size", "1MB")
    code, _, err = ask(place, capsys, large)
    assert code == 1
    assert "Out of Memory" in err
    assert list(tmp_path.iterdir()) == []


def test_before_the_first_build_it_says_what_to_do(place, capsys, tmp_path):
    code, _, err = ask(Settings(place.seeds, tmp_path, tmp_path), capsys, "select 1")
    assert code == 1
    assert "tongcheng build" in err


def test_a_statement_comes_from_an_argument_a_file_or_a_pipe(warehouse, tmp_path):
    file = tmp_path / "query.sql"
    file.write_text("select 42 as answer")
    for arguments, given in (
        (["select 42 as answer"], ""),
        (["-f", str(file)], ""),
        ([], "select 42 as answer"),
    ):
        done = subprocess.run(
            [str(Path(sys.executable).with_name("tongcheng")), "sql", *arguments],
            env=warehouse.env,
            input=given,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stdout) == (0, "answer\n42\n"), done.stderr


# The claim of the README is about permissions alone; root has every permission, so another user must try.
ATTEMPTS = """
import os, sys, duckdb
file = sys.argv[1]
if os.getuid() == 0:  # only now: another user may not reach this Python's own files
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
with duckdb.connect(file, read_only=True) as connection:
    assert connection.execute("select count(*) from marts.fct_observation").fetchone()[0] > 0
def write():
    with duckdb.connect(file) as connection:
        connection.execute("delete from marts.fct_observation")
def escape():
    with duckdb.connect(file, read_only=True) as connection:
        connection.execute("attach ':memory:' as m")
        connection.execute("use m")
        connection.execute("detach tongcheng")
        connection.execute(f"attach '{file}' as t (read_write)")
        connection.execute("delete from t.marts.fct_observation")
attempts = [write, escape, lambda: open(file, "r+b")]
if os.stat(file).st_uid != os.getuid():
    attempts += [lambda: os.chmod(file, 0o644), lambda: os.remove(file), lambda: open(file + ".wal", "wb")]
for attempt in attempts:
    try:
        attempt()
    except (OSError, duckdb.Error) as refusal:
        print(type(refusal).__name__)
        continue
    sys.exit("an attempt to write succeeded")
"""


def test_another_user_can_read_the_published_file_and_cannot_change_it(warehouse):
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        public = Path(folder) / "public"
        shutil.copytree(warehouse.public, public, symlinks=True)
        file = (public / DATABASE).resolve()
        before = sha256(file)
        done = subprocess.run(
            [sys.executable, "-c", ATTEMPTS, str(file)], cwd=folder, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert "PermissionError" in done.stdout
        assert sha256(file) == before


READS = """
import sys
from pathlib import Path
from dagster_project import sql
with sql.read(Path(sys.argv[1])) as connection:
    for _ in range(4):
        rows = "(select * from words order by word) as one"
        print(sql.row(connection, f"select sum(hash(one))::varchar from {rows}")[0])
"""


def test_two_processes_that_need_more_than_memory_for_one_file_do_not_meet(tmp_path):
    # A file, as DuckDB takes `python -c` for a person at a terminal, and shows a bar where a query is slow.
    script = tmp_path / "reads.py"
    script.write_text(READS, encoding="utf-8")
    file = tmp_path / "data" / "large.duckdb"
    file.parent.mkdir()
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table words as select md5(range::varchar) as word from range(1500000)")
        expected = connection.execute("select sum(hash(one))::varchar from words as one").fetchone()[0]
    env = {**os.environ, "TONGCHENG_MEMORY_LIMIT": "60MiB", "TONGCHENG_THREADS": "1"}
    readers = [
        subprocess.Popen([sys.executable, str(script), str(file)], env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    answers = [reader.communicate()[0].split() for reader in readers]
    assert [reader.returncode for reader in readers] == [0, 0]
    assert answers == [[expected] * 4] * 2
    assert list(file.parent.iterdir()) == [file]


def test_rows_in_memory_hold_equal_values_of_a_column_once_and_each_as_its_column_has_it():
    query = """
        select repeat('天府', 50) as label, 12.50::decimal(9, 2) as value, 12.5::decimal(9, 1) as other,
            [1] as list, n = 1 as is_first, n
        from range(5000) as t(n)"""
    with duckdb.connect() as connection:
        rows = sql.records(connection, query)
        assert sql.records(connection, query, 2) == rows[:2]
    assert [row["n"] for row in rows] == list(range(5000))
    assert all(row["label"] is rows[0]["label"] and row["value"] is rows[0]["value"] for row in rows)
    assert {(str(row["value"]), str(row["other"])) for row in rows} == {("12.50", "12.5")}
    assert [row["is_first"] for row in rows[:2]] == [False, True]
    assert rows[0]["list"] == [1]
