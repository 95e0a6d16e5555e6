"""The value rules of printed figures: what each wording states, in tables of known answers and as laws.

Here: reading of tokens (dagster_project/figures/tokens.py) and the policy numbers of seeds/hedge_terms.csv.
Not here: intervals, which SQL computes and dbt unit tests check.
"""

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.figures.lexicon import Lexicon
from dagster_project.figures.tokens import Token, parse_token

HEDGE_TERMS = Path(__file__).parents[1] / "seeds" / "hedge_terms.csv"
LEXICON = Lexicon.read(HEDGE_TERMS)
POLICY = {row["hedge_id"]: row for row in csv.DictReader(HEDGE_TERMS.read_text("utf-8").splitlines())}


def read(text: str) -> Token:
    return parse_token(text, LEXICON)


# printed, qualifier, v, u, d, form, counted noun
FIGURES = [
    # no hedge
    ("508个", "EQ", "508", "1", "1", "INTEGER", "个"),
    ("首批55项", "EQ", "55", "1", "1", "INTEGER", "项"),
    ("3.57万亩", "EQ", "35700", "100", "100", "DECIMAL_MAGNITUDE", "亩"),
    ("107.5对", "EQ", "107.5", "0.1", "0.1", "DECIMAL", "对"),
    ("1088亿", "EQ", "108800000000", "100000000", "100000000", "WHOLE_MAGNITUDE", ""),
    ("3700万", "EQ", "37000000", "1000000", "10000", "WHOLE_MAGNITUDE", ""),
    ("7亿元", "EQ", "700000000", "100000000", "100000000", "WHOLE_MAGNITUDE", "元"),
    ("1.7万亿美元", "EQ", "1700000000000", "100000000000", "100000000000", "DECIMAL_MAGNITUDE", "美元"),
    ("1.5千万", "EQ", "15000000", "1000000", "1000000", "DECIMAL_MAGNITUDE", ""),
    ("3.0万", "EQ", "30000", "10000", "1000", "DECIMAL_MAGNITUDE", ""),
    ("3.8万", "EQ", "38000", "1000", "1000", "DECIMAL_MAGNITUDE", ""),
    ("700", "EQ", "700", "100", "1", "INTEGER", ""),
    ("0", "EQ", "0", "1", "1", "INTEGER", ""),
    ("1,250家", "EQ", "1250", "10", "1", "INTEGER", "家"),
    ("３．８万", "EQ", "38000", "1000", "1000", "DECIMAL_MAGNITUDE", ""),
    ("3倍", "EQ", "3", "1", "1", "INTEGER", "倍"),
    ("17%", "EQ", "17", "1", "1", "INTEGER", "%"),
    ("3.2个百分点", "EQ", "3.2", "0.1", "0.1", "DECIMAL", "个百分点"),
    ("85公里", "EQ", "85", "1", "1", "INTEGER", "公里"),
    ("20万千瓦", "EQ", "200000", "100000", "10000", "WHOLE_MAGNITUDE", "千瓦"),
    ("100列", "EQ", "100", "100", "1", "INTEGER", "列"),
    ("80亿元规模", "EQ", "8000000000", "1000000000", "100000000", "WHOLE_MAGNITUDE", "元规模"),
    # Chinese numerals
    ("三百六十家", "EQ", "360", "10", "1", "INTEGER", "家"),
    ("两万", "EQ", "20000", "10000", "10000", "WHOLE_MAGNITUDE", ""),
    ("一亿三千万", "EQ", "130000000", "10000000", "10000", "WHOLE_MAGNITUDE", ""),
    ("1亿3000万", "EQ", "130000000", "10000000", "10000", "WHOLE_MAGNITUDE", ""),
    ("一点五亿", "EQ", "150000000", "10000000", "10000000", "DECIMAL_MAGNITUDE", ""),
    ("零点五", "EQ", "0.5", "0.1", "0.1", "DECIMAL", ""),
    # levels and growth are no hedges
    ("达到17748家", "EQ", "17748", "1", "1", "INTEGER", "家"),
    ("增至17748家", "EQ", "17748", "1", "1", "INTEGER", "家"),
    ("提高到3.5倍", "EQ", "3.5", "0.1", "0.1", "DECIMAL", "倍"),
    ("累计3714宗", "EQ", "3714", "1", "1", "INTEGER", "宗"),
    ("同比增长42.7%", "EQ", "42.7", "0.1", "0.1", "DECIMAL", "%"),
    # more than
    ("超过70%", "GT", "70", "10", "1", "INTEGER", "%"),
    ("超5000标箱", "GT", "5000", "1000", "1", "INTEGER", "标箱"),
    ("突破了1.2万亿", "GT", "1200000000000", "100000000000", "100000000000", "DECIMAL_MAGNITUDE", ""),
    ("逾万人次", "GT", "10000", "10000", "10000", "WHOLE_MAGNITUDE", "人次"),
    ("超千万美元", "GT", "10000000", "10000000", "10000", "WHOLE_MAGNITUDE", "美元"),
    ("过半", "GT", "50", "10", "10", "INTEGER", "%"),
    # at least
    ("85%以上", "GE", "85", "1", "1", "INTEGER", "%"),
    ("500元以上", "GE", "500", "100", "1", "INTEGER", "元"),
    ("不低于30家", "GE", "30", "10", "1", "INTEGER", "家"),
    ("至少4名", "GE", "4", "1", "1", "INTEGER", "名"),
    # less than, at most
    ("不足100家", "LT", "100", "100", "1", "INTEGER", "家"),
    ("不到三成", "LT", "30", "10", "10", "INTEGER", "%"),
    ("不超过30分钟", "LE", "30", "10", "1", "INTEGER", "分钟"),
    ("30分钟以内", "LE", "30", "10", "1", "INTEGER", "分钟"),
    # a little more
    ("700余项", "ABOVE_NEAR", "700", "100", "1", "INTEGER", "项"),
    ("2000余家", "ABOVE_NEAR", "2000", "1000", "1", "INTEGER", "家"),
    ("1000余万人次", "ABOVE_NEAR", "10000000", "10000000", "10000", "WHOLE_MAGNITUDE", "人次"),
    ("达3.8万余人次", "ABOVE_NEAR", "38000", "1000", "1000", "DECIMAL_MAGNITUDE", "人次"),
    ("20多个", "ABOVE_NEAR", "20", "10", "1", "INTEGER", "个"),
    ("两年多", "ABOVE_NEAR", "2", "1", "1", "INTEGER", "年"),
    ("二十余", "ABOVE_NEAR", "20", "10", "1", "INTEGER", ""),
    ("百余", "ABOVE_NEAR", "100", "100", "1", "INTEGER", ""),
    ("万余", "ABOVE_NEAR", "10000", "10000", "10000", "WHOLE_MAGNITUDE", ""),
    # a little less
    ("近60家", "BELOW_NEAR", "60", "10", "1", "INTEGER", "家"),
    ("近180个", "BELOW_NEAR", "180", "10", "1", "INTEGER", "个"),
    ("近七成", "BELOW_NEAR", "70", "10", "10", "INTEGER", "%"),
    ("接近2万人", "BELOW_NEAR", "20000", "10000", "10000", "WHOLE_MAGNITUDE", "人"),
    # about
    ("约400家", "APPROX", "400", "100", "1", "INTEGER", "家"),
    ("约1088亿元", "APPROX", "108800000000", "100000000", "100000000", "WHOLE_MAGNITUDE", "元"),
    ("约100个左右", "APPROX", "100", "100", "1", "INTEGER", "个"),
    # stacks
    ("超20余家", "ABOVE_NEAR", "20", "10", "1", "INTEGER", "家"),
    ("超过100家以上", "GT", "100", "100", "1", "INTEGER", "家"),
    ("已达近60家", "BELOW_NEAR", "60", "10", "1", "INTEGER", "家"),
    # shares in tenths
    ("七成", "EQ", "70", "10", "10", "INTEGER", "%"),
    ("七成五", "EQ", "75", "1", "1", "INTEGER", "%"),
    ("百分之八十", "EQ", "80", "10", "1", "INTEGER", "%"),
    ("十分之三", "EQ", "30", "10", "10", "INTEGER", "%"),
    # per mille and per ten thousand, in percentage points
    ("3.5‰", "EQ", "0.35", "0.01", "0.01", "DECIMAL", "%"),
    ("千分之五", "EQ", "0.5", "0.1", "0.1", "INTEGER", "%"),
    ("千分之二十", "EQ", "2", "1", "0.1", "INTEGER", "%"),
    ("不到5‰", "LT", "0.5", "0.1", "0.1", "INTEGER", "%"),
    ("万分之三", "EQ", "0.03", "0.01", "0.01", "INTEGER", "%"),
]


