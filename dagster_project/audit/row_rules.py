"""What the audit checks of one row once its place is known: the number, the date, the reason of an exclusion.

Pure functions of what is printed and what was typed. Not here: places and coverage (comparison.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from dagster_project.figures.tokens import Token
from dagster_project.figures.values import DECIMAL_PLACES, ONE

NO_POINT = ("RANGE", "ORDER", "VAGUE")  # qualifiers that state no single number
_POWERS = {Decimal(10) ** n for n in (3, 4, 8)}
_TIME = re.compile("[年月日号天周旬季代期夜时分前后:/.-]")
_DATE = re.compile("[年月日号:/.-]")
_PERIOD = re.compile("[年月日天周旬季代期夜]")
_ARTICLE = re.compile("[一几]|一两")
# Reasons that say 'this is no figure at all': nothing that reads as a quantity may hide behind them.
_NO_FIGURE = {"ORDINAL", "NAME", "LABEL", "GROUPING", "INDEFINITE", "FIXED_WORD", "OUTLINE"}
# Reasons for which a numeral of a text may be left out, those that its form shows first.
OF_NUMERALS = (
    "DATE", "PERIOD", "ORDINAL", "NAME", "LABEL", "GROUPING", "INDEFINITE", "OUTLINE", "FIXED_WORD",
    "REPEATED", "WITHDRAWN", "UNDATED", "NOT_A_FIGURE", "PAGE_FURNITURE", "BACKGROUND",
)  # fmt: skip
_PARTS = {"year": "([0-9]{4})年", "month": "([0-9]{1,2})月", "day": "([0-9]{1,2})[日号]"}


def stated_number(token: Token) -> Decimal | None:
    """The one number that a readable token states, signed; None for a range, an order and a vague word."""
    return None if token.v is None or token.value_qualifier in NO_POINT else token.sign * token.v


def differs(cell: str, stated: Decimal | None) -> str | None:
    """Why a typed number is not the printed one; None where it is."""
    if not cell and stated is None:
        return None
    try:
        typed = Decimal(cell) if cell else None
    except InvalidOperation:
        typed = Decimal("NaN")
    if stated is None:
        return (
            f"原文没有单一数值，须留空，现为 {cell} · no single number is printed: leave it blank, not {cell}"
        )
    if typed == stated.quantize(ONE.scaleb(-DECIMAL_PLACES)):
        return None
    text = f"原文为 {stated:f}，现为 {cell or '空'} · printed: {stated:f}, typed: {cell or 'nothing'}"
    if typed and stated and {abs(typed / stated), abs(stated / typed)} & _POWERS:
        text += "；量级 千 万 亿 有误 · wrong magnitude"
    return text


def wrong_date(plain: str, ends: Iterable[str]) -> str | None:
    """Why a printed date is not the typed one; None where it is.

    Only a year, month or day that is printed once is compared. plain: the wording in plain script; ends:
    first and last day as typed, blank where unknown.
    """
    days = []
    for end in ends:
        try:
            days.append(date.fromisoformat(end))
        except ValueError:
            continue
    for part, pattern in _PARTS.items():
        printed = re.findall(pattern, plain)
        if days and len(printed) == 1 and int(printed[0]) not in {getattr(day, part) for day in days}:
            typed = " / ".join(day.isoformat() for day in days)
            return f"日期与原文不符，现为 {typed} · not the printed date; typed: {typed}"
    return None


def is_time(plain: str) -> bool:
    """Whether words with a numeral can be a date or a period at all."""
    return bool(_TIME.search(plain))


def is_credible(
    reason: str,
    plain: str,
    numerals: Collection[str],
    token: Token,
    stated: Collection[tuple[Decimal | None, Decimal | None]],
    units: Iterable[Mapping[str, str]],
    withdrawn: bool = False,
) -> bool:
    """Whether an excluded numeral looks like what the reason says.

    plain, numerals: the token and its numerals in plain script; token: as read; stated: v and v_to of the
    bulletin's figures; units: rows of units.csv; withdrawn: its sentence has a word of a correction.
    """
    if reason == "WITHDRAWN":
        return withdrawn
    if reason == "REPEATED":
        return token.v is not None and (token.v, token.v_to) in stated
    if reason == "INDEFINITE" and not all(_ARTICLE.fullmatch(numeral) for numeral in numerals):
        return False
    if reason == "DATE":
        return bool(_DATE.search(plain))
    if reason == "PERIOD":
        return bool(_PERIOD.search(plain))
    return reason not in _NO_FIGURE or not _is_quantity(plain, token, units)


def not_for_that_reason(reason: str, others: Iterable[str]) -> str:
    """In words: a reason does not hold, and which others could."""
    could = ", ".join(others) or "–"
    return (
        f"排除理由不成立：{reason}；可用的有 {could} · the reason does not apply: {reason}; could be: {could}"
    )


def _is_quantity(plain: str, token: Token, units: Iterable[Mapping[str, str]]) -> bool:
    """A hedged number, digits before 万 or 亿, or a number of a measured unit."""
    if token.error or token.value_qualifier == "VAGUE":
        return False
    if token.hedge_id or ("MAGNITUDE" in token.form and re.search("[0-9]", plain)):
        return True
    measured = {
        noun for unit in units if unit["unit_type"] == "MEASURED" for noun in unit["printed"].split(";")
    }
    return bool(token.noun) and token.noun in measured
