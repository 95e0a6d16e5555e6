"""What was known on a day: the table macros of the published file, asked of other days and other files."""

from __future__ import annotations

import json
from graphlib import TopologicalSorter

import duckdb
import pytest

from tests.conftest import AS_OF, MadeUp, Place, copy_file, opened
from tests.mutate.fast import Fast

# Each macro with its mart, and the columns that speak of the whole file rather than of the day.
MACROS = {
    "observation_as_of": (
        "fct_observation",
        [
            "realtime_end",
            "is_current_vintage",
            "vintage_status",
            "confirms_observation_id",
            "n_confirmed_by",
        ],
    ),
    "integration_progress_as_of": ("integration_progress", []),
    "commitment_progress_as_of": ("commitment_progress", ["valid_to"]),
}


def models(warehouse: Place) -> dict[str, str]:
    """The compiled SQL of each intermediate model and mart by schema.name, in the order of building."""
    target = warehouse.build / "dbt"
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    wanted = {
        key: node
        for key, node in nodes.items()
        if node["resource_type"] == "model" and node["schema"] in ("intermediate", "marts")
    }
    graph = {key: [up for up in node["depends_on"]["nodes"] if up in wanted] for key, node in wanted.items()}
    compiled = target / "compiled" / "tongcheng" / "models"
    return {
        f"{wanted[key]['schema']}.{wanted[key]['name']}": (compiled / wanted[key]["path"]).read_text(
            encoding="utf-8"
        )
        for key in TopologicalSorter(graph).static_order()
    }


@pytest.fixture(scope="module")
def cut(warehouse: Place, tmp_path_factory):
    """A function that gives the warehouse as a build with --as-of a day makes it from the same seeds."""
    scripts = models(warehouse)

    def build(day: str) -> duckdb.DuckDBPyConnection:
        copy = tmp_path_factory.mktemp("cut") / "tongcheng.duckdb"
        copy_file(warehouse.working_file, copy)
        connection = opened(copy)
        connection.execute("update raw.build_info set as_of_date = cast(? as date)", [day])
        views = set(
            connection.execute("select schema_name || '.' || view_name from duckdb_views()").fetchall()
        )
        for table, script in scripts.items():
            kind = "view" if (table,) in views else "table"
            connection.execute(f"create or replace {kind} {table} as {script}")
        return connection

    return build


@pytest.fixture(scope="module")
def published(warehouse: Place):
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return sorted(connection.execute(query).fetchall(), key=str)


@pytest.mark.parametrize("day", ["2020-02-27", "2020-02-28", "2020-12-31", "2021-04-15", AS_OF])
def test_a_day_is_answered_as_a_build_of_that_day_would(published, cut, day: str):
    with cut(day) as connection:
        for macro, (mart, beyond) in MACROS.items():
            known = f"select * exclude ({', '.join(beyond)})" if beyond else "select *"
            vintage = "where is_current_vintage" if "is_current_vintage" in beyond else ""
            asked = rows(published, f"{known} from marts.{macro}('{day}')")
            assert asked == rows(connection, f"{known} from marts.{mart} {vintage}"), (macro, day)


# Before and after the month, or the year, in which a page of unknown day was printed; a change of territory.
MADE_UP_DAYS = ["2012-07-15", "2012-07-31", "2014-12-31", "2016-05-01"]


def test_a_day_of_made_up_bulletins_too(warehouse: Place, made_up: MadeUp, tmp_path):
    """Seeds of every kind of period and telling: whatever one of them can change is asked of several days."""
    fast = Fast(warehouse.build, warehouse.public, warehouse.seeds, tmp_path)
    copy_file(made_up.file, fast.file)
    with duckdb.connect(str(made_up.file), read_only=True) as later:
        for day in MADE_UP_DAYS:
            with duckdb.connect(str(fast.of_day(day)), read_only=True) as then:
                for macro, (mart, beyond) in MACROS.items():
                    known = f"select * exclude ({', '.join(beyond)})" if beyond else "select *"
                    vintage = "where is_current_vintage" if "is_current_vintage" in beyond else ""
                    asked = rows(later, f"{known} from marts.{macro}('{day}')")
                    assert asked
                    assert asked == rows(then, f"{known} from marts.{mart} {vintage}"), (macro, day)


@pytest.mark.parametrize("macro", MACROS)
def test_what_is_asked_for_inside_is_what_a_filter_would_keep(published, macro: str):
    everything = f"from marts.{macro}('2022-06-30'"
    indicator, area = published.execute(
        f"select indicator_id, ref_area {everything}) where indicator_id is not null order by all limit 1"
    ).fetchone()
    inside = [f"indicator := '{indicator}'", f"area := '{area}'"]
    outside = [f"indicator_id = '{indicator}'", f"ref_area = '{area}'"]
    for asked in ([0], [1], [0, 1]):
        there = rows(published, f"select * {everything}, {', '.join(inside[n] for n in asked)})")
        assert there
        kept = rows(published, f"select * {everything}) where {' and '.join(outside[n] for n in asked)}")
        assert there == kept, (macro, asked)


@pytest.mark.parametrize("macro", MACROS)
@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("indicator := 'TRAIN_PAIR_DAILY'", "TRAIN_PAIRS_DAILY"),
        ("indicator := '都市圈日开行动车数'", "TRAIN_PAIRS_DAILY"),
        ("area := '51010'", "510100"),
        ("area := 'chengdu'", "510100"),
    ],
)
def test_a_mistyped_code_is_an_error_that_names_the_nearest(published, macro: str, asked: str, near: str):
    """Without rows it would read as if nothing were known."""
    with pytest.raises(duckdb.Error, match=f"no such code: .*did you mean: .*{near}"):
        published.execute(f"select * from marts.{macro}('2022-06-30', {asked})").fetchall()


def test_what_came_later_is_not_known_before(published):
    then = rows(
        published,
        "select latest_value, trend, comparability, source_ids "
        "from marts.integration_progress_as_of('2020-12-31') "
        "where indicator_id = 'TRAIN_PAIRS_DAILY' and ref_area = 'X_CDMZ'",
    )
    assert then == [(88, "SINGLE_OBSERVATION", None, "2020-02-28_scdaily_four_cities")]
    promises = "select count(*) from {} where date_published > date '2020-12-31' or source_id like '2021%'"
    assert rows(published, promises.format("marts.commitment_progress_as_of('2020-12-31')")) == [(0,)]
    assert rows(published, promises.format("marts.commitment_progress")) != [(0,)]


@pytest.mark.parametrize("macro", MACROS)
def test_a_macro_answers_from_an_attached_file(warehouse: Place, published, macro: str):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.file}' as other (read_only)")
        here = rows(published, f"select * from marts.{macro}('2021-04-15')")
        assert here
        there = rows(connection, f"select * from other.marts.{macro}('2021-04-15', catalog := 'other')")
        assert there == here
        connection.execute("use other")
        assert rows(connection, f"select * from marts.{macro}('2021-04-15')") == here


@pytest.mark.parametrize("macro", MACROS)
def test_a_macro_never_answers_from_another_file(warehouse: Place, cut, macro: str):
    """A file in use with the same tables but another build is named, not read."""
    with cut(AS_OF) as connection:
        connection.execute("update marts.build_info set build_id = 'another'")
        connection.execute(f"attach '{warehouse.file}' as other (read_only)")
        with pytest.raises(duckdb.Error, match="not this file"):
            connection.execute(f"select * from other.marts.{macro}('2021-04-15')").fetchall()
