"""Reads a printed figure token: hedge, number, place values, counted noun (value rules, section 2).

Here: everything that looks at numerals or hedge words. `parse_token` reads one token; whoever must find
numerals in a line uses the same pattern, `FIGURE`, on the same copy of the text, `simplify`.
Not here: intervals (SQL computes them from v, u, d and the numbers in hedge_terms.csv), units, the
comparison of a token with the value typed beside it.

Chinese numerals are converted by cn2an alone. What it gets wrong is kept from it: digits go through Decimal,
decimals and stacked magnitudes (1.7万亿) are multiplied exactly, a bare 万 gets its 一, codes are refused.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import cache, lru_cache, reduce
from itertools import pairwise
from pathlib import Path

ONE = Decimal(1)
EXACT = Context(prec=300)  # longer than any token: no product is rounded
DECIMAL_PLACES, INTEGER_DIGITS = 9, 29  # DECIMAL(38, 9), the type of every number in the warehouse
LONGEST_TOKEN = 200  # a phrase; anything longer is a sentence pasted by mistake

# --- the parts of a numeral; atomic groups keep matching linear on hostile text ---
DIGIT = "[〇一二两三四五六七八九]"
# 千瓦 千米 百分点 are units, whose first character is no magnitude
MAGNITUDE = "(?:[十万亿]|百(?!分点|帕)|千(?![瓦米克伏卡兆赫]))"
ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
POINT_DIGITS = "[〇零一二三四五六七八九]+"
POINT_MAGNITUDE = f"(?:(?!十){MAGNITUDE}+)?"  # 十点三十分 is a time
PART = f"{ARABIC}|{DIGIT}|{MAGNITUDE}"
RUN = f"(?>(?:{PART}|零(?=点))(?:{PART}|零)*(?:点{POINT_DIGITS}{POINT_MAGNITUDE})?)"
INNER = "[余多来]"  # a hedge between digits and magnitude: 1000余万
HALF = "一半|半数|(?<=[过超近])半(?![年月天小])"
ATOM = f"(?:{HALF}|{RUN}分之{RUN}|[0-9]+/[0-9]+|{RUN}(?:{INNER}(?>{MAGNITUDE}+))?)"
TO = "(?:至|到|[-‐‑‒–—―─−~〜]+)"
FIGURE = re.compile(f"({ATOM})(?:([^0-9〇一二两三四五六七八九十百千万亿至到]{{1,4}}?)?{TO}({ATOM}))?")

_ARABIC = re.compile(f"({ARABIC})({MAGNITUDE}*)")
_COMPOUND = re.compile(f"(?:[0-9]+{MAGNITUDE}+){{2,}}")  # 1亿3000万
_CHINESE = re.compile(f"((?:{DIGIT}|零|{MAGNITUDE})+)(?:点({POINT_DIGITS})({POINT_MAGNITUDE}))?")
_BARE = re.compile(f"{MAGNITUDE}+")
_TWO_DIGITS = re.compile("[一二两三四五六七八九]{2}")
_SPOKEN = re.compile("[一二两三四五六七八九]{2}|[百千万亿][一二三四五六七八九]$")  # 六七百, 三千五
_NOUN = 4  # characters that a hedge may stand behind the end of a token
_REST_OF_NOUN = re.compile(f"[^\\W0-9〇零一二两三四五六七八九十百千万亿半几至到和与或在]{{1,{_NOUN}}}")
_TENTHS = re.compile(f"成(?![都果本立员功交品为绩长渝德绵资眉])({DIGIT})?")
_SHARES = {"十": "成", "百": "%", "千": "‰", "万": "‱"}  # 百分之八十 is 80 %, no fraction
_POINTS = {"‰": Decimal("0.1"), "‱": Decimal("0.01")}  # in per cent points
_IDLE_SPACE = re.compile(r"(?<![0-9])\s+|\s+(?![0-9\s])")
_FOLD = re.compile("[\uff01-\uff0b\uff0d-\uff5e\u2e80-\u2fdf\uf900-\ufaff]")  # all full-width forms but ，


# --- words beside a numeral that are no hedge ---
def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FALLS = _words("下降 减少 降低 下跌 下滑 下调 回落 缩短 压减 压缩 缩减 减 降 负增长 负 降幅 跌幅 减幅")
LEVELS = _words("至 到 为")  # 降至 降低到 states a level: the fall before it is no sign
FILLERS = _words(
    "达到 达 高达 多达 共计 共有 共 总计 合计 累计 已 有 是 了 占 仅 人民币 同比 环比 "
    "增长 增加 增 增幅 增速 提高 提升 上升 上涨 扩大"
)
BARE_ONLY = "过"  # 过万 过半 exceed; in 开过3次 it only marks the past

# Two hedges on one number. Pairs that are not here contradict each other (近…余, 不足…以上).
STACKS = {
    frozenset(pair): kept
    for *pair, kept in (
        ("GT", "ABOVE_NEAR", "ABOVE_NEAR"),
        ("GE", "ABOVE_NEAR", "ABOVE_NEAR"),
        ("GT", "GE", "GT"),
        ("LT", "LE", "LT"),
        ("APPROX", "ABOVE_NEAR", "ABOVE_NEAR"),
        ("APPROX", "BELOW_NEAR", "BELOW_NEAR"),
    )
}


class Unreadable(ValueError):
    """The token states no number that can be kept; the message says why, 中文 · English."""


@dataclass(frozen=True)
class Token:
    """One row of raw.token. Numbers are exact and unsigned; a percentage is in per cent points."""

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


@dataclass(frozen=True)
class Hedge:
    """One row of hedge_terms.csv, as far as reading needs it."""

    hedge_id: str
    term: str
    value_qualifier: str
    not_in: re.Pattern[str] | None

    def inside_a_word(self, text: str, start: int, end: int) -> bool:
        """Whether text[start:end] belongs to a word in which the term is no hedge (约 in 节约)."""
        found = self.not_in.finditer(text) if self.not_in else ()
        return any(word.start() < end and start < word.end() for word in found)


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The hedges by position, as patterns in which the longest form wins."""

    before: Mapping[str, Hedge]
    after: Mapping[str, Hedge]
    whole: Mapping[str, Hedge]
    before_pattern: re.Pattern[str]
    after_pattern: re.Pattern[str]
    whole_pattern: re.Pattern[str]

    @classmethod
    def read(cls, path: str | Path) -> "Lexicon":
        """The lexicon in hedge_terms.csv. Raises OSError, or KeyError where a column is missing."""
        with open(path, encoding="utf-8", newline="") as file:
            return cls.from_rows(csv.DictReader(file))

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, object]]) -> "Lexicon":
        """The lexicon from mappings with the columns of hedge_terms; rows without a term are skipped."""
        places: dict[str, dict[str, Hedge]] = {"BEFORE": {}, "AFTER": {}, "WHOLE": {}}
        for row in rows:
            term, place = row["term"], places.get(str(row["position"]))
            if term and place is not None:
                words = [word for word in str(row["not_in"] or "").split(";") if word]
                not_in = re.compile(_longest_first(words)) if words else None
                place[str(term)] = Hedge(str(row["hedge_id"]), str(term), str(row["value_qualifier"]), not_in)
        before = [*places["BEFORE"], *FALLS, *LEVELS, *FILLERS]
        return cls(
            *places.values(),
            before_pattern=re.compile(_longest_first(before) + "$"),
            after_pattern=re.compile(_longest_first(places["AFTER"])),
            whole_pattern=re.compile(_longest_first(places["WHOLE"])),
        )


