"""Codes that follow from how a claim or a promise is worded: a proposal for a person.

Not here: what the numeral says (figures/), whether the codes typed agree with the words (audit/wording.py).
"""

from __future__ import annotations

import re
from datetime import date

from dagster_project.figures.tokens import Token
from dagster_project.seeds.periods import coming

_MULTIPLES = (
    ("增加到|增至|增长到|提高到", "INCREASED_TO_TIMES"),
    ("增长|增加|提高|扩大|增了", "INCREASED_BY_TIMES"),
)
_SHARE = re.compile("占|比重|比例|过半|一半")
_CHANGE = re.compile("增|降|减|升|跌|涨|回落|扩大|收窄|持平")
_YEAR_BEFORE = re.compile("同比|(?:比|较)(?:上年|去年)(?:同期)?|与(?:上年|去年)(?:同期)?")
_BASE = re.compile("(?:比|较|与|是|为)([^，,。；;、比较]{1,12}?(?:[0-9]年|之初|年初|同期|前|时|末|底))|以来")
_FIRM = (
    ("力争|力求|争取|努力", "STRIVE"),
    ("确保|保证", "ENSURE"),
    ("计划|规划|拟|安排", "PLAN"),
    ("探索", "EXPLORE"),
    ("将(?!近|军|来)", "WILL"),
)
_YEAR = re.compile("(?<![0-9])((?:19|20)[0-9]{2})年(?!以来|来)")
_BY_YEAR = re.compile("到(?:19|20)[0-9]{2}年")
_DEADLINE = re.compile("[月日号底末](?:之|以)?前|[月年][底末]|半年|季度")
_THIS_YEAR = re.compile("今年|本年|年内")
_NEXT_YEAR = re.compile("明年")


def claim_codes(token: Token, before: str, unit: str) -> dict[str, str]:
    """Type, comparison and base of a claim, from its token and what its clause says up to it."""
    kind, printed = "", before + token.noun
    if token.form == "ORDINAL":
        kind = "RANK"
    elif token.noun == "番":
        kind = "DOUBLED_N"
    elif unit == "TIMES":
        kind = next((code for words, code in _MULTIPLES if re.search(words, before)), "MULTIPLE_OF")
    elif unit == "PERCENT_POINT":
        kind = "PP_CHANGE"
    elif _CHANGE.search(printed):
        kind = "PCT_CHANGE"
    elif _SHARE.search(printed) or token.form == "FRACTION":
        kind = "SHARE"
    if kind in ("SHARE", "RANK", ""):
        return {"claim_type": kind, "comparison": "OTHER" if kind else ""}
    if year_before := _YEAR_BEFORE.search(before):
        return {"claim_type": kind, "comparison": "YOY", "base_text": year_before[0]}
    base = _BASE.search(before)
    return {
        "claim_type": kind,
        "comparison": "SINCE_BASE" if base else "",
        "base_text": (base[1] or base[0]) if base else "",
    }


def promise_codes(sentence: str, published: date) -> dict[str, str]:
    """How firmly something is promised, and by when; a level that is to be reached by a year is a target."""
    said = next((code for words, code in _FIRM if re.search(words, sentence)), "")
    due = _due(sentence, published)
    firm = "TARGET" if due and said in ("STRIVE", "ENSURE") else ""
    return {
        "commitment_type": "PLAN_COUNT" if said == "PLAN" else firm,
        "modality": said,
        "accounting": "AT_DATE" if due and _BY_YEAR.search(sentence) else "",
        "due_date": due,
    }


def _due(sentence: str, published: date) -> str:
    """The one day by which the sentence promises; none where it names several."""
    years = {int(year) for year in _YEAR.findall(sentence)}
    years |= {published.year} if _THIS_YEAR.search(sentence) else set()
    years |= {published.year + 1} if _NEXT_YEAR.search(sentence) else set()
    days = {date(year, 12, 31) for year in years if year >= published.year}
    if not days and _DEADLINE.search(sentence):
        days = coming(sentence, published)
    return days.pop().isoformat() if len(days) == 1 else ""
