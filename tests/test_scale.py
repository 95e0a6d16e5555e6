"""The benchmark at scale compares like with like: sound seeds, a script that gives the rows of the marts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import duckdb
import psutil
import pytest
import yaml

from dagster_project import private, progress
from dagster_project.build_command import STAGES, _display
from dagster_project.gates.suites import load_suites
from dagster_project.settings import DBT_PROJECT, EXPECTATIONS
from dagster_project.terminal import Screen
from tests.bench import extras
from tests.conftest import MadeUp, Place
from tests.mutate.fast import Fast
from tests.scale import by_hand, one_script, parts, queries
from tests.scale.measure import measured
from tests.scale.night import add_bulletin
from tests.scale.synthetic import write_seeds

SLOW_JOINS = ("BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN")
UNKEYED_JOINS = (
    *SLOW_JOINS,
    "CROSS_PRODUCT",
    "IE_JOIN",
    "PIECEWISE_MERGE_JOIN",
)  # by no column that is equal
THE_BUILD = {"tongcheng.raw.build_info", "tongcheng.marts.build_info"}


def test_made_up_seeds_pass_every_gate_and_hold_every_shape(made_up: MadeUp):
    assert made_up.caught == "[]"
    with duckdb.connect(str(made_up.file), read_only=True) as connection:
        one = connection.execute

        def made(table: str) -> int:
            (rows,) = one(f"select count(*) from raw.{table} where source_id like '%synthetic%'").fetchone()
            return rows

        for table in ("observations", "claims", "commitments", "events", "initiatives", "exclusions"):
            assert made(table), table
        for table in ("areas", "area_members", "indicators", "breaks", "relations"):
            ours = "t::varchar ilike '%syn%' or regexp_matches(t::varchar, 'X_[A-G][0-9]{5}')"
            assert one(f"select 1 from raw.{table} as t where {ours}").fetchone(), table
        qualifiers = one(
            "select distinct t.value_qualifier from raw.observations join raw.token as t using (value_text) "
            "where source_id like '%synthetic%'"
        )
        assert {"EQ", "GT", "GE", "LT", "LE", "ABOVE_NEAR", "BELOW_NEAR", "APPROX", "RANGE", "ORDER"} <= {
            row[0] for row in qualifiers.fetchall()
        }

        def shapes(column: str, table: str = "marts.fct_observation") -> set:
            made_up = "indicator_id like 'SYN%'"
            return {
                row[0] for row in one(f"select distinct {column} from {table} where {made_up}").fetchall()
            }

        kind = "regexp_replace(period_type, '[0-9-]+', '')"
        assert shapes(kind) == {"P", "A", "H", "Q", "M", "YTD", "D", "SINCE:", "SINCE:?"}
        assert shapes("vintage_status") == {
            "CURRENT", "REPLACED", "CONFIRMS", "REPEATS", "REPRINT", "OUTRANKED", "UNDECIDED",
        }  # fmt: skip
        assert shapes("obs_status") == {"A", "P", "E"}
        assert shapes("evidence") == {"HELD", "CITED"}
        assert shapes("comparability", "marts.series_change") == {"SAME", "NEAR", "BROKEN"}
        assert shapes("verdict_needs_policy", "marts.integration_progress") == {True, False}
        reasons = shapes("unnest(string_split(reason, ';'))", "marts.series_change")
        assert {"DEFINITION_DIFFERS", "START_NOT_STATED", "TELLINGS_UNDECIDED"} <= reasons
        conflicts = {"IDENTICAL", "CONFIRMED", "REFINED", "COMPATIBLE", "REVISED", "CONTRADICTION"}
        assert shapes("conflict_type", "marts.figure_conflict") >= conflicts
        broken = shapes("break_reason", "marts.series_change")
        assert {"辖区调整 · the territory changed", "口径调整 · definition changed"} <= broken
        assert any(reason and reason.startswith("前身为 · succeeds") for reason in broken)
        verdicts = one("select distinct verdict from marts.claim_check where source_id like '%synthetic%'")
        assert set(verdicts.fetchall()) == {("CONFIRMED",), ("CONSISTENT",), ("UNTESTABLE",)}
        apart = (
            "select 1 from raw.relations join raw.observations as a on a.observation_id = subject_id "
            "join raw.observations as b on b.observation_id = object_id "
            "where relation_type = 'GOES_WITH' and "
            "(a.source_id <> b.source_id or split_part(a.locator, '#', 1) <> split_part(b.locator, '#', 1))"
        )
        assert not one(apart).fetchall()
        told_again = (
            "select count(*) from raw.observations where source_id like '%synthetic%' "
            "group by indicator_id, ref_area, breakdown, time_period_end having count(distinct source_id) > 1"
        )
        assert one(told_again).fetchall()


def test_made_up_seeds_are_the_same_each_time(made_up: MadeUp, tmp_path: Path):
    write_seeds(tmp_path / "again", 2000)
    write_seeds(tmp_path / "other", 2000, seed=2)

    def content(folder: Path) -> dict[str, list[str]]:
        files = sorted(folder.rglob("observations.csv"))
        return {str(f.relative_to(folder)): sorted(f.read_text(encoding="utf-8").splitlines()) for f in files}

    assert content(tmp_path / "again") == content(made_up.seeds) != content(tmp_path / "other")


def by_script(made: Path, seeds: Path, folder: Path) -> dict[str, int]:
    """What the script makes of the seeds, against the file made of them."""
    by_hand.write_given(made, folder / "given")
    by_hand.run(folder / "by_hand.duckdb", seeds, folder / "given")
    return by_hand.differences(made, folder / "by_hand.duckdb")


def test_the_script_comes_to_the_rows_of_the_marts_on_made_up_seeds(made_up: MadeUp, tmp_path: Path):
    assert by_script(made_up.file, made_up.seeds, tmp_path) == dict.fromkeys(by_hand.RELATIONS, 0)


def test_the_script_comes_to_the_rows_of_the_marts_on_others(warehouse: Place, tmp_path: Path):
    seeds = tmp_path / "seeds"
    write_seeds(seeds, 2000, seed=2)
    made = Fast(warehouse.build, warehouse.public, warehouse.seeds, tmp_path).remake(seeds)
    assert by_script(made, seeds, tmp_path) == dict.fromkeys(by_hand.RELATIONS, 0)


def test_the_script_comes_to_the_rows_of_the_marts(warehouse: Place, tmp_path: Path):
    built = warehouse.working_file
    script = tmp_path / "by_hand.duckdb"
    assert by_hand.write_given(built, tmp_path / "given")
    by_hand.run(script, warehouse.seeds, tmp_path / "given")
    assert by_hand.differences(built, script) == dict.fromkeys(by_hand.RELATIONS, 0)
    with duckdb.connect(str(script)) as connection:
        connection.execute(
            "update series_change set change_low = change_low - 1 where change_low is not null"
        )
    assert by_hand.differences(built, script)["series_change"] > 0


def test_the_script_for_everything_comes_to_the_rows_of_all_marts(warehouse: Place, tmp_path: Path):
    out = tmp_path / "out"
    parts.whole(str(warehouse.seeds), str(warehouse.build), str(out))
    found = one_script.differences(warehouse.build, out / warehouse.working_file.name)
    assert {name: rows for name, rows in found.items() if rows} == {}
    for kind in ("csv", "parquet"):
        made = {path.stem for path in (warehouse.public / kind).iterdir()}
        assert made == {path.stem for path in out.glob(f"*.{kind}")} == found.keys()


def test_the_parts_of_the_benchmark_run(warehouse: Place, made_up: MadeUp, tmp_path: Path):
    seeds, given, file = tmp_path / "seeds", tmp_path / "given", str(tmp_path / "loaded.duckdb")
    shutil.copytree(made_up.seeds, seeds)
    assert add_bulletin(seeds, 2000) == 2
    parts.load(str(seeds), file, str(warehouse.build / "readings"))  # ends the process where a row is refused
    with duckdb.connect(file) as connection:
        new = "source_id like '%synthetic_again'"
        assert connection.execute(f"select count(*) from raw.observations where {new}").fetchone() == (2,)
    parts.plain(str(seeds), str(tmp_path / "plain.duckdb"))
    by_hand.write_given(made_up.file, given)
    parts.tokens(str(seeds), str(given))


def slow_joins(connection: duckdb.DuckDBPyConnection, query: str, slow=SLOW_JOINS) -> list[str]:
    """Joins of each row of one side with each of the other; the build is one row, and no side to speak of."""
    (plan,) = json.loads(connection.execute(f"explain (format json) {query}").fetchone()[1])
    nodes = [plan]
    for node in nodes:
        nodes += node["children"]
    ctes = {node["extra_info"]["Table Index"]: node["children"][0] for node in nodes if node["name"] == "CTE"}

    def is_one_row(node: dict) -> bool:
        name, info = node["name"], node["extra_info"]
        if name == "CTE_SCAN":
            return is_one_row(ctes[info["CTE Index"]])
        if name in ("PROJECTION", "FILTER"):
            return is_one_row(node["children"][0])
        constant = name == "COLUMN_DATA_SCAN" and info["Estimated Cardinality"] == "1"
        return constant or name in ("UNGROUPED_AGGREGATE", "EMPTY_RESULT") or info.get("Table") in THE_BUILD

    return [
        node["name"] for node in nodes if node["name"] in slow and not any(map(is_one_row, node["children"]))
    ]


def test_no_model_compares_each_row_with_each(warehouse: Place):
    with duckdb.connect() as connection:
        built = warehouse.working_file
        connection.execute(f"attach '{built}' as tongcheng (read_only)")
        private.attach(connection, built, read_only=True)
        connection.execute("use tongcheng")
        compiled = sorted((warehouse.build / "dbt" / "compiled" / "tongcheng" / "models").glob("*/*.sql"))
        assert compiled
        slow = "select * from range(9) a(i) left join range(9) b(i) on a.i = b.i and (a.i = 1 or b.i = 2)"
        assert slow_joins(connection, slow)
        found = {path.stem: slow_joins(connection, path.read_text(encoding="utf-8")) for path in compiled}
    assert {name: joins for name, joins in found.items() if joins} == {}


def test_no_gate_compares_each_row_with_each(warehouse: Place):
    asked = {
        gate.id: gate.query.replace("{batch}", f"marts.{gate.relation}")
        for suite in load_suites(EXPECTATIONS)
        for gate in suite.gates
        if gate.query
    }
    slow = (
        "from marts.fct_claim as c join marts.fct_observation as o on o.time_period_end < c.time_period_end"
    )
    with duckdb.connect(str(warehouse.working_file), read_only=True) as connection:
        assert slow_joins(connection, slow, UNKEYED_JOINS)
        found = {name: slow_joins(connection, query, UNKEYED_JOINS) for name, query in asked.items()}
    assert {name: joins for name, joins in found.items() if joins} == {}


def test_what_analysts_ask_is_answered(warehouse: Place):
    found = queries.ask(str(warehouse.file), times=1)
    assert found.keys() == queries.QUERIES.keys()
    assert all(rows for name, (rows, *_) in found.items() if name != "changes of a series")
    assert all(read >= rows for rows, _, read in found.values())


def test_what_a_command_takes_is_counted_with_its_children(tmp_path: Path):
    log, said = tmp_path / "log", tmp_path / "said.txt"
    with said.open("w", encoding="utf-8") as file, _display(Screen(file=file)):  # as a build says it
        progress.report("ingest", "areas: 1")
        for stage in STAGES.keys() - {"wait"}:
            progress.report(stage, "…")
    line = "cat said.txt; python3 -c 'x = bytearray(64 << 20); sum(range(4_000_000))'; sleep 0.5"
    cost = measured(["sh", "-c", line], {"PATH": "/usr/bin:/bin:/usr/local/bin"}, tmp_path, log)
    assert cost.stages.keys() == {text for stage, text in STAGES.items() if stage != "wait"}
    assert extras(cost) >= 0
    assert cost.wall >= 0.5
    assert cost.cpu > 0
    assert cost.memory > 0
    assert log.read_text(encoding="utf-8") == said.read_text(encoding="utf-8")
    with pytest.raises(SystemExit):
        measured(["false"], {"PATH": "/usr/bin:/bin"}, tmp_path, log)


def test_a_process_that_ends_while_it_is_looked_at_costs_no_measurement(tmp_path: Path, monkeypatch):
    def gone(process: psutil.Process):
        raise psutil.NoSuchProcess(process.pid)

    monkeypatch.setattr(psutil.Process, "memory_info", gone)
    assert measured(["true"], {"PATH": "/usr/bin:/bin"}, tmp_path, tmp_path / "log").memory == 0


def test_dbt_keeps_to_the_share_of_every_other_connection(monkeypatch):
    from dagster_project.dbt_file import Plugin

    monkeypatch.setenv("TONGCHENG_MEMORY_LIMIT", "3GiB")
    monkeypatch.setenv("TONGCHENG_THREADS", "7")
    profile = yaml.safe_load((DBT_PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    config = profile["tongcheng"]["outputs"]["local"]["config_options"]
    assert not config.keys() & {"memory_limit", "threads"}, "declared once, in the settings"
    Plugin("dbt_file", {}).update_connection_config(SimpleNamespace(path=""), config)
    assert (config["memory_limit"], config["threads"]) == ("3GiB", 7)
