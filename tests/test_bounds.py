"""From a printed wording to its interval: drawn numbers in every wording, against the value rules' table.

What a wording means is worked out here in exact arithmetic from the pieces of the token, never from what the
parser or the lexicon say: the token goes the whole way, through both, into the model.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from fractions import Fraction
from random import Random

import pytest

from dagster_project.figures.lexicon import Lexicon
from dagster_project.figures.tokens import parse_token
from tests.conftest import ROOT, Place
from tests.drawn import as_text
from tests.lab import Lab, Row

DRAWS = 12_000
MAGNITUDES = {"": 1, "万": 10**4, "亿": 10**8}
COUNTED, MEASURED = ("家", "个", "人次"), ("公里", "亩", "元", "%")
WORDINGS = {  # before and after the number: class of the hedge
    ("", ""): "EQ",
    ("达到", ""): "EQ",
    ("超", ""): "GT",
    ("逾", ""): "GT",
    ("突破", ""): "GT",
    ("至少", ""): "GE",
    ("不少于", ""): "GE",
    ("", "以上"): "GE",
    ("不足", ""): "LT",
    ("不超过", ""): "LE",
    ("", "以内"): "LE",
    ("", "余"): "ABOVE_NEAR",
    ("近", ""): "BELOW_NEAR",
    ("约", ""): "APPROX",
    ("", "左右"): "APPROX",
}
# Which ends the wording fixes, and which are our policy.
BASES = {
    "GT": ("STATED", "PRESUMED"),
    "GE": ("STATED", "PRESUMED"),
    "LT": ("STATED", "STATED"),
    "LE": ("STATED", "STATED"),
    "ABOVE_NEAR": ("STATED", "PRESUMED"),
    "BELOW_NEAR": ("PRESUMED", "STATED"),
    "APPROX": ("PRESUMED", "PRESUMED"),
}
READ = (
    *("value_text", "hedge_id", "value_qualifier", "form", "sign", "v", "u", "d", "v_to", "u_to", "d_to"),
    *("numerator", "denominator"),
)
End = tuple[Fraction | None, bool | None]  # where it is and whether it belongs; unbounded is nowhere


@dataclass(frozen=True)
class Printed:
    """One figure, by the pieces of its token; `least` and `greatest` are the limits of what it measures."""

    before: str
    digits: str
    magnitude: str
    noun: str
    after: str
    is_nominal: bool
    least: Fraction | None
    greatest: Fraction | None

    @property
    def text(self) -> str:
        inner = "余" if self.after == "余" else ""
        outer = "" if self.after == "余" else self.after
        return f"{self.before}{self.digits}{self.magnitude}{inner}{self.noun}{outer}"

    @property
    def qualifier(self) -> str:
        return WORDINGS[self.before, self.after]

    @property
    def value(self) -> Fraction:
        return Fraction(self.digits) * MAGNITUDES[self.magnitude]

    @property
    def last_digit(self) -> Fraction:
        """The place of the last printed digit."""
        return Fraction(1, 10 ** len(self.digits.partition(".")[2])) * MAGNITUDES[self.magnitude]

    @property
    def last_nonzero(self) -> Fraction:
        """The place of the last digit that is no zero."""
        plain = self.digits.replace(".", "")
        return self.last_digit * 10 ** (len(plain) - len(plain.rstrip("0")))

    @property
    def is_counted(self) -> bool:
        return self.noun in COUNTED

    @property
    def is_rounded(self) -> bool:
        """Whether the digits allow more than one value; a target means its number."""
        return not self.is_nominal and not (self.is_counted and not self.magnitude and "." not in self.digits)


def draw(random: Random) -> Printed:
    before, after = random.choice(list(WORDINGS))
    noun = random.choice(COUNTED + MEASURED)
    magnitude = "" if noun == "%" else random.choice(list(MAGNITUDES))
    whole = random.choice([1, 2, 5, 10, 20, 100, 1000, random.randint(1, 99), random.randint(1, 9999)])
    digits = str(whole)
    if after != "余" and random.random() < 0.4 and not (noun in COUNTED and not magnitude):
        digits += f".{random.randint(0, 99):02d}"[: random.choice([2, 3])]
    greatest = Fraction(100) if noun == "%" and Fraction(digits) < 100 and random.random() < 0.5 else None
    least = random.choice([None, Fraction(0), Fraction(0)])
    return Printed(before, digits, magnitude, noun, after, random.random() < 0.2, least, greatest)


def reach(figure: Printed) -> Fraction:
    """How far the interval reaches from the number."""
    value, place = figure.value, figure.last_nonzero
    if figure.qualifier == "EQ":
        if not figure.is_rounded:
            return Fraction(0)
        if figure.magnitude:
            digit = figure.last_digit if "." in figure.digits else place
            return min(digit / 2, value / 20)
        return figure.last_digit / 2 if not figure.is_counted else min(figure.last_digit / 2, value / 20)
    steps = {
        "GT": min(place, value / 2),
        "GE": min(place, value / 2),
        "ABOVE_NEAR": min(place, value / 2),
        "BELOW_NEAR": min(place, value / 4),
        "APPROX": min(5 * place, value / 20),
    }
    # Of things that are counted, a whole number lies inside, where the number itself does not: two apart.
    least = {"GT": 2, "ABOVE_NEAR": 2, "APPROX": 1}.get(figure.qualifier, 0) if figure.is_counted else 0
    return max(steps.get(figure.qualifier, Fraction(0)), Fraction(least))


def interval(figure: Printed) -> tuple[End, End]:
    """Both ends with the presumed ones, within what can be measured."""
    value, step, kind = figure.value, reach(figure), figure.qualifier
    low, high = {
        "EQ": ((value - step, True), (value + step, step == 0)),
        "GT": ((value, False), (value + step, False)),
        "GE": ((value, True), (value + step, False)),
        "LT": ((None, None), (value, False)),
        "LE": ((None, None), (value, True)),
        "ABOVE_NEAR": ((value, False), (value + step, False)),
        "BELOW_NEAR": ((value - step, False), (value, False)),
        "APPROX": ((value - step, True), (value + step, True)),
    }[kind]
    if kind in ("GT", "GE") and (figure.is_nominal or figure.greatest is not None):
        high = None, None  # a target asks for more without end, a share ends where the whole does
    if figure.least is not None and (low[0] is None or low[0] < figure.least):
        low = figure.least, True
    if figure.greatest is not None and (high[0] is None or high[0] > figure.greatest):
        high = figure.greatest, True
    return low, high


def bases(figure: Printed) -> tuple[str, str]:
    if figure.qualifier == "EQ":
        return ("ROUNDING", "ROUNDING") if figure.is_rounded else ("STATED", "STATED")
    if figure.is_nominal and figure.qualifier in ("GT", "GE"):
        return "STATED", "STATED"
    return BASES[figure.qualifier]


def as_row(name: int, figure: Printed, lexicon: Lexicon) -> Row:
    token = asdict(parse_token(figure.text, lexicon))
    assert token["error"] is None, token
    return {
        "figure_type": "T",
        "figure_id": name,
        "unit_type": "COUNTED" if figure.is_counted else "MEASURED",
        "is_nominal": figure.is_nominal,
        "least_value": as_text(figure.least),
        "greatest_value": as_text(figure.greatest),
        **{column: token[column] for column in READ},
    }


def published(row: Row, prefix: str = "") -> tuple[End, End]:
    ends = []
    for side in ("lower", "upper"):
        bound = row[f"{prefix}{side}_bound"]
        ends.append((None if bound is None else Fraction(bound), row[f"{prefix}{side}_closed"]))
    return ends[0], ends[1]


@pytest.fixture(scope="module")
def lab(warehouse: Place, tmp_path_factory) -> Lab:
    return Lab(warehouse, tmp_path_factory.mktemp("rows"))


@pytest.mark.parametrize("seed", [1, 2])
def test_ends_bases_and_second_reading_of_every_wording(lab: Lab, seed: int):
    random, lexicon = Random(seed), Lexicon.read(ROOT / "seeds" / "hedge_terms.csv")
    figures = [draw(random) for _ in range(DRAWS // 2)]
    rows = lab.run(
        "models/intermediate/int_figure_bounds.sql",
        {
            "intermediate.int_figure": [as_row(n, figure, lexicon) for n, figure in enumerate(figures)],
            "staging.stg_hedge_terms": lab.rows("staging.stg_hedge_terms"),
        },
    )
    assert len(rows) == len(figures)
    tried = Counter()
    for row in rows:
        figure = figures[int(row["figure_id"])]
        low, high = interval(figure)
        assert published(row) == (low, high), (figure.text, figure, row)
        lower, upper = bases(figure)
        assert (row["lower_basis"], row["upper_basis"]) == (lower, upper), (figure.text, figure, row)
        # The second reading leaves open what we presume, as far as the quantity goes.
        open_low, open_high = (
            (end, None if end is None else True) for end in (figure.least, figure.greatest)
        )
        second = (open_low if lower == "PRESUMED" else low, open_high if upper == "PRESUMED" else high)
        assert published(row, "stated_") == second, (figure.text, figure, row)
        tried[figure.qualifier, figure.is_counted, figure.is_nominal] += 1
    assert len(tried) == 8 * 2 * 2
    assert min(tried.values()) > 20, tried
