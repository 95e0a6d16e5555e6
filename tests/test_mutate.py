"""A small sample of `make mutate`: who catches which defect, and that what is right is let through."""

import shutil
from itertools import islice

import pytest

from tests.audit_desk import CORPUS
from tests.conftest import ROOT
from tests.mutate.book import Book
from tests.mutate.fast import Fast
from tests.mutate.legitimate import removed_fact, revised_figure
from tests.mutate.operators import OPERATORS
from tests.mutate.score import changed, judge

SEED = 20211121
# The layers that may be first to catch a defect at a bulletin's first entry, without its document.
CAUGHT_BY = {
    "number_ten_times": {"check"},
    "number_full_width": {"check"},
    "row_twice": {"check"},
    "orphan_source": {"check"},
    "part_above_whole": {"dbt"},
    "row_twice_renamed": {"gate"},
    "translation_missing": {"dbt"},
    "event_reversed": {"check", "dbt", "gate"},
    "direction_flipped": {"dbt", "gate", "history"},  # of the catalogue, which was published before
    "trailing_space": {"harmless"},
}
# The same where only the document knows better.
CAUGHT_WITH_DOCUMENT = {
    "figure_digit_wrong": {"audit"},
    "told_more_vaguely": {"audit"},
    "wrong_area": {"audit"},
    "wrong_area_of_promise": {"audit", "check"},  # a promise told again is held to what it tells
    "names_swapped": {"audit"},
    "final_made_estimate": {"audit"},
    "estimate_as_final": {"audit"},
    "due_a_year_off": {"audit"},
    "year_for_year_to_date": {"audit"},
    "period_start_dropped": {"check", "audit"},
    "note_without_difference": {"check"},
    "other_whole_of_share": {"check", "audit"},
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


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the documents are not at hand: {CORPUS} does not exist")
@pytest.mark.parametrize("operator", CAUGHT_WITH_DOCUMENT)
def test_a_seeded_defect_is_caught_with_the_document_at_hand(bench, operator):
    fast, seeds = bench
    ((what, draft),) = islice(OPERATORS[operator](Book(seeds, SEED)), 1)
    outcome = judge(fast, seeds, operator, what, draft, CORPUS)
    assert outcome.entry
    assert outcome.layer in CAUGHT_WITH_DOCUMENT[operator], outcome


def test_an_edit_of_published_rows_is_not_what_the_score_counts(bench):
    fast, seeds = bench
    ((what, draft),) = islice(OPERATORS["figure_digit_wrong"](Book(seeds, SEED)), 1)
    with changed(seeds, draft):
        edit = fast.catches(seeds, draft.contents(), queries_only=True)
        entry = fast.catches(seeds, draft.contents(), queries_only=True, new=draft.new_sources())
    assert edit, what
    assert not {"history"} & {catch.layer for catch in entry}


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
    with changed(seeds, draft):  # the same marts, which gates of other kinds have just let through
        (caught,) = fast.catches(seeds, draft.contents(), queries_only=True)
    assert (caught.layer, caught.by) == ("history", "build_changes.changed_facts_approved")
    assert "to_approve" not in caught.row  # the row is a tuple; its last cell is the line to add
    assert ",<reason>,<YYYY-MM-DD>,<approved by>" in caught.row


def test_an_approval_that_matches_nothing_is_caught(bench):
    fast, seeds = bench
    _, draft = next(revised_figure(Book(seeds, SEED)))
    (row,) = draft.added["revisions.csv"]
    row[2] = "1"
    with changed(seeds, draft):
        caught = {catch.by for catch in fast.catches(seeds, draft.contents(), queries_only=True)}
    assert caught == {"build_changes.changed_facts_approved", "build_changes.approvals_match_changes"}
