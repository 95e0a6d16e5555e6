"""Tokens composed of their pieces, whose value is known from the pieces alone, against the reader.

A token that is well formed is read as what it was composed of, or refused, and seldom refused; one with a
piece that changes the value in a way that nobody reads is refused always.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from cn2an import an2cn
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from dagster_project.figures.lexicon import Lexicon
from dagster_project.figures.tokens import parse_token
from tests.conftest import ROOT

LEXICON = Lexicon.read(ROOT / "seeds" / "hedge_terms.csv")
TRADITIONAL = OpenCC("s2t").convert
EXAMPLES, EACH = 420, 50
LEAST_READ = 0.97

MAGNITUDES = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12, "千万": 10**7, "百万": 10**6}
BEFORE = {
    "": "EQ", "达": "EQ", "共计": "EQ", "已有": "EQ",
    "超": "GT", "超过": "GT", "逾": "GT", "突破": "GT", "高于": "GT", "跨过": "GT",
    "至少": "GE", "不少于": "GE", "不低于": "GE", "≥": "GE", "站上": "GE",
    "不足": "LT", "不到": "LT", "低于": "LT", "未达": "LT",
    "不超过": "LE", "最多": "LE", "最多可达": "LE", "至多": "LE", "不过": "LE", "≤": "LE",
    "近": "BELOW_NEAR", "将近": "BELOW_NEAR", "接近": "BELOW_NEAR", "近乎": "BELOW_NEAR",
    "约": "APPROX", "大约": "APPROX", "约莫": "APPROX", "差不多": "APPROX",
}  # fmt: skip
AFTER = {
    "以上": "GE", "台阶": "GE", "以内": "LE", "以下": "LE", "左右": "APPROX", "上下": "APPROX",
    "开外": "ABOVE_NEAR", "出头": "ABOVE_NEAR", "之多": "EQ",
}  # fmt: skip
DIRECTIONS = {
    "": 1, "同比": 1, "增长": 1, "同比增长": 1, "提高": 1, "扩大": 1, "下降至": 1, "减少到": 1,
    "下降": -1, "同比下降": -1, "减少了": -1, "跌": -1, "收窄": -1, "下挫": -1, "萎缩": -1, "缩水": -1,
    "回落": -1, "降幅": -1, "降幅收窄至": -1, "负增长": -1,
}  # fmt: skip
NOUNS = (
    "", "家", "个", "项", "人次", "名", "亩", "元", "公里", "%", "倍", "个百分点", "吨", "分钟", "标箱", "台",
    "所学校", "个项目", "家企业", "千瓦时", "名党员",
)  # fmt: skip
# What stands before or behind turns the number into another, or into none.
SPOILS_BEFORE = (
    "没有", "未建成", "差", "亏损", "人均", "每", "日均", "零下", "节约", "签约", "由降转增", "±", "无", "除",
    "少说也有", "另有3个和", "第二批", "周", "双", "S", "不是", "从", "超额", "打", "比去年的",
)  # fmt: skip
SPOILS_BEHIND = (
    "起价", "外", "之前", "以后", "的", "和5个", "半导", "强", "弱", "许", "打折", "、6个", "(+5%)", "不到",
    "还多", "余额不足", "×3", "—A", "减少", "每3天", "至", "多半",
)  # fmt: skip


@dataclass(frozen=True)
class Composed:
    text: str
    qualifier: str | None  # None: must be refused
    value: Fraction | None = None
    noun: str = ""


def digits(random: Random) -> tuple[str, Fraction, bool]:
    """A number in one of the ways in which it is printed, and whether a magnitude may follow."""
    style = random.choice(["plain", "plain", "decimal", "grouped", "chinese", "accounting", "tens", "mixed"])
    whole = random.choice(
        [random.randint(1, 20), random.randint(1, 999), random.randint(1000, 99_999), 100, 2000]
    )
    if style == "decimal":
        places = random.randint(1, 3)
        tail = random.randint(0, 10**places - 1)
        return f"{whole}.{tail:0{places}d}", whole + Fraction(tail, 10**places), True
    if style == "grouped" and whole >= 1000:
        return f"{whole:,}".replace(",", random.choice([",", "，", " ", "\u2009"])), Fraction(whole), True
    if style == "chinese":
        return an2cn(whole), Fraction(whole), False
    if style == "accounting" and whole > 20:
        return an2cn(whole, "up"), Fraction(whole), False
    if style == "tens":
        whole = random.randint(21, 49)
        return (
            {2: "廿", 3: "卅", 4: "卌"}[whole // 10] + (an2cn(whole % 10) if whole % 10 else ""),
            Fraction(whole),
            False,
        )
    if style == "mixed":
        high, low = random.randint(1, 99), random.randint(1000, 9999)
        return f"{high}万{low}", Fraction(high * 10_000 + low), False
    return str(whole), Fraction(whole), True


def figure(random: Random) -> Composed:
    number, value, scalable = digits(random)
    magnitude = random.choice(list(MAGNITUDES)) if scalable and random.random() < 0.5 else ""
    noun = random.choice(NOUNS)
    direction = random.choice(list(DIRECTIONS)) if random.random() < 0.4 else ""
    sign = DIRECTIONS[direction]
    before, after, inner, qualifier = "", "", "", "EQ"
    place = random.choice(["none", "before", "before", "after", "inside"])
    if place == "before":
        before = random.choice(list(BEFORE))
        qualifier = BEFORE[before]
    elif place == "after":
        after = random.choice(list(AFTER))
        qualifier = AFTER[after]
    elif place == "inside":
        inner, qualifier = random.choice("余多"), "ABOVE_NEAR"
    tail = random.choice([f"{inner}{magnitude}", f"{magnitude}{inner}"])
    text = f"{direction}{before}{number}{tail}{noun}{after}"
    return Composed(text, qualifier, sign * value * MAGNITUDES[magnitude], noun)


def special(random: Random) -> Composed:
    """A half, a rank, a doubling, a share, a fraction, a range or a sign."""
    number, few = random.randint(1, 30), random.randint(1, 9)
    written = random.choice([str(number), an2cn(number)])
    unit = random.choice(["天", "小时", "公里"])
    low, high, to = random.randint(1, 500), random.randint(501, 999), random.choice("至到-—～")
    more = Fraction(number) + Fraction(1, 2)
    return random.choice(
        [
            Composed(f"{written}{unit}半", "EQ", more, unit),
            Composed(f"{written}个半小时", "EQ", more, "个小时"),
            Composed(f"约半{unit}", "APPROX", Fraction(1, 2), unit),
            Composed(f"第{written}", "EQ", Fraction(number)),
            Composed(f"位居全国第{written}位", "EQ", Fraction(number), "位"),
            Composed(f"前{written}名", "LE", Fraction(number), "名"),
            Composed(f"翻{random.choice(['', '了'])}{an2cn(few)}番", "EQ", Fraction(few), "番"),
            Composed(f"百分之{an2cn(number)}", "EQ", Fraction(number), "%"),
            Composed(f"千分之{an2cn(number)}", "EQ", Fraction(number, 10), "%"),
            Composed(f"{number}.5‰", "EQ", Fraction(2 * number + 1, 20), "%"),
            Composed(f"{an2cn(few)}成", "EQ", Fraction(10 * few), "%"),
            Composed(f"{few + 1}分之一", "EQ", Fraction(1, few + 1)),
            Composed(f"{low}{to}{high}个", "RANGE", Fraction(low), "个"),
            *(Composed(f"{minus}{number}.2%", "EQ", -number - Fraction(1, 5), "%") for minus in "-–−—－"),
        ]
    )


def spoilt(random: Random) -> Composed:
    right = figure(random)
    if random.random() < 0.5:
        return Composed(f"{random.choice(SPOILS_BEFORE)}{right.text}", None)
    return Composed(f"{right.text}{random.choice(SPOILS_BEHIND)}", None)


def printed(random: Random, composed: Composed) -> str:
    """In either script, half-width or full-width."""
    text = TRADITIONAL(composed.text) if random.random() < 0.4 else composed.text
    if random.random() < 0.15:
        text = "".join(chr(ord(c) + 0xFEE0) if re.match("[0-9A-Za-z%.+]", c) else c for c in text)
    return text


TRIED: Counter[str] = Counter()


def judge(random: Random, composed: Composed) -> None:
    text = printed(random, composed)
    token = parse_token(text, LEXICON)
    if composed.qualifier is None:
        TRIED["spoilt"] += 1
        assert token.error, (text, token)
        return
    TRIED["formed"] += 1
    if token.error:
        TRIED["refused"] += 1
        return
    value = Fraction(token.numerator or token.v) / Fraction(token.denominator or 1) * token.sign
    if composed.noun != "%":
        assert token.noun == composed.noun, (text, token)
    assert (token.value_qualifier, value) == (composed.qualifier, composed.value), (text, token)


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None, database=None)
@given(st.integers(0, 2**32))
def composed_tokens(seed: int) -> None:
    random = Random(seed)
    for _ in range(EACH):
        judge(random, random.choice([figure, figure, figure, special, spoilt])(random))


def test_what_is_composed_is_read_as_composed_or_refused():
    TRIED.clear()
    composed_tokens()
    assert TRIED.total() - TRIED["refused"] >= 20_000
    assert 1 - TRIED["refused"] / TRIED["formed"] >= LEAST_READ, TRIED
    assert TRIED["spoilt"] > 1000
