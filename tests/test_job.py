"""The whole job on the real seeds: what analysts get, and what happens on a red night."""

import json
import re
from pathlib import Path

import duckdb
import pytest

from dagster_project import private
from dagster_project.publish import versions
from tests.conftest import AS_OF, THIRD_MEETING, Place


def rows(place: Place, sql: str) -> list[tuple]:
    with duckdb.connect(str(place.file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_train_pairs_grew_from_88_to_107_and_a_half(warehouse):
    """The headline figure: a real number with the interval that its printed digits allow."""
    ((first, latest, change, low, high, pct),) = rows(
        warehouse,
        "select first_value, latest_value, change, change_low, change_high, pct_change "
        "from marts.integration_progress where indicator_id = 'TRAIN_PAIRS_DAILY' and ref_area = 'X_CDMZ'",
    )
    assert (float(first), float(latest), float(change)) == (88, 107.5, 19.5)
    assert (float(low), float(high)) == (19.45, 19.55)
    assert round(float(pct), 3) == 22.159


def test_the_published_file_carries_its_own_identity(warehouse):
    manifest = json.loads((warehouse.public / "current" / "manifest.json").read_text(encoding="utf-8"))
    ((build_id, as_of),) = rows(warehouse, "select build_id, as_of_date from marts.build_info")
    assert (build_id, str(as_of)) == (manifest["build_id"], AS_OF)
    assert manifest["checks"]
    assert all(check["passed"] for check in manifest["checks"] if check["blocking"])
    counted = {
        name: rows(warehouse, f'select count(*) from marts."{name}"')[0][0] for name in manifest["rows"]
    }
    assert manifest["rows"] == counted


def test_every_column_of_a_mart_carries_its_description(warehouse):
    missing = rows(
        warehouse,
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = 'marts' and comment is null",
    )
    assert not missing


def test_what_is_overdue_is_one_condition(warehouse):
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        overdue = "select distinct is_overdue, status like 'OVERDUE%' from marts.commitment_progress"
        assert sorted(connection.execute(overdue).fetchall()) == [(False, False), (True, True)]


def test_marts_open_as_an_attachment_under_another_name(warehouse):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.file}' as somewhere (read_only)")
        marts = connection.execute(
            "select table_name from duckdb_tables() "
            "where database_name = 'somewhere' and schema_name = 'marts'"
        ).fetchall()
        assert len(marts) >= 18
        for (mart,) in marts:
            connection.execute(f'select * from somewhere.marts."{mart}"').fetchall()


def test_the_summary_tells_a_newcomer_what_there_is(one_bulletin):
    output = (one_bulletin.public.parent / "output.txt").read_text(encoding="utf-8")
    for word in ("fct_observation", "checks passed", "tongcheng.duckdb", "make ui"):
        assert word in output
    warning = r"! 每份文档都已对本次种子核对 · every document was audited against these seeds: "
    warning += r"1 行 · rows \(source_audit\.every_document_audited\)$"
    assert re.search(warning, output, re.MULTILINE)  # does not block: no documents were given


def test_bad_seed_rows_turn_the_build_red_and_keep_yesterdays_file(warehouse, red_night):
    output = (red_night.build.parent / "output.txt").read_text(encoding="utf-8")
    for word in ("107.x", THIRD_MEETING, "510600 x", "areas.csv"):  # all at once
        assert word in output
    assert red_night.file.resolve().parent.name == warehouse.file.resolve().parent.name
    assert list((red_night.build / "red").iterdir())
    (told,) = map(json.loads, (red_night.build / "alerts.jsonl").read_text(encoding="utf-8").splitlines())
    for table in ("areas", "observations"):  # of each table the first place, and how many
        assert re.search(rf"{table}\.csv, \d+, \w+: .*: \d+ 行 rows", told["reason"])
    assert "dagster" not in told["reason"]


def test_the_operator_sees_what_a_rollback_holds_and_lets_it_go(own_warehouse):
    older = publish_once_more(own_warehouse)
    assert own_warehouse.tongcheng("rollback")[0] == 0
    assert own_warehouse.file.resolve().parent == older
    assert "held at" in own_warehouse.tongcheng("versions")[1]
    assert own_warehouse.tongcheng("resume")[0] == 0
    assert "held at" not in own_warehouse.tongcheng("versions")[1]


def publish_once_more(place: Place) -> Path:
    """A second version with the content of the first, whose folder is returned."""
    older = place.file.resolve().parent
    manifest = json.loads((older / "manifest.json").read_text(encoding="utf-8"))
    newer = versions.publish(place.public, older, "29991231T000000Z-newer", manifest, lambda *_: None)
    assert place.file.resolve().parent == newer.folder
    return older


@pytest.fixture(scope="module")
def everything(warehouse):
    """The job of all that the definitions name, read once; the build has made the manifest for them."""
    from dagster_project.definitions import defs

    return defs().resolve_implicit_global_asset_job_def()


@pytest.fixture
def in_process(everything, own_warehouse, monkeypatch):
    """Runs of the copied warehouse that select less than everything."""
    for name, value in own_warehouse.env.items():
        monkeypatch.setenv(name, value)
    import dagster as dg

    with dg.DagsterInstance.get() as instance:

        def run(assets=(), checks=()):
            # None: the checks that come with the assets.
            gates = {dg.AssetCheckKey(dg.AssetKey(key.split(".")), name) for key, name in checks} or None
            subset = everything.get_subset(
                asset_selection={dg.AssetKey(key.split(".")) for key in assets}, asset_check_selection=gates
            )
            return subset.execute_in_process(instance=instance, raise_on_error=False)

        yield run


def test_publishing_by_itself_is_refused(in_process, own_warehouse):
    before = own_warehouse.file.resolve()
    result = in_process(assets=["published.tongcheng"])
    assert not result.success
    assert own_warehouse.file.resolve() == before


@pytest.mark.parametrize("missing", [lambda file: file, private.beside])
def test_a_single_asset_wants_a_green_build_that_is_whole(in_process, own_warehouse, missing):
    missing(own_warehouse.working_file).unlink()
    result = in_process(assets=["marts.dim_unit"])
    assert not result.success
    assert any("no green build yet" in str(event.event_specific_data) for event in result.all_events)


def test_publishing_without_what_lies_between_is_refused(in_process, own_warehouse):
    """Its two ends make a run a full one; the proofs of all that was left out are missing."""
    before = own_warehouse.file.resolve()
    result = in_process(assets=["raw.build_info", "published.tongcheng"])
    assert not result.success
    (failure,) = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    assert "checks declared, 0 evaluated" in failure.user_failure_data.description
    assert own_warehouse.file.resolve() == before


def test_a_gate_by_itself_is_evaluated_on_the_last_green_copy(in_process, own_warehouse):
    page = (own_warehouse.build / "gates" / "index.html").read_bytes()
    result = in_process(checks=[("marts.fct_observation", "train_pairs_2020")])
    assert [check.passed for check in result.get_asset_check_evaluations()] == [True]
    assert (own_warehouse.build / "gates" / "index.html").read_bytes() == page
    assert not (own_warehouse.build / "red").exists()


def test_a_single_asset_can_be_materialized_on_the_last_green_copy(in_process, own_warehouse):
    before = own_warehouse.file.resolve()
    made = in_process(assets=["marts.series_change"])
    assert made.success
    judged = [check.target_materialization_data for check in made.get_asset_check_evaluations()]
    assert {of.run_id for of in judged} == {made.run_id}  # no check is tied to the table of an earlier run
    assert in_process(assets=["raw.areas"]).success
    assert own_warehouse.file.resolve() == before


def test_a_red_dbt_test_says_its_rule_and_shows_its_rows(in_process, own_warehouse):
    with duckdb.connect(str(own_warehouse.build / "work" / "tongcheng.duckdb")) as connection:
        connection.execute("update raw.areas set name_en = '成都' where ref_area = '510100'")
    result = in_process(assets=["marts.dim_area"])
    (red,) = [check for check in result.get_asset_check_evaluations() if not check.passed]
    assert (red.asset_key.path[-1], red.check_name) == ("dim_area", "dbt_tests")
    (name,) = [label for label in red.metadata if label.startswith("in_its_language")][:1]
    assert "English in the English one" in red.metadata[name].value
    (row,) = red.metadata[f"{name}: offending rows"].records
    assert (row.data["ref_area"], row.data["name_en"]) == ("510100", "成都")
    (failure,) = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    assert "dbt tests failed: 1" in failure.user_failure_data.description


def test_a_red_dbt_test_is_recorded_with_its_rule_and_its_rows(warehouse):
    from dagster_project.defs.models import TESTS, _recorded

    test = next(iter(TESTS["dim_area"].values()))
    red = _recorded("dim_area", test, verdict=False, result={"failures": 3})
    assert (red.title, red.unexpected) == (test["meta"]["description"], 3)
    assert not _recorded("dim_area", test, verdict=True, result={"failures": 0}).title


@pytest.mark.parametrize(
    ("results", "said", "why"),
    [
        ({"model.a": ("error", "no such column")}, ["…"], "^no such column$"),
        ({"model.a": ("error", "Table with name int_change does not exist!")}, [], "comes from as well"),
        ({"test.a": ("fail", "2 rows"), "model.b": ("skipped", None)}, [], "tests failed: 1.*for that: 1"),
        ({}, ["the project does not parse"], "the project does not parse"),
        ({}, [], "exit code 2"),
    ],
)
def test_why_dbt_failed_is_said(warehouse, results, said, why):
    from dagster_project.dbt_command import Outcome
    from dagster_project.defs.models import _why  # its import needs the manifest, which a build makes

    rows = {key: {"unique_id": key, "status": s, "message": m} for key, (s, m) in results.items()}
    assert re.search(why, _why(Outcome(2, rows, said)))
