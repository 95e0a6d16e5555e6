"""A night that makes anew only what its seeds touch comes to the very rows of a full build, or is one.

Here: rows and reasons, on made-up seeds, by dbt's SQL without dbt (nights.py), and once by dbt itself.
Not here: what it costs (`make bench-night`).
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from dagster_project import private, sql
from dagster_project.gates.gate import ROW
from dagster_project.gates.suites import evaluate, load_suites
from dagster_project.incremental import build as incremental
from dagster_project.incremental import parts as parts_module
from dagster_project.incremental import scratch
from dagster_project.incremental.parts import SLICED, Parts
from dagster_project.ingest import table_load
from dagster_project.prepare import MANIFEST
from dagster_project.runs.build_session import Run, _set_red_aside
from dagster_project.runs.inputs import code_digest
from dagster_project.settings import DATABASE, EXPECTATIONS, Settings
from tests.conftest import AS_OF, LATER, THIRD_MEETING, MadeUp, Place, copy_file
from tests.nights import Nights, Row, rows_of, write

NEXT_DAY = "2022-07-01"
SUITES = [suite for suite in load_suites(EXPECTATIONS) if any(gate.reach == ROW for gate in suite.gates)]


@pytest.fixture(scope="module")
def on_made_up_seeds(warehouse: Place, made_up: MadeUp, tmp_path_factory) -> Nights:
    return Nights(warehouse, made_up, tmp_path_factory.mktemp("nights"))


@pytest.fixture
def nights(on_made_up_seeds: Nights, monkeypatch) -> Nights:
    """Without dbt. Of so few figures a handful touch many."""
    monkeypatch.setattr(incremental, "Dbt", on_made_up_seeds.without_dbt)
    monkeypatch.setattr(incremental, "MOST_TOUCHED", 1.0)
    monkeypatch.setattr(table_load, "SMALL", 0)  # or each file would be read again
    return on_made_up_seeds


@pytest.fixture(scope="module")
def passed_before(made_up: MadeUp) -> set[tuple[str, str]]:
    """Gates that the first build has passed."""
    return {(one.relation, one.id) for one in evaluate(SUITES, made_up.file) if one.success}


# The seeds of a night


def with_rows(seeds: Path, table: str, at_least: int = 1) -> list[Path]:
    """The files of a table in made-up bulletins that have some rows, the oldest first."""
    found = sorted((seeds / "bulletins").glob(f"*_synthetic_*/{table}.csv"))
    return [path for path in found if len(rows_of(path)) >= at_least]


def change(path: Path, row: int, **cells: str) -> None:
    rows = rows_of(path)
    rows[row].update(cells)
    write(path, rows)


def add_a_bulletin(seeds: Path) -> None:
    """It tells again what another told, under names of its own."""
    last = with_rows(seeds, "claims")[-1].parent
    folder = seeds / "bulletins" / f"{AS_OF}_synthetic_again"
    folder.mkdir()
    register = rows_of(seeds / "sources.csv")
    (told,) = (row for row in register if row["source_id"] == last.name)
    new = {
        "source_id": folder.name,
        "date_published": AS_OF,
        "document": "again.txt",
        "document_sha256": "0" * 64,
    }
    write(seeds / "sources.csv", [*register, {**told, **new}])
    keys = {
        "observations": "observation_id",
        "claims": "claim_id",
        "commitments": "commitment_id",
        "events": "event_id",
    }
    for table, key in keys.items():
        if (last / f"{table}.csv").exists() and (rows := rows_of(last / f"{table}.csv")[:20]):
            write(folder / f"{table}.csv", [again(row, key) for row in rows])


def again(row: Row, key: str) -> Row:
    alone = {"differs_from": "", "repeats_observation_id": "", "comparability_note": ""}
    return {**row, key: f"{row[key]}-again", **{column: "" for column in alone if column in row}}


def revise(seeds: Path) -> None:
    """One row each of what is read row by row, and of what is read in whole."""
    observations = with_rows(seeds, "observations")[10]
    rows = rows_of(observations)
    for row in rows[:3]:
        row["obs_status"] = "P" if row["obs_status"] == "A" else "A"
    write(observations, rows)
    change(with_rows(seeds, "claims")[12], 0, comparison="OTHER")
    change(with_rows(seeds, "commitments")[0], 0, due_date="2031-01-01")
    change(with_rows(seeds, "events")[0], -1, title_zh="改过的标题")


def remove(seeds: Path) -> None:
    """Figures, claims and a relation to which nothing refers."""
    named = ("observation_id", "base_observation_id", "repeats_observation_id", "subject_id", "object_id")
    referred = {
        row.get(column)
        for path in [*(seeds / "bulletins").rglob("*.csv"), seeds / "relations.csv"]
        for row in rows_of(path)
        for column in named[path.stem == "observations" :]
    }
    for path in with_rows(seeds, "observations", at_least=5)[20:23]:
        rows = rows_of(path)
        gone = next(row for row in rows if row["observation_id"] not in referred)
        write(path, [row for row in rows if row is not gone])
    claims = with_rows(seeds, "claims", at_least=2)[-1]
    write(claims, rows_of(claims)[1:])
    write(seeds / "relations.csv", rows_of(seeds / "relations.csv")[:-1])


def extend_a_code_list(seeds: Path) -> None:
    rows = rows_of(seeds / "code_lists.csv")
    code = next(row for row in rows if row["code_list"] == "BREAKDOWN")
    write(seeds / "code_lists.csv", [*rows, {**code, "code": "NEW_BATCH"}])


def change_what_many_read(seeds: Path) -> None:
    """An indicator, the name of an area, a break, a source, an initiative."""
    change(seeds / "indicators.csv", -1, direction="DOWN")
    change(seeds / "areas.csv", -1, name_en="Another name")
    write(seeds / "breaks.csv", rows_of(seeds / "breaks.csv")[:-1])
    rows = rows_of(seeds / "sources.csv")
    next(row for row in rows if row["source_id"].endswith("_synthetic_15"))["issuer"] = "另一机关"
    write(seeds / "sources.csv", rows)
    change(with_rows(seeds, "initiatives")[3], -1, parent_initiative_id="", name_en="Another initiative")


def nothing(seeds: Path) -> None:
    """The seeds are as they were: only the day is another."""


def all_of_them(seeds: Path) -> None:
    for one in (add_a_bulletin, revise, remove, extend_a_code_list):
        one(seeds)


@pytest.mark.parametrize(
    ("changed", "as_of"),
    [(all_of_them, AS_OF), (change_what_many_read, LATER), (nothing, "2023-12-31"), (nothing, "2019-12-31")],
    ids=["rows", "whole tables, a later day", "a later day", "an earlier day"],
)
def test_a_night_comes_to_the_rows_and_verdicts_of_a_full_build(nights, passed_before, changed, as_of):
    made, different = nights.night(changed, as_of)
    assert (made.why, different) == ("", set())
    assert 0 < made.read_again < made.figures
    in_full = {(one.relation, one.id): one for one in evaluate(SUITES, nights.in_full)}
    of_night = evaluate(SUITES, nights.run.database, passed=passed_before)
    for one in of_night:
        full = in_full[one.relation, one.id]
        verdicts = [(it.success, it.unexpected_count or 0) for it in (one, full)]
        assert verdicts[0] == verdicts[1], one
        assert not one.of_night or one.element_count <= full.element_count
    assert sum(one.of_night for one in of_night) > 10


def test_a_night_goes_on_from_a_night(nights, tmp_path: Path):
    """Of which fewer tables between are left than of a full build."""
    assert nights.night(add_a_bulletin)[0].why == ""
    copy_file(nights.run.database, first := tmp_path / DATABASE)
    made, different = nights.night(all_of_them, LATER, after=first)
    assert (made.why, different) == ("", set())


def test_dbt_itself_goes_the_same_way(warehouse: Place, tmp_path: Path, manifest, monkeypatch):
    monkeypatch.setattr(incremental, "MOST_TOUCHED", 1.0)
    nights = Nights(warehouse, MadeUp(warehouse.seeds, "", warehouse.working_file), tmp_path)

    made, different = nights.night(lambda seeds: change(seeds / THIRD_MEETING, 0, obs_status="P"), NEXT_DAY)
    assert (made.why, different) == ("", set())
    nodes = manifest["nodes"].values()
    assert {n["unique_id"] for n in nodes if n["resource_type"] in ("model", "test")} <= nights.results.keys()
    with duckdb.connect(str(nights.run.database), read_only=True) as connection:
        asked = f"select count(*) from marts.observation_as_of(date '{NEXT_DAY}')"
        assert connection.execute(asked).fetchone() > (0,)


# In doubt everything is made anew


def add_a_unit(seeds: Path) -> None:
    rows = rows_of(seeds / "units.csv")
    new = {"unit_measure": "NEW_UNIT", "base_unit": "NEW_UNIT", "name_zh": "新单位", "name_en": "new unit"}
    write(seeds / "units.csv", [*rows, {**rows[-1], **new}])


def test_a_change_that_may_touch_anything_makes_everything_anew(nights: Nights):
    made, _ = nights.night(add_a_unit)
    assert made.why == "staging.stg_units 有变动 · has changed"
    assert made.read_again == made.figures


def test_so_does_a_change_that_touches_much(nights: Nights, monkeypatch):
    monkeypatch.setattr(incremental, "MOST_TOUCHED", 0.001)
    made, _ = nights.night(revise)
    assert "figures are touched" in made.why


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"anew": True}, "asked for"),
        ({"earlier": None}, "no build to go on from"),
        ({"earlier": {"code": "of another release"}}, "have changed"),
        ({"earlier": {"anew_at": "2026-01-01T00:00:00+00:00"}}, "once a week"),
        ({"few": 5000}, "no more than 5000 figures"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_so_does_a_build_that_has_nothing_to_go_on_from(nights: Nights, about, why):
    run = nights.begun(**about)
    with pytest.raises(scratch.InDoubt, match=why):
        incremental.require_last(run, code_digest(run.settings.seeds), figures=3000)
    assert not incremental.begin(run)
    assert not run.database.exists()


def rows_in(connection: duckdb.DuckDBPyConnection, where: str) -> dict[str, int]:
    """How many rows each table has."""
    tables = f"select schema_name || '.' || table_name from duckdb_tables() where {where}"
    return {table: sql.count(connection, table) for (table,) in connection.execute(tables).fetchall()}


def test_a_night_that_is_red_before_its_models_leaves_what_was_loaded_and_nothing_else(nights: Nights):
    run = nights.begun()
    assert incremental.begin(run)
    with sql.read(run.database) as connection:
        loaded = rows_in(connection, "schema_name = 'raw'")
    _set_red_aside(run)
    folder = run.settings.red / run.build_id
    with duckdb.connect(str(folder / run.database.name)) as connection:
        assert rows_in(connection, "true") == loaded
        assert connection.execute("from duckdb_views() where not internal").fetchall() == []
    assert [file.name for file in folder.iterdir()] == [run.database.name]


def test_a_red_build_of_a_cluster_keeps_what_came_back_from_it(tmp_path: Path):
    settings = Settings(tmp_path, tmp_path / "build", tmp_path / "public", date(2022, 6, 30), engine="spark")
    run = Run(settings, "red", datetime.now(UTC), settings.day(), full=True)
    run.folder.mkdir(parents=True)
    for file in (run.database, private.beside(run.database)):
        with duckdb.connect(str(file)) as connection:
            connection.execute("create schema marts; create table marts.one as select 1 as one")
    _set_red_aside(run)
    red = settings.red / run.build_id / run.database.name
    with duckdb.connect(str(red)) as connection:
        assert sql.count(connection, "marts.one") == 1


def test_a_file_that_is_damaged_is_none_to_go_on_from(nights: Nights):
    run = nights.begun()
    (run.settings.work / run.database.name).write_bytes(b"not a database")
    assert not incremental.begin(run)
    assert list(run.folder.iterdir()) == []


def test_a_file_of_which_a_block_is_damaged_is_loaded_anew(nights: Nights, monkeypatch):
    from dagster_project.defs import ingest  # reads what `prepare` has parsed

    run, tried = nights.begun(), []

    def load(connection, *_, over_earlier: bool, **__) -> None:
        tried.append((over_earlier, sql.count(connection, "duckdb_tables()") > 0))
        if over_earlier:
            raise duckdb.IOException("corrupt database file")

    monkeypatch.setattr(ingest, "load_seeds", load)
    ingest._load(run, [])
    assert tried == [(True, True), (False, False)]


# What is declared


@pytest.fixture(scope="module")
def manifest(warehouse: Place) -> dict:
    return json.loads(MANIFEST.read_text(encoding="utf-8"))


@pytest.mark.parametrize("new_day", [False, True])
def test_what_is_replaced_reads_nothing_that_is_made_after_it(manifest, new_day):
    parts = Parts(manifest, new_day)
    read = {key for model in parts.replaced.values() for key in model["depends_on"]["nodes"]}
    assert read & parts.after.keys() == set()
    assert sum(map(len, parts.tests.values())) == len(
        [n for n in manifest["nodes"].values() if n["resource_type"] == "test"]
    )


def test_every_model_of_figures_claims_and_promises_says_which_rows_to_replace(manifest):
    """What grows with them is never made whole in secret: these read them all, and are of other things."""
    parts = Parts(manifest, new_day=False)
    sliced = {
        key for key, model in parts.models.items() if model["name"] in {f"stg_{table}" for table in SLICED}
    }
    whole = {
        model["name"]
        for model in [*parts.before.values(), *parts.after.values()]
        if set(model["depends_on"]["nodes"]) & (sliced | parts.replaced.keys())
        and model["schema"] != "staging"
    }
    assert whole == {
        *(
            "int_record_cell",
            "int_programme_bulletin",
            "int_initiative_status",
        ),  # rows by bulletin and initiative
        *("build_changes", "initiative_register"),
        *("int_reporting", "int_commitment_day"),  # views, read for columns that are other each day
        *("assessment_progress", "commitment_series", "data_freshness", "domain_scorecard", "finding"),
    }


def test_what_is_other_each_day_is_asked_of_all_rows(manifest):
    parts = Parts(manifest, new_day=True)
    of_all = {test["name"].partition(".")[0] for test in parts.tests["after"].values()}
    assert "integration_progress_reporting_status_follows_dates" in of_all
    assert any("reporting_status" in str(t.get("test_metadata")) for t in parts.tests["after"].values())
    renewed = {parts.models[key]["name"]: columns for key, columns in parts.renewed.items()}
    gates = [gate for suite in load_suites(EXPECTATIONS) for gate in suite.gates if gate.relation in renewed]
    asked = [gate for gate in gates if any(column in repr(gate) for column in renewed[gate.relation].columns)]
    assert asked
    assert not [gate.id for gate in asked if gate.reach == ROW]
    assert Parts(manifest, new_day=False).renewed == {}


@pytest.mark.parametrize("known_today", ["'a'", "'a'), ('b'), ('c'"])
def test_a_night_whose_series_are_not_those_of_the_day_is_in_doubt(known_today):
    with duckdb.connect() as connection:
        connection.execute("create table held as select unnest(['a', 'b']) as series_id, 1 as days")
        today = f"select *, 2 as days from (values ({known_today})) as t (series_id)"
        connection.execute(f"create view today as {today}")
        columns = parts_module.OfTheDay("today", ["series_id"], ["days"])
        with pytest.raises(scratch.InDoubt, match="not those of the day"):
            scratch.renew(connection, "held", "today", columns)


def test_rows_are_replaced_by_what_is_listed_in_marts_and_in_what_a_night_reads_of_the_one_before(manifest):
    lasting = scratch.lasting(Parts(manifest, new_day=False))
    assert {", ".join(parts_module.key_of(model)) for model in lasting} == set(scratch.LISTS)
    between = {model["name"] for model in lasting if model["schema"] != "marts"}
    assert between == {"int_commitment_actual"}


def test_what_changed_rows_touch_is_looked_up_by_each_declared_column(manifest):
    columns = [parts_module.touches(node) for node in Parts(manifest, new_day=False).inputs.values()]
    declared = {column for each in columns for column in each or ()}
    script = scratch.TOUCHED.read_text(encoding="utf-8")
    asked = re.findall(r"name = '(\w+)'", script) + re.findall(
        r"'(\w+)'", "".join(re.findall(r"name in \(.*\)", script))
    )
    assert set(asked) == declared
