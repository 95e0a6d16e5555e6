"""The dbt project keeps its word: one file per model, what is public, what is never null, who reads it.

Here: what the project declares, held against the built file and the code that reads it. Not here: whether
its rules about data are right (test_data_tests.py, test_models.py).
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import duckdb
import pytest
import yaml

from dagster_project.downloads.marts import read_marts
from dagster_project.prepare import SOURCES
from dagster_project.report.facts import ALL_QUERIES
from dagster_project.seeds.schema import read_schema
from dagster_project.settings import DBT_PROJECT, ROOT
from tests.conftest import Place

MODELS = DBT_PROJECT / "models"
OF_NO_MODEL = {SOURCES, MODELS / "exposures.yml", MODELS / "groups.yml"}
NOTEBOOK = ROOT / "docs" / "analyst.ipynb"


class Built:
    """What dbt knows of the project, and the file that it made."""

    def __init__(self, warehouse: Place):
        self.manifest = json.loads((warehouse.build / "dbt" / "manifest.json").read_text(encoding="utf-8"))
        self.path = warehouse.build / "dbt" / "manifest.json"
        self.file = warehouse.file

    @cached_property
    def models(self) -> dict[str, dict]:
        nodes = self.manifest["nodes"].values()
        return {node["name"]: node for node in nodes if node["resource_type"] == "model"}

    @cached_property
    def marts(self) -> dict[str, dict]:
        return {name: node for name, node in self.models.items() if node["schema"] == "marts"}

    def columns_of_tests(self, kind: str) -> Iterator[tuple[str, str]]:
        """Model and column, for each column that a generic test of that name is given."""
        for node in self.manifest["nodes"].values():
            test = node.get("test_metadata") or {}
            if test.get("name") == kind:
                for column in test["kwargs"]["columns"]:
                    yield node["attached_node"].split(".")[-1], column

    def coded_columns(self) -> Iterator[tuple[str, str, str]]:
        """Model, column and code list of each column that has one."""
        for node in self.manifest["nodes"].values():
            test = node.get("test_metadata") or {}
            if test.get("name") == "codes":
                for column, code_list in test["kwargs"]["columns"].items():
                    yield node["attached_node"].split(".")[-1], column, code_list

    def declared_by(self, exposure: str) -> set[str]:
        """The tables that an exposure says it reads, as schema.name."""
        known = {**self.manifest["nodes"], **self.manifest["sources"]}
        depends_on = self.manifest["exposures"][f"exposure.tongcheng.{exposure}"]["depends_on"]["nodes"]
        return {f"{known[key]['schema']}.{known[key]['name']}" for key in depends_on}


@pytest.fixture(scope="module")
def built(warehouse: Place) -> Built:
    return Built(warehouse)


# --- one file per model


def test_each_model_has_one_file_of_its_name_and_that_speaks_of_no_other():
    described = set(MODELS.rglob("*.yml")) - OF_NO_MODEL
    assert {path.with_suffix(".sql") for path in described} == set(MODELS.rglob("*.sql"))
    for path in described:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert content.keys() <= {"models", "unit_tests"}, path
        assert [model["name"] for model in content["models"]] == [path.stem]
        assert {test["model"] for test in content.get("unit_tests", [])} <= {path.stem}


def test_no_text_is_joined_by_what_engines_understand_otherwise():
    """One with an empty part is, by `concat`, the rest on DuckDB and nothing on Spark; `concat_ws` agrees."""
    written = {path: path.read_text(encoding="utf-8") for path in DBT_PROJECT.glob("m*/**/*.sql")}
    assert {
        path.name for path, text in written.items() if re.search(r"\bconcat\(", text, re.IGNORECASE)
    } == set()


# --- what is public


def test_marts_are_public_and_the_steps_to_them_private(built: Built):
    access = {name: node["access"] for name, node in built.models.items()}
    assert {name for name, level in access.items() if level == "public"} == built.marts.keys()
    assert set(access.values()) == {"public", "private"}


def test_somebody_answers_for_each_model(built: Built):
    owners = {group["name"]: group["owner"]["name"] for group in built.manifest["groups"].values()}
    assert [name for name, node in built.models.items() if not owners.get(node["group"])] == []


def test_what_is_public_says_its_grain_and_keeps_a_contract(built: Built):
    with_key = {model for model, _ in built.columns_of_tests("grain")}
    for name, node in built.marts.items():
        assert node["description"].startswith("One row per "), name
        assert node["config"]["contract"]["enforced"], name
        assert name in with_key, name
        assert [column for column, said in node["columns"].items() if not said["description"]] == [], name


# --- what columns are called


def test_of_which_type_a_thing_is_stands_in_a_column_named_after_the_thing(built: Built):
    """`commitment_type`, never `kind` or `type` alone; its codes are in the list of the same name."""
    seeds = read_schema(ROOT / "seeds").values()
    columns = {(name, column) for name, node in built.marts.items() for column in node["columns"]}
    columns |= {(table.name, column) for table in seeds for column in table.columns}
    assert {one for one in columns if re.search("(^|_)kinds?(_|$)|^types?$", one[1])} == set()
    typed = [field for table in seeds for field in table.fields if field.name.endswith("_type")]
    assert {field.name for field in typed if field.code_list not in (None, field.name.upper())} == set()


# --- what is not decided says why

UNDECIDED = {"INDETERMINATE", "UNTESTABLE", "NOT_ASSESSABLE", "OVERDUE_UNKNOWN", "POSSIBLE", "UNKNOWN"}


def test_no_verdict_of_a_mart_is_left_open_without_a_reason(built: Built):
    """The columns that may say so, by their code lists, are those whose reason is asked for."""
    with duckdb.connect(str(built.file), read_only=True) as connection:
        codes = connection.execute("select code_list, code from marts.dim_code").fetchall()
    lists = {code_list for code_list, code in codes if code in UNDECIDED}
    may_say_so = {
        (model, column)
        for model, column, code_list in built.coded_columns()
        if code_list in lists and column in ("trend", "status", "verdict", "agreement_type", "target_change")
    }
    with_reason = {name for name, node in built.marts.items() if "reason" in node["columns"]}
    asked = set(built.columns_of_tests("undecided_has_reason"))
    assert asked == {(model, column) for model, column in may_say_so if model in with_reason}
    assert {model for model, _ in may_say_so} - with_reason == set()


# --- what is never null


def never_null(built: Built) -> set[tuple[str, str]]:
    return {
        (name, column)
        for name, node in built.marts.items()
        for column, said in node["columns"].items()
        if any(constraint["type"] == "not_null" for constraint in said["constraints"])
    }


def test_the_published_file_allows_nulls_where_the_contract_does_and_nowhere_else(built: Built):
    with duckdb.connect(str(built.file), read_only=True) as connection:
        refused = connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where schema_name = 'marts' and not is_nullable"
        ).fetchall()
    assert set(refused) == never_null(built)
    assert {name for name, _ in refused} == built.marts.keys()


def test_a_key_is_complete_by_contract(built: Built):
    """The test of the grain of a mart relies on it, and asks only whether a key comes twice."""
    keys = {(model, column) for model, column in built.columns_of_tests("grain") if model in built.marts}
    assert keys <= never_null(built)


def test_no_test_asks_again_what_the_contract_says(built: Built):
    assert set(built.columns_of_tests("filled")) & never_null(built) == set()


# --- who reads the marts


def tables_read(query: str) -> set[str]:
    """The tables that a query names with their schema, as DuckDB parses it."""

    def named(part: object) -> Iterator[str]:
        if isinstance(part, dict):
            if part.get("type") == "BASE_TABLE" and part["schema_name"]:
                yield f"{part['schema_name']}.{part['table_name']}"
            part = list(part.values())
        for inner in part if isinstance(part, list) else []:
            yield from named(inner)

    (parsed,) = duckdb.execute("select json_serialize_sql(?)", [query]).fetchone()
    return set(named(json.loads(parsed)["statements"]))


def queries_of(notebook: Path) -> Iterator[str]:
    """What the cells of a notebook ask by `….sql("…")`."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        tree = ast.parse("".join(cell["source"]) if cell["cell_type"] == "code" else "")
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "sql":
                yield ast.literal_eval(call.args[0])


def test_the_report_declares_what_its_queries_read(built: Built):
    assert built.declared_by("report") == set().union(*map(tables_read, ALL_QUERIES.values()))


def test_the_report_asks_nothing_beside_its_queries():
    for path in (ROOT / "dagster_project" / "report").glob("*.py"):
        assert path.name.endswith("queries.py") or "marts." not in path.read_text(encoding="utf-8"), path


def test_the_downloads_declare_every_mart_that_they_write(built: Built):
    with duckdb.connect(str(built.file), read_only=True) as connection:
        assert built.declared_by("downloads") == {
            f"marts.{mart.name}" for mart in read_marts(connection, built.path)
        }


def test_the_notebook_declares_what_it_reads(built: Built):
    assert built.declared_by("analyst_notebook") == set().union(*map(tables_read, queries_of(NOTEBOOK)))
