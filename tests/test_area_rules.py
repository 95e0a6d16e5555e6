"""Areas and their breaks: what cannot be true of a place over time is refused, line by line, all at once."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb
import pytest

from dagster_project.ingest.loader import LoadReport, load_seeds
from dagster_project.settings import ROOT


class Copy:
    """A copy of the real seeds, to which rows are added."""

    def __init__(self, folder: Path):
        self.seeds = folder / "seeds"
        shutil.copytree(ROOT / "seeds", self.seeds)

    def add(self, file: str, **cells: str) -> int:
        """Append a row, blank where nothing is said; returns its line."""
        path = self.seeds / file
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = list(csv.reader(stream))
        header += [column for column in cells if column not in header]
        rows.append([cells.get(column, "") for column in header])
        with path.open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream, lineterminator="\n")
            out.writerow(header)
            out.writerows(row + [""] * (len(header) - len(row)) for row in rows)
        return len(path.read_text(encoding="utf-8").splitlines())

    def load(self, *tables: str) -> LoadReport:
        return load_seeds(duckdb.connect(), self.seeds, tables or None)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def place(copy: Copy, ref_area: str, **cells: str) -> int:
    names = {"name_zh": "某县", "name_en": "Some county", "area_type": "COUNTY", "parent_area": "510000"}
    return copy.add("areas.csv", ref_area=ref_area, **names, **cells)


def found(report: LoadReport) -> set[tuple]:
    return {(reject.seed_file, reject.line, reject.column_name, reject.value) for reject in report.rejects}


def test_a_place_over_time(copy: Copy) -> None:
    place(copy, "519901", valid_to="2016-05-15")
    place(copy, "519902", valid_from="2016-05-16", predecessor="519901")  # as it should be
    place(copy, "519903")
    bad = {
        ("areas.csv", place(copy, "519904", valid_from="2016-05-16", valid_to="2016-05-15"), "valid_to"),
        ("areas.csv", place(copy, "519905", predecessor="519901"), "valid_from"),
        ("areas.csv", place(copy, "519906", valid_from="2016-05-15", predecessor="519901"), "predecessor"),
        ("areas.csv", place(copy, "519907", valid_from="2016-05-16", predecessor="519903"), "predecessor"),
        ("areas.csv", place(copy, "519908", valid_from="2016-05-16", predecessor="519999"), "predecessor"),
        # A circle of three, and a place before itself; each of them is shown, and no other.
        ("areas.csv", place(copy, "519911", valid_from="2001-01-01", predecessor="519913"), "predecessor"),
        ("areas.csv", place(copy, "519912", valid_from="2002-01-01", predecessor="519911"), "predecessor"),
        ("areas.csv", place(copy, "519913", valid_from="2003-01-01", predecessor="519912"), "predecessor"),
        ("areas.csv", place(copy, "519914", valid_from="2003-01-01", predecessor="519914"), "predecessor"),
    }
    report = copy.load("areas", "code_lists")
    assert {row[:3] for row in found(report)} == bad
    circles = {reject.value for reject in report.rejects if "lead back" in reject.rule}
    assert circles == {"519911", "519912", "519913", "519914"}


def test_a_break_of_a_whole_area_is_typed_once(copy: Copy) -> None:
    day = {"break_date": "2016-05-16", "reason": "又写一次 · typed again"}
    line = copy.add("breaks.csv", ref_area="510100", **day)
    copy.add("breaks.csv", ref_area="510100", indicator_id="GDP", **day)  # an indicator's own is another
    report = copy.load("code_lists", "areas", "indicators", "breaks", "domains", "units")
    key = "indicator_id, ref_area, break_date"
    assert found(report) == {("breaks.csv", at, key, "510100 | 2016-05-16") for at in (2, line)}
