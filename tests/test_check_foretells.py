"""`tongcheng check` refuses in seconds what needs no document, and what a build would refuse of relations."""

import pytest

from dagster_project.ingest.check import read_seeds
from dagster_project.ingest.relations import broken_relations
from dagster_project.seeds.as_written import Seeds
from dagster_project.settings import Settings
from tests.audit_desk import Desk

GDP = {"indicator_id": "GDP", "unit_measure": "CNY", "time_period_start": "2022-01-01",
       "time_period_end": "2022-06-30", "as_of_basis": "STATED", "time_text": "上半年"}  # fmt: skip
CITIES = {"510100": "9965.5亿元", "510600": "1312.6亿元", "511400": "760.3亿元", "512000": "421.9亿元"}


@pytest.fixture
def desk(tmp_path) -> Desk:
    """Four cities and their total, each part tied to it."""
    desk = Desk.empty(tmp_path)
    desk.document("上半年成德眉资四市。\n", line_range="1-1")
    desk.add("observations", 1, "逾1.2万亿元", "1200000000000", **GDP)
    for area, token in CITIES.items():
        number = str(int(float(token[:-2]) * 10) * 10_000_000)
        desk.add("observations", 1, token, number, **GDP | {"ref_area": area})
    tie(desk, "half-year.chengdu", "half-year.deyang", "half-year.meishan", "half-year.ziyang")
    return desk


def tie(desk: Desk, *ids: str, kind: str = "PART_OF_TOTAL", whole: str = "observations-1") -> None:
    same = {"relation_type": kind, "object_id": whole, "reason": "合计 · total"}
    rows = [
        same | {"relation_id": name, "subject_id": f"observations-{number}"}
        for number, name in enumerate(ids, 2)
    ]
    desk.write("relations", desk.seeds / "relations.csv", rows)


def refused(desk: Desk) -> str:
    report = read_seeds(Settings(desk.seeds, desk.build, desk.folder / "public"))
    return "\n".join(f"{reject.column_name}: {reject.rule}" for reject in report.rejects)


def change(desk: Desk, table: str, number: int, **cells: str) -> None:
    rows = desk.read(desk.table(table))
    rows[number - 1].update(cells)
    desk.write(table, desk.table(table), rows)


def test_parts_that_fit_into_a_hedged_total_are_no_fault(desk):
    assert refused(desk) == ""


def test_parts_beyond_the_total_are_refused(desk):
    change(desk, "observations", 5, value_text="1421.9亿元", obs_value="142190000000")
    assert "the 4 parts of half-year do not make the total" in refused(desk)


def test_a_total_with_a_single_part_is_told_how_parts_are_grouped(desk):
    tie(desk, "half-year-1", "half-year-2", "half-year-3", "half-year-4")
    assert "agree up to the last dot" in refused(desk)


def test_a_part_above_its_whole_is_refused(desk):
    tie(desk, "chengdu", kind="SUBSET", whole="observations-3")
    [(row, rule)] = broken_relations(Seeds(desk.seeds))
    assert row["relation_id"] == "chengdu"
    assert "the part is above its whole" in rule


def test_figures_of_several_places_do_not_go_together(desk):
    tie(desk, "cities", kind="GOES_WITH", whole="observations-3")
    assert "of one source, line, area and day" in refused(desk)


def test_a_part_in_another_unit_is_refused(desk):
    trains = {"indicator_id": "TRAIN_PAIRS_DAILY", "unit_measure": "TRAIN_PAIR", "value_text": "46对"}
    change(desk, "observations", 2, obs_value="46", **trains)
    assert "do not convert into each other" in refused(desk)


def test_a_figure_under_a_second_id_is_refused(desk):
    desk.add("observations", 1, "421.9亿元", "42190000000", **GDP | {"ref_area": "512000"})
    assert "under another id" in refused(desk)


def test_a_line_that_the_source_does_not_have_is_refused(desk):
    change(desk, "observations", 2, locator="2")
    assert "not one of the source's lines" in refused(desk)


EVENT = {"event_type": "MEETING", "status": "HELD", "date_precision": "DAY", "domain_id": "TRANSPORT"}


@pytest.mark.parametrize(
    ("date_text", "start", "end", "is_right"),
    [
        ("6月28日", "2022-06-28", "2022-06-28", True),
        ("6月28日", "2022-06-27", "2022-06-27", False),
        ("3月底", "2022-02-01", "2022-02-28", False),
        ("2021年10月", "2022-10-01", "2022-10-31", False),
        ("5月3日至6日", "2022-05-03", "2022-05-06", True),
        ("昨日", "2022-05-03", "2022-05-03", True),
    ],
)
def test_an_event_on_another_day_than_printed_is_refused(desk, date_text, start, end, is_right):
    desk.add("events", 1, date_text, **EVENT, date_start=start, date_end=end)
    assert ("not the date that is typed" in refused(desk)) is not is_right
