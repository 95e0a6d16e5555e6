"""How a long mart is cut into files: every row in one of them, none much too long, each as it is written."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.downloads.content import Published, Rows
from dagster_project.downloads.keys import Keys
from dagster_project.downloads.marts import Column, Mart
from dagster_project.downloads.parts import Part, parts_of
from dagster_project.downloads.side_by_side import Wanted, have

ROWS = 20  # of a file
PLACES = st.dictionaries(st.from_regex(r"[A-Z0-9_]{1,8}", fullmatch=True), st.integers(1, 70), max_size=40)


def cut(connection: duckdb.DuckDBPyConnection, places: dict[str, int]) -> tuple[Mart, list[Part]]:
    """A mart with so many rows of each place, stored in order, and its files."""
    connection.execute("create or replace table marts.t (ref_area varchar, n bigint)")
    for place in sorted(places):
        connection.execute("insert into marts.t select ?, n from range(?) as r (n)", [place, places[place]])
    columns = (Column("ref_area", "VARCHAR", ""), Column("n", "BIGINT", ""))
    mart = Mart("t", "", sum(places.values()), columns, Keys(order=["ref_area", "n"]))
    return mart, parts_of(connection, mart, ROWS)


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    with duckdb.connect(str(tmp_path_factory.mktemp("parts") / "t.duckdb")) as opened:
        opened.execute("create schema marts")
        yield opened


@settings(deadline=None, max_examples=40, derandomize=True, database=None)
@given(places=PLACES)
def test_every_row_is_in_one_file_in_order(connection, places):
    mart, parts = cut(connection, places)
    found = [row for part in parts for row in connection.execute(f"from {part.in_order}").fetchall()]
    assert found == connection.execute("from marts.t order by ref_area, n").fetchall()
    assert [part.rows for part in parts] == [
        Rows.of(connection, f"(from {part.in_order})", mart.hashed) for part in parts
    ]
    assert len({part.path("csv") for part in parts}) == len(parts)
    assert (len(parts) == 1 and parts[0].first is None) == (mart.rows < 2 * ROWS)


@settings(deadline=None, max_examples=40, derandomize=True, database=None)
@given(places=PLACES)
def test_no_file_is_longer_than_two_unless_it_is_of_one_place(connection, places):
    _, parts = cut(connection, places)
    assert all(part.rows.count <= 2 * ROWS or part.first == part.last for part in parts)


@settings(deadline=None, max_examples=40, derandomize=True, database=None)
@given(data=st.data(), places=PLACES.filter(bool))
def test_rows_that_a_night_put_at_the_end_change_nothing(connection, data, places):
    _, before = cut(connection, places)
    for _ in range(2):  # two nights
        place = data.draw(st.sampled_from(sorted(places)))
        some = f"ref_area = '{place}' and n <= {data.draw(st.integers(0, places[place]))}"
        connection.execute(
            f"create or replace temp table kept as from marts.t where {some};"
            f"delete from marts.t where {some}; insert into marts.t from kept; checkpoint"
        )
    after = parts_of(connection, before[0].mart, ROWS)
    assert [(part.path("csv"), part.rows) for part in after] == [(p.path("csv"), p.rows) for p in before]
    found = [row for part in after for row in connection.execute(f"from {part.in_order}").fetchall()]
    assert found == connection.execute("from marts.t order by ref_area, n").fetchall()


def test_a_place_that_names_no_file_is_part_of_one_file(connection):
    mart, parts = cut(connection, {"A/B": 50, "C": 50})
    assert parts == [Part(mart, Rows.of(connection, mart.relation, mart.hashed))]


def test_a_mart_that_is_not_stored_by_place_is_one_file(connection):
    mart, _ = cut(connection, {"A": 50, "B": 50})
    assert len(parts_of(connection, replace(mart, keys=Keys(order=["n", "ref_area"])), ROWS)) == 1


def test_a_file_that_cannot_be_written_ends_it_with_its_error(connection, tmp_path):
    def written(_: duckdb.DuckDBPyConnection, path: Path) -> int:
        path.write_text("rows", encoding="utf-8")
        return 1

    def fails(_: duckdb.DuckDBPyConnection, path: Path) -> int:
        raise OSError(f"no room for {path.name}")

    threads = connection.execute("select current_setting('threads')").fetchone()
    wanted = [Wanted("a", "of a", written), Wanted("b", "of b", fails)]
    with pytest.raises(OSError, match=re.escape("no room for b")):
        have(connection, wanted, tmp_path, Published.read(None), lambda *_: None)
    assert connection.execute("select current_setting('threads')").fetchone() == threads
    files = have(connection, wanted[:1], tmp_path, Published.read(None), lambda *_: None)
    assert [(file.path, file.rows, file.content) for file in files.values()] == [("a", 1, "of a")]
