"""What goes to a Spark cluster and comes back, and what is said where there is none that serves.

Without a cluster: what needs one stands in test_spark_parity.py and tests/spark.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

from dagster_project.settings import DBT_PROJECT, Settings, SettingsError, Spark
from dagster_project.spark import build, local, server, transfer
from dagster_project.spark.server import SparkError
from tests.conftest import Place
from tests.spark import parity

NODE = {
    "schema": "marts",
    "name": "fct",
    "database": "memory",
    "description": "what it is",
    "config": {"contract": {"enforced": True}, "persist_docs": {"relation": True, "columns": True}},
    "columns": {
        "id": {"data_type": "string", "description": "the id", "constraints": [{"type": "not_null"}]},
        "n": {"data_type": "decimal(38, 9)", "description": "a number", "constraints": []},
    },
}


def _came_back(folder: Path, rows: str) -> Path:
    folder.mkdir()
    duckdb.sql(f"copy ({rows}) to '{folder / 'part-0.parquet'}' (format parquet)")
    return folder


def test_a_table_comes_back_with_its_contract_and_its_descriptions(tmp_path: Path):
    rows = "select 'a' as id, 1.5::decimal(38, 9) as n"
    connection = duckdb.connect()
    transfer.fetch(connection, NODE, _came_back(tmp_path / "fct", rows))
    assert connection.sql("from marts.fct").fetchall()[0][0] == "a"
    columns = connection.sql(
        "select column_name, data_type, is_nullable, comment from duckdb_columns() where not internal"
    )
    assert columns.fetchall() == [
        ("id", "VARCHAR", False, "the id"),
        ("n", "DECIMAL(38,9)", True, "a number"),
    ]
    assert connection.sql("select comment from duckdb_tables() where not internal").fetchall() == [
        ("what it is",)
    ]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param("select 'a' as id, 1.5::decimal(38, 8) as n", id="a digit fewer"),
        pytest.param("select 'a' as id, 1.5::double as n", id="a double"),
        pytest.param("select 'a' as id", id="a column short"),
        pytest.param("select 'a' as id, 1.5::decimal(38, 9) as n, 1 as more", id="a column more"),
        pytest.param("select 1.5::decimal(38, 9) as n, 'a' as id", id="another order"),
    ],
)
def test_other_columns_or_types_are_refused_by_name(tmp_path: Path, rows: str):
    with pytest.raises(SparkError, match=r"fct came back with other columns: (n: |more: |their order)"):
        transfer.fetch(duckdb.connect(), NODE, _came_back(tmp_path / "fct", rows))


def test_what_must_not_be_empty_is_refused(tmp_path: Path):
    rows = "select null::varchar as id, 1.5::decimal(38, 9) as n"
    with pytest.raises(duckdb.ConstraintException, match="NOT NULL"):
        transfer.fetch(duckdb.connect(), NODE, _came_back(tmp_path / "fct", rows))


def test_raw_tables_go_there_whole(tmp_path: Path):
    connection = duckdb.connect()
    connection.execute("create schema raw; create table raw.a as select range as n from range(5)")
    connection.execute("create table raw.b (x date); create schema marts; create table marts.c (x int)")
    assert transfer.send(connection, tmp_path) == ["a", "b"]
    assert duckdb.sql(f"select sum(n) from '{tmp_path / 'a' / '*.parquet'}'").fetchall() == [(10,)]


def test_every_type_of_the_contracts_is_one_that_comes_back(warehouse: Place):
    manifest = json.loads((warehouse.build / "dbt" / "manifest.json").read_text(encoding="utf-8"))
    connection = duckdb.connect(str(warehouse.file), read_only=True)
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["config"]["contract"]["enforced"]:
            made = connection.execute(f"describe marts.{node['name']}").fetchall()
            declared = [(c["name"], transfer.duckdb_type(c["data_type"])) for c in node["columns"].values()]
            assert declared == [row[:2] for row in made], node["name"]


def test_every_model_comes_back_or_is_made_where_it_is_read(warehouse: Place):
    manifest = json.loads((warehouse.build / "dbt" / "manifest.json").read_text(encoding="utf-8"))
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    made_here = {part.removeprefix("config.materialized:") for part in build.OF_ONE_FILE}
    assert {node["config"]["materialized"] for node in models} - made_here == {"table"}


def test_each_setting_that_a_server_needs_is_declared_once():
    project = yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    assert server.settings() == project["vars"]["spark_settings"]
    assert all(isinstance(value, str) for value in server.settings().values())


class _Server:
    """Answers as a server would: `select version()`, `set name`."""

    def __init__(self, version: str = "4.1.4", **settings: str):
        self.version, self.settings = version, {**server.settings(), **settings}

    def execute(self, statement: str) -> None:
        words = statement.split()
        self.description = ["x"]
        self.rows = [(f"{self.version} abc",)] if words[0] == "select" else []
        if words[0] == "set":
            self.rows = [(words[1], self.settings[words[1]])]

    def fetchall(self) -> list[tuple]:
        return self.rows


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        pytest.param({"version": "3.5.1"}, "version 3.5.1 is not supported", id="version"),
        pytest.param(
            {"spark.sql.ansi.enabled": "false", "spark.sql.session.timeZone": "Asia/Shanghai"},
            "(?s)spark.sql.ansi.enabled=true.*spark.sql.session.timeZone=UTC",
            id="settings, all of them",
        ),
        pytest.param({}, "the workers do not see this folder", id="folder"),
    ],
)
def test_a_server_that_does_not_serve_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: dict, said: str
):
    from contextlib import nullcontext

    monkeypatch.setattr(server, "connect", lambda spark: nullcontext(_Server(**answers)))
    with pytest.raises(SparkError, match=said):
        server.require(Spark(folder=tmp_path))
    assert not list(tmp_path.iterdir())


def test_without_a_shared_folder_nothing_is_asked():
    with pytest.raises(SparkError, match="--spark-folder"):
        server.require(Spark())


def test_a_host_that_nobody_answers_at_ends_the_build_before_it_begins(tmp_path: Path, warehouse: Place):
    place = Place(warehouse.seeds, tmp_path / "build", tmp_path / "public")
    code, output = place.tongcheng(
        "build", "--engine", "spark", "--spark-port", "1", "--spark-folder", str(tmp_path / "shared")
    )
    assert code == 1
    assert "127.0.0.1:1" in output or "make spark-environment" in output
    assert list((tmp_path / "public").iterdir()) == []  # it was tried whether one could publish


def test_an_engine_that_is_none_is_refused(tmp_path: Path):
    with pytest.raises(SettingsError, match="duckdb, spark"):
        Settings(tmp_path, tmp_path, tmp_path, engine="sparc")


@pytest.mark.parametrize("port", ["0", "65536", "port"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, port: str):
    monkeypatch.setenv("TONGCHENG_SPARK_PORT", port)
    with pytest.raises(SettingsError, match=f"TONGCHENG_SPARK_PORT={port}"):
        Spark.read()


def test_a_cluster_here_needs_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(local, "find_spec", lambda name: type("Spec", (), {"origin": str(tmp_path / "x.py")}))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with (
        pytest.raises(SparkError, match="apt-get install default-jre-headless"),
        local.local_cluster(tmp_path),
    ):
        pass


def test_a_cluster_here_needs_pyspark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(local, "find_spec", lambda name: None)
    with pytest.raises(SparkError, match="make spark"), local.local_cluster(tmp_path):
        pass


def test_the_default_engine_loads_nothing_of_spark():
    code = "import sys, dagster_project.definitions as d; d.defs(); "
    code += "print([m for m in sys.modules if 'spark' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("there", "found"),
    [
        pytest.param("select * from made order by id desc", (2, 2, 0, 0, ""), id="another order"),
        pytest.param("from made where id = 'a'", (2, 1, 1, 0, ""), id="a row fewer"),
        pytest.param("from made union all from made", (2, 4, 0, 2, ""), id="each row twice"),
        pytest.param("select id, n + 0.000000001 as n from made", (2, 2, 1, 1, ""), id="another last digit"),
        pytest.param(
            "select id, n::decimal(38, 8) as n from made",
            (2, 2, 0, 0, "n DECIMAL(38,9) DECIMAL(38,8)"),
            id="a digit fewer",
        ),
        pytest.param(
            "select id from made", (0, 0, 0, 0, "columns differ, or there is no such table"), id="less"
        ),
    ],
)
def test_the_comparison_of_engines_sees_each_difference(tmp_path: Path, there: str, found: tuple):
    """Whatever `make spark-parity` calls equal is equal."""
    made = "values ('a', 1.5::decimal(38, 9)), ('b', null)"
    for file, rows in (("here", "from made"), ("there", there)):
        with duckdb.connect(str(tmp_path / file)) as connection:
            connection.execute("create schema marts")
            connection.execute(f"create table marts.fct as with made(id, n) as ({made}) {rows}")
    (line,) = parity.compare(tmp_path / "here", tmp_path / "there")
    assert (line.rows, line.rows_there, line.only_here, line.only_there, line.types) == found
    assert line.equal == (found == (2, 2, 0, 0, ""))
