"""Codes that follow from how a claim, a promise or an event is worded: a proposal for a person.

Not here: what the numeral says (figures/), whether the codes typed agree with the words (audit/wording.py).
"""

from __future__ import annotations

import re
from datetime import date

from dagster_project.figures.tokens import Token
from dagster_project.seeds.as_written import Row
from dagster_project.seeds.periods import THIS_YEAR, coming

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
    ("预期|目标", "PLAN"),
    ("将(?!近|军|来)", "WILL"),
)
_YEAR = re.compile("(?<![0-9])((?:19|20)[0-9]{2})年(?!以来|来)")
_BY_YEAR = re.compile("到(?:19|20)[0-9]{2}年")
_DEADLINE = re.compile("[月日号底末](?:之|以)?前|[月年][底末]|半年|季度")
_NEXT_YEAR = re.compile("明年")
_ADDED = re.compile("(?:新[增建开改]|增加|建成|打通|完成|培育|引进|投放)[^，,。；;]*$")
_PLANNED = re.compile("规划|方案|计划|纲要|清单|要点")
EVENT_TYPES = {
    "HELD": "MEETING",
    "SIGNED": "AGREEMENT",
    "CONSTRUCTION_STARTED": "CONSTRUCTION",
    "OPENED": "CONSTRUCTION",
    "BASICALLY_BUILT": "CONSTRUCTION",
    "ESTABLISHED": "ORGANISATION",
    "ISSUED": "PLANNING",
    "APPROVED": "PLANNING",
}


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
    text = (base[1] or base[0]) if base else ""
    year = re.fullmatch("([0-9]{4})年", text)
    return {
        "claim_type": kind,
        "comparison": "SINCE_BASE" if base else "",
        "base_text": text,
        **({"base_period_start": f"{year[1]}-01-01", "base_period_end": f"{year[1]}-12-31"} if year else {}),
    }


def promise_codes(sentence: str, published: date) -> dict[str, str]:
    """How firmly something is promised, and by when; a level that is to be reached by a year is a target."""
    said = next((code for words, code in _FIRM if re.search(words, sentence)), "")
    due = _due(sentence, published)
    firm = "TARGET" if due and said in ("STRIVE", "ENSURE") else ""
    accounting = "AT_DATE" if due and _BY_YEAR.search(sentence) else ""
    if not accounting and _ADDED.search(sentence) and _of_year(due, published):
        accounting = "OVER_PERIOD"
    return {
        "commitment_type": "PLAN_COUNT" if said == "PLAN" else firm,
        "modality": said,
        "accounting": accounting,
        "due_date": due,
    }


def counted(flow: str, due: str, published: date) -> str:
    """How a promise adds up, from the kind of its indicator.

    A yearly amount is a sum where it is of this year or the next, a level where it is to be reached later.
    """
    if flow == "PERIOD_TOTAL":
        return "OVER_PERIOD" if _of_year(due, published) else "AT_DATE"
    return "CUMULATIVE" if flow == "CUMULATIVE" else "AT_DATE"


def _of_year(due: str, published: date) -> bool:
    """Whether what is due on a day is of the whole year that ends on it, which has begun or is the next."""
    return due.endswith("-12-31") and int(due[:4]) <= published.year + 1


def promise_title(indicator: Row, area: Row, due: str, grows: bool = False) -> dict[str, str]:
    """What is promised where by which year, in both languages; grows: its growth, not its level."""
    year_zh, year_en = (f"{due[:4]}年", f", {due[:4]}") if due else ("", "")
    return {
        "title_zh": f"{year_zh}{area['name_zh']}{indicator['name_zh']}{'增长' if grows else ''}",
        "title_en": f"{indicator['name_en']}{', growth' if grows else ''}, {area['name_en']}{year_en}",
    }


def authority(words: str) -> str:
    """That of a promise, from the title under which it stands: the paper's own words, if of no plan."""
    return "PLAN" if _PLANNED.search(words) else "REPORT"


def event_codes(told: str, words: list[Row]) -> dict[str, str]:
    """Status and type of what happened, by the last word of a status in the first clause that has one.

    words: rows of code_words.csv.
    """
    for clause in re.split("[，,。；;]", told):
        found = [
            (place + len(row["word"]), len(row["word"]), row["code"])
            for row in words
            if row["code_list"] == "EVENT_STATUS" and (place := clause.rfind(row["word"])) >= 0
        ]
        if found:
            status = max(found)[2]
            return {"status": status, "event_type": EVENT_TYPES.get(status, "")}
    return {}


def _due(sentence: str, published: date) -> str:
    """The one day by which the sentence promises; none where it names several."""
    years = {int(year) for year in _YEAR.findall(sentence)}
    years |= {published.year} if THIS_YEAR.search(sentence) else set()
    years |= {published.year + 1} if _NEXT_YEAR.search(sentence) else set()
    days = {date(year, 12, 31) for year in years if year >= published.year}
    if not days and _DEADLINE.search(sentence):
        days = coming(sentence, published)
    return days.pop().isoformat() if len(days) == 1 else ""
