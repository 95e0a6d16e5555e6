"""Says figures, intervals, dates and reasons in Chinese and English. Decides nothing about data."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

ZH_STEPS = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
EN_STEPS = ((Decimal(10) ** 9, " billion"), (Decimal(10) ** 6, " million"))
ONE_ROUNDING = Decimal("0.000000002")  # what the marts' outward rounding makes of a single value
_CJK_FIRST = re.compile(r"^(.*[\u3000-\u9fff\uff00-\uffef])[\s·]+([^\u4e00-\u9fff]*)$", re.DOTALL)


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


def number(value: Decimal | int | None, rounding: str = ROUND_HALF_EVEN, places: int = 3) -> Both:
    """A number with at most `places` decimals, in 万/亿 or millions/billions where large."""
    if value is None:
        return Both("—", "—")
    value = Decimal(value)
    return Both(_steps(value, ZH_STEPS, rounding, places), _steps(value, EN_STEPS, rounding, places))


def signed(value: Decimal | None, suffix: str = "") -> Both:
    """A change: always with its sign."""
    if value is None:
        return Both("—", "—")
    said, plus = number(value), "+" if value > 0 else ""
    return Both(f"{plus}{said.zh}{suffix}", f"{plus}{said.en}{suffix}")


def interval(low, low_closed, high, high_closed, suffix: str = "", places: int = 3) -> Both:
    """An interval in words; ends are shown rounded outward. All empty: nothing is known, an em dash."""
    if low is None and high is None:
        return Both("—", "—")
    if low is not None and high is not None and low < high <= low + ONE_ROUNDING:
        said = number((low + high) / 2, places=places)
        return Both(f"约 {said.zh}{suffix}", f"about {said.en}{suffix}")
    if low == high:
        only = number(low)
        return Both(f"恰为 {only.zh}{suffix}", f"exactly {only.en}{suffix}")
    ends = []
    if low is not None:
        said = number(low, ROUND_FLOOR, places)
        ends.append(
            Both(
                f"{'不少于' if low_closed else '多于'} {said.zh}{suffix}",
                f"{'at least' if low_closed else 'over'} {said.en}{suffix}",
            )
        )
    if high is not None:
        said = number(high, ROUND_CEILING, places)
        ends.append(
            Both(
                f"{'不多于' if high_closed else '少于'} {said.zh}{suffix}",
                f"{'at most' if high_closed else 'under'} {said.en}{suffix}",
            )
        )
    return Both("，".join(end.zh for end in ends), ", ".join(end.en for end in ends))


def day(value: date | None) -> str:
    """A date as YYYY-MM-DD, or an em dash."""
    return "—" if value is None else f"{value:%Y-%m-%d}"


def place(locator: str | None) -> Both:
    """Where in its source a fact stands: a line, a cell of a fact record, or nowhere that is held."""
    if not locator:
        return Both("仅有出处", "cited only")
    kind, _, key = locator.partition(":")
    if key:
        return Both(f"事实记录“{key}”格", f"cell {key} of its record")
    line = kind.partition("#")[0]
    return Both(f"第{line}行", f"line {line}")


def anchor(locator: str) -> str:
    """The name of that place on the page of its source; # tells occurrences in one line apart."""
    return locator.replace(":", "-") if ":" in locator else f"L{locator.partition('#')[0]}"


def event_date(start: date | None, end: date | None, precision: str) -> Both:
    """A date as exact as it was told."""
    if start is None:
        return Both("未说明", "not stated")
    if precision == "YEAR":
        return Both(f"{start.year}年", f"{start.year}")
    if precision == "QUARTER":
        quarter = (start.month + 2) // 3
        return Both(f"{start.year}年第{quarter}季度", f"{start.year} Q{quarter}")
    if precision == "MONTH":
        return Both(f"{start.year}年{start.month}月", f"{start:%Y-%m}")
    return Both(day(start), day(start)) if end in (None, start) else Both(*[f"{day(start)} – {day(end)}"] * 2)


def reason(text: str | None) -> Both:
    """A reason of a mart, whose parts each say Chinese first and English after, taken apart by language."""
    zh, en = [], []
    for part in (text or "").split("; "):
        if found := _CJK_FIRST.match(part):
            zh.append(found[1].rstrip(" ·"))
            en.append(found[2])
        elif part:
            (en if en else zh).append(part)
    return Both("；".join(zh), "; ".join(en or zh))


def _steps(value: Decimal, steps, rounding: str, places: int) -> str:
    for size, name in steps:
        if abs(value) >= size:
            return f"{_plain(value / size, rounding, places)}{name}"
    return _plain(value, rounding, places)


def _plain(value: Decimal, rounding: str, places: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=rounding)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
