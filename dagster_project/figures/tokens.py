"""Reads a printed figure token: hedge, number, place values, counted noun (value rules, section 2).

The whole token is accounted for; one that holds anything else is refused, and the message says what that is.
Not here: the numeral (values.py), the words (lexicon.py, beside.py), intervals (SQL computes them from v, u,
d and the numbers in hedge_terms.csv), units, the comparison of a token with the value typed beside it.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from dagster_project.figures.beside import (
    AND_A_HALF,
    Before,
    refuse_labels,
    refuse_left_over,
    refuse_noun,
    resolve,
    strip_after,
    strip_before,
)
from dagster_project.figures.grammar import BARE, DIGIT, MINUS, RUN, modern, simplify
from dagster_project.figures.lexicon import Hedge, Lexicon
from dagster_project.figures.values import (
    DECIMAL_PLACES,
    EXACT,
    ONE,
    Number,
    Unreadable,
    as_printed,
    chinese,
    read_atom,
    read_range,
)

LONGEST_TOKEN = 200  # a phrase; anything longer is a sentence pasted by mistake
_TENTHS = re.compile(f"成(?![都果本立员功交品为绩长渝德绵资眉])({DIGIT})?")
_POINTS = {"‰": Decimal("0.1"), "‱": Decimal("0.01")}  # in percentage points
# Half of a unit, before it (半小时) and behind it (两年半, 一个半小时)
_HALF_OF = re.compile("半(?=个?(?:小时|钟头|世纪)|个?月|[天年日里斤吨亩倍米]|公[里斤])")
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Token:
    """One row of raw.token. Numbers are exact and unsigned; a percentage is in percentage points."""

    value_text: str
    hedge_id: str | None = None
    value_qualifier: str | None = None
    v: Decimal | None = None
    v_to: Decimal | None = None
    u: Decimal | None = None
    d: Decimal | None = None
    u_to: Decimal | None = None
    d_to: Decimal | None = None
    denominator: Decimal | None = None
    numerator: Decimal | None = None
    form: str = "NONE"
    sign: int = 1
    noun: str = ""
    error: str | None = None


def parse_token(text: str, lexicon: Lexicon) -> Token:
    """Read one printed token. Never raises: what cannot be read has `error` set and no number."""
    try:
        with localcontext(EXACT):
            return _parse(text, lexicon)
    except Unreadable as reason:
        return Token(text, error=str(reason))
    except UnicodeError:  # half of a surrogate pair, or NUL
        return Token(text, error="不是文字 · not text")


def _parse(text: str, lexicon: Lexicon) -> Token:
    if len(text) > LONGEST_TOKEN:
        raise Unreadable("太长，不是一个数字 · too long for a figure")
    plain = modern(simplify(text))
    figure = lexicon.figure.search(plain)
    for match in lexicon.whole_pattern.finditer(plain):
        word = lexicon.whole[match[0]]
        covers_numeral = not figure or match.start() <= figure.start() < match.end()
        if covers_numeral and not word.inside_a_word(plain, *match.span()):
            if word.states is None:
                return _whole(text, plain, word, match.start(), match.end(), lexicon)
            return _told(text, plain, match.span(), [_stated(word, word.states)], "", True, lexicon, word)
    if not figure:
        return _half(text, plain, lexicon)

    first, unit, last = figure.groups()
    bare = bool(BARE.fullmatch(first))  # no digit is printed
    numbers, inner = read_atom(first, lexicon)
    refuse_labels(plain, *figure.span(), last or first)
    if last:
        seconds, inner_last = read_atom(last, lexicon)
        if inner or inner_last or len(numbers) + len(seconds) > 2:
            raise Unreadable("区间带限定词 · a hedge inside a range")
        numbers = read_range(numbers[0], unit or "", seconds[0], plain[figure.end() :])
    return _told(text, plain, figure.span(), numbers, inner, bare, lexicon)


def _half(text: str, plain: str, lexicon: Lexicon) -> Token:
    """半小时, 过半: a half without any other numeral."""
    if match := _HALF_OF.search(plain):
        return _told(text, plain, match.span(), [Number(HALF, HALF, HALF, "DECIMAL")], "", False, lexicon)
    for match in lexicon.hedged_pattern.finditer(plain):
        word = lexicon.hedged[match[0]]
        if word.states is not None and strip_before(plain, match.start(), True, lexicon).hedges:
            return _told(text, plain, match.span(), [_stated(word, word.states)], "", True, lexicon, word)
    raise Unreadable("没有数字 · no numeral found")


def _stated(word: Hedge, number: Decimal) -> Number:
    """The number that a word states by itself: 持平, 翻番, 一半."""
    form = "ORDINAL" if word.role == "RANK" else "DECIMAL" if word.place % 1 else "INTEGER"
    return Number(abs(number), word.place, word.place, form, noun=word.unit)


def _told(
    text: str,
    plain: str,
    span: tuple[int, int],
    numbers: list[Number],
    inner: str,
    bare: bool,
    lexicon: Lexicon,
    word: Hedge | None = None,
) -> Token:
    """The token whose numeral, or word of quantity, stands at `span`; everything beside it is read here."""
    start, end = span
    before = strip_before(plain, start, bare, lexicon)
    sign = before.sign
    if word and word.states is not None and word.states < 0:
        sign, before = -1, replace(before, contrary=before.sign < 0)
    refuse_left_over(plain, before)
    hedges = [*before.hedges, *([lexicon.after[inner]] if inner else [])]
    if word and word.value_qualifier != "EQ":
        hedges.append(word)
    after, noun = strip_after(plain, end, bare and len(numbers) == 1 and not hedges and not word, lexicon)
    hedges += after
    if before.has("RANK") or numbers[0].form == "ORDINAL":
        return _rank(text, numbers, before, hedges, noun)
    near = any(hedge.value_qualifier == "BELOW_NEAR" for hedge in hedges)
    if near and re.match("(年|个月|天|周|日)", noun):
        raise Unreadable("时间范围，不是数值 · a time window, not a value")
    numbers, noun = _and_a_half(numbers, noun, inner)
    numbers, noun = _per_cent(*_tenths(numbers, numbers[-1].noun + noun))
    refuse_noun(noun, lexicon)
    if not word and noun.startswith("番") != any(each.term.startswith("翻") for each in before.words):
        raise Unreadable("翻与番须成对，如翻两番 · doublings are written 翻…番")

    hedge = resolve(hedges)
    if hedge and hedge.value_qualifier == "ORDER":
        return Token(text, hedge.hedge_id, "ORDER", form="ORDER", sign=sign, noun=noun)
    hedge_id, qualifier = (hedge.hedge_id, hedge.value_qualifier) if hedge else (None, "EQ")
    low, high = numbers[0], numbers[1] if len(numbers) == 2 else None
    if high and before.turn is not None and plain[before.turn] in MINUS:  # -3%~5%: one end is negative
        raise Unreadable("区间带负号 · a range with a minus")
    if high:  # a range states both ends; only 约 may stand beside it, and widens them
        if hedge and qualifier != "APPROX":
            raise Unreadable(f"区间带限定词 {hedge.term} · a range with a hedge")
        hedge_id, qualifier = "range_about" if hedge else "range", "RANGE"
    return Token(
        text,
        hedge_id,
        qualifier,
        v=low.v,
        v_to=high.v if high else None,
        u=low.u,
        d=low.d,
        u_to=high.u if high else None,
        d_to=high.d if high else None,
        denominator=low.denominator,
        numerator=low.numerator,
        form=(high or low).form,
        sign=sign,
        noun=noun,
    )


def _rank(text: str, numbers: list[Number], before: Before, hedges: list[Hedge], noun: str) -> Token:
    """第四, 全国第3位, 前十, 首位: values of ranks; the number of anything else (第三次) is none."""
    number, beside = numbers[0], before.words[-1].term if before.words else ""
    counts = number.form == "ORDINAL" or (number.form == "INTEGER" and beside in ("第", "前"))
    hedge = resolve(hedges)
    allowed = hedge is None or (len(hedges) == 1 and hedge.role == "RANK" and hedge.term == beside)
    whole = len(numbers) == 1 and before.sign > 0 and number.v and allowed
    if not (counts and whole) or noun not in ("", "位", "名"):
        raise Unreadable("序数，不是数值 · an ordinal, not a value")
    hedge_id, qualifier = (hedge.hedge_id, hedge.value_qualifier) if hedge else (None, "EQ")
    return Token(
        text, hedge_id, qualifier, v=number.v, u=ONE, d=ONE, form="ORDINAL", noun=number.noun or noun
    )


def _and_a_half(numbers: list[Number], noun: str, inner: str) -> tuple[list[Number], str]:
    """两年半, 一个半小时, 10公里半: half a unit more."""
    match = AND_A_HALF.fullmatch(noun)
    if not match:
        return numbers, noun
    number = numbers[0]
    if len(numbers) > 1 or inner or number.form != "INTEGER" or number.noun or not number.v:
        raise Unreadable("“半”读不出 · a half after the unit is not read")
    return [replace(number, v=number.v + HALF, u=HALF, d=HALF, form="DECIMAL")], match[1] + (match[2] or "")


def _tenths(numbers: list[Number], noun: str) -> tuple[list[Number], str]:
    """七成 is 70 %, 七成五 is 75 %."""
    match = _TENTHS.match(noun)
    if not match:
        return numbers, noun
    tenths = all(number.v <= 10 and number.form == "INTEGER" for number in numbers)
    if not tenths or (match[1] and len(numbers) > 1):
        raise Unreadable("读不出的成数 · unreadable tenths")
    scaled = [number.times(Decimal(10)) for number in numbers]
    if match[1]:
        scaled = [as_printed(scaled[0].v + chinese(match[1]), ONE, "")]
    return scaled, "%" + noun[match.end() :]


def _per_cent(numbers: list[Number], noun: str) -> tuple[list[Number], str]:
    """3.5‰ is 0.35 %: shares have one scale."""
    factor = _POINTS.get(noun[:1])
    if factor is None:
        return numbers, noun
    if any(number.d * factor < ONE.scaleb(-DECIMAL_PLACES) for number in numbers):
        raise Unreadable("数字超出范围 · number out of range")
    return [number.times(factor) for number in numbers], "%" + noun[1:]


def _whole(text: str, plain: str, hedge: Hedge, start: int, end: int, lexicon: Lexicon) -> Token:
    """数百, 十几, 若干: the word itself is the quantity, and it states no number."""
    if re.search(f"(?:{RUN}|[几数])$", plain[:start]) or re.match(f"{RUN}|[几数]", plain[end:]):
        raise Unreadable("读不出的数字 · unreadable numeral")
    before = strip_before(plain, start, True, lexicon)
    if before.has("RANK"):
        raise Unreadable("序数，不是数值 · an ordinal, not a value")
    refuse_left_over(plain, before)
    if hedge.value_qualifier == "VAGUE":
        return Token(text, hedge.hedge_id, "VAGUE", noun=plain[end:])
    after, noun = strip_after(plain, end, False, lexicon)
    for other in before.hedges + after:  # 约数百, 数百余: the order of magnitude already says as much
        if other.value_qualifier not in ("APPROX", "ABOVE_NEAR"):
            raise Unreadable(f"限定词矛盾 {other.term}…{hedge.term} · contradicting hedges")
    refuse_noun(noun, lexicon)
    return Token(text, hedge.hedge_id, "ORDER", form="ORDER", sign=before.sign, noun=hedge.unit + noun)
