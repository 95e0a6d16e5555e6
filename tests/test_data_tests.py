"""The tests of the models: each is green on good rows and can fail, and no gate says the same again.

On the small marts of tests/gates, by the SQL that a build compiled; whatever they leave out is null. The
tables between the seeds and the marts are the build's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml

from dagster_project import private
from dagster_project.gates.suites import load_suites
from tests.conftest import ROOT, Place, copy_file, opened

HERE = Path(__file__).with_name("gates")
BAD_ROWS = yaml.safe_load((HERE / "dbt_bad_rows.yaml").read_text(encoding="utf-8"))
RIGHT_ROWS = yaml.safe_load((HERE / "dbt_right_rows.yaml").read_text(encoding="utf-8"))
OF_THE_WHOLE_FILE = "as_of_agrees"  # asks the table macros, which only a whole file has


class Bench:
    """The tests of a build, by name, and rows to spoil."""

    def __init__(self, warehouse: Place, folder: Path):
        manifest = json.loads((warehouse.build / "dbt" / "manifest.json").read_text(encoding="utf-8"))
        nodes = manifest["nodes"].values()
        self.tests = {node["name"]: node for node in nodes if node["resource_type"] == "test"}
        self.models = [node for node in nodes if node["resource_type"] == "model"]
        self.connection = duckdb.connect(str(folder / "tongcheng.duckdb"))
        run = self.connection.execute
        run((HERE / "marts.sql").read_text(encoding="utf-8"))
        run(f"attach '{warehouse.working_file}' as built (read_only)")
        run(f"attach '{private.beside(warehouse.working_file)}' as built_private (read_only)")
        run("attach ':memory:' as private; create schema private.intermediate")
        private.find_by_name(self.connection)
        self._add_what_marts_leave_out()
        run("create schema staging")
        between = "database_name = 'built_private' and schema_name = 'intermediate'"
        for (table,) in run(f"select table_name from duckdb_tables() where {between}").fetchall():
            run(f"create table private.intermediate.{table} as from built_private.intermediate.{table}")
        for table in ("code_lists", "hedge_terms", "relations"):
            run(f"create table staging.stg_{table} as from built.raw.{table}")
        run("delete from staging.stg_relations")
        run("create or replace table marts.dim_code as from built.marts.dim_code")
        run("detach built; detach built_private")

    def _add_what_marts_leave_out(self) -> None:
        columns = (
            "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'marts'"
        )
        lacking = f"{columns} and database_name = 'built' and (table_name, column_name) not in ("
        lacking += "select (table_name, column_name) from duckdb_columns() where database_name = 'tongcheng')"
        for table, column, kind in self.connection.execute(lacking).fetchall():
            self.connection.execute(f'alter table marts.{table} add column "{column}" {kind}')

    def finds(self, name: str, statement: str = "") -> bool:
        """Whether a test finds anything once a statement has changed the rows, which stay as they were."""
        self.connection.execute("begin")
        try:
            self.connection.execute(statement)
            return bool(self.connection.execute(self.tests[name]["compiled_code"]).fetchmany(1))
        finally:
            self.connection.execute("rollback")


@pytest.fixture(scope="module")
def bench(warehouse: Place, tmp_path_factory) -> Bench:
    return Bench(warehouse, tmp_path_factory.mktemp("data_tests"))


def relation_of(node: dict) -> str:
    """The model that a test is about; a test that is a query of its own says which."""
    attached = node.get("attached_node") or node["config"]["meta"]["dagster"]["ref"]["name"]
    return attached.split(".")[-1]


def spoilt(node: dict) -> Iterator[str]:
    """Statements that must turn a test red: made from what it is told, one for each column."""
    if node["name"] in BAD_ROWS:
        given = BAD_ROWS[node["name"]]
        yield from given if isinstance(given, list) else [given]
        return
    kind, told = node["test_metadata"]["name"], node["test_metadata"]["kwargs"]
    mart = relation_of(node)
    table = f"{'intermediate' if mart.startswith('int_') else 'marts'}.{mart}"
    columns = told.get("columns", [])
    if kind == "grain":
        yield f"insert into {table} from {table} limit 1"
        if mart.startswith("int_") and columns[-1].isidentifier():  # or it is an expression, never null
            yield f"update {table} set {columns[-1]} = null"
    elif kind == "not_mirrored":
        one, other = columns
        yield f"insert into {table} select * replace ({one} as {other}, {other} as {one}) from {table}"
    elif kind in ("references", "codes"):
        yield from (f"update {table} set {column} = 'NOT LISTED'" for column in columns)
    elif kind == "filled":
        yield from (f"update {table} set {column} = null" for column in columns)
    elif kind == "in_its_language":
        for column in columns:
            yield f"update {table} set {column}_zh = {column}_en"
            yield f"update {table} set {column}_en = {column}_zh"
    elif kind == "in_order":
        for first, second in told["pairs"]:
            yield f"update {table} set {first} = date '2031-01-02', {second} = date '2031-01-01'"
    elif kind == "interval_holds":
        ends = f"{told['lower_closed']} = true, {told['upper_closed']} = true"
        yield f"update {table} set {told['lower']} = 2, {told['upper']} = 1, {ends}"
        yield f"update {table} set {told['value']} = 3, {told['lower']} = 1, {told['upper']} = 2, {ends}"
        yield f"update {table} set {told['lower']} = 1, {told['lower_closed']} = null"
    elif kind == "missing_has_reason":
        yield from (f"update {table} set reason = null, {column} = null" for column in columns)
    elif kind == "undecided_has_reason":
        yield from (f"update {table} set reason = null, {column} = 'INDETERMINATE'" for column in columns)
    elif kind == "reasons_listed":
        yield f"update {table} set {told.get('column', 'reason')} = 'NOT LISTED'"
    elif kind == "same_rows":
        yield f"delete from {table}"
        yield f"update {table} set {columns[0]} = 'another'"
    elif kind == "states_follow":
        yield f"update {table} set valid_to = date '2031-01-01'"
    elif kind == "evidence_of_source":
        yield f"update {table} set evidence = null"
        yield f"update {table} set host_quality = 'NOT LISTED'"
    elif kind == "locator_fits":
        yield f"update {table} set locator = 'line 3'"
        yield f"update {table} set locator = null"
        yield f"update {table} set evidence = 'RECORDED'"


def about_rows(bench: Bench) -> list[str]:
    return [name for name in bench.tests if not name.startswith(OF_THE_WHOLE_FILE)]


def test_every_test_is_green_on_good_rows(bench: Bench):
    assert [name for name in about_rows(bench) if bench.finds(name)] == []


def test_every_test_can_fail(bench: Bench):
    without, silent = [], []
    for name in about_rows(bench):
        statements = list(spoilt(bench.tests[name]))
        without += [] if statements else [name]
        silent += [(name, one) for one in statements if not bench.finds(name, one)]
    assert without == [], "no statement is known that spoils them"
    assert silent == []


def test_what_is_asked_of_the_whole_file_can_fail(warehouse: Place, bench: Bench, tmp_path: Path):
    copy = tmp_path / warehouse.working_file.name
    copy_file(warehouse.working_file, copy)
    asked = [node for name, node in bench.tests.items() if name.startswith(OF_THE_WHOLE_FILE)]
    assert asked
    with opened(copy) as connection:
        for node in asked:
            assert not connection.execute(node["compiled_code"]).fetchmany(1)
            connection.execute(f"update marts.{relation_of(node)} set reason = 'another'")
            assert connection.execute(node["compiled_code"]).fetchmany(1), node["name"]


def test_a_test_does_not_alarm_on_what_is_right(bench: Bench):
    alarmed = [
        name
        for name, statements in RIGHT_ROWS.items()
        for statement in statements
        if bench.finds(name, statement)
    ]
    assert alarmed == []


def test_bad_rows_are_kept_for_no_test_that_is_gone(bench: Bench):
    assert BAD_ROWS.keys() | RIGHT_ROWS.keys() <= bench.tests.keys()


def test_a_failed_test_shows_what_it_demands_and_the_rows(warehouse: Place, bench: Bench, tmp_path: Path):
    copy = tmp_path / warehouse.working_file.name
    copy_file(warehouse.working_file, copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("update marts.dim_area set name_en = '成都' where ref_area = '510100'")
    from dagster_project.defs.models import _offences  # its import needs the manifest, which a build makes

    name = "in_its_language_dim_area_name"
    test = bench.tests[name]
    results = {test["unique_id"]: {"status": "fail", "compiled_code": test["compiled_code"]}}
    told = _offences(copy, {test["unique_id"]: test}, results)
    assert "English in the English one" in told[name]
    (row,) = told[f"{name}: offending rows"].records
    assert (row.data["ref_area"], row.data["name_en"]) == ("510100", "成都")


# --- each rule once

SAME_AS = {
    "expect_column_values_to_be_unique": "grain",
    "expect_compound_columns_to_be_unique": "grain",
    "expect_column_values_to_not_be_null": "filled",
    "expect_column_values_to_be_in_type_list": "contract",
    "expect_column_values_to_be_of_type": "contract",
    "expect_column_to_exist": "contract",
}


def test_no_gate_repeats_a_test(bench: Bench):
    """The same columns of the same mart, asked the same."""
    gates = [gate for suite in load_suites(ROOT / "expectations") for gate in suite.gates]
    assert len(gates) < 100
    told = {
        (relation_of(node), test["name"], column)
        for node in bench.tests.values()
        if (test := node.get("test_metadata"))
        for column in [frozenset(test["kwargs"].get("columns", [])), *test["kwargs"].get("columns", [])]
    }
    told |= {
        (relation_of(node), "in_order", (second, first))
        for node in bench.tests.values()
        if (test := node.get("test_metadata")) and test["name"] == "in_order"
        for first, second in test["kwargs"]["pairs"]
    }
    told |= {  # of most columns the contract says it
        (node["name"], "filled", column)
        for node in bench.models
        for column, said in node["columns"].items()
        if said["constraints"]
    }
    repeated = []
    for gate in gates:
        kind, kwargs = SAME_AS.get(gate.type), gate.kwargs
        asked = kwargs.get("column") or frozenset(kwargs.get("column_list", []))
        if gate.type == "expect_column_pair_values_a_to_be_greater_than_b":
            kind, asked = "in_order", (kwargs["column_A"], kwargs["column_B"])
        if kind == "contract" or (gate.relation, kind, asked) in told:
            repeated.append((gate.relation, gate.id))
    assert repeated == []


def test_no_gate_is_about_keys_references_or_codes():
    """Nor in SQL: a query that only looks for what is not in a list or another table, or for what is null."""
    for suite in load_suites(ROOT / "expectations"):
        for gate in suite.gates:
            assert "anti join" not in (gate.query or ""), gate.id
            assert "raw.code_lists" not in (gate.query or ""), gate.id
            assert "value_set" not in gate.kwargs or gate.pins or "not_be_in_set" in gate.type, gate.id