def _longest_first(words: Iterable[str]) -> str:
    """A pattern for any of the words; one that never matches where there are none."""
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True))) or '(?!)'})"


def parse_token(text: str, lexicon: Lexicon) -> Token:
    """Read one printed token. Never raises: what cannot be read has `error` set and no number."""
    try:
        with localcontext(EXACT):
            return _parse(text, lexicon)
    except Unreadable as reason:
        return Token(text, error=str(reason))
    except UnicodeError:  # half of a surrogate pair, or NUL
        return Token(text, error="不是文字 · not text")


def simplify(text: str) -> str:
    """The copy that is matched: half-width, simplified script, no white space except between digits."""
    folded = _FOLD.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return _IDLE_SPACE.sub("", _to_simplified().convert(folded))


def simplify_in_place(text: str) -> tuple[str, list[int]]:
    """The same copy with, for each of its characters, the index in `text`; then the length of `text`."""
    folded = [(unicodedata.normalize("NFKC", c) if _FOLD.match(c) else c, i) for i, c in enumerate(text)]
    places = [i for part, i in folded for _ in part]
    plain = _to_simplified().convert("".join(part for part, _ in folded))
    if len(plain) != len(places):  # a phrase that converts to another length: convert by character
        parts = [(_to_simplified().convert(part), i) for part, i in folded]
        plain, places = "".join(part for part, _ in parts), [i for part, i in parts for _ in part]
    for space in reversed(list(_IDLE_SPACE.finditer(plain))):
        plain = plain[: space.start()] + plain[space.end() :]
        del places[slice(*space.span())]
    return plain, [*places, len(text)]


