"""Labels are data: no spreadsheet, page or terminal may act on one."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from dagster_project.export_text import FORMULA_STARTS, neutralised, printable
from dagster_project.gates.page import render_page
from dagster_project.tables import markdown

HOSTILE = '<script>alert(1)</script>|<img src=x onerror="alert(2)">![](http://127.0.0.1/x)'


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start):
    assert neutralised(f"{start}1+1") == f"'{start}1+1"
    assert neutralised(f"a{start}1") == f"a{start}1"


@pytest.mark.parametrize("cell", [-1, -0.5, Decimal("-3.8"), None, "", "同城", "3.8万余"])
def test_numbers_and_plain_texts_stay_as_they_are(cell):
    assert neutralised(cell) is cell


def test_what_steers_a_terminal_is_not_printed():
    assert printable("a\x1b[2Jb\u202ec\r") == "a [2Jb c "


def test_a_cell_of_a_markdown_table_cannot_make_markup_or_a_further_cell():
    lines = markdown(["a", "b"], [(HOSTILE, "x\ny")]).splitlines()
    assert len(lines) == 3
    assert lines[2].count("|") == 3
    assert not {"<", ">", "["} & set(lines[2])


def test_markup_in_a_label_is_text_on_the_gate_page(tmp_path):
    gate = SimpleNamespace(
        **dict.fromkeys(("id", "title_zh", "title_en", "reason", "query"), HOSTILE),
        relation=HOSTILE,
        rule=HOSTILE,
        blocking=True,
    )
    result = SimpleNamespace(
        gate=gate,
        red=True,
        skipped=False,
        success=False,
        blocks=True,
        evaluated=True,
        error=HOSTILE,
        observed=HOSTILE,
        unexpected_count=1,
        element_count=1,
        of_night=True,
        offending_rows=[{HOSTILE: HOSTILE}],
    )
    render_page([result], {HOSTILE: HOSTILE}, tmp_path / "index.html")
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count("&lt;script&gt;alert(1)") >= 15
    assert "<script" not in page
    assert "<img" not in page
