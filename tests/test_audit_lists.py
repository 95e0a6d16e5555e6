"""What a typical page prints: figures of several places, headings with a period, days without a year."""

from datetime import date

import pytest

from dagster_project.audit.comparison import audit
from dagster_project.seeds.periods import coming
from tests.audit_desk import Desk

PUBLISHED = date(2022, 7, 28)
PAGE = """成德眉资同城化通报
德阳、眉山两地动车日均分别开行46对、31对。
共享清单(截至2022年6月底):
——结对学校5所;
——结对班级46个。
力争10月底前开行动车150对,将于3月底前开行动车160对。
此前公布的动车12对有误,经核实应为13对。
要抓好两项工作:
建设滨江绿道。
"""
SCHOOLS = {"indicator_id": "SCHOOLS_PAIRED", "as_of_basis": "STATED", "time_text": "截至2022年6月底"}
CLASSES = {**SCHOOLS, "indicator_id": "CLASSES_SERVED"}
HALF_YEAR = {"time_period_end": "2022-06-30"}


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Desk:
    """A page of which everything is right; not to be changed."""
    desk = Desk.empty(tmp_path_factory.mktemp("lists"), words=True, statements=True)
    desk.document(PAGE)
    desk.add("observations", 2, "46对", "46", ref_area="510600")
    desk.add("observations", 2, "31对", "31", ref_area="511400")
    desk.add("observations", 4, "5所", "5", **SCHOOLS, **HALF_YEAR)
    desk.add("observations", 5, "46个", "46", **CLASSES, **HALF_YEAR)
    trains = {"modality": "STRIVE", "title_zh": "动车开行对数"}
    desk.add("commitments", 6, "150对", "150", due_date="2023-10-31", **trains)
    desk.add("commitments", 6, "160对", "160", due_date="2024-03-31", **trains)
    desk.add("observations", 7, "13对", "13")
    desk.add("commitments", 9, "", title_zh="建设滨江绿道")
    for line, token, reason in (
        (2, "两地", "GROUPING"),
        (3, "共享", "HEADING"),
        (6, "10月底", "PERIOD"),
        (6, "3月底", "PERIOD"),
        (7, "12对", "WITHDRAWN"),
        (8, "两项", "OUTLINE"),
        (8, "要", "HEADING"),
    ):
        desk.add("exclusions", line, token, reason=reason)
    return desk


@pytest.fixture
def desk(finished, tmp_path) -> Desk:
    """A copy of it that a test may spoil."""
    return finished.copy_to(tmp_path)


def change(desk: Desk, table: str, number: int, **cells: str) -> str:
    """Alter a row; what is wrong then."""
    rows = desk.read(desk.table(table))
    rows[number - 1].update(cells)
    desk.write(table, desk.table(table), rows)
    return "\n".join(finding.rule for finding in desk.source().wrong)


def test_a_typical_page_is_recorded_without_an_untrue_word(finished):
    source = finished.source()
    found = [(f.line, f.token, f.rule) for f in (*source.wrong, *source.missing, *source.untold)]
    assert found == []


def test_figures_of_one_place_and_day_are_tied_and_those_of_several_are_not(desk):
    assert "printed together, no row of relations.csv" in change(desk, "observations", 2, ref_area="510600")
    desk.relate("observations-1", "observations-7", "PART_OF_TOTAL")
    desk.relate("observations-2", "observations-7", "PART_OF_TOTAL")  # parts of one total are tied by it
    assert "printed together" not in change(desk, "observations", 2)


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"time_text": "截至2022年5月底"}, "not printed at its locator"),
        ({"time_period_end": "2022-05-31"}, "time_text: 日期与原文不符"),
        ({"locator": "2", "value_text": "31对"}, "not printed at its locator"),  # heads what comes after it
    ],
)
def test_the_period_of_a_heading_is_that_of_its_list(desk, cells, rule):
    assert rule in change(desk, "observations", 4, **cells)


@pytest.mark.parametrize("due", ["2022-10-31", "2023-09-30", "2024-10-31"])
def test_a_promise_keeps_the_next_such_day_after_publication(desk, due):
    """The bulletin is of May 2023: by the end of October is that of the same year."""
    assert "the year is not printed here" in change(desk, "commitments", 1, due_date=due)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("将于9月底前完成", {date(2022, 9, 30)}),
        ("9月15日前完成", {date(2022, 9, 15)}),
        ("3月底前完成", {date(2023, 3, 31)}),
        ("下半年开工", {date(2022, 12, 31)}),
        ("四季度开工", {date(2022, 12, 31)}),
        ("年底前完成", {date(2022, 12, 31)}),
        ("2024年9月底前完成", set()),
        ("13个月完成", set()),
    ],
)
def test_days_to_come_without_a_year(text, days):
    assert coming(text, PUBLISHED) == days


@pytest.mark.parametrize(
    ("number", "reason", "could"),
    [
        (5, "REPEATED", "WITHDRAWN"),
        (1, "WITHDRAWN", "GROUPING"),
        (2, "DATE", "HEADING"),
        (7, "TOLD_ELSEWHERE", "HEADING"),
    ],
)
def test_a_reason_that_does_not_hold_names_those_that_could(desk, number, reason, could):
    wrong = change(desk, "exclusions", number, reason=reason)
    assert f"the reason does not apply: {reason}; could be: " in wrong
    assert could in wrong.partition("could be: ")[2]


def test_a_document_is_audited_without_those_of_other_sources(desk):
    desk.document("另一份通报。", "2023-06-01_other", date_published="2023-06-01")
    (desk.corpus / "2023-06-01_other.txt").unlink()
    [alone] = audit(desk.seeds, desk.corpus, only=["2023-05-08_two_districts"])
    assert alone.complete
