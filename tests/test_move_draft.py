"""`tongcheng move-draft`: what is complete is moved, what lacks something stays and says what."""

from __future__ import annotations

import csv

import pytest

from dagster_project.seeds.draft import DRAFT_COLUMNS, NOT_OF_TABLES
from dagster_project.seeds.files import DRAFT_FILE
from dagster_project.seeds.move_draft import OWN_NAMES, PRINTED, move_draft, run_move_draft
from dagster_project.seeds.new_bulletin import NewBulletin, NewBulletinError, new_bulletin
from dagster_project.seeds.schema import read_schema
from dagster_project.settings import Settings
from tests.audit_desk import Desk

TEXT = """河西、河东两区联动简报
2023年5月8日 发布
会议于5月6日举行,一次谈了许多。
目前动车日均开行121对,由100余家增至110多家。
上半年动车日均开行99对。
力争到2025年动车日均开行150对。
"""


@pytest.fixture
def desk(tmp_path) -> Desk:
    desk = Desk.empty(tmp_path, words=True)
    (desk.corpus / "report.txt").write_text(TEXT, encoding="utf-8")
    return desk


@pytest.fixture
def made(desk) -> NewBulletin:
    return new_bulletin(desk.corpus / "report.txt", desk.seeds, slug="a", as_of_default="2023-05-06")


