"""Places the labels of a chart so that none covers another, on the narrowest screen that it is made for.

What does not fit stays unlabelled: the tooltip and the table say it. On a wider screen everything stands
further apart, so that nothing meets there either.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from dagster_project.report.wording import Both

LINE = 15  # height of a line of text in pixels
ABOVE, BELOW = -14, 21  # from a mark to the foot of its label
MARK = 5  # half the size of a mark


Box = tuple[float, float, float, float]


class Plot(NamedTuple):
    """The smallest area in which a chart is drawn: pixels, and the days and values that they stand for."""

    width: int
    height: int
    since: int
    until: int
    floor: float
    frame: float

    def at(self, day: str, value: float) -> tuple[float, float]:
        """Where a value of a day lies, from the top left."""
        after = date.fromisoformat(day).toordinal() - self.since
        right = 28 + (self.width - 56) * after / ((self.until - self.since) or 1)
        return right, self.height * (self.frame - value) / ((self.frame - self.floor) or 1)

    def mark(self, day: str, value: float) -> Box:
        """What a dot covers."""
        return _around(*self.at(day, value))

    def line(self, start: tuple[str, float], end: tuple[str, float]) -> list[Box]:
        """What a line covers, roughly."""
        (x1, y1), (x2, y2) = self.at(*start), self.at(*end)
        parts = max(1, round(max(abs(x2 - x1), abs(y2 - y1)) / MARK))
        return [_around(x1 + (x2 - x1) * n / parts, y1 + (y2 - y1) * n / parts) for n in range(parts)]


class Label(NamedTuple):
    """A text at a mark; fixed: neither above nor below, but there."""

    text: Both
    day: str
    value: float
    fixed: bool = False


def placed(labels: Iterable[Label], drawn: Iterable[Box], plot: Plot) -> list[dict]:
    """Those labels that have room, the first first: where each is anchored, and how far from its mark.

    drawn: what a label must not cover.
    """
    taken = list(drawn)
    shown = []
    for label in labels:
        x, y = plot.at(label.day, label.value)
        wide = max(map(width, label.text))
        fitting = (
            (align, dy, box)
            for dy in ((12,) if label.fixed else (ABOVE, BELOW))
            for align in _sides(x / plot.width)
            if _fits(box := _box(x, y + dy, wide, align), plot) and not any(_meet(box, one) for one in taken)
        )
        if found := next(fitting, None):
            align, dy, box = found
            taken.append(box)
            text = label.text._asdict()
            shown.append({"date": label.day, "value": label.value, "align": align, "dy": dy, **text})
    return shown


def width(text: str) -> float:
    """Pixels that a text needs at twelve to the em: Chinese characters are as wide as high."""
    return sum(12.5 if unicodedata.east_asian_width(sign) in "WF" else 7 for sign in text)


def _sides(share: float) -> tuple[str, ...]:
    """How a label may lie to its mark, the best first: towards the middle of the plot."""
    if 1 / 3 <= share <= 2 / 3:
        return "center", "left", "right"
    return ("left", "center") if share < 1 / 3 else ("right", "center")


def _box(x: float, foot: float, wide: float, align: str) -> Box:
    left = x - {"left": 0, "center": wide / 2, "right": wide}[align]
    return left, foot - LINE + 3, left + wide, foot + 3


def _fits(box: Box, plot: Plot) -> bool:
    """Whether it is inside, but for the margin that every plot has."""
    return box[0] >= -8 and box[2] <= plot.width + 8 and box[3] <= plot.height + 3


def _around(x: float, y: float) -> Box:
    return x - MARK, y - MARK, x + MARK, y + MARK


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
