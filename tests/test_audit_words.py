"""What a row says in codes and in our words is printed where it stands: each rule once red, once green."""

import pytest

from dagster_project.audit.comparison import audit
from tests.audit_desk import Desk

SOURCE = "2023-05-08_two_districts"
TEXT = """成德眉资同城化通报
德阳日开行动车46对,跨市公交增至9条。
去年1-11月绵阳站铁路运输到发货总量达到99万吨,同比增长17%。
眉山与资阳签署环线合作协议。
力争2025年建成滨江绿道。
预计全年客流量达300万人次。
成都5所学校、1200名学生受益。
5月3日环线评审会召开。
"""
FREIGHT = {
    "indicator_id": "HUANGXU_RAIL_FREIGHT",
    "ref_area": "510700",
    "as_of_basis": "STATED",
    "time_text": "去年1-11月",
    "time_period_start": "2022-01-01",
    "time_period_end": "2022-11-30",
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Desk:
    """A bulletin of which every word is right; not to be changed."""
    desk = Desk.empty(tmp_path_factory.mktemp("words"), words=True)
    desk.document(TEXT)
    desk.add("observations", 2, "46对", "46", ref_area="510600")
    desk.add("observations", 2, "9条", "9", indicator_id="INTERCITY_BUS_LINES")
    desk.add("observations", 3, "99万吨", "990000", **FREIGHT)
    desk.add(
        "claims", 3, "17%", "17", claim_type="PCT_CHANGE", base_text="同比", **{**FREIGHT, "time_text": ""},
        observation_id="observations-3",
    )  # fmt: skip
    ridership = {"indicator_id": "RAIL_RIDERSHIP_DAILY", "obs_status": "E"}
    desk.add("observations", 6, "300万人次", "3000000", **ridership)
    desk.add("observations", 7, "5所", "5", indicator_id="SCHOOLS_PAIRED", ref_area="510100")
    desk.add("observations", 7, "1200名", "1200", indicator_id="STUDENTS_SERVED", ref_area="510100")
    desk.relate("observations-5", "observations-6", "GOES_WITH")
    desk.add("initiatives", 4, "环线合作协议", areas="511400;512000")
    desk.add("initiatives", 5, "滨江绿道")
    desk.add(
        "events", 4, "", title_zh="签署环线合作协议", status="SIGNED", initiative_id="initiatives-1",
        areas="511400;512000",
    )  # fmt: skip
    desk.add("events", 8, "5月3日", title_zh="环线评审会", date_start="2023-05-03", date_end="2023-05-03")
    desk.add(
        "commitments", 5, "", title_zh="建成滨江绿道", modality="STRIVE", due_date="2025-12-31",
        initiative_id="initiatives-2",
    )  # fmt: skip
    desk.add("exclusions", 5, "2025年", reason="PERIOD")
    return desk


@pytest.fixture
def desk(finished, tmp_path) -> Desk:
    """A copy of it that a test may spoil."""
    return finished.copy_to(tmp_path)


def _change(desk: Desk, table: str, number: int, cells: dict[str, str]) -> None:
    rows = desk.read(desk.table(table))
    rows[number - 1].update(cells)
    desk.write(table, desk.table(table), rows)


def test_what_the_words_say_passes(finished):
    source = finished.source()
    assert [finding.rule for finding in (*source.wrong, *source.missing)] == []


WRONG = [
    (
        "observations",
        1,
        {"ref_area": "450700"},
        "the area is not named here; if by another name, add that to its printed: 450700",
    ),
    (
        "events",
        1,
        {"areas": "511400;500000"},
        "the area is not named here; if by another name, add that to its printed: 500000",
    ),
    ("observations", 1, {"indicator_id": "INTERCITY_BUS_LINES"}, None),  # its word stands beside it too
    ("observations", 1, {"indicator_id": "CLASSES_SERVED"}, "no word for the indicator beside it"),
    ("events", 1, {"title_zh": "供水工程验收"}, "title_zh does not match the text here"),
    ("initiatives", 2, {"name_zh": "城市森林公园"}, "name_zh does not match the text here"),
    ("events", 1, {"locator": "2"}, "title_zh does not match the text here"),
    ("events", 1, {"initiative_id": "initiatives-2"}, "the initiative is not named here"),
    ("events", 1, {"status": "UNDER_WAY"}, "status is UNDER_WAY, the words say: SIGNED"),
    ("commitments", 1, {"modality": "EXPLORE"}, "modality: no word here says: EXPLORE"),
    ("observations", 4, {"obs_status": "A"}, "obs_status is A, the words say: E"),
    ("observations", 1, {"obs_status": "P"}, "obs_status: no word here says: P"),
    ("observations", 1, {"breakdown": "FIRST_BATCH"}, "breakdown: no word here says: FIRST_BATCH"),
    ("claims", 1, {"claim_type": "SHARE"}, "claim_type is SHARE, the words say: DOUBLED_N;"),
    ("observations", 1, {"time_period_end": "2022-05-08"}, "the day of publication is 2023-05-08"),
    ("observations", 1, {"as_of_basis": "MEETING"}, "the day of the meeting is 2023-05-08"),
    ("observations", 3, {"time_text": ""}, "a stated time needs its wording"),
    ("observations", 3, {"time_period_start": ""}, "not the printed months"),
    ("observations", 3, {"time_period_end": "2022-12-31"}, "not the printed months"),
    (
        "observations",
        3,
        {"time_period_start": "2021-01-01", "time_period_end": "2021-11-30"},
        "not the year of 去年1-11月",
    ),
    ("events", 2, {"date_start": "2022-05-03", "date_end": "2022-05-03"}, "it must be the latest such day"),
    ("events", 1, {"date_end": "2022-05-08"}, "no date is printed: give the"),
    ("commitments", 1, {"due_date": "2026-12-31"}, "the year is not printed here: 2026"),
    ("commitments", 1, {"date_announced": "2022-05-08"}, "date_announced is not a printed day"),
]


@pytest.mark.parametrize(("table", "number", "cells", "rule"), WRONG)
def test_what_the_words_do_not_say_is_found(desk, table, number, cells, rule):
    _change(desk, table, number, cells)
    wrong = "\n".join(finding.rule for finding in desk.source().wrong)
    assert rule in wrong if rule else not wrong


def test_figures_printed_together_are_tied(desk):
    desk.write("relations", desk.seeds / "relations.csv", [])
    [finding] = desk.source().wrong
    assert "printed together, no row of relations.csv" in finding.rule
    assert finding.row.endswith("observations-6")


def test_a_parent_of_another_bulletin_is_named(desk):
    other = "2023-06-01_other"
    desk.document("临港产业带建设。", other, date_published="2023-06-01", as_of_default="2023-06-01")
    row = {**desk.read(desk.table("initiatives"))[1], "initiative_id": "belt", "name_zh": "临港产业带"}
    desk.append("initiatives", desk.table("initiatives", other), {**row, "locator": "1"})
    _change(desk, "initiatives", 2, {"parent_initiative_id": "belt"})
    first, second = (document.sources[0] for document in audit(desk.seeds, desk.corpus))
    assert ["this source does not name the parent: belt" in finding.rule for finding in first.wrong] == [True]
    assert second.wrong == ()


def test_the_id_of_a_source_is_of_its_day(tmp_path):
    desk = Desk.empty(tmp_path)
    desk.document("通报。", date_published="2022-05-08", as_of_default="2022-05-07")
    [finding] = desk.source().wrong
    assert "the id names another day: 2023-05-08" in finding.rule
