"""Which telling of a figure holds on which day: laws that no order of rows, name or later bulletin bends.

Tellings are drawn: nested, overlapping and disjoint intervals, days of publication known to the day, month or
year, estimates, preliminary and final figures.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from tests.conftest import Place
from tests.lab import Lab, Row

SERIES = 1_500
STATUSES = ["A", "A", "A", "P", "E"]
FINALITY = {"E": 0, "P": 1, "A": 2}
DAY_ONE = date(2023, 1, 10)
MODELS = [f"models/intermediate/{name}.sql" for name in ("int_telling_order", "int_vintage", "int_holding")]


@dataclass(frozen=True)
class Telling:
    """What one bulletin says of one period of a series; `low`, `high`: where and whether the end belongs."""

    series: int
    value: int
    low: tuple[int, bool]
    high: tuple[int, bool]
    status: str
    first: date
    last: date

    @property
    def is_estimate(self) -> bool:
        return self.status == "E"

    def encloses(self, other: Telling) -> bool:
        """Whether every value that the other allows is allowed here."""
        below = self.low[0] < other.low[0] or (self.low[0] == other.low[0] and self.low[1] >= other.low[1])
        above = self.high[0] > other.high[0] or (
            self.high[0] == other.high[0] and self.high[1] >= other.high[1]
        )
        return below and above

    def row(self, name: str) -> Row:
        return {
            "observation_id": name,
            "series_id": self.series,
            "time_period_end": "2022-12-31",
            "obs_status": self.status,
            "is_reprint": False,
            "published_from": self.first,
            "published_by": self.last,
            "obs_value": self.value,
            "lower_bound": self.low[0],
            "lower_closed": self.low[1],
            "upper_bound": self.high[0],
            "upper_closed": self.high[1],
            "evidence": "HELD",
        }


def draw(random: Random, series: int) -> Telling:
    day = DAY_ONE + timedelta(random.choice([0, 0, 9, 18, 27, 45, 63]))
    first, last = {
        "DAY": (day, day),
        "MONTH": (day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])),
        "YEAR": (date(day.year, 1, 1), date(day.year, 12, 31)),
    }[random.choice(["DAY", "DAY", "DAY", "DAY", "MONTH", "YEAR"])]
    value = random.choice([100, 100, 102, 110])
    kind = random.choice(["exact", "exact", "about", "about", "above", "near"])
    low, high = {
        "exact": ((value, True), (value, True)),
        "about": ((value - 10, random.random() < 0.5), (value + 10, random.random() < 0.5)),
        "above": ((value, False), (value + random.choice([10, 20]), False)),
        "near": ((value - 10, random.random() < 0.5), (value, False)),
    }[kind]
    return Telling(series, value, low, high, random.choice(STATUSES), first, last)


def drawn(random: Random) -> dict[str, Telling]:
    """Some tellings of each series, by made-up names."""
    tellings = [draw(random, series) for series in range(SERIES) for _ in range(random.randint(2, 5))]
    names = random.sample(range(10**6), len(tellings))
    return {f"n{name:06d}": telling for name, telling in zip(names, tellings, strict=True)}


@pytest.fixture(scope="module")
def lab(warehouse: Place, tmp_path_factory) -> Lab:
    return Lab(warehouse, tmp_path_factory.mktemp("rows"))


def held(lab: Lab, named: dict[str, Telling], order: Iterable[str] | None = None) -> list[Row]:
    rows = [named[name].row(name) for name in order or named]
    return lab.run_all(MODELS, {"intermediate.int_telling": rows})


def content(row: Row) -> tuple:
    """What a state says, whoever said it."""
    columns = [
        "series_id",
        "lower_bound",
        "lower_closed",
        "upper_bound",
        "upper_closed",
        "obs_value",
        "held_from",
        "held_to",
    ]
    return tuple(row[column] for column in columns)


@pytest.mark.parametrize("seed", [1, 2])
def test_neither_names_nor_the_order_of_rows_decide(lab: Lab, seed: int):
    random = Random(seed)
    named = drawn(random)
    once = Counter(map(content, held(lab, named)))
    others = random.sample(sorted(named), len(named))
    renamed = {other: named[name] for name, other in zip(named, others, strict=True)}
    again = Counter(map(content, held(lab, renamed, random.sample(sorted(renamed), len(renamed)))))
    assert once == again


@pytest.mark.parametrize("seed", [3, 4])
def test_what_holds_on_a_day_depends_on_what_was_published_by_then(lab: Lab, seed: int):
    named = drawn(Random(seed))
    whole = held(lab, named)
    for day in (DAY_ONE, DAY_ONE + timedelta(20), DAY_ONE + timedelta(45), date(2023, 12, 30)):
        known = {name: telling for name, telling in named.items() if telling.last <= day}
        then = Counter(content(row)[:-1] for row in held(lab, known) if row["held_to"] is None)
        later = Counter(
            content(row)[:-1]
            for row in whole
            if row["held_from"] <= day and (row["held_to"] is None or row["held_to"] > day)
        )
        assert then == later, day
        assert len(then) == len({telling.series for telling in known.values()})


@pytest.mark.parametrize("seed", [5, 6])
def test_who_replaces_whom(lab: Lab, seed: int):
    """A vaguer telling replaces none, nor does one that may be older; no estimate holds beside a fact."""
    named = drawn(Random(seed))
    states = held(lab, named)
    for row in states:
        if row["observation_id"] and named[row["observation_id"]].is_estimate:
            known = [t for t in named.values() if t.series == int(row["series_id"])]
            assert not any(t.last <= row["held_from"] and not t.is_estimate for t in known), row
    openings = defaultdict(list)
    for row in sorted(lab.rows_made("intermediate.int_vintage"), key=lambda row: row["place"]):
        if row["effect"] in ("REPLACES", "UNDECIDED"):
            openings[row["series_id"]].append(row)
    seen = Counter()
    for before, after in (pair for own in openings.values() for pair in pairwise(own)):
        seen[after["effect"]] += 1
        if (before["effect"], after["effect"]) != ("REPLACES", "REPLACES"):
            continue
        old, new = named[before["observation_id"]], named[after["observation_id"]]
        assert FINALITY[new.status] >= FINALITY[old.status], (old, new)
        assert not new.encloses(old) or (old.is_estimate and not new.is_estimate), (old, new)
        if new.status == old.status:
            assert new.first > old.last or old.encloses(new), (old, new)
    assert min(seen.values()) > 100, seen


def test_two_that_nobody_can_order_hold_together(lab: Lab):
    """Whatever the first allows or the second, and no single number."""
    random, pairs = Random(7), {}
    while len(pairs) < 200:
        one, other = (draw(random, len(pairs)) for _ in range(2))
        overlap = one.first <= other.last and other.first <= one.last
        nested = one.encloses(other) or other.encloses(one)
        if overlap and not nested and one.status == other.status:
            pairs[len(pairs)] = one, other
    named = {f"{series}.{n}": telling for series, pair in pairs.items() for n, telling in enumerate(pair)}
    last = {int(row["series_id"]): row for row in held(lab, named) if row["held_to"] is None}
    for series, pair in pairs.items():
        row = last[series]
        assert (row["observation_id"], row["obs_value"]) == (None, None), (pair, row)
        assert row["held_from"] == max(telling.last for telling in pair)
        assert row["lower_bound"] == min(telling.low[0] for telling in pair)
        assert row["upper_bound"] == max(telling.high[0] for telling in pair)
