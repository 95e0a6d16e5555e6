"""What a printed numeral states: the exact number and its place values, without the words around it.

Chinese numerals are converted by cn2an alone. What it gets wrong is kept from it: digits go through Decimal,
decimals and stacked magnitudes (1.7万亿) are multiplied exactly, a bare 万 gets its 一, codes are refused.
"""

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from itertools import pairwise

from dagster_project.figures.grammar import ARABIC, BARE, DIGIT, MAGNITUDE, POINT_DIGITS, POINT_MAGNITUDE
from dagster_project.figures.lexicon import Lexicon

ONE = Decimal(1)
EXACT = Context(prec=300)  # longer than any token: no product is rounded
DECIMAL_PLACES, INTEGER_DIGITS = 9, 29  # DECIMAL(38, 9), the type of every number in the warehouse

_ARABIC = re.compile(f"({ARABIC})({MAGNITUDE}*)")
_GROUP_MARK = re.compile(r"[,，\s]")
_COMPOUND = re.compile(f"(?:[0-9]+{MAGNITUDE}+)+[0-9]+|(?:[0-9]+{MAGNITUDE}+){{2,}}")  # 1亿3000万, 3万4000
_CHINESE = re.compile(f"((?:{DIGIT}|零|{MAGNITUDE})+)(?:点({POINT_DIGITS})({POINT_MAGNITUDE}))?")
_TWO_DIGITS = re.compile("[一二两三四五六七八九]{2}")
_SPOKEN = re.compile("[一二两三四五六七八九]{2}|[百千万亿][一二三四五六七八九]$")  # 六七百, 三千五
_SHARES = {"十": "成", "百": "%", "千": "‰", "万": "‱"}  # 百分之八十 is 80 %, no fraction


class Unreadable(ValueError):
    """The token states no number that can be kept; the message says why, 中文 · English."""


@dataclass(frozen=True)
class Number:
    """A number with its place values; `magnitude` is what a range may share (3至5亿)."""

    v: Decimal
    u: Decimal
    d: Decimal
    form: str
    magnitude: str = ""
    noun: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    def times(self, factor: Decimal) -> "Number":
        return replace(self, v=_plain(self.v * factor), u=_plain(self.u * factor), d=_plain(self.d * factor))


def _plain(value: Decimal) -> Decimal:
    """The same number without exponent or idle zeros, as databases take it."""
    return Decimal(f"{value.normalize():f}")


def _last_place(value: Decimal) -> Decimal:
    return ONE.scaleb(int(value.as_tuple().exponent))


def as_printed(v: Decimal, d: Decimal, text: str, magnitude: str = "", decimal: bool = False) -> Number:
    """A number that was printed as `text`, with d as the place value of its last digit."""
    d = _plain(d)
    u = _plain(_last_place(v.normalize())) if v else d
    if v.adjusted() >= INTEGER_DIGITS or d < ONE.scaleb(-DECIMAL_PLACES):
        raise Unreadable("数字超出范围 · number out of range")
    form = "DECIMAL" if decimal else "INTEGER"
    if "万" in text or "亿" in text:
        form = "DECIMAL_MAGNITUDE" if decimal else "WHOLE_MAGNITUDE"
    return Number(_plain(v), u, d, form, magnitude)


@lru_cache(maxsize=65536)
def chinese(text: str) -> Decimal:
    """A Chinese whole number by cn2an; a bare magnitude has an implied 一."""
    from cn2an import cn2an

    try:
        return Decimal(cn2an(f"一{text}" if BARE.fullmatch(text) and text[0] != "十" else text, "normal"))
    except (ValueError, LookupError):  # cn2an raises KeyError on some nonsense
        raise Unreadable(f"读不出的数字 {text[:20]} · unreadable numeral") from None