@pytest.mark.parametrize(("text", "qualifier", "v", "u", "d", "form", "noun"), FIGURES)
def test_a_printed_figure_states_this_number(text, qualifier, v, u, d, form, noun):
    token = read(text)
    assert token.error is None
    assert (token.value_qualifier, token.form, token.noun, token.sign) == (qualifier, form, noun, 1)
    assert (token.v, token.u, token.d) == (Decimal(v), Decimal(u), Decimal(d))
    assert (token.hedge_id is None) == (qualifier == "EQ")


@pytest.mark.parametrize(
    ("text", "low", "high", "noun"),
    [
        ("1—2个", "1", "2", "个"),
        ("10-20个", "10", "20", "个"),
        ("3至5亿元", "300000000", "500000000", "元"),
        ("40亿元至60亿元", "4000000000", "6000000000", "元"),
        ("9000至1.2万", "9000", "12000", ""),
        ("85%-90%", "85", "90", "%"),
        ("85～90%", "85", "90", "%"),
        ("百分之八十至九十", "80", "90", "%"),
        ("七至八成", "70", "80", "%"),
        ("千分之三至五", "0.3", "0.5", "%"),
        ("3‰-5‰", "0.3", "0.5", "%"),
        ("六七百", "600", "700", ""),
        ("三五个", "3", "5", "个"),
        ("十七八家", "17", "18", "家"),
        ("两三百万元", "2000000", "3000000", "元"),
    ],
)
def test_a_range_states_both_ends(text, low, high, noun):
    token = read(text)
    assert (token.error, token.value_qualifier, token.hedge_id) == (None, "RANGE", "range")
    assert (token.v, token.v_to, token.noun) == (Decimal(low), Decimal(high), noun)
    assert None not in (token.u_to, token.d_to)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("十几个", 11, 19),
        ("几十家", 20, 99),
        ("数百家", 200, 999),
        ("达数百家", 200, 999),
        ("上千家", 1000, None),
        ("数万人", 20_000, 99_999),
        ("数千万元", 20_000_000, 99_999_999),
    ],
)
def test_an_order_of_magnitude_takes_its_ends_from_the_lexicon(text, low, high):
    token = read(text)
    assert (token.error, token.value_qualifier, token.form) == (None, "ORDER", "ORDER")
    assert (token.v, token.u, token.d) == (None, None, None)
    row = POLICY[token.hedge_id]
    assert row["order_low"] == str(low)
    assert row["order_high"] == ("" if high is None else str(high))


