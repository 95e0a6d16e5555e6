"""Puts figures, intervals, periods and places into Chinese and English. Decides nothing about data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

ZH_STEPS = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
EN_STEPS = ((Decimal(10) ** 9, " billion"), (Decimal(10) ** 6, " million"))
# How a fact is known, at a glance; charts use the same shapes. The words stand in the code list EVIDENCE.
EVIDENCE_MARKS = {"AUDITED": "●", "HELD": "■", "RECORDED": "◆", "CITED": "▲"}
DOUBLED = 100  # per cent: from here on a multiple is easier to grasp
ONE_ROUNDING = Decimal("0.000000002")  # what the marts' outward rounding makes of a single value
TWO_ROUNDINGS = Decimal("0.2")  # what a change of two numbers of one decimal leaves open
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_QUARTERS = (("一", "first"), ("二", "second"), ("三", "third"), ("四", "fourth"))
_HALVES = (("上", "first"), ("下", "second"))


# The columns of an interval, in this order everywhere.
ENDS = ("lower_bound", "lower_closed", "upper_bound", "upper_closed")


class Both(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if self.zh == self.en else f"{self.zh} · {self.en}"

    def format(self, **values: object) -> Both:
        """Both texts with the same named values; a value that is itself in both languages is taken apart."""
        sides = [
            {key: value[side] if isinstance(value, Both) else value for key, value in values.items()}
            for side in (0, 1)
        ]
        return Both(self.zh.format(**sides[0]), self.en.format(**sides[1]))


def joined(texts: Iterable[Both]) -> Both:
    """Texts in a row, apart by semicolons."""
    said = list(texts)
    return Both("；".join(text.zh for text in said), "; ".join(text.en for text in said))


def listed(texts: Iterable[Both]) -> Both:
    """Names in a row."""
    said = list(texts)
    return Both("、".join(text.zh for text in said), ", ".join(text.en for text in said))


# How an end is said: which, and whether the number itself will do.
END_WORDS = {
    ("lower", True): Both("不少于", "at least"),
    ("lower", False): Both("多于", "over"),
    ("upper", True): Both("不多于", "at most"),
    ("upper", False): Both("少于", "under"),
}


def number(value: Decimal | int | None, rounding: str = ROUND_HALF_EVEN, places: int = 3) -> Both:
    """A number with at most `places` decimals, in 万/亿 or millions/billions where large."""
    if value is None:
        return Both("—", "—")
    value = Decimal(value)
    return Both(_steps(value, ZH_STEPS, rounding, places), _steps(value, EN_STEPS, rounding, places))


def signed(value: Decimal | None, suffix: str = "", places: int = 3) -> Both:
    """A change: always with its sign."""
    if value is None:
        return Both("—", "—")
    said, plus = number(value, places=places), "+" if value > 0 else ""
    return Both(f"{plus}{said.zh}{suffix}", f"{plus}{said.en}{suffix}")


def growth(pct: Decimal | None) -> Both:
    """A change in per cent as a person says it: what doubles or more, as a multiple."""
    if pct is not None and pct >= DOUBLED:
        said = number(multiple(pct), places=1)
        return Both(f"×{said.zh}", f"×{said.en}")
    return signed(pct, "%", 1)


def multiple(pct: Decimal) -> Decimal:
    """What a change in per cent multiplies by."""
    return 1 + Decimal(pct) / 100


def is_single(low, high) -> bool:
    """Whether an interval is one value, or what the marts' outward rounding makes of one."""
    return low is not None and high is not None and low <= high <= low + ONE_ROUNDING


def interval(low, low_closed, high, high_closed, suffix: str = "", places: int = 3, prefix: str = "") -> Both:
    """An interval in words; ends are shown rounded outward. All empty: nothing is known, an em dash.

    A single value is a plain number: only what is a range is marked.
    """
    if low is None and high is None:
        return Both("—", "—")
    if is_single(low, high):
        said = number((low + high) / 2, places=places)
        return Both(f"{prefix}{said.zh}{suffix}", f"{prefix}{said.en}{suffix}")
    ends = []
    for value, closed, side, outward in (
        (low, low_closed, "lower", ROUND_FLOOR),
        (high, high_closed, "upper", ROUND_CEILING),
    ):
        if value is not None:
            words, said = END_WORDS[side, bool(closed)], number(value, outward, places)
            ends.append(
                Both(*(f"{word} {prefix}{end}{suffix}" for word, end in zip(words, said, strict=True)))
            )
    return Both("，".join(end.zh for end in ends), ", ".join(end.en for end in ends))


def bounds(row: Mapping[str, Any], prefix: str = "", suffix: str = "") -> Both:
    """The interval of a row's columns `<prefix>lower_bound` and so on, in words."""
    low, low_closed, high, high_closed = (row[prefix + column] for column in ENDS)
    return interval(low, low_closed, high, high_closed, suffix)