def read_run(text: str) -> Number:
    """Digits, Chinese numerals or both: 508, 3.8万, 1.7万亿, 三百六十, 一点五亿, 1亿3000万."""
    if re.match("0[0-9]|[〇零][^点]", text):
        raise Unreadable(f"以零开头的代码，不是数值 {text[:20]} · a code with a leading zero, not a value")
    if match := _ARABIC.fullmatch(text):
        digits, magnitude = _GROUP_MARK.sub("", match[1]), match[2]
        factor = chinese(magnitude) if magnitude else ONE
        value = Decimal(digits)
        place = _last_place(value)
        return as_printed(value * factor, place * factor, text, magnitude, "." in digits)
    if _COMPOUND.fullmatch(text):
        parts = [read_run(part) for part in re.findall(f"[0-9]+{MAGNITUDE}*", text)]
        rest = parts[-1] if text[-1].isascii() else None  # of 3万4000 all places are printed; 1万2 is 12000
        digits_left = len(text) - len(text.rstrip("0123456789"))
        spoken = rest and rest.v and ONE.scaleb(digits_left) != parts[-2].d
        if spoken or any(low.v >= high.d for high, low in pairwise(parts)):
            raise Unreadable(f"读不出的数字 {text[:20]} · unreadable numeral")
        return as_printed(sum((part.v for part in parts), Decimal(0)), parts[-1].d, "" if rest else text)
    match = _CHINESE.fullmatch(text)
    if match and ("〇" in match[1] or not _SPOKEN.search(match[1])):
        whole, fraction, magnitude = match.groups()
        if fraction:
            factor = chinese(magnitude) if magnitude else ONE
            place = ONE.scaleb(-len(fraction)) * factor
            value = chinese(whole) * factor + chinese(fraction) * place
            return as_printed(value, place, text, magnitude, decimal=True)
        # 三百 is 300 in characters, so that its last digit is a one; 三千万 is 3000万
        unit = whole[len(whole.rstrip("万亿")) :]
        shared = whole[1:] if re.fullmatch(f"{DIGIT}{MAGNITUDE}*[万亿]", whole) else ""
        return as_printed(chinese(whole), chinese(unit) if unit else ONE, text, shared)
    raise Unreadable(f"读不出的数字 {text[:20]} · unreadable numeral")


def read_fraction(numerator: Number, denominator: Number) -> Number:
    """A fraction keeps its printed denominator: u and d are the denominator's place values."""
    if not 0 <= numerator.v <= denominator.v or not denominator.v:
        raise Unreadable("不是几分之几 · not a share of a whole")
    share = numerator.v / denominator.v
    return Number(
        share.quantize(ONE.scaleb(-DECIMAL_PLACES), ROUND_HALF_UP),
        denominator.u,
        denominator.d,
        "FRACTION",
        numerator=numerator.v,
        denominator=denominator.v,
    )


def read_atom(text: str, lexicon: Lexicon) -> tuple[list[Number], str]:
    """One printed numeral: its number, or both ends of 六七百, and the hedge inside it (1000余万)."""
    if "分之" in text:
        whole, part = text.split("分之")
        if whole in _SHARES:
            return [replace(read_run(part), noun=_SHARES[whole])], ""
        return [read_fraction(read_run(part), read_run(whole))], ""
    if "/" in text:
        part, whole = text.split("/")
        return [read_fraction(read_run(part), read_run(whole))], ""
    inner = lexicon.inner.search(text)
    if inner:
        text = text.replace(inner[0], "")
    pair = _TWO_DIGITS.search(text) if "〇" not in text else None
    if pair:
        first, second = pair.start(), pair.start() + 1
        low, high = chinese(text[first]), chinese(text[second])
        if inner or (high - low != 1 and (low, high) != (3, 5)):
            raise Unreadable(f"读不出的数字 {text[:20]} · unreadable numeral")
        return [read_run(text[:second] + text[second + 1 :]), read_run(text[:first] + text[second:])], ""
    return [read_run(text)], inner[0] if inner else ""


def read_range(first: Number, unit: str, second: Number, rest: str) -> list[Number]:
    """Two printed ends; a magnitude or a share printed once applies to both."""
    if unit and not (second.noun + rest).startswith(unit):
        raise Unreadable("不止一个数字 · more than one figure in the token")
    if not unit and "MAGNITUDE" not in first.form:
        for magnitude in filter(None, (second.magnitude, second.magnitude.lstrip("十百千"))):
            shared = first.times(chinese(magnitude))
            if shared.v < second.v:  # in 500至1万 nothing is shared
                first = replace(shared, form=second.form)
                break
    second = replace(second, noun=second.noun or first.noun)
    if first.v >= second.v or "FRACTION" in (first.form, second.form):
        raise Unreadable("区间两端不成立 · the ends of the range do not make one")
    return [first, second]
