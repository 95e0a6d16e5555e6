"""A small sample of `make mutate`: who catches which defect, and that what is right is let through."""

import shutil
from itertools import islice

import pytest

from tests.conftest import ROOT
from tests.mutate.book import Book
from tests.mutate.fast import Fast
from tests.mutate.legitimate import removed_fact, revised_figure
from tests.mutate.operators import OPERATORS
from tests.mutate.score import changed, judge

SEED = 20211121
# The layers that may be first to catch a defect: headline figures are pinned, others need a version before.
CAUGHT_BY = {
    "number_ten_times": {"check"},
    "number_full_width": {"check"},
    "row_twice": {"check"},
    "orphan_source": {"check"},
    "part_above_whole": {"dbt"},
    "row_twice_renamed": {"gate"},
    "translation_missing": {"gate"},
    "event_reversed": {"check", "dbt", "gate"},
    "figure_digit_wrong": {"dbt", "gate", "history"},
    "wrong_area": {"dbt", "gate", "history"},
    "direction_flipped": {"dbt", "gate", "history"},
    "trailing_space": {"harmless"},
}


@pytest.fixture(scope="module")
def bench(warehouse, tmp_path_factory):
    """A judge over the built warehouse, and seeds to spoil."""
    folder = tmp_path_factory.mktemp("mutate")
    seeds = shutil.copytree(ROOT / "seeds", folder / "seeds")
    return Fast(warehouse.build, warehouse.public, seeds, folder), seeds


@pytest.mark.parametrize("operator", CAUGHT_BY)
def test_a_seeded_defect_is_caught(bench, operator):
    fast, seeds = bench
    ((what, draft),) = islice(OPERATORS[operator](Book(seeds, SEED)), 1)
    outcome = judge(fast, seeds, operator, what, draft, None)
    assert outcome.layer in CAUGHT_BY[operator], outcome


def test_there_are_enough_kinds_of_defects():
    assert len(OPERATORS) >= 30


def test_the_clean_seeds_are_let_through(bench):
    fast, seeds = bench
    assert fast.catches(seeds) == []
    assert fast.unchanged


@pytest.mark.parametrize("kind", [revised_figure, removed_fact])
def test_an_approved_change_is_let_through_and_the_same_without_its_approval_is_not(bench, kind):
    fast, seeds = bench
    what, draft = next(kind(Book(seeds, SEED)))
    with changed(seeds, draft):
        assert fast.catches(seeds, draft.contents()) == [], what
    draft.added.pop("revisions.csv")
    draft.lines.pop("revisions.csv")
    with changed(seeds, draft):
        (caught,) = fast.catches(seeds, draft.contents())
    assert (caught.layer, caught.by) == ("history", "build_changes.changed_facts_approved")
    assert "to_approve" not in caught.row  # the row is a tuple; its last cell is the line to add
    assert ",<reason>,<YYYY-MM-DD>" in caught.row


def test_an_approval_that_matches_nothing_is_caught(bench):
    fast, seeds = bench
    _, draft = next(revised_figure(Book(seeds, SEED)))
    (row,) = draft.added["revisions.csv"]
    row[2] = "1"
    with changed(seeds, draft):
        caught = {catch.by for catch in fast.catches(seeds, draft.contents())}
    assert caught == {"build_changes.changed_facts_approved", "build_changes.approvals_match_changes"}