@cache
def _to_simplified():
    from opencc import OpenCC

    return OpenCC("t2s")


# --- numbers ---


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


def _number(v: Decimal, d: Decimal, text: str, magnitude: str = "", decimal: bool = False) -> Number:
    """A number that was printed as `text`, with d as the place value of its last digit."""
    _, digits, exponent = v.normalize().as_tuple()
    d = _plain(d)
    u = _plain(ONE.scaleb(exponent)) if v else d
    if len(digits) + exponent > INTEGER_DIGITS or d < ONE.scaleb(-DECIMAL_PLACES):
        raise Unreadable("数字超出范围 · number out of range")
    form = "DECIMAL" if decimal else "INTEGER"
    if "万" in text or "亿" in text:
        form = "DECIMAL_MAGNITUDE" if decimal else "WHOLE_MAGNITUDE"
    return Number(_plain(v), u, d, form, magnitude)


@lru_cache(maxsize=65536)
def _chinese(text: str) -> Decimal:
    """A Chinese whole number by cn2an; a bare magnitude has an implied 一."""
    from cn2an import cn2an

    try:
        return Decimal(cn2an(f"一{text}" if _BARE.fullmatch(text) and text[0] != "十" else text, "normal"))
    except (ValueError, LookupError):  # cn2an raises KeyError on some nonsense
        raise Unreadable(f"读不出的数字 {text[:20]} · unreadable numeral") from None


def _read_run(text: str) -> Number:
    """Digits, Chinese numerals or both: 508, 3.8万, 1.7万亿, 三百六十, 一点五亿, 1亿3000万."""
    if re.match("0[0-9]|[〇零][^点]", text):
        raise Unreadable(f"以零开头的代码，不是数值 {text[:20]} · a code with a leading zero, not a value")
    if match := _ARABIC.fullmatch(text):
        digits, magnitude = match[1].replace(",", ""), match[2]
        factor = _chinese(magnitude) if magnitude else ONE
        value = Decimal(digits)
        place = ONE.scaleb(value.as_tuple().exponent)
        return _number(value * factor, place * factor, text, magnitude, "." in digits)
    if _COMPOUND.fullmatch(text):
        parts = [_read_run(part) for part in re.findall(f"[0-9]+{MAGNITUDE}+", text)]
        if any(low.v >= high.d for high, low in pairwise(parts)):
            raise Unreadable(f"读不出的数字 {text[:20]} · unreadable numeral")
        return _number(sum(part.v for part in parts), parts[-1].d, text)
    match = _CHINESE.fullmatch(text)
    if match and ("〇" in match[1] or not _SPOKEN.search(match[1])):
        whole, fraction, magnitude = match.groups()
        if fraction:
            factor = _chinese(magnitude) if magnitude else ONE
            place = ONE.scaleb(-len(fraction)) * factor
            value = _chinese(whole) * factor + _chinese(fraction) * place
            return _number(value, place, text, magnitude, decimal=True)
        # 三百 is 300 in characters, so that its last digit is a one; 三千万 is 3000万
        unit = re.search("[万亿]*$", whole)[0]
        shared = whole[1:] if re.fullmatch(f"{DIGIT}{MAGNITUDE}*[万亿]", whole) else ""
        return _number(_chinese(whole), _chinese(unit) if unit else ONE, text, shared)
    raise Unreadable(f"读不出的数字 {text[:20]} · unreadable numeral")


