"""Figures whose time, definition or repetition cannot be are refused line by line, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_register_rules import Copy

FIGURES = "bulletins/2021-04-14_cdmz_third_meeting/observations.csv"
FIRST = "20200228-classes-served"  # of an earlier bulletin


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def figure(copy: Copy, name: str, **cells: str) -> int:
    """On a line of its own: the same words on one line are one figure."""
    usual = {
        "indicator_id": "CLASSES_SERVED", "ref_area": "X_DMZ", "breakdown": "_T", "unit_measure": "CLASS",
        "time_period_end": "2021-04-14", "as_of_basis": "MEETING", "value_text": "118个", "obs_value": "118",
        "obs_status": "A", "locator": str(copy.lines(FIGURES)),
    }  # fmt: skip
    return copy.add(FIGURES, observation_id=name, **(usual | cells))


def test_totals_definitions_and_repetitions_as_they_should_be(copy: Copy):
    money = {
        "indicator_id": "GDP",
        "unit_measure": "CNY",
        "value_text": "2万亿",
        "obs_value": "2000000000000",
    }
    figure(copy, "of-a-year", time_period_start="2020-01-01", time_period_end="2020-12-31", **money)
    figure(copy, "told-again", repeats_observation_id=FIRST)
    note = {"comparability_note": "口径不同 · another definition"}
    figure(
        copy, "since-a-source", breakdown="FIRST_BATCH", differs_from="2020-02-28_scdaily_four_cities", **note
    )
    figure(copy, "since-a-day", breakdown="OLD_QUARTER", differs_from="2019-12-31", **note)
    assert copy.load().ok


def test_what_cannot_be_is_refused_all_at_once(copy: Copy):
    money = {
        "indicator_id": "GDP",
        "unit_measure": "CNY",
        "value_text": "2万亿",
        "obs_value": "2000000000000",
    }
    note = {"comparability_note": "口径不同 · another definition"}
    bad = {
        (figure(copy, "no-first-day", **money), "time_period_start", "first day"),
        (figure(copy, "day-not-printed", as_of_basis="STATED"), "time_text", "quoted in time_text"),
        (figure(copy, "ordinal", value_text="第三", obs_value="3"), "value_text", "ranks for ordinals only"),
        (
            figure(copy, "reversed", time_period_start="2021-05-01"),
            "time_period_end",
            "ends before it starts",
        ),
        (figure(copy, "no-such-day", time_period_end="2021-02-30"), "time_period_end", "date"),
        (figure(copy, "note-alone", breakdown="FIRST_BATCH", **note), "differs_from", "together"),
        (figure(copy, "source-alone", breakdown="CONVERTED", differs_from="2019-12-31"),
         "differs_from", "together"),
        (figure(copy, "of-nobody", breakdown="IN_PRODUCTION", differs_from="2019-12-31_nobody", **note),
         "differs_from", "no such source"),
        (figure(copy, "of-later", breakdown="BEFORE_ADJUSTMENT",
                differs_from="2022-06-25_dual_core_five_cases", **note),
         "differs_from", "published later"),
        (figure(copy, "repeats-later", repeats_observation_id="20220625-sub-agreements",
                indicator_id="DUAL_CORE_SUB_AGREEMENTS", ref_area="X_DUAL_CORE", unit_measure="AGREEMENT",
                value_text="5個", obs_value="5"),
         "repeats_observation_id", "published later"),
        (figure(copy, "repeats-itself", repeats_observation_id="repeats-itself"),
         "repeats_observation_id", "first telling"),
        (figure(copy, "repeats-another-thing", repeats_observation_id="20200228-train-pairs"),
         "repeats_observation_id", "first telling"),
        (figure(copy, "repeats-nothing", repeats_observation_id="no-such-figure"),
         "repeats_observation_id", "not in observations"),
    }  # fmt: skip
    found = copy.load().rejects
    assert {(r.seed_file, r.line, r.column_name) for r in found} == {
        (FIGURES, line, column) for line, column, _ in bad
    }
    said = {(r.line, r.column_name): r.rule for r in found}
    assert all(rule in said[line, column] for line, column, rule in bad), said


def test_a_hedge_without_its_class_and_a_number_without_its_place_are_refused(copy: Copy):
    lexicon = "hedge_terms.csv"
    word = {"term": "号称", "role": "HEDGE", "position": "BEFORE"}
    classes = {"value_qualifier": "APPROX", "lower_basis": "PRESUMED", "upper_basis": "PRESUMED"}
    copy.add(lexicon, hedge_id="right", **word, **classes)
    bad = {
        (copy.add(lexicon, hedge_id="no-class", **word), "value_qualifier"),
        (copy.add(lexicon, hedge_id="no-term", **{**word, "term": ""}, **classes), "term"),
        (copy.add(lexicon, hedge_id="no-place", **word, **classes, states="3"), "states"),
        (copy.add(lexicon, hedge_id="no-such-role", **{**word, "role": "NOISE"}, **classes), "role"),
    }
    found = {
        (reject.line, reject.column_name) for reject in copy.load().rejects if reject.seed_file == lexicon
    }
    assert found == bad
