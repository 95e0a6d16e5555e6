"""The draft of a further bulletin: every numeral of its lines, and where it probably belongs.

A person decides; what a rule here proposes is shown with its sentence, which is never written. Not here: what
a numeral means (figures/), what its row says beside the number (proposed.py), the files (new_bulletin.py),
what is still missing later (audit/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from dagster_project.figures.beside import strip_before
from dagster_project.figures.bounds import Interval, interval
from dagster_project.figures.grammar import BARE, DIGIT, MAGNITUDE
from dagster_project.figures.numerals import Line, Span, with_hedges
from dagster_project.figures.tokens import Token, parse_token
from dagster_project.seeds.as_written import Seeds
from dagster_project.seeds.periods import Period, periods

JUDGED = "judged"  # a person's mark that the row says what the text says
FIGURE = "figure"  # of a claim: the token of the figure in its line that it is about
DRAFT_COLUMNS = (
    "locator", "token", "goes_to", "indicator_id", "ref_area", "value", "value_to", "value_qualifier",
    "lower_bound", "lower_closed", "upper_bound", "upper_closed", "unit_measure",
    "time_period_start", "time_period_end", "time_text", "obs_status", FIGURE, "claim_type", "comparison",
    "base_text", "base_period_start", "base_period_end", "price_basis", "commitment_type", "modality",
    "accounting", "due_date", "authority", "event_type", "status", "domain_id", "title_zh", "title_en",
    "remark", JUDGED,
)  # fmt: skip
# Only the draft has these; all others go by their name into the tables that have it (move_draft.py).
NOT_OF_TABLES = ("token", "goes_to", "value", "value_to", FIGURE, "remark", JUDGED)
_CODES = DRAFT_COLUMNS[DRAFT_COLUMNS.index("obs_status") : DRAFT_COLUMNS.index("remark")]
RELATIVE_UNITS = {"PERCENT", "PERCENT_POINT", "TIMES"}
_NUMBER = "[0-9〇零一二三四五六七八九十]"
_YEAR = "(?:[0-9]{4}|[〇零一二三四五六七八九]{4})"
_TO = "[-—–至到~〜]+"
_DATE = re.compile(
    f"(?:{_YEAR}年?{_TO})?{_YEAR}年(?:(?:{_NUMBER}{{1,3}}{_TO})?{_NUMBER}{{1,3}}月(?:{_NUMBER}{{1,3}}[日号])?)?"
    f"|(?:{_NUMBER}{{1,3}}{_TO})?{_NUMBER}{{1,3}}月(?:(?!份额)份|{_NUMBER}{{1,3}}[日号])?(?![龄均])"
    "|[0-9]{4}([-/.])[0-9]{1,2}\\1[0-9]{1,2}|[0-9]{1,2}:[0-9]{2}"
)
BARE_DIGITS = DIGIT.strip("[]")
# Words for the future, unless something done follows them; a year only if it is after publication.
_PROMISE = re.compile(
    "力争|力求|争取|确保|计划|规划|目标|预期|预计|有望|拟(?!合|定)|将(?!近|军|来)|年内|[年月]底前|未来|今后|建成后|明年|后年"
    "|到(?:“|「)?十[四五六]五|到((?:19|20)[0-9]{2})年"
)
_DONE = re.compile("已|累计|截至|截止|目前|完成了|实现了|建成了")
# No figures by their form, with the reason of the exclusion; names and labels are in numeral_words.csv.
_A_NUMBER = f"(?:[0-9]+|(?:{DIGIT}|{MAGNITUDE}|几|数)+)"
_NO_FIGURES = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (f"(?<![0-9])(?:[12]?[0-9]|3[01])日(?![均报夜])(?:{_TO}(?:[12]?[0-9]|3[01])日)?", "DATE"),
        (f"(?<![0-9十每两{BARE_DIGITS}])(?:周|星期|礼拜)[一二三四五六日](?![次回天年个趟])", "DATE"),
        (
            f"(?:近|过去|未来|今后|此后|最近|连续|这){_A_NUMBER}多?(?:年|个月|个?季度|天|周|日)[来间内里]?",
            "PERIOD",
        ),
        (f"{_A_NUMBER}多?(?:年|个月)[来间]", "PERIOD"),
        (
            f"(?:国庆|春节|五一|元旦|中秋|清明|端午|黄金周|长假|假期)[^，。；、]{{0,2}}?{_A_NUMBER}[天日]",
            "PERIOD",
        ),
        # 要抓好三项重点：
        (
            f"(?<=[好实出焦绕进施持])(?:{_A_NUMBER})[项个条件大](?=[^，,。；;、0-9]{{0,8}}[：:])",
            "OUTLINE",
        ),
        (f"每{_A_NUMBER}", "NOT_A_FIGURE 分母，属单位 · the denominator of a rate"),
        (f"(?<![第0-9十百千万{BARE_DIGITS}])[两二三四五六七八九][市省地县区城方国](?![级内外])", "GROUPING?"),
    )
)
# 由320余家增至410多家: the first is where it started from
_FROM = re.compile("[由从][^，,。；;]{0,14}$")
_TO_LEVEL = re.compile(
    "[^，,。；;]{0,8}?(?:增|升|降|减|提|扩|缩|压|涨|跌|拓)[^，,。；;]{0,3}?[至到为][^，,。；;]{0,3}?[0-9一二两三四五六七八九十百千万半几数近约超]"
)
_DATED = re.compile("[0-9]年|[年月]初|[上去前]年|[年月]底|时期|期末|之初")
_RATE = re.compile("(?:/|每)[一-鿿]{1,3}")
_NO_INTERVAL = Interval()
START = "起点，另立一行，时间从原文 · the value it started from: a row with its own time"
NO_UNIT = "单位待定 · unit to be chosen"
_A_DATE = "或 exclusions: DATE, PERIOD · or an exclusion"
_SENTENCE_END = "。！？!?；;"
_CODE = re.compile(r"[A-Za-z0-9+×*∶/.-]+")  # a code if it has more than digits and what may stand in a number
_LETTER = re.compile("[A-Za-z+×*∶]")
_OUTLINE = re.compile("[（(【]?$")
_NOUN = re.compile(
    "[一-鿿](?<![的是和与及或在了为将并等中以至到上下内外前后年月日时个一二两三四五六七八九十百千万亿])"
)


@dataclass(frozen=True)
class Candidate:
    """One numeral, or numerals that belong together, as far as a program can read it."""

    locator: str
    token: str
    goes_to: str
    read: Token | None
    interval: Interval
    unit_measure: str
    remark: str
    sentence: str
    time: tuple[str, str, str] = ("", "", "")
    indicator_id: str = ""
    ref_area: str = ""
    codes: Mapping[str, str] = field(default_factory=dict, hash=False)

    def cells(self) -> list[str]:
        """The row of draft.csv: everything but the sentence."""
        value, value_to = stated(self.read)
        ends = self.interval
        return [
            self.locator, self.token, self.goes_to, self.indicator_id, self.ref_area, value, value_to,
            (self.read and self.read.value_qualifier) or "",
            _cell(ends.lower), _cell(ends.lower_closed), _cell(ends.upper), _cell(ends.upper_closed),
            self.unit_measure, *self.time, *(self.codes.get(column, "") for column in _CODES),
            self.remark, "",
        ]  # fmt: skip


def candidates(line: Line, book: Seeds, published: date) -> Iterator[tuple[Candidate, Span]]:
    """Every numeral of the line that no known name or word accounts for, in order, and where it stands."""
    names = [m.span() for name in book.names for m in re.finditer(re.escape(name), line.plain)]
    dates = [m.span() for m in _DATE.finditer(line.plain)]
    codes = [m.span() for m in _CODE.finditer(line.plain) if _LETTER.search(m[0])]
    told = periods(line.plain, published)
    others = {m.span(): reason for pattern, reason in _NO_FIGURES for m in pattern.finditer(line.plain)}
    done = 0
    for numeral in line.numerals:
        if numeral[0] < done or _around(numeral, names):
            continue
        if span := _around(numeral, [period.span for period in told]):
            period = next(period for period in told if period.span == span)
            remark = (
                f"PERIOD {period.first} – {period.last}，或旁边数值的 time_text · or time_text of figures"
            )
            candidate = made_of(line, span, "exclusions", remark)
        elif span := _around(numeral, list(others)):
            candidate = made_of(line, span, "exclusions", others[span])
        elif span := _around(numeral, dates):
            candidate = made_of(line, span, "events", _A_DATE)
        elif span := _around(numeral, codes):
            candidate = made_of(line, span, "exclusions", "LABEL? NAME?")
        elif span := _named(line, numeral, book):
            candidate = made_of(line, span, "exclusions", "LABEL")
        else:
            span, token = _figure(line, numeral, book)
            candidate = _judged(line, numeral, span, token, book, published)
            if candidate.read:
                candidate = replace(candidate, time=_time_of(line, span, told))
        done = max(numeral[1], span[1])
        yield candidate, span


def _named(line: Line, numeral: Span, book: Seeds) -> Span | None:
    """A numeral that the word right behind it makes a name or a code: 500强, 8路公交."""
    words = [
        word.term for word in book.lexicon.barred["AFTER"] if line.plain.startswith(word.term, numeral[1])
    ]
    return (numeral[0], numeral[1] + len(max(words, key=len))) if words else None


def _time_of(line: Line, span: Span, told: list[Period]) -> tuple[str, str, str]:
    """The last period named before a figure in its sentence."""
    start = sentence_start(line.plain, span[0])
    before = [period for period in told if start <= period.span[0] and period.span[1] <= span[0]]
    if not before:
        return "", "", ""
    return before[-1].first.isoformat(), before[-1].last.isoformat(), line.text(before[-1].span)


def _around(numeral: Span, spans: list[Span]) -> Span | None:
    return next((span for span in spans if span[0] <= numeral[0] and numeral[1] <= span[1]), None)


def _figure(line: Line, numeral: Span, book: Seeds) -> tuple[Span, Token]:
    """The phrase around a numeral: hedges, the second end of a range, the counted noun."""
    whole = book.lexicon.figure.match(line.plain, numeral[0])
    if whole and whole[3]:
        span, token = _phrase(line, line.inside(whole.span()), book)
        if token.value_qualifier == "RANGE":
            return span, token
    return _phrase(line, [numeral], book)


def _phrase(line: Line, numerals: list[Span], book: Seeds) -> tuple[Span, Token]:
    """With the longest noun that a unit is printed with; else with the next character, if that reads."""
    end = numerals[-1][1]
    (_, beside), _ = with_hedges(line, numerals, end)
    nouns = (noun for unit in book.tables["units"] for noun in unit["printed"].split(";") if noun)
    known = max((noun for noun in nouns if line.plain.startswith(noun, beside)), key=len, default="")
    unknown = None if _is_told(line, numerals[0], book) else _NOUN.match(line.plain, beside)
    rate = _RATE.match(line.plain, beside + len(known)) if known else None
    for noun in [known + rate[0]] if rate else [known] if known else [unknown[0], ""] if unknown else [""]:
        (start, stop), _ = with_hedges(line, numerals, beside + len(noun))
        span = start, max(stop, beside + len(noun))
        token = parse_token(line.text(span), book.lexicon)
        if not token.error:
            break
    return span, token


def _is_told(line: Line, numeral: Span, book: Seeds) -> bool:
    """Whether the numeral is a word such as 持平 or 成倍, which says nothing of what is counted."""
    word = book.lexicon.whole.get(line.plain[slice(*numeral)])
    return word is not None and word.role == "STATES"


def _judged(line: Line, numeral: Span, span: Span, token: Token, book: Seeds, published: date) -> Candidate:
    """Where the numeral probably belongs; the person decides."""
    plain = line.plain
    if plain[: numeral[0]].endswith("第") or token.form == "ORDINAL":
        return _ranked(line, numeral, span, book)
    if _OUTLINE.fullmatch(plain[: numeral[0]]) and plain[numeral[1] : numeral[1] + 1] in "、.．)）】":
        return made_of(line, numeral, "exclusions", "ORDINAL")
    is_one = token.value_qualifier == "EQ" and token.v == 1 and token.noun not in ("番", "倍")
    if plain[slice(*numeral)] == "一" and (is_one or token.value_qualifier == "VAGUE"):
        return made_of(line, span, "exclusions", "INDEFINITE?")
    if token.error:
        return made_of(line, span, "", token.error)
    units = [unit for unit in book.tables["units"] if token.noun and token.noun in unit["printed"].split(";")]
    unit = units[0]["unit_measure"] if len(units) == 1 else ""
    doubled = token.noun == "番"
    relative = unit in RELATIVE_UNITS or token.form == "FRACTION" or doubled or _is_told(line, numeral, book)
    turn = strip_before(plain, numeral[0], bool(BARE.fullmatch(plain[slice(*numeral)])), book.lexicon).turn
    if relative and turn is not None:
        span = min(turn, span[0]), span[1]
        token = parse_token(line.text(span), book.lexicon)
    promised = _is_promised(plain, span, published)
    counted = doubled or (not relative and all(unit["unit_type"] == "COUNTED" for unit in units))
    goes_to = "commitments" if promised else "claims" if relative else "observations"
    ends = interval(token, book.policy, counted=counted, nominal=promised)
    remark = "DOUBLED_N" if doubled else "" if unit or relative else NO_UNIT
    if start := _starting_value(plain, span):
        goes_to, remark = start
    return made_of(line, span, goes_to, remark, token, ends, unit)


def _ranked(line: Line, numeral: Span, span: Span, book: Seeds) -> Candidate:
    """第四, 全国第一, 首位 beside words of a rank are a claim; the third meeting is no figure."""
    plain, bare = line.plain, line.plain[slice(*numeral)] in book.lexicon.whole
    before = strip_before(plain, numeral[0], bare, book.lexicon)
    behind = plain.startswith(("位", "名"), numeral[1])
    ranks = [word for word in before.words if word.role == "RANK" and word.term not in ("第", "前")]
    whole = before.end, numeral[1] + behind
    token = parse_token(line.text(whole), book.lexicon)
    if token.form == "ORDINAL" and (ranks or behind or bare):
        ends = interval(token, book.policy, counted=True)
        return made_of(line, whole, "claims", "RANK", token, ends)
    return made_of(line, (min(numeral[0] - 1, span[0]), span[1]), "exclusions", "ORDINAL")


def _is_promised(plain: str, span: Span, published: date) -> bool:
    """Whether the sentence has spoken of what is to come, and not since of what is done."""
    said = plain[sentence_start(plain, span[0]) : span[1]]
    cues = [cue for cue in _PROMISE.finditer(said) if not cue[1] or int(cue[1]) > published.year]
    return bool(cues) and not _DONE.search(said, cues[-1].end())


def _starting_value(plain: str, span: Span) -> tuple[str, str] | None:
    """Of 由…增至… the first: a figure of its own where the text dates it, else nothing that can be placed."""
    before = _FROM.search(plain, sentence_start(plain, span[0]), span[0])
    if not before or not _TO_LEVEL.match(plain, span[1]):
        return None
    if _DATED.search(before[0]):
        return "observations", START
    return "exclusions", "UNDATED 起点未注明时间 · the value it started from, without a date"


def made_of(
    line: Line,
    span: Span,
    goes_to: str,
    remark: str,
    read: Token | None = None,
    ends: Interval = _NO_INTERVAL,
    unit: str = "",
) -> Candidate:
    token = line.text(span)
    places = line.occurrences(token)
    nth = next((n for n, place in enumerate(places, 1) if place[0] == span[0]), 1)
    locator = f"{line.number}#{nth}" if len(places) > 1 else str(line.number)
    return Candidate(locator, token, goes_to, read, ends, unit, remark, _sentence(line, span))


def _sentence(line: Line, span: Span) -> str:
    start, end = line.to_print(span)
    before = max(line.printed.rfind(mark, 0, start) for mark in _SENTENCE_END) + 1
    ends = [place for mark in _SENTENCE_END if (place := line.printed.find(mark, end)) >= 0]
    return line.printed[before : min(ends, default=len(line.printed)) + 1].strip()


def sentence_start(plain: str, place: int) -> int:
    return max(plain.rfind(mark, 0, place) for mark in _SENTENCE_END) + 1


def stated(token: Token | None) -> tuple[str, str]:
    if token is None or token.v is None:
        return "", ""
    return f"{token.sign * token.v:f}", "" if token.v_to is None else f"{token.sign * token.v_to:f}"


def _cell(value: Decimal | bool | None) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else f"{value.normalize():f}"