def _read_fraction(numerator: Number, denominator: Number) -> Number:
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


def _read_atom(text: str) -> tuple[list[Number], str]:
    """One printed numeral: its number, or both ends of 六七百, and the hedge inside it (1000余万)."""
    if "半" in text:
        return [Number(Decimal(50), Decimal(10), Decimal(10), "INTEGER", noun="%")], ""
    if "分之" in text:
        whole, part = text.split("分之")
        if whole in _SHARES:
            return [replace(_read_run(part), noun=_SHARES[whole])], ""
        return [_read_fraction(_read_run(part), _read_run(whole))], ""
    if "/" in text:
        part, whole = text.split("/")
        return [_read_fraction(_read_run(part), _read_run(whole))], ""
    inner = re.search(INNER, text)
    if inner:
        text = text.replace(inner[0], "")
    pair = _TWO_DIGITS.search(text) if "〇" not in text else None
    if pair:
        first, second = pair.start(), pair.start() + 1
        low, high = _chinese(text[first]), _chinese(text[second])
        if inner or (high - low != 1 and (low, high) != (3, 5)):
            raise Unreadable(f"读不出的数字 {text[:20]} · unreadable numeral")
        return [_read_run(text[:second] + text[second + 1 :]), _read_run(text[:first] + text[second:])], ""
    return [_read_run(text)], inner[0] if inner else ""


def _read_range(first: Number, unit: str, second: Number, rest: str) -> list[Number]:
    """Two printed ends; a magnitude or a share printed once applies to both."""
    if unit and not (second.noun + rest).startswith(unit):
        raise Unreadable("不止一个数字 · more than one figure in the token")
    if not unit and "MAGNITUDE" not in first.form:
        for magnitude in filter(None, (second.magnitude, second.magnitude.lstrip("十百千"))):
            shared = first.times(_chinese(magnitude))
            if shared.v < second.v:  # in 500至1万 nothing is shared
                first = replace(shared, form=second.form)
                break
    second = replace(second, noun=second.noun or first.noun)
    if first.v >= second.v or "FRACTION" in (first.form, second.form):
        raise Unreadable("区间两端不成立 · the ends of the range do not make one")
    return [first, second]


# --- words around the number ---


def _strip_before(text: str, end: int, bare: bool, lexicon: Lexicon) -> tuple[list[Hedge], int, int]:
    """Hedges that touch the numeral, through words such as 达 同比 了; the sign; where the first begins."""
    hedges, sign, level, first = [], 1, False, end
    if end and text[end - 1] in "-−":
        end, sign = end - 1, -1
    while match := lexicon.before_pattern.search(text, 0, end):
        word, start = match[0], match.start()
        hedge = lexicon.before.get(word)
        if hedge and (hedge.inside_a_word(text, start, end) or (word == BARE_ONLY and not bare)):
            break
        if hedge:
            hedges.insert(0, hedge)
            first = start
        elif word in FALLS and (not level or word.endswith("幅")):
            sign = -1
        level = level or word in LEVELS
        end = start
    return hedges, sign, first


def _strip_after(text: str, start: int, scale: bool, lexicon: Lexicon) -> tuple[list[Hedge], str]:
    """Hedges beside the numeral or after its unit, and the counted noun that is left."""
    hedges, noun, position = [], "", start
    for match in lexicon.after_pattern.finditer(text, start):
        hedge, passed = lexicon.after[match[0]], noun + text[position : match.start()]
        if hedge.value_qualifier == "ORDER":  # 千亿级 is an aspiration, 80亿元规模 a figure
            touches = scale and passed in ("", "元", "美元")
        elif len(match[0]) == 1:
            # Right at the number (20多个), close behind it or at the end (两年多);
            # farther on it begins another word (成果多次获奖).
            touches = len(passed) <= 2 or match.end() == len(text)
        else:
            touches = True
        beside = not passed and len(match[0]) == 1
        if touches and (beside or not hedge.inside_a_word(text, *match.span())):
            hedges.append(hedge)
            noun, position = passed, match.end()
    return hedges, noun + text[position:]


