"""Gates: each can fail and shows the row that fails it; none passes without having looked at anything."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from html import escape
from pathlib import Path

import duckdb
import pytest
import yaml

from dagster_project.gates import library
from dagster_project.gates.gate import QUERY, ROW, Gate, GateResult, Suite
from dagster_project.gates.page import render_page
from dagster_project.gates.suites import (
    GateFileError,
    GatesNotEvaluated,
    applying,
    evaluate,
    load_suites,
)
from dagster_project.settings import OF_NIGHT

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).with_name("gates")
SUITES = {suite.relation: suite for suite in load_suites(ROOT / "expectations")}
BAD_ROWS = yaml.safe_load((HERE / "bad_rows.yaml").read_text(encoding="utf-8"))
RIGHT_ROWS = yaml.safe_load((HERE / "right_rows.yaml").read_text(encoding="utf-8"))
SEEDS = """
create schema staging;
create table staging.stg_sources as select source_id from marts.dim_source;
create table staging.stg_relations (relation_type varchar, subject_id varchar, object_id varchar)
"""
GATES = {(gate.relation, gate.id): gate for suite in SUITES.values() for gate in suite.gates}
DECLARED = list(GATES)
OF_ROWS = (QUERY, "expect_column_values_", "expect_column_pair_values_", "expect_compound_columns_")
PINS = [key for key, gate in GATES.items() if gate.pins]


@pytest.fixture(scope="module")
def good_bytes(tmp_path_factory) -> bytes:
    """A small warehouse in which every gate is green."""
    path = tmp_path_factory.mktemp("good") / "tongcheng.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((HERE / "marts.sql").read_text(encoding="utf-8"))
        connection.execute(SEEDS)
    return path.read_bytes()


@pytest.fixture
def good(good_bytes: bytes, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    path = tmp_path / "tongcheng.duckdb"
    path.write_bytes(good_bytes)
    return path


def statements(rows: dict, relation: str, name: str) -> list[str]:
    """What is to be done to the small warehouse, for a gate of one of the files of rows."""
    found = rows[relation][name]
    return found if isinstance(found, list) else [found]


def change(path: Path, sql: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)


def gate(kind: str, where: dict | None = None, may_be_empty: str | None = None, **kwargs) -> Gate:
    """A gate on the table marts.t, on the rows that have these values."""
    parts = [
        {"type": "comparison", "column": {"name": name}, "operator": "==", "parameter": value}
        for name, value in (where or {}).items()
    ]
    if parts:
        kwargs["row_condition"] = parts[0]
    texts = {"description": "题 · title", "severity": "critical", "notes": "why"}
    meta = {"may_be_empty": may_be_empty} if may_be_empty else {}
    return Gate("t", {"id": "one", "type": kind, **texts, "kwargs": kwargs, "meta": meta})


def named(declared: Gate, name: str) -> Gate:
    return replace(declared, expectation={**declared.expectation, "id": name})


def judge(path: Path, rows: str, *declared: Gate) -> list[GateResult]:
    """Evaluate gates on a table marts.t that holds the rows of a query."""
    change(path, f"create schema marts; create table marts.t as {rows}")
    return evaluate([Suite("t", declared)], path)


# --- the declared gates


def test_every_gate_is_green_on_good_rows(good: Path):
    heard = []
    results = evaluate(list(SUITES.values()), good, lambda *progress: heard.append(progress))
    assert [(r.relation, r.id) for r in results if not r.success] == []
    assert [(r.relation, r.id) for r in results] == DECLARED
    assert heard[-1] == (results[-1].relation, len(DECLARED), len(DECLARED))


@pytest.fixture(scope="module")
def spoilt(good_bytes: bytes, tmp_path_factory):
    """Judges a gate while a statement has spoilt the small warehouse.

    It is opened once: that takes longer than to judge.
    """
    from dagster_project.gates.engine import evaluate_suite, open_session

    path = tmp_path_factory.mktemp("spoilt") / "tongcheng.duckdb"
    path.write_bytes(good_bytes)
    with open_session(path, list(SUITES), access_mode="read_write") as session:
        run = session.connection.exec_driver_sql
        run("create schema good")
        tables = "select table_name from duckdb_tables() where schema_name = 'marts'"
        marts = [name for (name,) in run(tables).fetchall()]
        for name in marts:
            run(f"create table good.{name} as from marts.{name}")

        def judged(relation: str, name: str, statement: str) -> GateResult:
            run(statement)
            (result,) = evaluate_suite(session, SUITES[relation].only({(relation, name)}))
            for changed in set(re.findall(r"marts\.(\w+)", statement)):
                run(f"create or replace table marts.{changed} as from good.{changed}")
            run("delete from staging.stg_relations")
            return result

        yield judged
        for name in marts:  # nothing was left spoilt, or a later gate was red for that
            left = f"from marts.{name} except all from good.{name}"
            assert not run(f"{left} union all (from good.{name} except all from marts.{name})").fetchall()


@pytest.mark.parametrize(("relation", "name"), DECLARED)
def test_one_bad_row_turns_a_gate_red(spoilt, relation: str, name: str):
    for statement in statements(BAD_ROWS, relation, name):
        result = spoilt(relation, name, statement)
        assert not result.success, statement
        assert result.evaluated, result.error
        if result.gate.type.startswith(OF_ROWS):
            assert result.error or result.offending_rows


@pytest.mark.parametrize(
    ("relation", "name", "statement"),
    [
        (relation, name, statement)
        for relation, names in RIGHT_ROWS.items()
        for name in names
        for statement in statements(RIGHT_ROWS, relation, name)
    ],
)
def test_a_gate_does_not_alarm_on_what_is_right(spoilt, relation: str, name: str, statement: str):
    result = spoilt(relation, name, statement)
    assert result.success, result.error or result.offending_rows


@pytest.mark.parametrize(("relation", "name"), PINS)
def test_a_pin_whose_row_is_missing_is_red(spoilt, relation: str, name: str):
    """Its bulletin is loaded: a fact that is gone is wrong, not a fact of another region."""
    result = spoilt(relation, name, f"delete from marts.{relation}")
    assert result.blocks


def test_a_pin_is_skipped_where_its_bulletin_is_not_loaded(good: Path):
    change(good, "delete from staging.stg_sources where source_id like '2021%'")
    results = {(r.relation, r.id): r for r in evaluate(list(SUITES.values()), good)}
    skipped = {key for key, result in results.items() if result.skipped}
    assert {pin for pin in PINS if "2021-04-14_cdmz_third_meeting" in GATES[pin].pins} == skipped
    assert ("series_change", "train_pairs_change") in skipped  # needs the other bulletin too
    assert ("fct_observation", "train_pairs_2020") not in skipped
    for key in skipped:
        result = results[key]
        assert (result.evaluated, result.success, result.red, result.blocks) == (False, False, False, False)
    applied = [(gate.relation, gate.id) for gate in applying(list(SUITES.values()), good)]
    assert applied == [key for key in DECLARED if key not in skipped]


def test_no_pin_is_skipped_where_the_file_does_not_say_what_is_loaded(good: Path):
    """A mart that lost its bulletins takes no pin along, nor does a file without them."""
    change(good, "delete from marts.dim_source")
    assert len(applying(list(SUITES.values()), good)) == len(DECLARED)
    change(good, "drop table staging.stg_sources")
    assert len(applying(list(SUITES.values()), good)) == len(DECLARED)
    assert not any(result.skipped for result in evaluate(list(SUITES.values()), good))


def test_pins_are_of_bulletins_that_there_are():
    """A name with a slip would be skipped for ever."""
    sources = (ROOT / "seeds" / "sources.csv").read_text(encoding="utf-8")
    for pin in PINS:
        assert all(f"\n{source}," in sources for source in GATES[pin].pins), pin


def test_bad_rows_are_kept_for_no_gate_that_is_gone():
    assert {(relation, name) for relation, names in BAD_ROWS.items() for name in names} <= set(DECLARED)


def test_every_gate_is_about_a_mart():
    marts = {path.stem for path in (ROOT / "dbt_project" / "models" / "marts").rglob("*.sql")}
    assert set(SUITES) <= marts


def test_headline_figures_are_pinned():
    names = {gate.id for suite in SUITES.values() for gate in suite.gates if gate.blocking}
    assert {"train_pairs_2020", "train_pairs_2021", "train_pairs_change", "schools_2021"} <= names
    assert {"institutions_2021", "classes_with_students_2021", "class_size_plausible"} <= names
    assert {"train_pairs_plausible", "schools_paired_plausible"} <= names


def test_a_red_gate_shows_the_figure_and_its_place(good: Path):
    change(good, BAD_ROWS["fct_observation"]["schools_2021"])
    (result,) = evaluate([SUITES["fct_observation"].only({("fct_observation", "schools_2021")})], good)
    (row,) = result.offending_rows
    assert row["source_id"] == "2021-04-14_cdmz_third_meeting"
    assert (row["locator"], row["value_text"], row["obs_value"]) == ("12#1", "214所", "241")
    assert (result.unexpected_count, result.element_count) == (1, 1)
    assert "value_set = 214" in result.gate.rule


def test_at_most_ten_offending_rows_are_shown(good: Path):
    change(good, "update marts.fct_observation set indicator_id = 'TRAIN_PAIRS_DAILY', obs_value = -1")
    wanted = {("fct_observation", "train_pairs_plausible"), ("fct_observation", "within_limits_of_indicator")}
    for result in evaluate([SUITES["fct_observation"].only(wanted)], good):
        assert result.unexpected_count > 50
        assert len(result.offending_rows) == 10


@pytest.mark.parametrize("bad", [0, 1, 199, 200, 201])  # the library hands over 200 rows at most
def test_a_query_counts_every_row_and_is_asked_once_where_it_shows_all(tmp_path: Path, monkeypatch, bad: int):
    engine, asked = library.gx.execution_engine.SqlAlchemyExecutionEngine, []
    execute = engine.execute_query
    monkeypatch.setattr(
        engine, "execute_query", lambda *given: asked.append(str(given[-1])) or execute(*given)
    )
    rows = f"select i as t_id, i - {bad} as value from range(300) as r (i)"
    (result,) = judge(tmp_path / "w.duckdb", rows, gate(QUERY, unexpected_rows_query=BELOW_ZERO))
    assert (result.unexpected_count, result.success) == (bad, not bad)
    assert len([query for query in asked if "value < 0" in query]) == (1 if bad < 200 else 2)


# --- nothing passes without having been looked at

NUMBERS = """
select i as t_id, i::decimal(38, 9) as value, null::integer as nothing, 'A' as code from range(3) as r (i)
"""
BELOW_ZERO = "select * from {batch} where value < 0"
ROW_COUNT = "expect_table_row_count_to_equal"
BETWEEN = "expect_column_values_to_be_between"
UNIQUE = "expect_compound_columns_to_be_unique"


@pytest.mark.parametrize(
    ("rows", "declared"),
    [
        (f"{NUMBERS} where false", gate(BETWEEN, column="value", min_value=0)),
        (
            f"{NUMBERS} where false",
            gate(QUERY, unexpected_rows_query=BELOW_ZERO),
        ),
        (f"{NUMBERS} where false", gate("expect_column_values_to_not_be_null", column="value")),
        (NUMBERS, gate(BETWEEN, column="nothing", min_value=0)),
        (NUMBERS, gate("expect_column_values_to_be_unique", column="nothing")),
        (NUMBERS, gate(BETWEEN, {"code": "a"}, column="value", min_value=0)),
        (
            NUMBERS,
            gate(
                "expect_column_pair_values_to_be_equal",
                column_A="value",
                column_B="nothing",
                ignore_row_if="either_value_is_missing",
            ),
        ),
    ],
)
def test_a_gate_with_nothing_to_judge_is_red(tmp_path: Path, rows: str, declared: Gate):
    (result,) = judge(tmp_path / "w.duckdb", rows, declared)
    assert not result.success
    assert result.evaluated
    assert "no rows to check" in result.error


def test_a_gate_may_be_empty_where_it_says_why(tmp_path: Path):
    declared = gate(BETWEEN, {"code": "B"}, "no B yet", column="value", min_value=0)
    (result,) = judge(tmp_path / "w.duckdb", NUMBERS, declared)
    assert result.success
    assert result.element_count == 0


def test_a_relation_may_be_empty_but_not_the_rows_that_a_gate_is_about(tmp_path: Path):
    """And a query is asked even then: what should be in the relation may stand in others."""
    change(tmp_path / "w.duckdb", "create table other as select 1 as t_id")
    judged = gate(BETWEEN, {"code": "B"}, column="value", min_value=0)
    asked = gate(QUERY, unexpected_rows_query="from other anti join {batch} using (t_id)")
    declared = [
        replace(named(one, name), empty_relation="no rows yet")
        for one, name in ((judged, "judged"), (asked, "asked"))
    ]
    empty = judge(tmp_path / "w.duckdb", f"{NUMBERS} where false", *declared)
    assert [result.success for result in empty] == [True, False]
    assert empty[1].offending_rows == [{"t_id": 1}]
    change(tmp_path / "w.duckdb", "drop schema marts cascade")
    filled = judge(tmp_path / "w.duckdb", NUMBERS, *declared)
    assert [result.success for result in filled] == [False, True]
    assert "no rows to check" in filled[0].error


@pytest.mark.parametrize(
    ("anew", "reach", "passed", "outcome"),
    [
        ("values (1)", ROW, True, (True, 1, True)),
        ("values (1)", ROW, False, (False, 3, False)),  # what was against it yesterday still is
        ("values (1)", None, True, (False, 3, False)),
        ("values (-2)", ROW, True, (False, 3, False)),  # with all the rows that are against it
        ("from (values (1)) where false", ROW, True, (False, 3, False)),  # it saw nothing there
    ],
    ids=["passed", "did not pass before", "looks at others too", "red among them", "none of them"],
)
def test_a_gate_of_rows_that_passed_is_asked_about_those_made_anew(tmp_path, anew, reach, passed, outcome):
    path, declared = (
        tmp_path / "t.duckdb",
        gate("expect_column_values_to_be_between", column="n", min_value=0),
    )
    declared.expectation["meta"]["reach"] = reach
    change(path, f"create schema {OF_NIGHT}; create table {OF_NIGHT}.t as select n from ({anew}) as rows(n)")
    change(
        path, "create schema marts; create table marts.t as select n from (values (1), (-1), (-2)) as rows(n)"
    )
    (result,) = evaluate([Suite("t", (declared,))], path, passed={("t", declared.id)} if passed else ())
    assert (result.success, result.element_count, result.of_night) == outcome
    assert result.success or result.unexpected_count == 2


@pytest.mark.parametrize(
    "declared",
    [
        gate(BETWEEN, column="valeu", min_value=0),
        gate(BETWEEN, {"cod": "A"}, column="value", min_value=0),
        gate(BETWEEN, {"t_id": "x"}, column="value", min_value=0),
        gate("expect_magic", column="value"),
        gate(BETWEEN, colum="value", min_value=0),
        gate(BETWEEN, column="value"),
        gate(BETWEEN, column="code", min_value=0),
        gate(BETWEEN, column="value", min_value=[0]),
        gate(QUERY, unexpected_rows_query="select valeu from {batch}"),
        gate(QUERY, unexpected_rows_query="select {other} from {batch}"),
        gate(QUERY, unexpected_rows_query="selct * from {batch}"),
    ],
)
def test_a_mistake_in_a_gate_is_red_and_spoils_no_other(tmp_path: Path, declared: Gate):
    sound = named(gate(BETWEEN, column="value", min_value=0), "sound")
    result, other = judge(tmp_path / "w.duckdb", NUMBERS, declared, sound)
    assert (result.success, result.evaluated) == (False, False)
    assert result.error
    assert other.success


def test_no_mart_has_a_column_in_which_a_limit_would_pass_infinity(warehouse):
    floats = "from duckdb_columns() where schema_name = 'marts' and data_type in ('FLOAT', 'DOUBLE')"
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        assert connection.execute(floats).fetchall() == []


def test_rows_that_are_alike_are_shown_with_their_place(tmp_path: Path):
    rows = "select *, '甲' as title_zh, 1 as day from (values ('a', '3#2'), ('b', '9')) as r (t_id, locator)"
    (result,) = judge(tmp_path / "w.duckdb", rows, gate(UNIQUE, column_list=["title_zh", "day"]))
    assert not result.success
    assert result.offending_rows == [
        {"t_id": "a", "locator": "3#2", "title_zh": "甲", "day": 1},
        {"t_id": "b", "locator": "9", "title_zh": "甲", "day": 1},
    ]


def test_a_missing_relation_is_red_and_the_others_are_evaluated(tmp_path: Path):
    path = tmp_path / "w.duckdb"
    change(path, f"create schema marts; create table marts.t as {NUMBERS}")
    there = gate(ROW_COUNT, value=3)
    gone = replace(there, relation="gone")
    first, second = evaluate([Suite("gone", (gone,)), Suite("t", (there,))], path)
    assert (first.success, first.evaluated) == (False, False)
    assert second.success


def test_nothing_declared_is_an_error(tmp_path: Path):
    change(tmp_path / "w.duckdb", "create schema marts")
    with pytest.raises(GatesNotEvaluated):
        evaluate([], tmp_path / "w.duckdb")
    with pytest.raises(GatesNotEvaluated):
        evaluate([Suite("t", ())], tmp_path / "w.duckdb")


def test_the_file_is_unchanged_and_free_afterwards(tmp_path: Path):
    path = tmp_path / "a $file%20 with 空格.duckdb"
    change(path, f"create schema marts; create table marts.t as {NUMBERS}")
    before = path.read_bytes()
    evaluate([Suite("t", (gate(ROW_COUNT, value=3),))], path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    change(path, "create table other as select 1")


# --- the files

GOOD_FILE = """
name: t
meta: {may_be_empty: why}
expectations:
  - id: one
    type: expect_column_values_to_not_be_null
    description: 题 · title
    severity: critical
    notes: why (2026-11-21)
    kwargs: {column: value}
    meta: {may_be_empty: why}
