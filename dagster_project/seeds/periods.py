"""Parts of a year that a text names, with their days: 上半年, 二季度, 1-4月, 前三季度.

Whole years and single days are dates, not parts of a year (draft.py).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_TOLD = re.compile(
    "(?:((?:19|20)[0-9]{2})年|(今年|去年|上年|前年|本年))?(?:([上下])半年|第?([一二三四1-4])季度"
    "|前([两二三23])个?季度|前([二两三四五六七八九十]|十一|[2-9]|1[01])个月"
    "|([1-9]|1[0-2])月?[-—–至到~〜]([1-9]|1[0-2])月份?(?![0-9]))"
)
_DIGITS = {mark: number for number, mark in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "十一": 11}
_BACK = {"去年": 1, "上年": 1, "前年": 2}


@dataclass(frozen=True)
class Period:
    """Part of a year; span: where it is named."""

    span: tuple[int, int]
    first: date
    last: date


def periods(plain: str, published: date) -> list[Period]:
    """Every part of a year that the line names; one without a year is the last begun by publication."""
    return [_period(match, published) for match in _TOLD.finditer(plain)]


def _period(match: re.Match[str], published: date) -> Period:
    year, relative, half, quarter, quarters, months, first, last = match.groups()
    if half:
        start, end = (1, 6) if half == "上" else (7, 12)
    elif quarter:
        end = 3 * _number(quarter)
        start = end - 2
    elif quarters or months:
        start, end = 1, 3 * _number(quarters) if quarters else _number(months)
    else:
        start, end = sorted((int(first), int(last)))
    told = int(year) if year else published.year - _BACK.get(relative, 0)
    if not (year or relative) and date(told, start, 1) > published:
        told -= 1
    return Period(match.span(), date(told, start, 1), date(told, end, monthrange(told, end)[1]))


def _number(mark: str) -> int:
    return _DIGITS.get(mark) or int(mark)