def _resolve(hedges: list[Hedge]) -> Hedge | None:
    """One hedge for all: 约…左右 is one, 超…余 is a 余, a contradiction is an error."""

    def stricter(left: Hedge, right: Hedge) -> Hedge:
        if left.value_qualifier == right.value_qualifier:
            return left
        kept = STACKS.get(frozenset((left.value_qualifier, right.value_qualifier)))
        if kept is None:
            raise Unreadable(f"限定词矛盾 {left.term}…{right.term} · contradicting hedges")
        return left if left.value_qualifier == kept else right

    return reduce(stricter, hedges) if hedges else None


def extent(text: str, start: int, end: int, noun_end: int, lexicon: Lexicon) -> tuple[int, int, int]:
    """How far the hedges of the numeral text[start:end] reach in running text, and its sign.

    text: a whole line as `simplify` gives it; noun_end: where the numeral's counted noun ends.
    Returns the first and last index of the shortest token that leaves no hedge out, and -1 for a stated fall.
    """
    numeral = text[start:end]
    bare = bool(_BARE.fullmatch(numeral)) or "半" in numeral
    hedges, sign, first = _strip_before(text, start, bare, lexicon)
    last = end
    for match in lexicon.after_pattern.finditer(text, end, min(len(text), noun_end + _NOUN + 4)):
        hedge, passed = lexicon.after[match[0]], text[max(noun_end, end) : match.start()]
        if hedge.value_qualifier == "ORDER":
            touches = bare and not hedges and text[end : match.start()] in ("", "元", "美元")
        else:
            # Right at the number or behind the noun; a long one also behind the rest of it (家企业左右).
            touches = not passed or (len(match[0]) > 1 and bool(_REST_OF_NOUN.fullmatch(passed)))
        beside = match.start() == end and len(match[0]) == 1
        if touches and (beside or not hedge.inside_a_word(text, *match.span())):
            last = match.end()
    for match in lexicon.whole_pattern.finditer(text):  # 数百, 十几: the numeral alone is another quantity
        overlaps = match.start() < end and start < match.end()
        if overlaps and not lexicon.whole[match[0]].inside_a_word(text, *match.span()):
            first, last = min(first, match.start()), max(last, match.end())
    return first, last, sign


def _refuse_labels(text: str, start: int, end: int, numeral: str) -> None:
    """Labels, ordinals, codes and dates have no value."""
    before, after = text[:start], text[end:]
    if before.endswith("第"):
        raise Unreadable("序数，不是数值 · an ordinal, not a value")
    if re.search(r"[A-Za-z][-−]?$|[+×*:∶./]$", before) or re.match(
        r"[+×*:∶./]|[A-Z](?![A-Za-z])|号|线|[-−—][A-Za-z]", after
    ):
        raise Unreadable("编号或代码，不是数值 · a label or code, not a value")
    year = re.fullmatch("(?:19|20|21)[0-9]{2}|[一二][〇零一二三四五六七八九]{3}", numeral)
    if (year and after.startswith("年")) or "十四五" in numeral or re.match("月(?!龄|均)|年代", after):
        raise Unreadable("日期或时期，不是数值 · a date or period, not a value")


def _refuse_second_numeral(noun: str) -> None:
    """A token holds one figure; 5G or 4A inside the noun is a name."""
    digit = r"(?<![A-Za-z0-9.])[0-9](?![0-9.]*[A-Za-z])"
    counted = f"(?:{DIGIT}|{MAGNITUDE})[个年月天日分秒米元角小]"
    if re.search(f"{digit}|{counted}", noun):
        raise Unreadable("不止一个数字 · more than one figure in the token")
    if noun.startswith("几"):
        raise Unreadable("读不出的数字，如三百几十 · unreadable numeral")
    if re.match("(?:[年天月个]|小时|公里)半(?!导体|岛)", noun):
        raise Unreadable("“半”读不出 · a half after the unit is not read")


# --- the token ---


