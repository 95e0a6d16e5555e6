"""What is known of series and contradictions in the records (known_series.yaml), asked of the file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import yaml

KNOWN = yaml.safe_load(Path(__file__).with_name("known_series.yaml").read_text(encoding="utf-8"))
SERIES = {series["of"]: series["told"].split(", ") for series in KNOWN["series"]}
CONTRADICTIONS = {one["id"]: one["asks"] for one in KNOWN["contradictions"]}
LIKE_PERIODS = {2: 120, 3: 45, 5: 12}  # at least so many series have so many periods that compare
TESTED_CLAIMS = 30
SETTLED_PROMISES = 40
SETTLED = ("ACHIEVED", "ACHIEVED_LATE", "OVERDUE_UNMET", "CONTRADICTED", "ABANDONED")


@pytest.fixture(scope="module")
def marts(later: Path):
    with duckdb.connect(str(later), read_only=True) as connection:
        connection.execute("use marts")
        yield connection


def answer(marts: duckdb.DuckDBPyConnection, ask: dict) -> list[list]:
    (name, values), *_ = ((key, value) for key, value in ask.items() if key != "rows")
    return [list(row) for row in marts.execute(KNOWN["queries"][name], values).fetchall()]


@pytest.mark.parametrize("of", SERIES)
def test_a_known_series_is_told(marts, of: str):
    found = marts.execute(
        "select period_type || ' ' || time_period_end || ' ' || value_text from fct_observation "
        "where indicator_id = ? and ref_area = ? and breakdown = '_T' and is_current_vintage",
        of.split(),
    ).fetchall()
    assert set(SERIES[of]) <= {text for (text,) in found}


@pytest.mark.parametrize("known", CONTRADICTIONS)
def test_a_known_contradiction_is_answered(marts, known: str):
    for ask in CONTRADICTIONS[known]:
        assert answer(marts, ask) == ask["rows"], ask


@pytest.mark.parametrize("periods", LIKE_PERIODS)
def test_enough_series_have_periods_that_compare(marts, periods: int):
    """Figures that hold, of one series, with no break between them."""
    (found,) = marts.execute(
        "select count(distinct series_id) from (select series_id from fct_observation "
        "where is_current_vintage group by series_id, segment having count(distinct time_period_end) >= ?)",
        [periods],
    ).fetchone()
    assert found >= LIKE_PERIODS[periods]


def test_enough_claims_are_tested(marts):
    (found,) = marts.execute("select count(*) from claim_check where verdict <> 'UNTESTABLE'").fetchone()
    assert found >= TESTED_CLAIMS


def test_enough_promises_are_settled(marts):
    """What came of them is known, if not always whether it came in time."""
    (found,) = marts.execute(
        "select count(*) from commitment_progress where list_contains($1, status) "
        "or (list_contains($1, status_low) and list_contains($1, status_high))",
        [list(SETTLED)],
    ).fetchone()
    assert found >= SETTLED_PROMISES
