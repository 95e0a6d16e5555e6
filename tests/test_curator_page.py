"""A page of some thirty figures, from its text to seeds that hold: how many cells a person types.

The page (curator/page.txt) is made up; typed.csv has one line for each cell that the draft does not propose.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from dagster_project.ingest.loader import load_seeds
from dagster_project.seeds.files import DRAFT_FILE
from dagster_project.seeds.move_draft import run_move_draft
from dagster_project.seeds.new_bulletin import NewBulletin, add_rows, new_bulletin
from dagster_project.settings import Settings
from tests.audit_desk import Desk
from tests.few_bulletins import Row, rewrite, rows_of

HERE = Path(__file__).parent / "curator"
TYPED = rows_of(HERE / "typed.csv")
MOST = 58  # cells; a page of thirty figures is to be in within ten minutes


def type_in(seeds: Path, made: NewBulletin) -> int:
    """Type every cell; returns how many said what was proposed already."""
    idle = 0
    files = {"sources": seeds / "sources.csv", "draft": made.folder / DRAFT_FILE}
    new: dict[str, Row] = {}
    for cell in TYPED:
        if cell["file"] == "indicators":
            new.setdefault(cell["row"], {})[cell["column"]] = cell["value"]
            continue

        def change(row: Row, cell: Row = cell) -> Row:
            nonlocal idle
            if (
                cell["row"] in (row.get("token"), "")
                and row.get("source_id", made.source_id) == made.source_id
            ):
                idle += row[cell["column"]] == cell["value"]
                row[cell["column"]] = cell["value"]
            return row

        rewrite(files[cell["file"]], change)
    add_rows(seeds / "indicators.csv", new.values())
    return idle


def curate(seeds: Path, text: Path) -> NewBulletin:
    """What a curator does with the page, but for reading it."""
    made = new_bulletin(text, seeds, slug="ziyang_communique")
    assert type_in(seeds, made) == 0, "typed although it is proposed"
    return made


@pytest.fixture(scope="module")
def moved(tmp_path_factory) -> tuple[Desk, NewBulletin, int]:
    folder = tmp_path_factory.mktemp("page")
    desk = Desk.empty(folder, words=True, statements=True)
    text = desk.corpus / "page.txt"
    text.write_bytes((HERE / "page.txt").read_bytes())
    made = curate(desk.seeds, text)
    settings = Settings(desk.seeds, desk.build, folder / "public")
    return desk, made, run_move_draft(settings, made.source_id, judged="1-28")


def told(made: NewBulletin, table: str) -> list[Row]:
    with (made.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [{k: v for k, v in row.items() if v} for row in csv.DictReader(file)]


def test_a_page_of_thirty_figures_needs_few_cells(moved):
    _, made, left = moved
    assert left == 0
    counts = Counter({t: len(told(made, t)) for t in ("observations", "claims", "commitments", "events")})
    assert counts == {"observations": 29, "claims": 5, "commitments": 3, "events": 3}
    assert len(TYPED) <= MOST


def test_its_rows_are_taken_and_the_text_bears_them_out(moved):
    desk, _, _ = moved
    with duckdb.connect() as connection:
        assert not load_seeds(connection, desk.seeds).rejects
    source = desk.source()
    assert (source.missing, source.wrong, source.untold) == ((), (), ())


def test_a_change_is_of_its_figure_and_of_its_period(moved):
    _, made, _ = moved
    figures = {row["observation_id"]: row for row in told(made, "observations")}
    tied = {row["value_text"]: figures[row["observation_id"]] for row in told(made, "claims")}
    assert {claim: figure["value_text"] for claim, figure in tied.items()} == {
        "5.8%": "1085.6亿元",
        "1.2个百分点": "46.8%",
        "4.5%": "43210元",
        "6.3%": "22650元",
        "翻了一番": "1.6万余人次",
    }
    [change] = [row for row in told(made, "claims") if row["value_text"] == "翻了一番"]
    assert change["indicator_id"] == "INTERCITY_BUS_RIDERSHIP_DAILY"  # as the person corrected the figure
    assert (change["base_period_start"], change["base_period_end"]) == ("2021-01-01", "2021-12-31")


def test_the_title_says_where_and_when(moved):
    _, made, _ = moved
    times = {
        row["value_text"]: (row.get("time_period_start"), row["time_period_end"], row.get("time_text"))
        for row in told(made, "observations")
    }
    assert times["31微克/立方米"] == ("2024-01-01", "2024-12-31", "2024年")
    assert times["约226万人"] == (None, "2024-12-31", "年末")
    assert times["46所"] == (None, "2024-12-31", "截至2024年12月底")
    assert times["12条"] == (None, "2025-03-17", None)  # 目前
    assert {row["ref_area"] for row in told(made, "observations")} == {"512000"}


def test_a_forecast_is_an_estimate_and_a_promise_says_how_firm_it_is(moved):
    _, made, _ = moved
    [forecast] = [row for row in told(made, "observations") if row["obs_status"] == "E"]
    assert (forecast["value_text"], forecast["time_period_end"]) == ("227万人", "2025-12-31")
    assert [
        (row["value_text"], row["modality"], row["accounting"], row.get("period_start"), row["title_zh"])
        for row in told(made, "commitments")
    ] == [
        ("18条", "STRIVE", "AT_DATE", None, "2027年资阳市跨市公交线路数"),
        ("56所", "ENSURE", "AT_DATE", None, "2025年资阳市结对共建学校数"),
        ("60亿元", "PLAN", "OVER_PERIOD", "2025-01-01", "2025年资阳市交通投资完成额"),
    ]