def span(low, low_closed, high, high_closed) -> Both:
    """An interval beside its number: nothing where it says no more than the number does."""
    return Both("", "") if is_single(low, high) else interval(low, low_closed, high, high_closed)


def growth_span(low, low_closed, high, high_closed, alone: bool = False) -> Both:
    """The interval of a change in per cent, as growth() says it. alone: no number stands beside it."""
    if is_single(low, high):
        return growth((low + high) / 2) if alone else Both("", "")
    if alone and None not in (low, high) and growth(low) == growth(high):
        return growth(low)  # what is shown of both ends is the same
    if low is not None and low >= DOUBLED:
        ends = [None if end is None else multiple(end) for end in (low, high)]
        return interval(ends[0], low_closed, ends[1], high_closed, places=1, prefix="×")
    return interval(low, low_closed, high, high_closed, "%", 1)


def shift(point: Decimal | None, low, low_closed, high, high_closed, unit: Both) -> Both:
    """A change as a person says it: ‘down 1.8 percentage points’, ‘up 51% to 56%’, ‘up at least 20%’.

    One number where its interval is no wider than two roundings to one decimal, else both ends.
    """
    up = low is not None and low >= 0
    if not up and (high is None or high > 0):
        if None not in (low, high):
            ends = [number(end, places=1) for end in (low, high)]
            return Both(
                f"{ends[0].zh}至{ends[1].zh}{unit.zh}之间", f"between {ends[0].en} and {ends[1].en}{unit.en}"
            )
        said = interval(low, low_closed, high, high_closed, places=1)
        return Both(*(end if end == "—" else end + suffix for end, suffix in zip(said, unit, strict=True)))
    least, most = (low, high) if up else (-high, None if low is None else -low)
    way = Both("上升", "up ") if up else Both("下降", "down ")
    if most is None:
        return _shifted(Both(f"至少{way.zh}", f"{way.en}at least "), unit, least)
    if most - least <= TWO_ROUNDINGS:
        return _shifted(way, unit, (least + most) / 2 if point is None else abs(point))
    return _shifted(way, unit, least, most)


def _shifted(way: Both, unit: Both, *ends: Decimal) -> Both:
    zh, en = ([text[side] for text in (number(end, places=1) for end in ends)] for side in (0, 1))
    each = unit.zh if unit.zh == "%" else ""  # 3.4%至3.9%, but 2至4个百分点
    return Both(
        way.zh + f"{each}至".join(zh) + unit.zh,
        way.en + f"{each} to ".join(en) + unit.en,
    )


def day(value: date | None) -> str:
    """A date as YYYY-MM-DD, or an em dash."""
    return "—" if value is None else f"{value:%Y-%m-%d}"


def day_in_words(value: date) -> Both:
    """A day within a sentence."""
    return Both(
        f"{value.year}年{value.month}月{value.day}日", f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    )


def by_day(value: date) -> Both:
    """A deadline within a sentence: the end of a year or month is said as such."""
    if (value + timedelta(days=1)).day > 1:
        said = day_in_words(value)
        return Both(f"{said.zh}前", f"by {said.en}")
    if value.month == 12:
        return Both(f"{value.year}年底前", f"by the end of {value.year}")
    return Both(
        f"{value.year}年{value.month}月底前", f"by the end of {_MONTHS[value.month - 1]} {value.year}"
    )


def place(locator: str | None) -> Both:
    """Where in its source a fact stands: a line, a cell of a fact record, or nowhere that is held."""
    if not locator:
        return Both("仅有出处", "cited only")
    kind, _, key = locator.partition(":")
    if key:
        return Both("事实记录", "fact record")
    line = kind.partition("#")[0]
    return Both(f"第{line}行", f"line {line}")


def anchor(locator: str) -> str:
    """The name of that place on the page of its source; # tells occurrences in one line apart."""
    return locator.replace(":", "-") if ":" in locator else f"L{locator.partition('#')[0]}"


def event_date(start: date | None, end: date | None, precision: str) -> Both:
    """A date, as exact as it was reported."""
    if start is None:
        return Both("未说明", "not stated")
    if precision == "DECADE":
        return Both(f"{start.year}年代", f"{start.year}s")
    if precision == "YEAR":
        return Both(f"{start.year}年", f"{start.year}")
    if precision == "SEASON" and end:
        return Both(
            f"{start.year}年{start.month}月至{end.year}年{end.month}月", f"{start:%Y-%m} to {end:%Y-%m}"
        )
    if precision == "QUARTER":
        quarter = (start.month + 2) // 3
        return Both(f"{start.year}年第{quarter}季度", f"{start.year} Q{quarter}")
    if precision == "MONTH":
        return Both(f"{start.year}年{start.month}月", f"{start:%Y-%m}")
    return Both(day(start), day(start)) if end in (None, start) else Both(*[f"{day(start)} – {day(end)}"] * 2)


