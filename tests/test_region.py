"""Another region: its seeds alone, with one bulletin, are judged by what holds anywhere, and published.

One is built by the whole job. What differs in the others are rows, so they are judged by the same loader,
models, tests and gates in this process, and shown by the same functions.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Place, edit
from tests.few_bulletins import MIANYANG, Row, keep, nothing, rewrite, rows_of, write_seeds
from tests.mutate.fast import Fast

FIGURES = f"bulletins/{MIANYANG}/observations.csv"
FACTS = {"observations": "fct_observation", "commitments": "fct_commitment"}


# What a gate has alarmed on and is right: indicator, unit, kind, least and greatest value; then its figures,
# each with first and last day, token, number and status.
RIGHT = {
    # A share of the track that is laid, and a rate of completion, which has no upper end.
    ("TRACK_LAID", "PERCENT", "RATE", "0", "100"): [
        ("", "2019-06-30", "6.8%", "6.8", "A"),
        ("", "2020-06-30", "67.2%", "67.2", "A"),
    ],
    ("PLAN_DONE", "PERCENT", "RATE", "0", ""): [
        ("2020-01-01", "2020-06-30", "121.08%", "121.08", "A"),
    ],
    # A net increase that is none, and a forecast for the year that runs.
    ("NET_INCREASE", "PERSON", "PERIOD_TOTAL", "", ""): [
        ("2019-01-01", "2019-12-31", "减少3000人", "-3000", "A"),
    ],
    ("OUTPUT", "CNY", "PERIOD_TOTAL", "0", ""): [
        ("2020-01-01", "2020-12-31", "约80亿元", "8000000000", "E"),
    ],
    # A measure word with what it counts, and two of them for the same roads.
    ("CLASSES", "CLASS", "POINT", "0", ""): [("", "2020-07-30", "118个班级", "118", "A")],
    ("ROADS", "ROAD", "POINT", "0", ""): [
        ("", "2019-12-31", "12条", "12", "A"),
        ("", "2020-07-30", "14个", "14", "A"),
    ],
    # A jump that is real and said to have been checked.
    ("SERVICES", "SERVICE_ITEM", "POINT", "0", ""): [
        ("", "2019-12-31", "12项", "12", "A"),
        ("", "2020-07-30", "210项", "210", "A"),
    ],
}


def region(folder: Path, source: str) -> Place:
    place = Place(folder / "seeds", folder / "build", folder / "public")
    write_seeds(place.seeds, [source])
    return place


def add(path: Path, *rows: Row) -> None:
    """Add rows to a seed file; columns that are not named stay blank."""
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header, restval="", lineterminator="\n").writerows(rows)


def tell_what_is_right(place: Place, bulletin: Path, like: Row) -> None:
    """Add the figures of RIGHT with their indicators, for the rest as a row of the real seeds."""
    catalogue = next(row for row in rows_of(place.seeds / "indicators.csv"))
    line = 20  # all within line_range of the bulletin
    for (indicator, unit, kind, least, greatest), figures in RIGHT.items():
        limits = {"min_value": least, "max_value": greatest}
        changed = {"indicator_id": indicator, "unit_measure": unit, "stock_flow": kind, **limits}
        add(place.seeds / "indicators.csv", {**catalogue, **changed})
        for start, end, token, value, status in figures:
            line += 1
            figure = {
                "observation_id": f"{indicator.lower()}-{end}",
                "indicator_id": indicator,
                "time_period_start": start,
                "time_period_end": end,
                "as_of_basis": "STATED",
                "time_text": "所述时期",
                "value_text": token,
                "obs_value": value,
                "unit_measure": unit,
                "locator": str(line),
                "obs_status": status,
                "initiative_id": "",
                "comment": "",
            }
            add(bulletin / "observations.csv", {**like, **figure})
    add(
        place.seeds / "relations.csv",
        {
            "relation_id": "services-2020",
            "relation_type": "STEP",
            "subject_id": "services-2020-07-30",
            "object_id": "services-2019-12-31",
            "reason": "两份清单逐项核对 · both lists were counted",
        },
    )


def manifest(place: Place) -> dict:
    return json.loads((place.public / "current" / "manifest.json").read_text(encoding="utf-8"))


def test_a_region_with_one_bulletin_is_published(one_bulletin: Place):
    output = (one_bulletin.public.parent / "output.txt").read_text(encoding="utf-8")
    published = manifest(one_bulletin)
    gates = {(c["relation"], c["name"]): c["passed"] for c in published["checks"] if c["part"] == "gates"}
    assert gates["fct_observation", "wenchang_quarters_2020"]
    skipped = {(one["relation"], one["name"]) for one in published["skipped"]}
    assert ("fct_observation", "train_pairs_2020") in skipped
    assert not skipped & gates.keys()
    assert all(MIANYANG not in one["pins"] for one in published["skipped"])
    assert f"skipped: {len(skipped)} gates" in output
    assert "emitted no result" not in output
    page = (one_bulletin.build / "gates" / "index.html").read_text(encoding="utf-8")
    assert page.count("not applicable, skipped") == len(skipped)


def test_a_wrong_pinned_fact_of_a_loaded_bulletin_stops_the_build(warehouse: Place, tmp_path: Path):
    """Token and value agree: neither the check nor a test sees it, only the pin, which blocks publication."""
    place = region(tmp_path, MIANYANG)
    edit(place, FIGURES, "59个,59,", "58个,58,")
    (caught,) = Fast(warehouse.build, place.public, place.seeds, tmp_path).catches(place.seeds)
    assert (caught.layer, caught.by) == ("gate", "fct_observation.wenchang_quarters_2020")
    assert "58" in caught.row


@pytest.mark.parametrize("kind", ["observations", "commitments"])
def test_a_region_that_tells_one_thing_only_is_published(warehouse: Place, tmp_path: Path, kind: str):
    """One row of one kind, with what it refers to in the catalogues, and nothing that anybody has pinned.

    Figures also tell what no gate may alarm on. Report and downloads have nothing to show of most marts.
    """
    place = region(tmp_path, MIANYANG)
    bulletin = place.seeds / "bulletins" / "2020-07-30_elsewhere"
    (place.seeds / "bulletins" / MIANYANG).rename(bulletin)
    edit(place, "sources.csv", MIANYANG, bulletin.name)
    for path in bulletin.glob("*.csv"):
        if path.name != f"{kind}.csv":
            keep(path, nothing)
    first = rows_of(bulletin / f"{kind}.csv")[-1]
    own = {} if first.get("indicator_id") else {"domain_id": "GOVERNANCE"}  # its programme goes
    blank = ("initiative_id", "fulfils_commitment_id", "base_observation_id")
    rewrite(
        bulletin / f"{kind}.csv",
        lambda row: {k: "" if k in blank else v for k, v in row.items()} | own if row == first else None,
    )
    for name in ("relations", "revisions", "area_members", "breaks"):
        keep(place.seeds / f"{name}.csv", nothing)
    areas = {row["ref_area"]: row for row in rows_of(place.seeds / "areas.csv")}
    wanted, path = set((first.get("ref_area") or first["areas"]).split(";")), place.seeds / "areas.csv"
    while above := {areas[area]["parent_area"] for area in wanted} - wanted - {""}:
        wanted |= above
    keep(path, lambda row: row["ref_area"] in wanted)
    indicators = place.seeds / "indicators.csv"
    keep(indicators, lambda row: row["indicator_id"] == first.get("indicator_id"))
    if kind == "observations":
        tell_what_is_right(place, bulletin, first)
    fast = Fast(warehouse.build, place.public, place.seeds, tmp_path)
    assert fast.catches(place.seeds) == []
    fast.publish(place.public)
    with duckdb.connect(str(place.file), read_only=True) as connection:
        told = f"select count(*) from marts.{FACTS[kind]} where source_id = '{bulletin.name}'"
        assert connection.execute(told).fetchone() == (len(rows_of(bulletin / f"{kind}.csv")),)
    (source,) = (place.public / "site" / "sources").glob("*.html")
    assert source.stem == bulletin.name
    assert (place.public / "downloads" / "README.txt").exists()
