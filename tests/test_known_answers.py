"""Figures whose right answers are worked out by hand: the models and the script beside them give them both.

The figures and the answers stand in known_answers.yaml.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import pytest
import yaml

from tests.conftest import ROOT, Place, copy_file
from tests.mutate.fast import Fast
from tests.scale import by_hand

KNOWN = yaml.safe_load(Path(__file__).with_name("known_answers.yaml").read_text(encoding="utf-8"))
CASES = {case["case"]: case for case in KNOWN["cases"]}
DAYS = sorted({str(day) for case in CASES.values() for day in case.get("answers_on", ())})
OF_REAL_FACTS = ("relations", "revisions")
AREA = "X_CHENGYU"


def write_seeds(folder: Path) -> Path:
    """The cases as a seeds folder: one indicator each, all bulletins of one area."""
    folder.mkdir()
    shutil.copytree(ROOT / "seeds" / "schema", folder / "schema")
    for catalogue in (ROOT / "seeds").glob("*.csv"):
        shutil.copy(catalogue, folder)
    for table in OF_REAL_FACTS:
        header, _, _ = (folder / f"{table}.csv").read_text(encoding="utf-8").partition("\n")
        (folder / f"{table}.csv").write_text(f"{header}\n", encoding="utf-8")
    write(folder / "sources.csv", [source_row(source) for source in KNOWN["sources"]])
    write(folder / "indicators.csv", [indicator_row(case) for case in CASES.values()])
    write(
        folder / "breaks.csv",
        [
            {
                "indicator_id": case["indicator"]["id"],
                "ref_area": AREA,
                "break_date": one["date"],
                "reason": one["reason"],
                "comparability": one.get("comparability", ""),
            }
            for case in CASES.values()
            for one in case.get("breaks", ())
        ],
    )
    for source in KNOWN["sources"]:
        rows = [
            figure_row(case, figure)
            for case in CASES.values()
            for figure in case["figures"]
            if figure["source"] == source["id"]
        ]
        write(folder / "bulletins" / source["id"] / "observations.csv", rows)
    return folder


def write(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def source_row(source: dict) -> dict:
    return {
        "source_id": source["id"],
        "title_zh": "示例",
        "title_en": "Example",
        "issuer": source["issuer"],
        "publisher": "示例",
        "doc_type": "NEWS_REPORT",
        "date_published": source["published"],
        "date_precision": source.get("precision"),
        "date_basis": "stated",
        "host_quality": "OFFICIAL",
        "script": "HANS",
        "citation": "example",
    }


def indicator_row(case: dict) -> dict:
    indicator = case["indicator"]
    return {
        "indicator_id": indicator["id"],
        "name_zh": f"示例 {indicator['id']}",
        "name_en": indicator["id"],
        "definition_zh": "示例",
        "definition_en": case["case"],
        "domain_id": "TRANSPORT",
        "unit_measure": indicator["unit"],
        "direction": "UP",
        "stock_flow": indicator["flow"],
        "freq": indicator["freq"],
        "is_headline": "false",
        "min_value": "0",
        "owner": "test",
    }


def figure_row(case: dict, figure: dict) -> dict:
    start, _, end = f"/{figure['period']}".rpartition("/")
    return {
        "observation_id": figure["id"],
        "indicator_id": case["indicator"]["id"],
        "ref_area": AREA,
        "breakdown": figure.get("breakdown", "_T"),
        "time_period_start": start.strip("/"),
        "time_period_end": end,
        "as_of_basis": "STATED",
        "value_text": figure["text"],
        "obs_value": figure["value"],
        "unit_measure": case["indicator"]["unit"],
        "obs_status": figure.get("status", "A"),
        "comparability_note": figure.get("note"),
        "differs_from": figure.get("differs_from"),
        "repeats_observation_id": figure.get("repeats"),
    }


@dataclass(frozen=True)
class Opinion:
    """A file with the relations, whoever computed them; `schema` holds them."""

    file: Path
    schema: str

    def rows(self, relation: str, indicator: str, columns: list[str]) -> list[dict]:
        with duckdb.connect(str(self.file), read_only=True) as connection:
            found = connection.execute(
                f"select {', '.join(columns)} from {self.schema}.{relation} where indicator_id = ?",
                [indicator],
            )
            return [dict(zip(columns, map(plain, row), strict=True)) for row in found.fetchall()]

    def has(self, relation: str) -> bool:
        return self.schema == "marts" or relation in by_hand.RELATIONS


def plain(value: object) -> object:
    """As YAML reads it; numbers by their value."""
    if isinstance(value, date):
        return str(value)
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def hold(opinion: Opinion, relation: str, indicator: str, right: list[dict]) -> None:
    """All rows of the indicator are those stated, each in the columns that it states."""
    columns = list(dict.fromkeys(column for row in right for column in row)) or ["indicator_id"]
    found = opinion.rows(relation, indicator, columns)
    for row in right:
        stated = {key: plain(value) for key, value in row.items()}
        match = [one for one in found if stated.items() <= one.items()]
        assert match, (relation, stated, found)
        found.remove(match[0])
    assert found == [], relation


@pytest.fixture(scope="module")
def opinions(warehouse: Place, tmp_path_factory):
    """A function that gives both opinions as of a day."""
    known = tmp_path_factory.mktemp("known")
    seeds = write_seeds(known / "seeds")
    fast = Fast(warehouse.build, warehouse.public, warehouse.seeds, known)
    fast.remake(seeds)

    @cache
    def on(day: str) -> dict[str, Opinion]:
        folder = tmp_path_factory.mktemp("opinions")
        made = folder / fast.file.name
        copy_file(fast.of_day(day), made)
        by_hand.write_given(made, folder / "given")
        by_hand.run(folder / "by_hand.duckdb", seeds, folder / "given")
        return {"models": Opinion(made, "marts"), "script": Opinion(folder / "by_hand.duckdb", "main")}

    return on


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("whose", ["models", "script"])
def test_answers(opinions, whose: str, case: str):
    opinion = opinions(str(KNOWN["as_of"]))[whose]
    asked = {name: rows for name, rows in CASES[case]["answers"].items() if opinion.has(name)}
    for relation, right in asked.items():
        hold(opinion, relation, CASES[case]["indicator"]["id"], right)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("whose", ["models", "script", "the mart asked later"])
def test_answers_on_a_day(opinions, whose: str, day: str):
    asked = [case for case in CASES.values() if day in map(str, case.get("answers_on", ()))]
    for case in asked:
        right = next(rows for on, rows in case["answers_on"].items() if str(on) == day)
        if whose == "the mart asked later":
            opinion, relation = (
                opinions(str(KNOWN["as_of"]))["models"],
                f"integration_progress_as_of('{day}')",
            )
        else:
            opinion, relation = opinions(day)[whose], "integration_progress"
        hold(opinion, relation, case["indicator"]["id"], right)


@pytest.mark.parametrize("day", [str(KNOWN["as_of"]), *DAYS])
def test_both_come_to_the_same_rows(opinions, day: str):
    both = opinions(day)
    differences = by_hand.differences(both["models"].file, both["script"].file)
    assert differences == dict.fromkeys(by_hand.RELATIONS, 0)


def test_an_indicator_of_a_place_counts_once(opinions):
    file = opinions(str(KNOWN["as_of"]))["models"].file
    with duckdb.connect(str(file), read_only=True) as connection:
        counted = connection.execute(
            "select n_series, n_improved + n_worsened + n_unchanged + n_indeterminate + n_no_direction "
            "+ n_single_observation "
            "from marts.domain_scorecard where domain_id = 'TRANSPORT' and area_group = ?",
            [AREA],
        )
        assert counted.fetchall() == [(len(CASES), len(CASES))]


def test_every_gate_is_passed_but_that_a_note_does_not_silence(warehouse: Place, tmp_path: Path):
    seeds = write_seeds(tmp_path / "seeds")
    judged = Fast(warehouse.build, warehouse.public, warehouse.seeds, tmp_path)
    assert [catch.by for catch in judged.catches(seeds)] == ["series_change.cumulative_never_falls"]


def test_a_total_without_a_start_is_refused(warehouse: Place, tmp_path: Path):
    seeds = write_seeds(tmp_path / "seeds")
    path = seeds / "bulletins" / "2024-01-22_eighth" / "observations.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(",2023-01-01,2023-12-31,STATED,120个", ",,2023-12-31,STATED,120个"), encoding="utf-8"
    )
    with pytest.raises(ValueError, match="a total of a period needs its first day") as refused:
        Fast(warehouse.build, warehouse.public, warehouse.seeds, tmp_path).remake(seeds)
    assert "2024-01-22_eighth/observations.csv:2 time_period_start" in str(refused.value)
