"""Pages about figures that are known in several ways, told several times, of several kinds of period."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from dagster_project.report.facts import Facts, read_facts
from tests.conftest import ROOT, Place
from tests.mutate.fast import Fast
from tests.recorded import CITED, OBSERVATIONS, RECORDED, add_recorded
from tests.test_report import leads_nowhere, pages_of

PAGE = "indicators/GDP.html"
# Source: issuer, carrier, precision of its date; figures: area, first day, last day, as printed, yuan,
# status.
TOLD = {
    "2021-03-01_office": (
        ("统计局", "OFFICIAL", "DAY"),
        [
            ("510100", "2020-01-01", "2020-12-31", "17716.7亿元", 1_771_670_000_000, "A"),
            ("510600", "2020-01-01", "2020-12-31", "2404.1亿元", 240_410_000_000, "A"),
            ("512000", "2020-01-01", "2020-12-31", "807.5亿元", 80_750_000_000, "A"),
            ("510100", "2020-01-01", "2020-06-30", "8298.63亿元", 829_863_000_000, "A"),
        ],
    ),
    "2022-05-20_paper": (
        ("某媒体", "PRESS", "DAY"),
        [
            ("510100", "2021-01-01", "2021-12-31", "近2万亿元", 2_000_000_000_000, "A"),
            ("510100", "2021-01-01", "2021-06-30", "9602.72亿元", 960_272_000_000, "A"),
        ],
    ),
    "2022-05-21_office": (
        ("统计局", "OFFICIAL", "DAY"),
        [
            ("510600", "2021-01-01", "2021-12-31", "2650.0亿元", 265_000_000_000, "A"),
            ("512000", "2021-01-01", "2021-12-31", "890.5亿元", 89_050_000_000, "A"),
        ],
    ),
    "2022-05-01_some_day_in_may": (
        ("某媒体", "REPOST", "MONTH"),
        [("512000", "2021-01-01", "2021-12-31", "905.1亿元", 90_510_000_000, "A")],
    ),
}


def add_told(seeds: Path) -> None:
    """Sources that are cited only, and their figures of economic output."""
    register = seeds / "sources.csv"
    columns = register.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    common = {
        "title_zh": "经济运行",
        "title_en": "Output",
        "publisher": "某局",
        "doc_type": "FEATURE",
        "date_basis": "网页所写 · as on the page",
        "script": "HANS",
        "citation": "某局 · An office",
    }
    for source, ((issuer, carrier, precision), figures) in TOLD.items():
        own = {"source_id": source, "date_published": source[:10], "date_precision": precision}
        row = common | own | {"issuer": issuer, "host_quality": carrier}
        with register.open("a", encoding="utf-8") as stream:
            stream.write(",".join(f'"{row.get(column, "")}"' for column in columns) + "\n")
        lines = [
            f"{source[:10]}.{place},GDP,{area},_T,{start},{end},STATED,{text},{value},CNY,,{status}\n"
            for place, (area, start, end, text, value, status) in enumerate(figures)
        ]
        folder = seeds / "bulletins" / source
        folder.mkdir()
        (folder / "observations.csv").write_text(OBSERVATIONS + "".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def told(warehouse: Place, tmp_path_factory) -> Place:
    """The real seeds with a fact record and addresses alone beside them, judged and shown."""
    folder = tmp_path_factory.mktemp("told")
    place = Place(folder / "seeds", folder / "build", folder / "public")
    shutil.copytree(ROOT / "seeds", place.seeds)
    add_recorded(place.seeds)
    add_told(place.seeds)
    fast = Fast(warehouse.build, place.public, place.seeds, folder)
    assert fast.catches(place.seeds) == []
    fast.publish(place.public)
    return place


@pytest.fixture(scope="module")
def facts(told: Place) -> Facts:
    with duckdb.connect(str(told.file), read_only=True) as connection:
        return read_facts(connection)


def main_of(told: Place, name: str) -> str:
    """A page without its foot, which explains every mark."""
    return (told.public / "site" / name).read_text(encoding="utf-8").split("<footer")[0]


def rows_of(page: str, section: str) -> list[str]:
    """What stands under a heading, a list per series, those that are folded last."""
    tables = page.partition(f'<h2 id="{section}"')[2].partition("<h2")[0]
    return re.findall(r"<tbody>(.*?)</tbody>", tables, re.DOTALL)


def test_no_page_prints_none_and_every_link_leads_somewhere(told: Place):
    site = told.public / "site"
    for path in pages_of(site):
        assert not re.search(r"\bNone\b", path.read_text(encoding="utf-8")), path
    assert leads_nowhere(site) == []


def test_every_figure_says_how_it_is_known_and_what_became_of_it(told: Place, facts: Facts):
    page = main_of(told, PAGE)
    figures = [row for row in facts["observations"] if row["indicator_id"] == "GDP"]
    assert {row["evidence"] for row in figures} == {"HELD", "RECORDED", "CITED"}
    assert {row["vintage_status"] for row in figures} >= {"CURRENT", "CONFIRMS", "REPLACED", "UNDECIDED"}
    for figure in figures:
        row = page.split(f'<tr id="{figure["observation_id"]}">')[1].split("</tr>")[0]
        assert facts.code("EVIDENCE", figure["evidence"]).en in row
        assert facts.code("HOST_QUALITY", figure["host_quality"]).zh in row
        status = facts.code("VINTAGE_STATUS", figure["vintage_status"])
        assert (status.en in row) == (figure["vintage_status"] != "CURRENT")
        confirmed = figure["n_confirmed_by"] and figure["vintage_status"] == "CURRENT"
        assert (f"confirmed by later reports: {figure['n_confirmed_by']}" in row) == bool(confirmed)


def test_series_do_not_mingle_and_the_representative_one_comes_first(told: Place, facts: Facts):
    page = main_of(told, PAGE)
    series = {row["observation_id"]: row for row in facts["observations"]}
    groups = [
        [series[name] for name in re.findall('<tr id="([^"]+)">', body)] for body in rows_of(page, "figures")
    ]
    assert all(len({row["series_id"] for row in group}) == 1 for group in groups)
    first = [group[0]["is_representative"] for group in groups]
    assert first == sorted(first, reverse=True)
    of_chengdu = [group[0]["period_type"] for group in groups if group[0]["ref_area"] == "510100"]
    assert of_chengdu[0] == "A"
    assert "H1" in of_chengdu[1:]
    assert "2021年上半年" in page
    assert "first half of 2021" in page
    changes = rows_of(page, "changes")
    assert any("2020年</span>" in body for body in changes)
    assert not any("2020年</span>" in body and "上半年" in body for body in changes)


def test_a_chart_per_kind_of_period(told: Place):
    captions = re.findall("<figcaption>(.*?)</figcaption>", main_of(told, PAGE))
    assert len(captions) == len(set(captions)) > 1
    assert "whole year" in captions[0]
    assert "first half" in "".join(captions[1:])


def test_a_change_between_two_kinds_of_evidence_is_marked(told: Place, facts: Facts):
    mixed = [row for row in facts["series_changes"] if row["evidence_mixed"]]
    assert mixed
    page = main_of(told, PAGE)
    assert "▲*" in "".join(rows_of(page, "changes"))
    assert "▲*" in page.split('id="figures"')[0]  # the trend


def test_conflicts_say_their_kind_and_whether_the_order_is_known(told: Place, facts: Facts):
    bodies = rows_of(main_of(told, PAGE), "conflicts")
    conflicts = [row for row in facts["conflicts"] if row["indicator_id"] == "GDP"]
    assert len(bodies) == len({row["series_id"] for row in conflicts})
    of = {
        area: next(b for b in bodies if name in b) for area, name in (("510600", "德阳"), ("512000", "资阳"))
    }
    assert "not known" not in of["510600"]
    assert "not known" in of["512000"]
    for row in conflicts:
        assert any(facts.code("CONFLICT_TYPE", row["conflict_type"]).zh in body for body in bodies)


def test_a_source_without_a_document_says_what_it_has_and_never_that_it_is_audited(told: Place, facts: Facts):
    for source, words in ((RECORDED, "known by a fact record"), (CITED, "cited only")):
        page = main_of(told, f"sources/{source}.html")
        assert words in page
        assert "sha256" not in page
        assert facts.code("EVIDENCE", "AUDITED").en not in page
    assert 'id="record-city-output"' in main_of(told, f"sources/{RECORDED}.html")
    assert "1547.9亿元" in main_of(told, f"sources/{CITED}.html")
    listed = main_of(told, "sources.html")
    row = listed.split(f'<tr id="{CITED}">')[1].split("</tr>")[0]
    assert "no document to audit" in row
    assert "cited only" in row


def test_a_day_of_publication_is_said_as_exactly_as_it_is_known(told: Place):
    about = main_of(told, "sources/2022-05-01_some_day_in_may.html").partition("<dl")[2].partition("</dl>")[0]
    assert "2022年5月" in about
    assert "2022-05-01" not in about
