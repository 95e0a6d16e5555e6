"""Days that a text names without a full date: a year or a part of it (上半年, 二季度, 1-4月), the end of one.

Looked at from the day of publication: what is told is over or under way, what is promised is still to come.
Single days without a year are dates (draft.py).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from dagster_project.figures.grammar import simplify
from dagster_project.figures.numerals import Span

_TOLD = re.compile(
    "(?:((?:19|20)[0-9]{2})年|(今年|去年|上年|前年|本年))?(?:([上下])半年|第?([一二三四1-4])季度"
    "|前([两二三23])个?季度|前([二两三四五六七八九十]|十一|[2-9]|1[01])个月"
    "|([1-9]|1[0-2])月?[-—–至到~〜]([1-9]|1[0-2])月份?(?![0-9]))"
)
_MONTH = re.compile(
    "(?<![0-9年\\-—–~〜])(1[0-2]|[1-9])月(?:(3[01]|[12][0-9]|[1-9])[日号]|(?![份0-9\\-—–至到~〜]))"
)
_FULL_DATE = re.compile(r"((?:19|20)[0-9]{2})(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})")
_DATED = re.compile(
    "(?:((?:19|20)[0-9]{2})年)?(?:(1[0-2]|0?[1-9])月份?(?:(3[01]|[12][0-9]|0?[1-9])[日号])?)?(?<=.)"
)
_WHOLE = re.compile(
    "((?:19|20)[0-9]{2})年(?!以来|来|[0-9上下初底末第前一二三四]|[-—–至到~〜])(?<![-—–至~〜][0-9]{4}年)|(去年|上年|(?<![0-9年]))全年"
)
_END = re.compile(
    "(截至|截止)?(?:((?:19|20)[0-9]{2})年|(今年|去年))?(1[0-2]|[1-9])月"
    "(?:(3[01]|[12][0-9]|[1-9])[日号]|[底末])"
)
_END_OF_YEAR = re.compile("(?:截至|截止)?(?:((?:19|20)[0-9]{2})|[去上]|(?<![今明后当年前0-9]))年[底末](?!前)")
_START_OF_YEAR = re.compile("(?:((?:19|20)[0-9]{2})|今|(?<![明去上前0-9]))年初")
THIS_YEAR = re.compile("今年|本年|年内|(?<![年0-9])全年")  # of a promise
_CLOSED = 3  # months after which a year without a name is the one under way, no longer the last
_YEAR_END = re.compile("(?<![0-9今明去])年[底末终]|年内")
_DIGITS = {mark: number for number, mark in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "十一": 11}
_BACK = {"去年": 1, "上年": 1, "前年": 2}


@dataclass(frozen=True)
class Period:
    """Part of a year; span: where it is named."""

    span: tuple[int, int]
    first: date
    last: date
    has_year: bool = False


def full_dates(plain: str) -> list[date]:
    """Every day that a text names with its year."""
    found = []
    for match in _FULL_DATE.finditer(plain):
        try:
            found.append(date(*map(int, match.groups())))
        except ValueError:
            continue
    return found


def periods(plain: str, published: date) -> list[Period]:
    """Every part of a year that the line names; one without a year is the last begun by publication."""
    return [_period(match, published) for match in _TOLD.finditer(plain)]


def _period(match: re.Match[str], published: date) -> Period:
    year, relative, half, quarter, quarters, months, from_month, to_month = match.groups()
    if half:
        start, end = (1, 6) if half == "上" else (7, 12)
    elif quarter:
        end = 3 * _number(quarter)
        start = end - 2
    elif quarters or months:
        start, end = 1, 3 * _number(quarters) if quarters else _number(months)
    else:
        start, end = sorted((int(from_month), int(to_month)))
    told = int(year) if year else published.year - _BACK.get(relative, 0)
    if not (year or relative) and date(told, start, 1) > published:
        told -= 1
    last = date(told, end, monthrange(told, end)[1])
    return Period(match.span(), date(told, start, 1), last, bool(year or relative))


def _number(mark: str) -> int:
    return _DIGITS.get(mark) or int(mark)


def coming(plain: str, published: date) -> set[date]:
    """The days by which a line promises something without naming the year: the next such after publication.

    A month or part of a year ends on its last day: 9月底前, 9月15日前, 下半年, 四季度, 年底前.
    """
    days = {period.last for period in periods(plain, published) if not period.has_year}
    named = [(int(month), int(day or 0)) for month, day in _MONTH.findall(plain)]
    if _YEAR_END.search(plain):
        named.append((12, 31))
    ends = {_next(day.month, day.day, published) for day in days}
    return ends | {_next(month, day, published) for month, day in named}


def _next(month: int, day: int, published: date) -> date:
    """The next such day; the last of the month where the month has no such day, or none is named."""
    ends = (
        date(year, month, min(day or 31, monthrange(year, month)[1]))
        for year in (published.year, published.year + 1)
    )
    return next(end for end in ends if end >= published)


def years(plain: str, published: date) -> list[Period]:
    """Every whole year that the line names as such: 2024年, 全年, and not 2024年底."""
    found = []
    for match in _WHOLE.finditer(plain):
        last = bool(match[2]) or published.month <= _CLOSED
        told = int(match[1]) if match[1] else published.year - last
        found.append(Period(match.span(), date(told, 1, 1), date(told, 12, 31), True))
    return found


def told_ends(plain: str, published: date) -> list[tuple[Span, date]]:
    """Days at which a text counts, with their places: 截至6月底, 年末, 年初; without a year the last such."""
    found = [
        (match.span(), date(int(match[1] or published.year), 1, 1))
        for match in _START_OF_YEAR.finditer(plain)
    ]
    for match in _END_OF_YEAR.finditer(plain):
        told = int(match[1]) if match[1] else published.year - 1
        found.append((match.span(), date(told, 12, 31)))
    for match in _END.finditer(plain):
        counted, year, relative, month, day = match.groups()
        if day and not counted:  # of a single day something is told, not a level
            continue
        told = int(year) if year else published.year - _BACK.get(relative, 0)
        last = monthrange(told, int(month))[1]
        end = date(told, int(month), min(int(day or last), last))
        if not (year or relative) and end > published:
            end = end.replace(year=told - 1, day=min(end.day, monthrange(told - 1, end.month)[1]))
        found.append((match.span(), end))
    return sorted(found)


def day_of(printed: str, published: date) -> dict[str, str]:
    """First and last day of a printed date, how exact it is and how it is known; nothing if it is none.

    Without a year the last such day up to publication.
    """
    match = _DATED.fullmatch(simplify(printed))
    if not match:
        return {}
    year, month, day = (int(part) if part else None for part in match.groups())
    told = year or published.year
    try:
        first = date(told, month or 1, day or 1)
        if not year and first > published:
            first = first.replace(year=told - 1)
    except ValueError:
        return {}
    last = first if day else date(first.year, month or 12, monthrange(first.year, month or 12)[1])
    return {
        "date_start": first.isoformat(),
        "date_end": last.isoformat(),
        "date_precision": "DAY" if day else "MONTH" if month else "YEAR",
        "date_basis": "文中写明 · Stated in the text"
        if year
        else "年份由发布日期确定 · The year follows from the day of publication",
    }