@pytest.mark.parametrize("text", ["千亿规模", "百亿级", "万亿级产业"])
def test_an_aspiration_is_no_figure(text):
    token = read(text)
    assert (token.error, token.value_qualifier, token.v) == (None, "ORDER", None)
    row = POLICY[token.hedge_id]
    assert (row["lower_basis"], row["upper_basis"]) == ("NONE", "NONE")


@pytest.mark.parametrize(
    ("text", "numerator", "denominator", "v"),
    [("1/6", 1, 6, "0.166666667"), ("三分之二", 2, 3, "0.666666667"), ("近四分之一", 1, 4, "0.25")],
)
def test_a_fraction_keeps_its_printed_denominator(text, numerator, denominator, v):
    token = read(text)
    assert (token.error, token.form) == (None, "FRACTION")
    assert (token.numerator, token.denominator, token.v) == (numerator, denominator, Decimal(v))


@pytest.mark.parametrize(
    ("text", "sign", "v"),
    [
        ("同比下降7.9%", -1, "7.9"),
        ("减少了约3成", -1, "30"),
        ("降低2.5个百分点", -1, "2.5"),
        ("-3.2%", -1, "3.2"),
        ("下降到3%", 1, "3"),
        ("减少至5家", 1, "5"),
        ("相差10%", 1, "10"),
    ],
)
def test_a_fall_is_negative_and_a_level_after_it_is_not(text, sign, v):
    token = read(text)
    assert (token.error, token.sign, token.v) == (None, sign, Decimal(v))