"""


def problems(folder: Path, text: str) -> str:
    (folder / "t.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(GateFileError) as caught:
        load_suites(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("severity: critical", "severty: critical", "unknown key 'severty'"),
        ("severity: critical", "severity: high", "severity must be one of"),
        ("    notes: why (2026-11-21)\n", "", "notes is missing"),
        ("why (2026-11-21)", "because", "notes need a date"),
        ("题 · title", "title", "description must be Chinese · English"),
        ("meta: {may_be_empty: why}\n", "meta: {reach: some}\n", "reach may only be row"),
        ("{column: value}", "{column: value, mostly: 0.9}", "mostly would hide bad rows"),
        ("{column: value}", "{column: value, value_set: []}", "value_set is empty"),
        ("expect_column_values_to_not_be_null", QUERY, "must select from {batch}"),
        ("{column: value}", "value", "kwargs must be a mapping"),
        ("name: t", "name: u", "name must be the file's name"),
        ("name: t", "name: t\nrows: 1", "unknown key 'rows'"),
        ("meta: {may_be_empty: why}\nexp", "meta: {may_be_empty: true}\nexp", "may_be_empty must say why"),
        ("    meta: {may_be_empty: why}", "    meta: {may_be_empty: true}", "may_be_empty must say why"),
        ("    meta: {may_be_empty: why}", "    meta: {relation: t}", "meta may only have may_be_empty"),
        ("  - id: one", "  - id: One", "lower-case"),
        ("expectations:\n", "expectations: []\nrest:\n", "expectations is empty"),
        ("name: t", "name: t\nname: t", "repeated key 'name'"),
        ("name: t", "name: [", "not readable as YAML"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, old: str, new: str, said: str):
    message = problems(tmp_path, GOOD_FILE.replace(old, new))
    assert said in message
    assert message.startswith("t.yaml: ")


def test_all_faults_are_told_at_once(tmp_path: Path):
    wrong = GOOD_FILE.replace("critical", "high").replace("why (2026-11-21)", "because")
    (tmp_path / "u.yaml").write_text("name: u", encoding="utf-8")
    message = problems(tmp_path, wrong)
    assert message.count("t.yaml: one: ") == 2
    assert "u.yaml: " in message


GOOD_PIN = """
name: s
expectations:
  - id: two
    type: expect_column_values_to_not_be_null
    description: 题 · title
    severity: critical
    notes: why (2026-11-26)
    kwargs: {column: value}
    meta: {relation: t, also: [r]}
