"""Areas, breaks, events told twice: what cannot be true is refused, line by line, all at once."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from dagster_project.ingest.loader import LoadReport, load_seeds
from tests.few_bulletins import write_seeds

# Those that rows are added to or name; more of them would only take longer to load.
BULLETINS = (
    "2013-12-31_lijiayan_options",
    "2020-02-25_cdmz_first_meeting",
    "2020-02-28_scdaily_four_cities",
    "2021-04-14_cdmz_third_meeting",
    "2022-06-25_dual_core_five_cases",
)


class Copy:
    """The real seeds with a few bulletins, to which rows are added."""

    def __init__(self, folder: Path):
        self.seeds = folder / "seeds"
        write_seeds(self.seeds, BULLETINS)

    def add(self, file: str, **cells: str) -> int:
        """Append a row, blank where nothing is said; returns its line."""
        path = self.seeds / file
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = list(csv.reader(stream))
        header += [column for column in cells if column not in header]
        rows.append([cells.get(column, "") for column in header])
        with path.open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream, lineterminator="\n")
            out.writerow(header)
            out.writerows(row + [""] * (len(header) - len(row)) for row in rows)
        return self.lines(file)

    def lines(self, file: str) -> int:
        return len((self.seeds / file).read_text(encoding="utf-8").splitlines())

    def load(self, *tables: str) -> LoadReport:
        return load_seeds(duckdb.connect(), self.seeds, tables or None)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def place(copy: Copy, ref_area: str, **cells: str) -> int:
    names = {"name_zh": "某县", "name_en": "Some county", "area_type": "COUNTY", "parent_area": "510000"}
    return copy.add("areas.csv", ref_area=ref_area, **names, **cells)


def found(report: LoadReport) -> set[tuple]:
    return {(reject.seed_file, reject.line, reject.column_name, reject.value) for reject in report.rejects}


def test_a_place_over_time(copy: Copy) -> None:
    place(copy, "519901", valid_to="2016-05-15")
    place(copy, "519902", valid_from="2016-05-16", predecessor="519901")  # as it should be
    place(copy, "519903")
    bad = {
        ("areas.csv", place(copy, "519904", valid_from="2016-05-16", valid_to="2016-05-15"), "valid_to"),
        ("areas.csv", place(copy, "519905", predecessor="519901"), "valid_from"),
        ("areas.csv", place(copy, "519906", valid_from="2016-05-15", predecessor="519901"), "predecessor"),
        ("areas.csv", place(copy, "519907", valid_from="2016-05-16", predecessor="519903"), "predecessor"),
        ("areas.csv", place(copy, "519908", valid_from="2016-05-16", predecessor="519999"), "predecessor"),
        # A circle of three, and a place before itself; each of them is shown, and no other.
        ("areas.csv", place(copy, "519911", valid_from="2001-01-01", predecessor="519913"), "predecessor"),
        ("areas.csv", place(copy, "519912", valid_from="2002-01-01", predecessor="519911"), "predecessor"),
        ("areas.csv", place(copy, "519913", valid_from="2003-01-01", predecessor="519912"), "predecessor"),
        ("areas.csv", place(copy, "519914", valid_from="2003-01-01", predecessor="519914"), "predecessor"),
    }
    report = copy.load("areas", "code_lists")
    assert {row[:3] for row in found(report)} == bad
    circles = {reject.value for reject in report.rejects if "lead back" in reject.rule}
    assert circles == {"519911", "519912", "519913", "519914"}


def test_a_break_of_a_whole_area_is_typed_once(copy: Copy) -> None:
    day = {"break_date": "2016-05-16", "reason": "又写一次 · typed again"}
    line = copy.add("breaks.csv", ref_area="510100", **day)
    copy.add("breaks.csv", ref_area="510100", indicator_id="GDP", **day)  # an indicator's own is another
    report = copy.load("code_lists", "areas", "indicators", "breaks", "domains", "units")
    key = "indicator_id, ref_area, break_date"
    assert found(report) == {("breaks.csv", at, key, "510100 | 2016-05-16") for at in (2, line)}


def test_a_row_of_breaks_changes_something(copy: Copy) -> None:
    day = {"indicator_id": "POPULATION", "ref_area": "510100", "reason": "普查 · a census"}
    copy.add("breaks.csv", break_date="1990-07-01", comparability="NEAR", **day)
    line = copy.add("breaks.csv", break_date="2000-11-01", comparability="SAME", **day)
    report = copy.load("code_lists", "areas", "indicators", "breaks", "domains", "units")
    assert found(report) == {("breaks.csv", line, "comparability", "SAME")}


FIRST, SECOND = "bulletins/2020-02-25_cdmz_first_meeting/", "bulletins/2020-02-28_scdaily_four_cities/"


def event(copy: Copy, file: str, event_id: str, **cells: str) -> tuple[str, int]:
    known = {
        "event_type": "MEETING",
        "status": "HELD",
        "title_zh": "会议",
        "title_en": "A meeting",
        "date_start": "2020-02-25",
        "date_end": "2020-02-25",
        "date_precision": "DAY",
        "date_basis": "文中写明 · stated",
        "areas": "X_CDMZ",
        "locator": "42",
    }
    return file, copy.add(file, event_id=event_id, **{**known, **cells})


def test_an_event_told_again(copy: Copy) -> None:
    first, second = f"{FIRST}events.csv", f"{SECOND}events.csv"
    meeting = "20200225-first-meeting"
    event(copy, second, "told-again", same_event_id=meeting, initiative_id="leading-group")
    event(copy, second, "told-without-initiative", same_event_id=meeting)
    event(copy, first, "undated", date_start="", date_precision="NONE", locator="12")
    event(
        copy,
        second,
        "may-be-that-day",
        same_event_id="undated",
        date_start="2020-02-01",
        date_end="2020-02-01",
    )
    bad = {
        (*event(copy, second, "of-nothing", same_event_id="no-such-event"), "same_event_id"),
        (*event(copy, second, "of-a-telling", same_event_id="20200228-first-meeting"), "same_event_id"),
        (*event(copy, second, "of-itself", same_event_id="of-itself"), "same_event_id"),
        (
            *event(
                copy,
                second,
                "other-day",
                same_event_id=meeting,
                date_start="2020-02-26",
                date_end="2020-02-26",
            ),
            "same_event_id",
        ),
        (
            *event(copy, second, "other-initiative", same_event_id=meeting, initiative_id="ip-fund"),
            "initiative_id",
        ),
        (
            *event(
                copy,
                second,
                "fulfils",
                same_event_id=meeting,
                fulfils_commitment_id="20200225-opportunity-list",
            ),
            "fulfils_commitment_id",
        ),
        (*event(copy, second, "in-no-field", domain_id="NOWHERE"), "domain_id"),
    }
    assert {row[:3] for row in found(copy.load())} == bad


def test_an_assessment_and_the_life_cycle(copy: Copy) -> None:
    said = {"ref_area": "X_CDMZ", "title_zh": "不足", "title_en": "Too little", "locator": "54"}
    file = f"{SECOND}assessments.csv"
    copy.add(file, assessment_id="sound", assessment_type="LACKING", as_of="2020-02-29", **said)
    bad = {
        (
            file,
            copy.add(file, assessment_id="later", assessment_type="LACKING", as_of="2020-03-01", **said),
            "as_of",
        ),
        (
            file,
            copy.add(file, assessment_id="type", assessment_type="POOR", as_of="2020-02-25", **said),
            "assessment_type",
        ),
        ("initiative_stages.csv", 2, "stage"),
        (
            "initiative_stages.csv",
            copy.add("initiative_stages.csv", initiative_status="NOT_STATED", stage="10"),
            "stage",
        ),
        (
            "status_steps.csv",
            copy.add(
                "status_steps.csv",
                event_status="HELD",
                initiative_status="ISSUED",
                initiative_types="PLAN;PLANS",
            ),
            "initiative_types",
        ),
    }
    assert {row[:3] for row in found(copy.load())} == bad


def test_an_approval_says_who_gave_it_or_nothing(copy: Copy) -> None:
    file = "revisions.csv"
    usual = {"column_name": "*", "reason": "误录 · a slip", "date_approved": "2026-11-26"}
    copy.add(file, row_id="by-nobody", **usual)
    copy.add(file, row_id="by-somebody", approved_by="统计处", **usual)
    left = copy.add(file, row_id="as-proposed", approved_by="<approved by>", **usual)
    assert {row[:3] for row in found(copy.load())} == {(file, left, "approved_by")}