def _parse(text: str, lexicon: Lexicon) -> Token:
    if len(text) > LONGEST_TOKEN:
        raise Unreadable("太长，不是一个数字 · too long for a figure")
    plain = simplify(text)
    figure = FIGURE.search(plain)
    for match in lexicon.whole_pattern.finditer(plain):
        hedge = lexicon.whole[match[0]]
        covers_numeral = not figure or match.start() <= figure.start() < match.end()
        if covers_numeral and not hedge.inside_a_word(plain, *match.span()):
            return _whole(text, plain, hedge, match.start(), match.end(), lexicon)
    if not figure:
        raise Unreadable("没有数字 · no numeral found")

    first, unit, last = figure.groups()
    bare = bool(_BARE.fullmatch(first)) or "半" in first  # no digit is printed
    numbers, inner = _read_atom(first)
    start, end = figure.span()
    _refuse_labels(plain, start, end, last or first)
    if last:
        seconds, inner_last = _read_atom(last)
        if inner or inner_last or len(numbers) + len(seconds) > 2:
            raise Unreadable("区间带限定词 · a hedge inside a range")
        numbers = _read_range(numbers[0], unit or "", seconds[0], plain[end:])

    hedges, sign, _ = _strip_before(plain, start, bare, lexicon)
    if inner:
        hedges.append(_inner_hedge(inner, lexicon))
    after, noun = _strip_after(plain, end, bare and not last and not hedges, lexicon)
    hedges += after
    if first == "半" and not hedges:
        raise Unreadable("“半”读不出 · a half without its whole is not read")
    near = any(hedge.value_qualifier == "BELOW_NEAR" for hedge in hedges)
    if near and re.match("(年|个月|天|周|日)来", noun):
        raise Unreadable("时间范围，不是数值 · a time window, not a value")
    _refuse_second_numeral(noun)

    hedge = _resolve(hedges)
    if hedge and hedge.value_qualifier == "ORDER":
        return Token(text, hedge.hedge_id, "ORDER", form="ORDER", sign=sign, noun=noun)
    numbers, noun = _per_cent(*_tenths(numbers, numbers[-1].noun + noun))
    hedge_id, qualifier = (hedge.hedge_id, hedge.value_qualifier) if hedge else (None, "EQ")
    low, high = numbers[0], numbers[1] if len(numbers) == 2 else None
    if high:  # a range states both ends; only 约 may stand beside it, and widens them
        if hedge and qualifier != "APPROX":
            raise Unreadable(f"区间带限定词 {hedge.term} · a range with a hedge")
        hedge_id, qualifier = "range_about" if hedge else "range", "RANGE"
    return Token(
        text,
        hedge_id,
        qualifier,
        v=low.v,
        v_to=high and high.v,
        u=low.u,
        d=low.d,
        u_to=high and high.u,
        d_to=high and high.d,
        denominator=low.denominator,
        numerator=low.numerator,
        form=(high or low).form,
        sign=sign,
        noun=noun,
    )


def _inner_hedge(term: str, lexicon: Lexicon) -> Hedge:
    if term not in lexicon.after:
        raise Unreadable(f"词表中没有 {term} · the hedge is not in the lexicon")
    return lexicon.after[term]


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
        scaled = [_number(scaled[0].v + _chinese(match[1]), ONE, "")]
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
    """数百, 十几, 若干: the word itself is the quantity."""
    if hedge.value_qualifier == "VAGUE":
        return Token(text, hedge.hedge_id, "VAGUE", noun=plain[end:])
    if re.search(f"(?:{RUN}|[几数])$", plain[:start]) or re.match(f"{RUN}|[几数]", plain[end:]):
        raise Unreadable("读不出的数字 · unreadable numeral")
    if plain[:start].endswith("第"):
        raise Unreadable("序数，不是数值 · an ordinal, not a value")
    before, sign, _ = _strip_before(plain, start, True, lexicon)
    after, noun = _strip_after(plain, end, False, lexicon)
    for other in before + after:  # 约数百, 数百余: the order of magnitude already says as much
        if other.value_qualifier not in ("APPROX", "ABOVE_NEAR"):
            raise Unreadable(f"限定词矛盾 {other.term}…{hedge.term} · contradicting hedges")
    _refuse_second_numeral(noun)
    return Token(text, hedge.hedge_id, "ORDER", form="ORDER", sign=sign, noun=noun)
