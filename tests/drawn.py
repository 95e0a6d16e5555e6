"""Drawn intervals, and what must hold of a result made of them, in exact rational arithmetic.

`portion` says what an interval contains. An end of None in a row is unbounded, as in the marts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random

import portion

from tests.lab import Row

PLACE = Fraction(1, 10**9)  # the last place that is printed
MAGNITUDES = [0, 1, 3, 9, 15]  # from shares of one to 10^15
Operation = Callable[[Fraction, Fraction], Fraction]
Side = tuple[portion.Interval, str]  # an interval and 'lower' or 'upper'


@dataclass(frozen=True)
class Drawn:
    """An interval with the number printed for it, if any, and some of the values it may stand for."""

    interval: portion.Interval
    printed: Fraction | None
    points: tuple[Fraction, ...]

    def columns(self, prefix: str = "", value: str = "obs_value") -> Row:
        """The columns of a figure, as text."""
        return {prefix + value: as_text(self.printed), **self.ends(prefix)}

    def ends(self, prefix: str = "") -> Row:
        """The columns of its interval alone."""
        lower, upper = self.interval.lower, self.interval.upper
        lowest, highest = lower == -portion.inf, upper == portion.inf
        return {
            f"{prefix}lower_bound": None if lowest else as_text(lower),
            f"{prefix}lower_closed": None if lowest else self.interval.left is portion.CLOSED,
            f"{prefix}upper_bound": None if highest else as_text(upper),
            f"{prefix}upper_closed": None if highest else self.interval.right is portion.CLOSED,
        }


def as_text(number: Fraction | None) -> str | None:
    """A number of at most nine decimals, in full."""
    return None if number is None else f"{Decimal(number.numerator) / Decimal(number.denominator):f}"


def draw(random: Random, least: int | None = None, magnitude: int | None = None, places: int = 9) -> Drawn:
    """Any interval that wordings give: a point, a stretch, one side or none at all, as often as not round.

    `least` is a value that it does not go below; its ends reach to 10^magnitude, with so many decimal places.
    """
    magnitude = random.choice(MAGNITUDES) if magnitude is None else magnitude
    one, other = sorted((number(random, magnitude, places), number(random, magnitude, places)))
    if least is None and random.random() < 0.4:
        one, other = sorted((random.choice([-1, 1]) * one, random.choice([-1, 1]) * other))
    bounded = [portion.closed, portion.closedopen, portion.openclosed, portion.open]
    kind = random.choice(["point", "point", "stretch", "stretch", "stretch", "above", "below", "any"])
    if kind == "point" or (kind == "stretch" and one == other):
        interval = portion.singleton(one)
    elif kind == "stretch":
        interval = random.choice(bounded)(one, other)
    elif kind == "above":
        interval = random.choice(bounded[1::2])(one, portion.inf)
    elif kind == "any" and least is None:
        interval = portion.open(-portion.inf, portion.inf)
    elif least is None:
        interval = random.choice(bounded[2:])(-portion.inf, other)
    else:
        interval = portion.closed(least, other)
    printed = (
        None
        if random.random() < 0.1
        else random.choice([e for e in (one, other) if e in interval] or [other])
    )
    return Drawn(interval, printed, points_of(random, interval))


def wider(random: Random, figure: Drawn) -> Drawn:
    """What it is without the ends that we presume: each is left open, or stays."""
    interval = figure.interval
    if random.random() < 0.3:
        interval = interval.replace(left=portion.OPEN, lower=-portion.inf)
    if random.random() < 0.3:
        interval = interval.replace(right=portion.OPEN, upper=portion.inf)
    return Drawn(interval, figure.printed, points_of(random, interval))


def number(random: Random, magnitude: int, places: int) -> Fraction:
    whole = random.choice(
        [0, 1, 10**magnitude, random.randrange(10**magnitude), random.randrange(10**magnitude)]
    )
    return whole + Fraction(random.choice([0, 1, random.randrange(10**places)]), 10**places)


def points_of(random: Random, interval: portion.Interval) -> tuple[Fraction, ...]:
    """Values inside, in order: each end or what comes close to it, and one between."""
    lower, upper = interval.lower, interval.upper
    if lower == -portion.inf:
        lower = (0 if upper == portion.inf else upper) - random.randint(1, 10**9)
    if upper == portion.inf:
        upper = lower + random.randint(1, 10**9)
    near = (upper - lower) / 10**12
    ends = lower if lower in interval else lower + near, upper if upper in interval else upper - near
    return ends[0], lower + (upper - lower) * Fraction(random.randrange(1, 100), 100), ends[1]


def found(row: Row, name: str) -> portion.Interval:
    """The interval that a row publishes; an end without a flag of its own counts as closed."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return portion.Interval.from_atomic(
        portion.Bound(low is not None and row.get(f"{name}_low_closed", True)),
        -portion.inf if low is None else Fraction(low),
        portion.inf if high is None else Fraction(high),
        portion.Bound(high is not None and row.get(f"{name}_high_closed", True)),
    )


def holds_every_point(row: Row, name: str, operation: Operation, first: Drawn, second: Drawn) -> int:
    """The result contains the operation of whatever values the two stand for, and the number given for it.

    Returns how many pairs of values there were to try.
    """
    result = found(row, name)
    if row[name] is not None:
        assert row[name] in portion.closed(result.lower, result.upper), (name, row)
    tried = 0
    for one, other in (
        *zip(first.points, second.points[::-1], strict=True),
        (first.points[0], second.points[0]),
    ):
        try:
            exact = operation(one, other)
        except ZeroDivisionError:
            continue
        assert exact in result, (name, exact, result, row)
        tried += 1
    return tried


def is_sharp(
    row: Row, name: str, operation: Operation, low: tuple[Side, Side], high: tuple[Side, Side], divides: bool
) -> None:
    """Each end is that of the two input ends which make it, rounded outward at the last place and no further.

    It is missing where one of them is, or where the operation has no value there. It is closed only if both
    are, but for a zero that is divided (`divides`): nothing by whatever is nothing.
    """
    for end, sides, outward in (("low", low, -1), ("high", high, 1)):
        published, ends = row[f"{name}_{end}"], [getattr(interval, side) for interval, side in sides]
        try:
            exact = None if {portion.inf, -portion.inf} & set(ends) else operation(*ends)
        except ZeroDivisionError:
            exact = None
        if exact is None:
            assert published is None, (name, end, published, row)
            continue
        assert published is not None, (name, end, exact, row)
        assert 0 <= outward * (Fraction(published) - exact) < PLACE, (name, end, exact, row)
        needed = sides[:1] if divides and ends[0] == 0 else sides
        attained = all(getattr(interval, side) in interval for interval, side in needed)
        assert row.get(f"{name}_{end}_closed", attained) == attained, (name, end, row)