def rows(made: NewBulletin, table: str) -> list[dict[str, str]]:
    with (made.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [{k: v for k, v in row.items() if v} for row in csv.DictReader(file)]


def correct(made: NewBulletin, **by_token: dict[str, str]) -> None:
    """What a person types into the draft: cells of a row, new columns included; of all rows by `every`."""
    drafted = rows(made, "draft")
    for row in drafted:
        row |= by_token.get("every", {}) | by_token.get(row["token"], {})
    names = list(dict.fromkeys(name for row in drafted for name in row))
    with (made.folder / DRAFT_FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(drafted)


def test_a_complete_row_is_moved_with_what_rows_nearly_always_say(desk, made):
    known = {"indicator_id": "TRAIN_PAIRS_DAILY", "ref_area": "X_CDMZ", "unit_measure": "TRAIN_PAIR"}
    correct(made, **{"121对": {**known, "judged": "x"}, "99对": {**known, "judged": "x"}})
    move_draft(desk.seeds, made.source_id)
    of_meeting, of_half = (
        row for row in rows(made, "observations") if row["value_text"] in ("121对", "99对")
    )
    assert of_meeting == {
        **known,
        "observation_id": "20230508-train-pairs-daily",
        "breakdown": "_T",
        "time_period_end": "2023-05-06",
        "as_of_basis": "MEETING",
        "value_text": "121对",
        "obs_value": "121",
        "obs_status": "A",
        "locator": "4",
    }
    assert of_half["observation_id"] == "20230508-train-pairs-daily-2"
    assert (of_half["time_period_end"], of_half["as_of_basis"]) == ("2023-06-30", "STATED")
    assert of_half["time_text"] == "上半年"


def test_every_column_of_a_draft_goes_into_a_table_or_is_read_by_itself(desk):
    schema = read_schema(desk.seeds)
    taken = {column for table in PRINTED for column in schema[table].named}
    taken |= {drafted for names in OWN_NAMES.values() for drafted in names}
    assert set(DRAFT_COLUMNS) - set(NOT_OF_TABLES) <= taken
    assert set(NOT_OF_TABLES) <= set(DRAFT_COLUMNS)


def test_what_lacks_something_stays_and_says_what(desk, made):
    typed = {"goes_to": "commitments", "title_zh": "动车", "commitment_type": "TARGET", "judged": "x"}
    correct(made, **{"150对": typed})
    _, stay = move_draft(desk.seeds, made.source_id)
    (promise,) = [row for row in stay if row["token"] == "150对"]
    assert {"title_en", "ref_area"} <= set(promise["missing"].split(", "))
    assert not {"title_zh", "commitment_type", "version", "date_announced"} & set(
        promise["missing"].split(", ")
    )
    assert "150对" in {row["token"] for row in rows(made, "draft")}


def test_an_exclusion_takes_the_reason_that_the_draft_proposes_or_a_date_shows(desk, made):
    correct(made, **{"2023年5月8日": {"goes_to": "exclusions"}, "2025年": {"goes_to": "exclusions"}})
    move_draft(desk.seeds, made.source_id)
    reasons = {row["token"]: row["reason"] for row in rows(made, "exclusions")}
    assert (reasons["2023年5月8日"], reasons["2025年"], reasons["100余家"]) == ("DATE", "PERIOD", "UNDATED")


def test_a_second_time_adds_nothing_and_the_end_of_the_draft_is_the_end(desk, made, capsys):
    settings = Settings(desk.seeds, desk.folder / "build", desk.folder / "public")
    assert run_move_draft(settings, made.source_id) == 1
    moved = rows(made, "exclusions")
    assert moved
    correct(made, every={"goes_to": "exclusions", "remark": "NOT_A_FIGURE"})
    assert run_move_draft(settings, made.source_id) == 0
    assert rows(made, "exclusions")[: len(moved)] == moved
    assert not (made.folder / DRAFT_FILE).exists()
    assert "the draft is done" in capsys.readouterr().out
    with pytest.raises(NewBulletinError, match="no draft"):
        move_draft(desk.seeds, made.source_id)


def test_a_row_that_was_typed_by_hand_is_not_added_again(desk, made):
    typed = "locator,token,reason,comment\n4,100余家,NOT_A_FIGURE,手填 · by hand\n"
    (made.folder / "exclusions.csv").write_text(typed, encoding="utf-8")
    _, stay = move_draft(desk.seeds, made.source_id)
    assert "100余家" not in {row["token"] for row in stay}
    assert [row["token"] for row in rows(made, "exclusions")].count("100余家") == 1
    assert (made.folder / "exclusions.csv").read_text(encoding="utf-8").startswith(typed)


def test_what_nobody_has_judged_stays(desk, made):
    _, stay = move_draft(desk.seeds, made.source_id)
    lacking = [row["missing"].split(", ") for row in stay if row["token"] in ("121对", "99对", "150对")]
    assert [cells[0] for cells in lacking] == ["judged"] * 3
    assert rows(made, "observations") == []


def test_a_promise_without_a_number_has_no_value_text(desk, made):
    typed = {
        "goes_to": "commitments", "title_zh": "到2025年", "title_en": "By 2025", "ref_area": "X_CDMZ",
        "domain_id": "TRANSPORT", "commitment_type": "MILESTONE", "modality": "STRIVE",
        "accounting": "AT_DATE", "authority": "REPORT", "due_date": "2025-12-31", "judged": "x",
    }  # fmt: skip
    correct(made, **{"2025年": typed})
    move_draft(desk.seeds, made.source_id)
    [promise] = rows(made, "commitments")
    assert "value_text" not in promise
    assert promise["due_date"] == "2025-12-31"
    assert {"locator": "6", "token": "2025年", "reason": "PERIOD"} in rows(made, "exclusions")


def test_a_code_that_nobody_knows_stays_and_is_told_with_what_is_near(desk, made):
    typed = {"indicator_id": "TRAIN_PAIRS_DAILY", "unit_measure": "TRAIN_PAIR", "judged": "x"}
    correct(
        made,
        **{
            "121对": {**typed, "ref_area": "X_CDM"},
            "99对": {**typed, "ref_area": "X_CDMZ", "indicator_id": "TRAIN_PAIR_DAILY"},
            "150对": {**typed, "ref_area": "X_CDMZ", "goes_to": "commitments", "modality": "STRIV"},
        },
    )
    _, stay = move_draft(desk.seeds, made.source_id)
    told = {row["token"]: row["missing"] for row in stay}
    assert "X_CDM is not in areas.csv；是否 · did you mean X_CDMZ" in told["121对"]
    assert "did you mean TRAIN_PAIRS_DAILY" in told["99对"]
    assert "STRIV is not in MODALITY；是否 · did you mean STRIVE" in told["150对"]
    assert rows(made, "observations") == []
    assert "TRAIN_PAIR_DAILY" not in (desk.seeds / "indicators.csv").read_text(encoding="utf-8")


def test_a_new_indicator_is_begun_once_and_its_figures_wait_for_it(desk, made):
    known = {"indicator_id": "NIGHT_BOATS", "ref_area": "X_CDMZ", "judged": "x"}
    correct(made, **{"121对": known, "99对": known})
    for _ in range(2):
        _, stay = move_draft(desk.seeds, made.source_id)
    assert {row["missing"] for row in stay if row["indicator_id"] == "NIGHT_BOATS"} == {
        "indicators.csv: NIGHT_BOATS: name_zh name_en definition_zh definition_en domain_id direction "
        "stock_flow freq"
    }
    with (desk.seeds / "indicators.csv").open(encoding="utf-8", newline="") as file:
        begun = [row for row in csv.DictReader(file) if row["indicator_id"] == "NIGHT_BOATS"]
    assert [{k: v for k, v in row.items() if v} for row in begun] == [
        {
            "indicator_id": "NIGHT_BOATS",
            "unit_measure": "TRAIN_PAIR",
            "is_headline": "false",
            "min_value": "0",
            "owner": "tongcheng curators",
        }
    ]


def test_two_promises_of_a_line_have_two_titles(desk, made):
    typed = {
        "goes_to": "commitments", "indicator_id": "TRAIN_PAIRS_DAILY", "ref_area": "X_CDMZ", "judged": "x",
        "commitment_type": "TARGET", "modality": "STRIVE", "authority": "REPORT", "due_date": "2023-12-31",
    }  # fmt: skip
    correct(made, **{"121对": typed, "110多家": typed})
    _, stay = move_draft(desk.seeds, made.source_id)
    [other] = [row for row in stay if row["goes_to"] == "commitments" and row["locator"] == "4"]
    assert "title_zh" in other["missing"]
