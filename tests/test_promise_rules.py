"""Promises: versions, repetitions and outcomes that cannot be are refused line by line, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagster_project.ingest.loader import LoadReport
from tests.test_register_rules import Copy

FIRST, THIRD = "bulletins/2020-02-25_cdmz_first_meeting", "bulletins/2021-04-14_cdmz_third_meeting"
PROMISES, LATER_PROMISES = f"{FIRST}/commitments.csv", f"{THIRD}/commitments.csv"
OUTCOMES, LATER_OUTCOMES = f"{FIRST}/outcomes.csv", f"{THIRD}/outcomes.csv"
LIST = "20200225-opportunity-list"  # a milestone of the first meeting


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def promise(copy: Copy, name: str, version: str = "1", file: str = LATER_PROMISES, **cells: str) -> int:
    usual = {
        "title_zh": "某承诺", "title_en": "Some promise", "ref_area": "X_CDMZ",
        "commitment_type": "MILESTONE", "modality": "WILL", "authority": "REPORT", "accounting": "AT_DATE",
        "date_announced": "2021-04-14", "locator": "11",
    }  # fmt: skip
    return copy.add(file, commitment_id=name, version=version, **(usual | cells))


def outcome(copy: Copy, name: str, promised: str, file: str = LATER_OUTCOMES, **cells: str) -> int:
    if not (copy.seeds / file).exists():
        (copy.seeds / file).write_text(
            "outcome_id,commitment_id,outcome_type,title_zh,title_en,locator\n", encoding="utf-8"
        )
    usual = {"outcome_type": "REPORTS", "title_zh": "某后续", "title_en": "Some outcome", "locator": "12"}
    return copy.add(file, outcome_id=name, commitment_id=promised, **(usual | cells))


def found(report: LoadReport) -> set[tuple]:
    return {(reject.seed_file, reject.line, reject.column_name) for reject in report.rejects}


def test_versions_and_repetitions_as_they_should_be(copy: Copy):
    plan = {
        "commitment_type": "PLAN_COUNT",
        "value_text": "三个阶段",
        "target_value": "3",
        "unit_measure": "STAGE",
    }
    promise(copy, LIST, "2")
    promise(copy, "under-another-name", supersedes=f"{LIST}@2", authority="DECISION")
    promise(copy, "told-again", restates=f"{LIST}@1")
    promise(copy, "stages-told-again", restates="20200225-stages@1", **plan)
    outcome(copy, "done", LIST, version="1", outcome_type="FULFILS", event_id="20210414-opportunity-list")
    outcome(
        copy, "of-all-versions", LIST, outcome_type="ADVANCES", date_start="2021-01-01", date_end="2021-04-14"
    )
    assert copy.load().ok


def test_versions_that_cannot_be(copy: Copy):
    more = {
        "commitment_type": "PLAN_COUNT",
        "unit_measure": "STAGE",
        "value_text": "四个阶段",
        "target_value": "4",
    }
    bad = {
        (promise(copy, "of-none", supersedes="no-such-promise@1"), "supersedes"),
        (promise(copy, "of-no-version", supersedes=f"{LIST}@7"), "supersedes"),
        (promise(copy, "tells-none-again", restates="no-such-promise@1"), "restates"),
        (promise(copy, "circle-a", supersedes="circle-c@1"), "supersedes"),
        (promise(copy, "circle-b", supersedes="circle-a@1"), "supersedes"),
        (promise(copy, "circle-c", supersedes="circle-b@1"), "supersedes"),
        (promise(copy, "itself", supersedes="itself@1"), "supersedes"),
        (promise(copy, "twice-a", supersedes="20200225-stages@1"), "supersedes"),
        (promise(copy, "twice-b", supersedes="20200225-stages@1"), "supersedes"),
        (promise(copy, "too-early", supersedes=f"{LIST}@1", date_announced="2019-01-01"), "supersedes"),
        (promise(copy, "of-a-repetition", supersedes="sound@1"), "supersedes"),
        (promise(copy, "both", restates=f"{LIST}@1", supersedes="20200225-metro-area@1"), "restates"),
        (promise(copy, "a-second-repetition", "2", restates=f"{LIST}@1"), "restates"),
        (promise(copy, "of-another-kind", restates=f"{LIST}@1", commitment_type="TARGET"), "restates"),
        (promise(copy, "of-another-place", restates=f"{LIST}@1", ref_area="510100"), "restates"),
        (promise(copy, "more-of-them", restates="20200225-stages@1", **more), "restates"),
        (promise(copy, "repeats-itself", restates="repeats-itself@1"), "restates"),
        (promise(copy, "repeats-a-repetition", restates="sound@1"), "restates"),
    }  # fmt: skip
    promise(copy, "sound", restates=f"{LIST}@1")
    report = copy.load()
    assert found(report) == {(LATER_PROMISES, line, column) for line, column in bad}


def test_outcomes_that_cannot_be(copy: Copy):
    promise(copy, "promised-later")
    bad = {
        (LATER_OUTCOMES, outcome(copy, "of-none", "no-such-promise"), "commitment_id"),
        (LATER_OUTCOMES, outcome(copy, "of-no-version", LIST, version="7"), "version"),
        (LATER_OUTCOMES, outcome(copy, "backwards", LIST, date_start="2021-02-01", date_end="2021-01-01"),
         "date_end"),
        (LATER_OUTCOMES, outcome(copy, "of-another-thing", "20200228-transit-hours",
                                 observation_id="20210414-coop-groups"), "observation_id"),
        (LATER_OUTCOMES, outcome(copy, "of-no-event", LIST, event_id="no-such-event"), "event_id"),
        (LATER_OUTCOMES, outcome(copy, "of-no-kind", LIST, outcome_type="HOPES"), "outcome_type"),
        (OUTCOMES, outcome(copy, "before-it-was-promised", "promised-later", OUTCOMES), "commitment_id"),
    }  # fmt: skip
    report = copy.load()
    assert found(report) == bad
    (early,) = [reject for reject in report.rejects if reject.seed_file == OUTCOMES]
    assert early.value == "promised-later"
    assert "announced after this bulletin" in early.rule


def test_a_bulletin_published_in_a_month_may_report_on_a_promise_of_that_month(copy: Copy):
    """Its last day counts: nobody knows that it came before."""
    month = "bulletins/2020-02-28_scdaily_four_cities/outcomes.csv"
    promise(copy, "on-the-last-day", file=PROMISES, date_announced="2020-02-29")
    promise(copy, "the-day-after", file=PROMISES, date_announced="2020-03-01")
    outcome(copy, "possible", "on-the-last-day", month, locator="19")
    line = outcome(copy, "impossible", "the-day-after", month, locator="19")
    assert found(copy.load()) == {(month, line, "commitment_id")}


def test_a_promise_is_in_a_unit_of_its_indicator_or_of_its_growth(copy: Copy):
    trains = {"indicator_id": "TRAIN_PAIRS_DAILY", "commitment_type": "TARGET", "due_date": "2025-12-31"}
    promise(copy, "pairs", **trains, value_text="120对", target_value="120", unit_measure="TRAIN_PAIR")
    promise(
        copy, "trains", **trains, value_text="240列", target_value="240", unit_measure="TRAIN", title_zh="乙"
    )
    promise(
        copy, "growth", **trains, value_text="9%", target_value="9", unit_measure="PERCENT", title_zh="丙"
    )
    assert copy.load().ok
    of_roads = {"value_text": "12条", "target_value": "12", "unit_measure": "ROUTE", "title_zh": "丁"}
    line = promise(copy, "routes", **trains, **of_roads)
    assert found(copy.load()) == {(LATER_PROMISES, line, "unit_measure")}
