"""Kinds of wording that a reader of numerals misreads easily: each is read as what it says, or refused.

One test per kind. A value is signed; RANGE, ORDER and VAGUE state none.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from dagster_project.figures.lexicon import Lexicon
from dagster_project.figures.numerals import Line
from dagster_project.figures.tokens import Token, parse_token
from tests.conftest import ROOT

LEXICON = Lexicon.read(ROOT / "seeds" / "hedge_terms.csv")
REFUSED = "REFUSED"


def read(text: str) -> Token:
    return parse_token(text, LEXICON)


def states(wordings: dict[str, tuple[str, str] | str]) -> None:
    """Each wording states this qualifier and value, or is refused with a message in both languages."""
    for text, stated in wordings.items():
        token = read(text)
        if stated == REFUSED:
            assert token.error, text
            assert " · " in token.error
            assert token.v is None
            continue
        value = None if token.v is None else token.sign * token.v
        assert token.error is None, (text, token.error)
        qualifier, number = stated
        assert (token.value_qualifier, value) == (qualifier, Decimal(number) if number else None), text


def test_hedges():
    states(
        {
            "最多可达500人": ("LE", "500"),
            "至多可容纳500人": ("LE", "500"),
            "约莫100个": ("APPROX", "100"),
            "近乎100%": ("BELOW_NEAR", "100"),
            "≥50个": ("GE", "50"),
            "差不多100个": ("APPROX", "100"),
            "500开外": ("ABOVE_NEAR", "500"),
            "不过40公里": ("LE", "40"),
            "少说也有100个": REFUSED,
        }
    )


def test_steps_of_magnitude():
    states({"8万元台阶": ("GE", "80000"), "站上9万亿台阶": ("GE", "9000000000000")})


def test_dashes_and_signs():
    for dash in "-–−‐‑—－":
        states({f"{dash}3.2%": ("EQ", "-3.2")})
    states({"+5.3%": ("EQ", "5.3"), "＋5.3%": ("EQ", "5.3"), "±5%": REFUSED, "——3.2%": REFUSED})


def test_words_of_fall_and_rise():
    states(
        {
            **{f"{word}5%": ("EQ", "-5") for word in ("跌", "收窄", "下挫", "萎缩", "缩水", "少", "回落")},
            **{f"{word}5%": ("EQ", "5") for word in ("涨", "增长", "扩大", "不降反升")},
            "降幅收窄至2.1%": ("EQ", "-2.1"),
            "下降至2.1%": ("EQ", "2.1"),
            "降幅收窄0.5个百分点": REFUSED,
        }
    )


def test_whole_numerals():
    states(
        {
            "壹佰贰拾万元": ("EQ", "1200000"),
            "廿四项": ("EQ", "24"),
            "卅二个": ("EQ", "32"),
            "１，２３４人": ("EQ", "1234"),
            "1，234万元": ("EQ", "12340000"),
            "10公里半": ("EQ", "10.5"),
        }
    )


def test_per_mille_and_per_ten_thousand():
    states({"3.5‰": ("EQ", "0.35"), "千分之五": ("EQ", "0.5"), "万分之三": ("EQ", "0.03")})


def test_fractions():
    states({"十分之一": ("EQ", "10"), "一半": ("EQ", "50"), "百分之三十": ("EQ", "30")})
    third = read("三分之一")
    assert (third.numerator, third.denominator) == (1, 3)


def test_halves():
    states(
        {
            "半小时": ("EQ", "0.5"),
            "一个半小时": ("EQ", "1.5"),
            "一天半": ("EQ", "1.5"),
            "减半": ("EQ", "-50"),
            "十天半月": REFUSED,
            "公里多半": REFUSED,
        }
    )


def test_doublings():
    states(
        {
            "翻番": ("EQ", "1"),
            "翻了一番": ("EQ", "1"),
            "翻两番": ("EQ", "2"),
            "成倍": ("VAGUE", ""),
            "数倍": ("ORDER", ""),
            "翻5倍": REFUSED,
        }
    )
    assert read("翻番").noun == read("翻两番").noun == "番"


def test_no_change():
    states({"持平": ("EQ", "0"), "同比持平": ("EQ", "0"), "基本持平": ("APPROX", "0")})
    assert read("持平").d == Decimal("0.1")


def test_ranks():
    for text, rank in {"第四": 4, "全国第一": 1, "第3位": 3, "首位": 1}.items():
        token = read(text)
        assert (token.error, token.form, token.v, token.value_qualifier) == (None, "ORDINAL", rank, "EQ"), (
            text
        )
    assert (read("前十").form, read("前十").value_qualifier) == ("ORDINAL", "LE")
    states({"第三次": REFUSED, "前三季度": REFUSED})


def test_grouped_digits():
    states({f"1{space}088亿元": ("EQ", "108800000000") for space in (" ", "\u2009", "\u202f", "\u00a0")})
    states({"3万4000个": ("EQ", "34000"), "1万2": REFUSED, "1 00个": REFUSED})


def test_rates():
    states({"每万人口": REFUSED, "8500元/吨": ("EQ", "8500")})
    assert read("8500元/吨").noun == "元/吨"
    assert read("35微克每立方米").noun == "微克每立方米"


@pytest.mark.parametrize(
    "text",
    [
        *("十三五", "24日", "周三", "双11", "12345热线", "120急救", "500强", "一带一路", "四季度"),
        *("985高校", "近三年", "国庆七天"),
    ],
)
def test_what_is_no_figure(text):
    states({text: REFUSED})


def test_a_little_more_than_a_number_to_the_last_digit():
    token = read("106.7624万余")
    assert (token.v, token.u) == (1067624, 1)


def test_vague_hundreds():
    states({"百十家": ("ORDER", ""), "数以万计": ("ORDER", ""), "几百上千人": ("ORDER", "")})


@pytest.mark.parametrize(
    "text", ["翻番", "减半", "持平", "成倍", "首位", "数倍", "上半年", "減半", "翻了一番", "廿四"]
)
def test_every_one_of_them_is_seen_in_running_text(text):
    assert Line(1, f"产值{text}。", LEXICON).numerals
