"""Wordings as bulletins print them, each with what it states by the value rules (tests/tokens.csv).

value: signed; a/b is a fraction, a~b a range. interval: in the unit of the token, - is an open end. kind:
whether what is counted is whole things or measured. REFUSED: no number can be kept.
"""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from dagster_project.figures.bounds import Interval, interval
from dagster_project.figures.lexicon import Lexicon
from dagster_project.figures.tokens import parse_token
from tests.conftest import ROOT

HEDGE_TERMS = ROOT / "seeds" / "hedge_terms.csv"
LEXICON = Lexicon.read(HEDGE_TERMS)
POLICY = {row["hedge_id"]: row for row in csv.DictReader(HEDGE_TERMS.read_text("utf-8").splitlines())}
TABLE = list(csv.DictReader((ROOT / "tests" / "tokens.csv").read_text("utf-8").splitlines()))


def test_the_table_is_large_and_says_each_wording_once():
    assert len({row["token"] for row in TABLE}) == len(TABLE) >= 300


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["token"])
def test_a_wording_states_what_the_value_rules_say(row):
    token = parse_token(row["token"], LEXICON)
    if row["qualifier"] == "REFUSED":
        assert token.error
        assert (token.v, token.form) == (None, "NONE")
        return
    assert (token.error, token.value_qualifier) == (None, row["qualifier"])
    if token.v is None:
        assert row["value"] == ""
    elif "/" in row["value"]:
        assert row["value"] == f"{token.numerator:f}/{token.denominator:f}"
    else:
        stated = [token.sign * token.v, *([] if token.v_to is None else [token.v_to])]
        assert stated == [Decimal(end) for end in row["value"].split("~")]
    if row["interval"]:
        ends = interval(token, POLICY, counted=row["kind"] == "COUNTED")
        low, high = row["interval"][1:-1].split()
        assert ends == Interval(
            None if low == "-" else Decimal(low),
            None if low == "-" else row["interval"][0] == "[",
            None if high == "-" else Decimal(high),
            None if high == "-" else row["interval"][-1] == "]",
        )


def test_every_wording_reads_the_same_in_traditional_script():
    from opencc import OpenCC

    convert = OpenCC("s2t").convert
    for row in TABLE:
        here, there = (parse_token(text, LEXICON) for text in (row["token"], convert(row["token"])))
        assert (here.error is None) == (there.error is None), row["token"]
        assert (here.value_qualifier, here.v, here.sign) == (there.value_qualifier, there.v, there.sign)