@pytest.mark.parametrize("text", ["85%以上海", "3家以下简称", "500家规模以上企业", "3项成果多次获奖"])
def test_a_hedge_inside_another_word_is_none(text):
    token = read(text)
    assert (token.error, token.value_qualifier) == (None, "EQ")


@pytest.mark.parametrize(
    "text",
    [
        *("节约500元", "签约3个", "预约100次", "近日3家", "近年来3家", "最近3家", "附近5家"),
        *("能力不足3万", "公共3个", "开过3次", "成都至3个"),
    ],
)
def test_what_stands_before_the_number_and_is_not_known_refuses_the_token(text):
    token = read(text)
    assert (token.v, token.value_qualifier) == (None, None)
    assert "not read before the number" in token.error


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *(
            (text, "contradicting hedges")
            for text in ("近20余家", "近100家以上", "不足100家以上", "超几十家")
        ),
        *(
            (text, "label or code")
            for text in ("S3", "PM2.5", "1+1+N", "2+7", "6+6", "G5", "7×24", "11号线", "5G")
        ),
        *((text, "leading zero") for text in ("0130", "〇一三〇", "023-6378")),
        *((text, "ordinal") for text in ("第三次", "第12家", "第十几次", "前三季度")),
        *((text, "date or period") for text in ("2019—2021年", "1-11月", "十四五", "5月19日", "80年代")),
        *((text, "no numeral") for text in ("", "家", "约…左右", "个百分点")),
        *(
            (text, "unreadable")
            for text in ("1万2", "三四五", "百八十", "三百几十", "30几个", "三千五", "十十一")
        ),
        *(
            (text, "more than one figure")
            for text in ("20多个小区500多人", "1,00家", "1 00家", "20，200，3家")
        ),
        *((text, "out of range") for text in ("9" * 30, "1." + "1" * 10)),
        *((text, "share of a whole") for text in ("3/2", "1/0", "三分之四")),
        ("近40年来", "time window"),
        ("十天半月", "half"),
        ("近3至5亿", "range with a hedge"),
        ("20-10个", "do not make one"),
        ("家" * 201, "too long"),
    ],
)
def test_what_states_no_number_is_refused_with_a_reason(text, reason):
    token = read(text)
    assert reason in token.error
    assert " · " in token.error, "中文 · English"
    assert (token.v, token.form) == (None, "NONE")


@pytest.mark.parametrize("text", ["若干", "一批", "大幅增长"])
def test_a_vague_word_is_legal_and_has_no_number(text):
    token = read(text)
    assert (token.error, token.value_qualifier, token.v) == (None, "VAGUE", None)


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("3.8萬餘人次", "3.8万余人次"),
        ("約400家", "约400家"),
        ("兩年多", "两年多"),
        ("達1088億", "达1088亿"),
        ("20多個", "20多个"),
        ("幾十個", "几十个"),
        ("數百家", "数百家"),
        ("節約500元", "节约500元"),
        ("3家以下簡稱", "3家以下简称"),
        ("過半數", "过半数"),
        ("約3.8万餘", "约3.8万余"),  # both scripts in one token
    ],
)
def test_traditional_script_reads_like_simplified_and_is_kept_as_printed(traditional, simplified):
    token = read(traditional)
    assert token.value_text == traditional
    assert replace(token, value_text=simplified) == read(simplified)


