"""Claims: the factor on its one scale, typed or blank, and wholes that cannot be, refused line by line."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from dagster_project.audit.row_rules import stated_number
from dagster_project.figures.bounds import interval
from dagster_project.figures.lexicon import Lexicon
from dagster_project.figures.scale import on_scale
from dagster_project.figures.tokens import parse_token
from dagster_project.ingest.loader import LoadReport
from dagster_project.settings import ROOT
from tests.test_register_rules import Copy

BULLETIN = "bulletins/2021-04-14_cdmz_third_meeting"
CLAIMS, OBSERVATIONS = f"{BULLETIN}/claims.csv", f"{BULLETIN}/observations.csv"
LEXICON = Lexicon.read(ROOT / "seeds" / "hedge_terms.csv")
POLICY = {
    row["hedge_id"]: row
    for row in duckdb.sql(f"from read_csv('{ROOT}/seeds/hedge_terms.csv', all_varchar = true)")
    .df()
    .fillna("")
    .to_dict("records")
}


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def claim(copy: Copy, name: str, **cells: str) -> int:
    """On a line of its own: the same words on one line are one claim."""
    usual = {
        "indicator_id": "GDP", "ref_area": "X_CDMZ", "breakdown": "_T", "time_period_start": "2020-01-01",
        "time_period_end": "2020-12-31", "claim_type": "SHARE", "value_text": "25%", "comparison": "OTHER",
        "locator": str(copy.lines(CLAIMS)),
    }  # fmt: skip
    return copy.add(CLAIMS, claim_id=name, **(usual | cells))


def found(report: LoadReport) -> set[tuple]:
    return {(reject.line, reject.column_name) for reject in report.rejects if reject.seed_file == CLAIMS}


# --- what the factor of each token is, typed or left blank

SHARE, MULTIPLE, GROWTH = "SHARE", "MULTIPLE_OF", "PCT_CHANGE"
FACTORS = [
    (SHARE, "1/4", "25", Fraction(100, 4)),
    (SHARE, "三分之一", "33.333333333", Fraction(100, 3)),
    (SHARE, "一半", "50", Fraction(50)),
    (SHARE, "十分之一", "10", Fraction(10)),
    (SHARE, "千分之五", "0.5", Fraction(1, 2)),
    (SHARE, "3.5‰", "0.35", Fraction(35, 100)),
    (GROWTH, "减少三分之一", "-33.333333333", Fraction(-100, 3)),
    (MULTIPLE, "1/6", "0.166666667", Fraction(1, 6)),
    (MULTIPLE, "三分之一", "0.333333333", Fraction(1, 3)),
    (MULTIPLE, "一半", "0.5", Fraction(1, 2)),
    (MULTIPLE, "十分之一", "0.1", Fraction(1, 10)),
    (MULTIPLE, "3倍", "3", Fraction(3)),
]


def test_a_factor_is_typed_on_its_one_scale_or_left_blank(copy: Copy) -> None:
    for number, (kind, token, factor, _) in enumerate(FACTORS):
        claim(copy, f"typed-{number}", claim_type=kind, value_text=token, factor=factor)
        claim(copy, f"blank-{number}", claim_type=kind, value_text=token)
    wrong = {
        claim(copy, "share-as-a-fraction-of-one", value_text="1/4", factor="0.25"),
        claim(copy, "share-ten-times-off", value_text="千分之五", factor="5"),
        claim(copy, "multiple-in-per-cent", claim_type=MULTIPLE, value_text="一半", factor="50"),
        claim(copy, "another-number", value_text="1/4", factor="24"),
        claim(copy, "range-with-a-number", value_text="20%至30%", factor="25"),
    }
    assert found(copy.load()) == {(line, "factor") for line in wrong}


def test_an_ordinal_is_the_value_of_a_rank_and_of_nothing_else(copy: Copy):
    claim(copy, "fourth", claim_type="RANK", value_text="全国第四", factor="4")
    claim(copy, "first", claim_type="RANK", value_text="首位")
    claim(copy, "among-ten", claim_type="RANK", value_text="前十")
    wrong = {
        claim(copy, "ordinal-as-a-share", value_text="第四"),
        claim(copy, "number-as-a-rank", claim_type="RANK", value_text="4%"),
        claim(copy, "third-meeting", claim_type="RANK", value_text="第三次"),
    }
    assert found(copy.load()) == {(line, "value_text") for line in wrong}


@pytest.mark.parametrize(("kind", "token", "factor", "exact"), FACTORS)
def test_the_audit_reads_the_same_factor_by_itself(kind: str, token: str, factor: str, exact: Fraction):
    read = on_scale(parse_token(token, LEXICON), kind)
    assert stated_number(read) == Decimal(factor)
    ends = interval(read, POLICY, counted=False)
    assert ends.lower < exact < ends.upper or ends.lower == exact or ends.upper == exact


@pytest.mark.parametrize(
    ("kind", "token", "ends"),
    [
        (MULTIPLE, "1/6", "(0.153846153, 0.181818182]"),
        (SHARE, "1/6", "(15.384615384, 18.181818182]"),
        (SHARE, "1/4", "(22.222222222, 28.571428572]"),
        (SHARE, "千分之五", "[0.45, 0.55)"),
        (SHARE, "近四分之一", "(18.75, 25)"),
        (MULTIPLE, "一半", "[0.45, 0.55)"),
    ],
)
def test_the_interval_of_a_fraction_follows_its_printed_denominator(kind: str, token: str, ends: str):
    assert str(interval(on_scale(parse_token(token, LEXICON), kind), POLICY, counted=False)) == ends


# --- wholes that cannot be


def test_wholes_that_cannot_be_are_refused_all_at_once(copy: Copy) -> None:
    plan = {
        "title_zh": "计划", "title_en": "plan", "ref_area": "X_CDMZ", "commitment_type": "TARGET",
        "modality": "PLAN", "authority": "PLAN", "accounting": "OVER_PERIOD",
        "date_announced": "2020-01-01", "locator": "1", "version": "1",
    }  # fmt: skip
    commitments = f"{BULLETIN}/commitments.csv"
    copy.add(commitments, commitment_id="in-yuan", value_text="80亿元", unit_measure="CNY",
             target_value="8000000000", **plan)  # fmt: skip
    copy.add(commitments, commitment_id="in-people", value_text="8人", unit_measure="PERSON",
             target_value="8", **plan)  # fmt: skip
    claim(copy, "of-the-province", whole_ref_area="510000")  # as they should be
    claim(copy, "of-another-indicator", indicator_id="COOP_INVESTMENT", whole_indicator_id="GDP")
    claim(copy, "of-a-plan", whole_commitment_id="in-yuan", value_text="121.08%")
    claim(copy, "rank", claim_type="RANK", value_text="第2位", whole_ref_area="X_CDMZ")
    bad = {
        (claim(copy, "other-unit", whole_indicator_id="POPULATION"), "whole_indicator_id"),
        (claim(copy, "no-such-indicator", whole_indicator_id="NOTHING"), "whole_indicator_id"),
        (claim(copy, "no-such-area", whole_ref_area="519999"), "whole_ref_area"),
        (claim(copy, "no-such-plan", whole_commitment_id="nothing"), "whole_commitment_id"),
        (claim(copy, "plan-in-people", whole_commitment_id="in-people"), "whole_commitment_id"),
        (
            claim(copy, "two-wholes", whole_commitment_id="in-yuan", whole_ref_area="510000"),
            "whole_commitment_id",
        ),
        (
            claim(copy, "part-of-a-rate", indicator_id="URBANISATION_RATE", whole_ref_area="510000"),
            "whole_ref_area",
        ),
        (claim(copy, "growth", claim_type=GROWTH, whole_ref_area="510000"), "whole_ref_area"),
        (
            claim(
                copy, "rank-of-a-plan", claim_type="RANK", value_text="第2位", whole_commitment_id="in-yuan"
            ),
            "whole_commitment_id",
        ),
        (claim(copy, "price", price_basis="REAL"), "price_basis"),
        (
            claim(copy, "real", indicator_id="TRADE", claim_type=GROWTH, price_basis="CONSTANT"),
            "price_basis",
        ),
    }
    report = copy.load()
    assert found(report) == bad
    assert {reject.seed_file for reject in report.rejects} == {CLAIMS}
    assert all(
        reject.value and " · " in reject.rule for reject in report.rejects if "not in" not in reject.rule
    )
    unit = next(reject for reject in report.rejects if reject.value == "POPULATION")
    assert "another unit" in unit.rule


def test_only_a_rate_has_a_plan(copy: Copy) -> None:
    line = copy.add(OBSERVATIONS, observation_id="done", indicator_id="COOP_INVESTMENT", ref_area="X_CDMZ",
                    breakdown="_T", time_period_end="2021-04-14", as_of_basis="MEETING", value_text="80亿元",
                    obs_value="8000000000", unit_measure="CNY", locator="1", obs_status="A",
                    whole_commitment_id="20200228-lenovo-investment")  # fmt: skip
    (reject,) = copy.load().rejects
    assert (reject.seed_file, reject.line, reject.column_name) == (OBSERVATIONS, line, "whole_commitment_id")