"""


def pinned(folder: Path, text: str) -> list[Suite]:
    (folder / "t.yaml").write_text(GOOD_FILE, encoding="utf-8")
    (folder / "pinned").mkdir()
    (folder / "pinned" / "s.yaml").write_text(text, encoding="utf-8")
    return load_suites(folder)


def test_pins_join_the_gates_of_their_relation(tmp_path: Path):
    (suite,) = pinned(tmp_path, GOOD_PIN)
    assert [(gate.id, gate.pins) for gate in suite.gates] == [("one", ()), ("two", ("s", "r"))]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: s", "name: r", "name must be the file's name"),
        ("name: s\n", "", "name must be the file's name"),
        ("{relation: t, also: [r]}", "{also: [r]}", "meta lacks relation"),
        ("also: [r]", "also: r", "also must be a list of sources"),
        ("also: [r]", "may_be_empty: a pin needs its row", "meta may only have also, relation"),
        ("id: two", "id: one", "duplicate id"),
        ("name: s", "name: s\nmeta: {may_be_empty: why}", "a pin needs its row"),
        ("severity: critical", "severity: high", "severity must be one of"),
        ("expectations:\n", "expectations: []\nrest:\n", "expectations is empty"),
    ],
)
def test_a_faulty_file_of_pins_is_refused(tmp_path: Path, old: str, new: str, said: str):
    with pytest.raises(GateFileError) as caught:
        pinned(tmp_path, GOOD_PIN.replace(old, new, 1))
    assert said in str(caught.value)
    assert str(caught.value).startswith("s.yaml: ")


def test_a_folder_without_files_is_refused(tmp_path: Path):
    with pytest.raises(GateFileError, match="no gate files"):
        load_suites(tmp_path)


def test_reading_the_files_does_not_import_great_expectations():
    code = (
        "import sys; from pathlib import Path; from dagster_project.gates.suites import load_suites;"
        "load_suites(Path('expectations')); sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


# --- the page


def test_the_page_shows_rules_and_rows_and_escapes_them(tmp_path: Path):
    evil = "<script>alert(1)</script>"
    rows = f"select '{evil}' as value_text, 7 as value, '3#2' as locator"
    results = judge(tmp_path / "w.duckdb", rows, gate(BETWEEN, column="value", max_value=6))
    page = tmp_path / "new" / "index.html"
    render_page(results, {"build_id": evil}, page)
    html = page.read_text(encoding="utf-8")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "3#2" in html
    assert "column = value, max_value = 6" in html
    assert "critical gates failed: 1" in html
    assert "http://" not in html
    assert "https://" not in html


def test_the_page_of_a_green_evaluation_says_so(good: Path, tmp_path: Path):
    results = evaluate([SUITES["dim_source"]], good)
    render_page(results, {}, tmp_path / "index.html")
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "every critical gate passed" in html
    for result in results:
        assert result.gate.title_zh in html
        for text in result.gate.reason.split(" · ", 1):
            assert escape(text) in html


def test_the_page_of_faulty_gate_files_names_the_faults_and_is_not_green(good: Path, tmp_path: Path):
    results = evaluate([SUITES["dim_source"]], good)
    render_page(results, {}, tmp_path / "index.html", ["claim_check.yaml: <not> readable"])
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "claim_check.yaml: &lt;not&gt; readable" in html
    assert "the gate files are faulty" in html
    assert "every critical gate passed" not in html


def test_the_page_shows_what_was_skipped_as_neither_passed_nor_failed(good: Path, tmp_path: Path):
    change(good, "delete from staging.stg_sources where source_id like '2021%'")
    results = evaluate([SUITES["dim_domain"], SUITES["claim_check"]], good)
    render_page(results, {}, tmp_path / "index.html")
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "every critical gate passed" in html
    assert "Skipped pins" in html
    assert "跳过的核对" in html
    skipped = [f"{result.relation}.{result.id}" for result in results if result.skipped]
    assert skipped == ["dim_domain.seven_keywords", "claim_check.train_multiple"]
    assert all(f"<code>{name}</code>" in html for name in skipped)
    assert html.count("not applicable, skipped") == len(skipped)
    assert f"gates that apply</span></dt><dd>{len(results) - 2}</dd>" in html
    assert f"passed</span></dt><dd>{len(results) - 2}</dd>" in html


def test_the_page_before_the_first_build_says_so_and_alarms_nobody(tmp_path: Path):
    render_page([], {}, tmp_path / "index.html")
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "no build has run yet" in html
    assert 'class="verdict bad"' not in html
    render_page([], {"build_id": "b"}, tmp_path / "index.html")
    assert "no gate was evaluated" in (tmp_path / "index.html").read_text(encoding="utf-8")
