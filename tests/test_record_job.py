"""A region of which no document is held: it is published, shown and exported, each fact with its evidence."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.audit_desk import Desk
from tests.conftest import Place, edit
from tests.mutate.fast import Fast
from tests.recorded import CITED, FOLDER, RECORDED, add_recorded

PAGE = """2021年，成都地区生产总值19917.0亿元，德阳初步核算2656.6亿元。
成都比上年增长8.6%。
2022年5月，轨道交通开工。
"""


@pytest.fixture(scope="module")
def region(warehouse: Place, tmp_path_factory) -> Place:
    """One source known by a record and one by its address alone, and nothing else; read it only.

    Judged by every model, test and gate in this process, and shown.
    """
    folder = tmp_path_factory.mktemp("region")
    desk = Desk.empty(folder)
    add_recorded(desk.seeds)
    place = Place(desk.seeds, folder / "build", folder / "public")
    fast = judge(warehouse, place, folder / "first")
    assert fast.catches(place.seeds) == []
    fast.remake(place.seeds)
    fast.publish(place.public)
    return place


def judge(warehouse: Place, place: Place, scratch: Path) -> Fast:
    """What judges the seeds of a place, as a build after what has been published there."""
    scratch.mkdir()
    return Fast(warehouse.build, place.public, place.seeds, scratch, audits=place.build / "audit")


def rows(place: Place, sql: str) -> list[tuple]:
    with duckdb.connect(str(place.file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_each_fact_says_how_it_is_known(region: Place):
    assert rows(region, "select source_id, evidence, host_quality from marts.dim_source order by 1") == [
        (RECORDED, "RECORDED", "REPOST"),
        (CITED, "CITED", "PRESS"),
    ]
    known = "select evidence, host_quality, locator from marts."
    assert rows(region, f"{known}fct_observation order by observation_id") == [
        ("RECORDED", "REPOST", "record:city-output"),
        ("RECORDED", "REPOST", "record:city-output"),
        ("CITED", "PRESS", None),
    ]
    assert rows(region, f"{known}fct_claim") == [("RECORDED", "REPOST", "record:growth")]
    assert rows(region, f"{known}fct_event") == [("RECORDED", "REPOST", "record:opening")]
    assert rows(region, "select count(*) from marts.source_audit") == [(0,)]


def test_a_figure_leads_to_its_cell(region: Place):
    cells = rows(
        region, "select record_key, n_rows, n_exclusions, n_parts, n_parts_covered from marts.record_cell"
    )
    assert sorted(cells) == [
        ("city-output", 2, 0, 2, 2),
        ("growth", 1, 1, 2, 2),
        ("guess", 0, 1, 1, 1),
        ("opening", 1, 0, 2, 2),
    ]


def test_no_page_says_none_and_a_record_is_never_called_audited(region: Place):
    site = region.public / "site"
    for path in site.rglob("*.html"):
        if path.parent.name != "dbt":  # its own program is in the page
            assert not re.search(r"\bNone\b(?![.])", path.read_text(encoding="utf-8")), path
    recorded, cited = (
        (site / "sources" / f"{source}.html").read_text(encoding="utf-8") for source in (RECORDED, CITED)
    )
    assert "known by a fact record" in recorded
    assert 'id="record-city-output"' in recorded
    assert "cited only" in cited
    assert "1547.9亿元" in cited
    legend = '<p id="legend">'  # which explains every mark, on every page
    assert not any("audited" in page.split(legend)[0] for page in (recorded, cited))
    figures = (site / "indicators" / "GDP.html").read_text(encoding="utf-8")
    assert f"sources/{RECORDED}.html#record-city-output" in figures
    assert "known by a fact record" in figures


def test_the_downloads_carry_the_evidence(region: Place):
    folder = region.public / "sdmx"
    (file,) = folder.glob("*.csv")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        exported = list(csv.DictReader(stream))
    assert {row["EVIDENCE"] for row in exported} == {"RECORDED", "CITED"}
    assert {row["HOST_QUALITY"] for row in exported} == {"REPOST", "PRESS"}
    lists = {
        each["id"]: [code["id"] for code in each.get("codes", ())]
        for path in folder.glob("*.json")
        for each in json.loads(path.read_text(encoding="utf-8"))["data"]["codelists"]
    }
    assert lists["CL_EVIDENCE"] == ["AUDITED", "CITED", "HELD", "RECORDED"]
    package = json.loads((region.public / "datapackage.json").read_text(encoding="utf-8"))
    fields = {each["name"]: {f["name"] for f in each["schema"]["fields"]} for each in package["resources"]}
    assert {"evidence", "host_quality"} <= fields["fct_claim"] & fields["fct_event"] & fields["dim_source"]


def test_the_audit_has_nothing_to_say_against_it(region: Place, tmp_path: Path):
    code, output = region.tongcheng("audit", "--corpus", str(tmp_path))
    assert code == 0, output
    assert "2 sources, 1 with a fact record, 1 cited only" in output


def test_a_source_moves_up_by_one_approval_when_its_document_is_found(
    warehouse: Place, region: Place, tmp_path: Path
):
    """After the audit, by the command that stores its results where a build of these seeds finds them."""
    place = Place(shutil.copytree(region.seeds, tmp_path / "seeds"), tmp_path / "build", region.public)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "page.txt").write_text(PAGE, encoding="utf-8")
    digest = hashlib.sha256(PAGE.encode()).hexdigest()
    register = place.seeds / "sources.csv"
    with register.open(encoding="utf-8", newline="") as stream:
        sources = list(csv.DictReader(stream))
    sources[0] |= {"document": "page.txt", "document_sha256": digest, "line_range": "1-3"}
    with register.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(sources[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sources)
    for table, key, line in (
        ("observations", "city-output", 1),
        ("observations", "city-output", 1),
        ("claims", "growth", 2),
        ("events", "opening", 3),
    ):
        edit(place, f"{FOLDER}/{table}.csv", f"record:{key}", str(line))
    for _ in range(2):  # a document's own words for the time are quoted
        edit(place, f"{FOLDER}/observations.csv", ",,STATED", ",2021年,STATED")
    (place.seeds / FOLDER / "exclusions.csv").unlink()
    with (place.seeds / "revisions.csv").open("a", encoding="utf-8") as stream:
        columns = (place.seeds / "revisions.csv").read_text(encoding="utf-8").split("\n", 1)[0].split(",")
        row = {
            "row_id": RECORDED,
            "column_name": "document_sha256",
            "new_value": digest,
            "reason": "原文找到",
        }
        row |= {"date_approved": "2026-11-26"}
        stream.write(",".join(row.get(column, "") for column in columns) + "\n")
    code, output = place.tongcheng("audit", "--corpus", str(corpus))
    assert code == 0, output
    fast = judge(warehouse, place, tmp_path / "second")
    assert fast.catches(place.seeds) == []
    with duckdb.connect(str(fast.file), read_only=True) as connection:
        known = f"select evidence from marts.dim_source where source_id = '{RECORDED}'"
        assert connection.execute(known).fetchall() == [("AUDITED",)]
        verdicts = connection.execute(
            "select relation, column_name, verdict from marts.build_changes where change_type = 'CHANGED'"
        ).fetchall()
    assert set(verdicts) == {
        *(("dim_source", column, "APPROVED") for column in ("document", "document_sha256", "line_range")),
        *((f"fct_{fact}", "locator", "APPROVED") for fact in ("claim", "event", "observation")),
        ("fct_observation", "time_text", "APPROVED"),
    }
    history = "select count(*) from marts.change_history"
    with duckdb.connect(str(fast.file), read_only=True) as connection:
        (told,) = connection.execute(history).fetchone()
        (new,) = connection.execute("select count(*) from marts.build_changes").fetchone()
    with duckdb.connect(str(region.file), read_only=True) as connection:
        (before,) = connection.execute(history).fetchone()
    assert told == before + new
