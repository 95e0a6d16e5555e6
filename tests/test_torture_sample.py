"""A quick sample of each long run of `make torture`; nothing here builds a warehouse."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.seed_folder import FILES
from tests.torture import fuzz, oracle
from tests.torture.publishing import read_while_publishing
from tests.torture.test_kill_publish import kill_many


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> fuzz.Desk:
    return fuzz.Desk(tmp_path_factory.mktemp("desk"))


def test_mangled_files_are_read_truly_or_refused(desk: fuzz.Desk):
    outcomes, wrong = desk.judge(list(islice(fuzz.inputs(7, 120), 120)))
    assert wrong == []
    assert set(outcomes) == {"accepted", "partly", "refused"}


@settings(max_examples=3, derandomize=True, **fuzz.SLOW)
@given(files=st.lists(fuzz.written_files(), min_size=10, max_size=10))
def test_any_cells_are_read_truly_or_refused(desk: fuzz.Desk, files: list[bytes]):
    assert desk.judge([("facts", content) for content in files])[1] == []


def test_the_independent_reader_notices_what_is_wrong(desk: fuzz.Desk):
    text, fields = FILES["facts.csv"], desk.schema["facts"].fields
    desk.judge([("facts", text.encode())])
    loaded = {row[0]: row[1:] for row in desk.loaded("facts", "bulletins/0000/facts.csv")}

    def noticed(content: str, rows: dict) -> int:
        return len(list(oracle.differences(fields, oracle.read(content.encode()), rows, set(), set())))

    assert noticed(text, loaded) == 0
    for old, new in ((",88,", ",89,"), ("首批", "首次"), ("2021-04-14", "2021-04-15"), (",508,P", ",508,A")):
        assert noticed(text.replace(old, new, 1), loaded) == 1
    assert noticed(text, {line: row for line, row in loaded.items() if line != 4}) == 1
    assert noticed(text, loaded | {9: loaded[4]}) == 1


def test_readers_see_one_whole_version_while_others_are_published(tmp_path: Path):
    seen = read_while_publishing(tmp_path, readers=2, publishes=15)
    assert [fault for reading in seen for fault in reading.faults] == []
    assert sum(reading.connections for reading in seen) > 2


def test_a_killed_publish_never_shows_a_torn_version(tmp_path: Path):
    assert sum(kill_many(tmp_path, 6).values()) == 6
