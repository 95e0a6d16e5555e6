"""Pages of some thirty figures, from their text to seeds that hold: how many cells a person types.

The pages (curator/*.txt) are made up; the .csv of a page has one line for each cell that is not proposed.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pytest

from dagster_project.ingest.loader import load_seeds
from dagster_project.seeds.draft import DRAFT_COLUMNS
from dagster_project.seeds.files import DRAFT_FILE
from dagster_project.seeds.move_draft import run_move_draft
from dagster_project.seeds.new_bulletin import NewBulletin, add_rows, new_bulletin
from dagster_project.settings import Settings
from tests.audit_desk import Desk
from tests.few_bulletins import Row, rewrite, rows_of

HERE = Path(__file__).parent / "curator"
MOST = {"ziyang": 47, "deyang": 134}  # cells; eight of deyang's figures are of indicators not known yet


ROWS = {
    "ziyang": {"observations": 29, "claims": 5, "commitments": 3, "events": 3},
    "deyang": {"observations": 30, "claims": 10, "commitments": 7, "events": 2},
}


@dataclass(frozen=True)
class Page:
    """What was made of a page, and the last exit code of moving its draft."""

    desk: Desk
    made: NewBulletin
    left: int


def typed(name: str) -> list[Row]:
    return rows_of(HERE / f"{name}.csv")


def type_in(made: NewBulletin, seeds: Path, cells: Iterable[Row]) -> None:
    """Type cells; of a row that is there already, none may say what was proposed."""
    files = {"draft": made.folder / DRAFT_FILE, "exclusions": made.folder / "exclusions.csv"}
    names = {"draft": "token", "indicators": "indicator_id", "sources": "source_id"}
    new: dict[tuple[str, str], Row] = {}
    for cell in cells:
        file, column = cell["file"], cell["column"]
        if file not in names:
            new.setdefault((file, cell["row"]), {})[column] = cell["value"]
            continue
        wanted = cell["row"] or made.source_id

        def change(row: Row, cell: Row = cell, key: str = names[file], wanted: str = wanted) -> Row:
            if row[key] == wanted:
                assert row.get(cell["column"]) != cell["value"], f"typed although it is proposed: {cell}"
                row[cell["column"]] = cell["value"]
            return row

        rewrite(files.get(file, seeds / f"{file}.csv"), change)
    for (file, _), row in new.items():
        add_rows(files.get(file, seeds / f"{file}.csv"), [row])


def curate(desk: Desk, name: str) -> tuple[NewBulletin, int]:
    """What a curator does with the page, but for reading it."""
    seeds, text = desk.seeds, desk.corpus / f"{name}.txt"
    text.write_bytes((HERE / f"{name}.txt").read_bytes())
    made, cells = new_bulletin(text, seeds, slug=f"{name}_page"), typed(name)
    settings = Settings(seeds, desk.build, desk.folder / "public")
    type_in(made, seeds, (cell for cell in cells if cell["file"] in ("sources", "draft")))
    run_move_draft(settings, made.source_id, judged="1-29")
    type_in(made, seeds, (cell for cell in cells if cell["file"] not in ("sources", "draft")))
    return made, run_move_draft(settings, made.source_id, judged="1-29")


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Callable[[str], Page]:
    @cache
    def of(name: str) -> Page:
        desk = Desk.empty(tmp_path_factory.mktemp(name), words=True, statements=True)
        return Page(desk, *curate(desk, name))

    return of


@pytest.fixture
def made(pages) -> NewBulletin:
    return pages("ziyang").made


def told(made: NewBulletin, table: str) -> list[Row]:
    with (made.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [{k: v for k, v in row.items() if v} for row in csv.DictReader(file)]


@pytest.mark.parametrize("name", MOST)
def test_a_page_of_thirty_figures_needs_few_cells(pages, name):
    page = pages(name)
    assert page.left == 0
    counts = {table: len(told(page.made, table)) for table in ROWS[name]}
    assert counts == ROWS[name]
    assert len(typed(name)) <= MOST[name]


@pytest.mark.parametrize("name", MOST)
def test_the_draft_has_a_column_for_all_that_is_proposed(pages, name):
    proposed = {column for each in pages(name).made.candidates for column in each.codes}
    assert proposed <= set(DRAFT_COLUMNS)


@pytest.mark.parametrize("name", MOST)
def test_its_rows_are_taken_and_the_text_bears_them_out(pages, name):
    desk = pages(name).desk
    with duckdb.connect() as connection:
        assert not load_seeds(connection, desk.seeds).rejects
    source = desk.source()
    assert (source.missing, source.wrong, source.untold) == ((), (), ())


def test_a_change_is_of_its_figure_and_of_its_period(made):
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


def test_the_title_says_where_and_when(made):
    times = {
        row["value_text"]: (row.get("time_period_start"), row["time_period_end"], row.get("time_text"))
        for row in told(made, "observations")
    }
    assert times["31微克/立方米"] == ("2024-01-01", "2024-12-31", "2024年")
    assert times["约226万人"] == (None, "2024-12-31", "年末")
    assert times["46所"] == (None, "2024-12-31", "截至2024年12月底")
    assert times["12条"] == (None, "2025-03-17", None)  # 目前
    assert {row["ref_area"] for row in told(made, "observations")} == {"512000"}


def test_a_forecast_is_an_estimate_and_a_promise_says_how_firm_it_is(made):
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