def period(kind: str, end: date, precision: str | None = "DAY") -> Both:
    """A period in words: what its kind and its last day say. precision: how exactly that day is known."""
    year, to = end.year, day(end)
    if kind == "P":
        return event_date(end, None, precision or "DAY")
    if kind == "A":
        return Both(f"{year}年", f"{year}")
    if kind.startswith("SINCE:"):
        start = kind.removeprefix("SINCE:")
        if start == "?":
            return Both(f"截至{to}累计，起点未说明", f"total to {to}, start not stated")
        return Both(f"{start}至{to}累计", f"total from {start} to {to}")
    if kind.startswith("D"):
        start = day(end - timedelta(days=int(kind[1:]) - 1))
        if start == to:
            return Both(f"{to}当日", f"on {to}")
        return Both(f"{start}至{to}", f"{start} to {to}")
    part = period_type(kind)
    return Both(f"{year}年{part.zh}", f"{part.en} {year}" if kind[0] in "MY" else f"{part.en} of {year}")


def during(kind: str, end: date, precision: str | None = "DAY") -> Both:
    """A period within a sentence, with its preposition. precision: how exactly its last day is known."""
    if kind == "P" and precision in ("MONTH", "YEAR"):
        said = event_date(end, None, precision)
        return Both(said.zh, f"in {said.en}")
    if kind in ("P", "D1"):
        said = day_in_words(end)
        return Both(said.zh, f"on {said.en}")
    if kind.startswith("SINCE:"):
        said = day_in_words(end)
        return Both(f"截至{said.zh}累计", f"up to {said.en}")
    said = period(kind, end)
    if kind.startswith("D"):
        return Both(said.zh, f"from {said.en}")
    return Both(said.zh, f"in {'the ' if kind[0] in 'HQ' else ''}{said.en}")


def period_type(kind: str) -> Both:
    """A kind of period in words, without saying which."""
    if kind in _KINDS:
        return _KINDS[kind]
    if kind.startswith("SINCE:"):
        start = kind.removeprefix("SINCE:")
        return Both(f"自{start}起累计", f"total since {start}")
    if kind.startswith("D"):
        return Both(f"{kind[1:]}天", f"{kind[1:]} days")
    if kind.startswith("YTD"):
        month = int(kind[3:])
        return Both(f"1—{month}月", f"Jan–{_MONTHS[month - 1][:3]}") if month > 1 else period_type("M01")
    number_ = int(kind[1:])
    if kind.startswith("M"):
        return Both(f"{number_}月", _MONTHS[number_ - 1])
    zh, en = (_HALVES if kind.startswith("H") else _QUARTERS)[number_ - 1]
    return Both(f"{zh}半年", f"{en} half") if kind.startswith("H") else Both(f"第{zh}季度", f"{en} quarter")


_KINDS = {
    "P": Both("某日", "on a day"),
    "A": Both("全年", "whole year"),
    "D1": Both("单日", "one day"),
    "SINCE:?": Both("累计，起点未说明", "running total, start not stated"),
}


def stretch(start: date | None, end: date | None) -> Both:
    """A period of which only the days are known: by its name, if it is a year or the months of one."""
    if start is None or end is None or start == end:
        return Both(day(end), day(end))
    if kind := _calendar_type(start, end):
        return period(kind, end)
    return Both(f"{day(start)}至{day(end)}", f"{day(start)} to {day(end)}")


def _calendar_type(start: date, end: date) -> str | None:
    """The kind of period of whole months within a year that has a name; None for any other two days."""
    months = end.month - start.month + 1
    if start.year != end.year or start.day != 1 or (end + timedelta(days=1)).day != 1:
        return None
    if months == 12:
        return "A"
    if months == 1:
        return f"M{end.month:02}"
    for size, letter in ((6, "H"), (3, "Q")):
        if months == size and end.month % size == 0:
            return f"{letter}{end.month // size}"
    return f"YTD{end.month:02}" if start.month == 1 else None


def apart(text: str | None) -> Both:
    """A curator's text, with Chinese first and English after ` · `."""
    zh, _, en = (text or "").partition(" · ")
    return Both(zh, en or zh)


def _steps(value: Decimal, steps, rounding: str, places: int) -> str:
    for size, name in steps:
        if abs(value) >= size:
            return f"{_plain(value / size, rounding, places)}{name}"
    return _plain(value, rounding, places)


def _plain(value: Decimal, rounding: str, places: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=rounding)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