def test_every_figure_of_the_table_reads_the_same_in_traditional_script():
    from opencc import OpenCC

    convert = OpenCC("s2t").convert
    for text, *_ in FIGURES:
        assert replace(read(convert(text)), value_text=text) == read(text)


@pytest.mark.parametrize(
    ("hedge_id", "qualifier", "lower", "upper", "step", "pct", "least"),
    [
        ("none_counted", "EQ", "STATED", "STATED", "0", "", ""),
        ("none_nominal", "EQ", "STATED", "STATED", "0", "", ""),
        ("none_measured", "EQ", "ROUNDING", "ROUNDING", "0.5", "", ""),
        ("none_decimal", "EQ", "ROUNDING", "ROUNDING", "0.5", "5", ""),
        ("none_decimal_magnitude", "EQ", "ROUNDING", "ROUNDING", "0.5", "5", ""),
        ("none_whole_magnitude", "EQ", "ROUNDING", "ROUNDING", "0.5", "5", ""),
        # Both ends open: a whole number lies inside only where they are two apart.
        (read("700余项").hedge_id, "ABOVE_NEAR", "STATED", "PRESUMED", "1", "50", "2"),
        (read("超5000").hedge_id, "GT", "STATED", "PRESUMED", "1", "50", "2"),
        (read("逾万人次").hedge_id, "GT", "STATED", "PRESUMED", "1", "50", "2"),
        (read("30家以上").hedge_id, "GE", "STATED", "PRESUMED", "1", "50", ""),
        (read("不足20家").hedge_id, "LT", "STATED", "STATED", "", "", ""),
        (read("30分钟以内").hedge_id, "LE", "STATED", "STATED", "", "", ""),
        (read("近60家").hedge_id, "BELOW_NEAR", "PRESUMED", "STATED", "1", "25", ""),
        (read("约400家").hedge_id, "APPROX", "PRESUMED", "PRESUMED", "5", "5", "1"),
        ("range", "RANGE", "STATED", "STATED", "", "", ""),
    ],
)
def test_the_policy_numbers_are_those_of_the_value_rules(hedge_id, qualifier, lower, upper, step, pct, least):
    row = POLICY[hedge_id]
    assert (row["value_qualifier"], row["lower_basis"], row["upper_basis"]) == (qualifier, lower, upper)
    assert (row["step_multiple"], row["pct_of_value"], row["min_step"]) == (step, pct, least)


def test_every_hedge_of_the_lexicon_is_found_beside_a_number():
    for row in POLICY.values():
        term, place = row["term"], row["position"]
        if row["role"] == "HEDGE" and place != "WHOLE" and row["value_qualifier"] != "ORDER":
            number = "万" if place == "BEFORE_BARE" else "30"
            token = read(f"{term}{number}家" if place.startswith("BEFORE") else f"{number}家{term}")
            assert (token.error, token.hedge_id) == (None, row["hedge_id"]), term
        if row["role"] == "HEDGE" and place == "WHOLE":
            assert read(f"{term}家").hedge_id == row["hedge_id"], term


def test_every_word_of_the_lexicon_does_what_its_role_says():
    """Before or after 30%: a fall is negative, a filler changes nothing, a barred word refuses the token."""
    for row in POLICY.values():
        term, role, place = row["term"], row["role"], row["position"]
        token = read(
            f"{term}30%" if place == "BEFORE" else f"30{term}" if place == "AFTER" else f"30家{term}"
        )
        if role in ("FALL", "RISE", "LEVEL") or (role == "FILLER" and not term.startswith("翻")):
            assert (token.error, token.v) == (None, 30), term
            assert token.sign == (-1 if role == "FALL" else 1), term
        if role == "BARRED":
            assert token.error, term


def test_what_every_unit_is_printed_as_can_be_counted():
    units = csv.DictReader((HEDGE_TERMS.parent / "units.csv").read_text("utf-8").splitlines())
    for noun in {noun for unit in units for noun in unit["printed"].split(";") if noun}:
        assert noun == "日" or read(f"3{noun}").error is None, noun


def test_rows_from_a_database_make_the_same_lexicon():
    rows = [{key: value or None for key, value in row.items()} for row in POLICY.values()]
    assert parse_token("近60家", Lexicon.from_rows(rows)) == read("近60家")


def test_a_lexicon_saved_by_a_spreadsheet_is_the_same(tmp_path):
    saved = tmp_path / "hedge_terms.csv"
    saved.write_bytes(b"\xef\xbb\xbf" + HEDGE_TERMS.read_bytes())
    assert parse_token("近60家", Lexicon.read(saved)) == read("近60家")


def test_without_a_lexicon_numbers_are_still_read():
    empty = Lexicon.from_rows([])
    assert parse_token("508个", empty).v == 508
    assert parse_token("1000余万", empty).error


# --- laws ---

MAGNITUDES = {"": 1, "万": 10**4, "千万": 10**7, "亿": 10**8, "万亿": 10**12}
WORDS = ["", "达", "已有", "同比增长", "近", "约", "超过", "逾", "不足", "至少", "不超过", "达近"]
NOUNS = ["", "家", "个", "亩", "元", "人次", "公里", "%", "倍"]
decimals = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places), st.integers(0, 10**7), st.integers(0, 4)
)


@given(decimals, st.sampled_from(sorted(MAGNITUDES)), st.sampled_from(WORDS), st.sampled_from(NOUNS))
def test_any_decimal_with_magnitude_hedge_and_noun_comes_back_exactly(number, magnitude, word, noun):
    token, factor = read(f"{word}{number:f}{magnitude}{noun}"), MAGNITUDES[magnitude]
    assert (token.error, token.noun) == (None, noun)
    assert token.v == number * factor
    assert token.d == Decimal((0, (1,), number.as_tuple().exponent)) * factor
    if number:
        assert token.v % token.u == 0
        assert token.v % (token.u * 10) != 0


@given(decimals, st.sampled_from(["近", "约", "超", "逾", "至少", "不到"]), st.sampled_from(["万", "亿", ""]))
def test_a_hedge_never_changes_the_number(number, hedge, magnitude):
    plain, hedged = read(f"{number:f}{magnitude}家"), read(f"{hedge}{number:f}{magnitude}家")
    assert (hedged.v, hedged.u, hedged.d, hedged.form) == (plain.v, plain.u, plain.d, plain.form)
    assert hedged.hedge_id
    assert plain.hedge_id is None


@given(st.integers(1, 99_999_999))
def test_characters_and_digits_write_the_same_number(number):
    from cn2an import an2cn

    characters, digits = read(f"{an2cn(number)}家"), read(f"{number}家")
    assert (characters.error, characters.v, characters.u) == (None, digits.v, digits.u)


PIECES = sorted(LEXICON.before.keys() | LEXICON.after.keys() | LEXICON.whole.keys())
pieces = st.sampled_from(
    [*PIECES, *"0123456789.,/%-—+至到〇零一二两三五九十百千万亿半成第点分之年月个家元SN", "萬", "餘", " "]
)


@given(st.text(max_size=30) | st.lists(pieces, max_size=9).map("".join))
def test_no_text_whatever_raises_and_each_answer_is_whole(text):
    token = read(text)
    assert token.value_text == text
    if token.error:
        assert token.v is None
    elif token.value_qualifier in {"ORDER", "VAGUE"}:
        assert (token.v, token.hedge_id is None) == (None, False)
    else:
        assert 0 < token.d <= token.u
        assert token.form == "FRACTION" or token.v % token.d == 0
        assert (token.v_to is None) == (token.value_qualifier != "RANGE")
        assert token.v_to is None or token.v < token.v_to
