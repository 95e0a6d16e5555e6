"""Interval arithmetic: whatever values the inputs stand for, the result holds theirs, and reaches no further.

The SQL of the models is tried on drawn intervals: open, closed, unbounded, around zero, tiny and huge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product
from math import log10
from random import Random

import portion
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Place
from tests.drawn import (
    MAGNITUDES,
    PLACE,
    Drawn,
    as_text,
    draw,
    found,
    holds_every_point,
    is_sharp,
    number,
    wider,
)
from tests.lab import Lab, Row

DRAWS = 10_000  # pairs of values at least, of each operation
EXAMPLES = 2
ROWS = 2_200  # intervals that are drawn for each example; each row tries up to four pairs of values
TODAY = date(2026, 6, 30)


def over_many_draws(check: Callable[[Lab, Random], Counter], lab: Lab) -> None:
    """Check tables of drawn rows; it returns how many pairs of values each operation was tried on."""
    tried = Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # a table has no smaller one to shrink to: the failing row is shown
        suppress_health_check=list(HealthCheck),
    )
    @given(seed=st.integers(0, 2**64 - 1))
    def table(seed: int) -> None:
        tried.update(check(lab, Random(seed)))  # a million draws of its own cost Hypothesis seconds

    table()
    assert min(tried.values()) >= DRAWS, tried


@pytest.fixture(scope="module")
def lab(warehouse: Place, tmp_path_factory) -> Lab:
    return Lab(warehouse, tmp_path_factory.mktemp("rows"))


# --- two figures of a series


def test_difference_ratio_per_cent_and_yearly_rate(lab: Lab):
    over_many_draws(changes, lab)


def changes(lab: Lab, random: Random) -> Counter:
    tried = Counter()
    pairs, days = [], []
    for _ in range(ROWS):
        least, magnitude = random.choice([None, 0, 0, 0]), random.choice(MAGNITUDES)
        pairs.append((draw(random, least, magnitude), draw(random, least, magnitude)))
        few, many = random.choice([1, 2, 30, 364]), [random.randint(1, 40_000), random.randint(365, 40_000)]
        days.append(random.choice([few, 365, 366, 414, 1461, *many]))
    # The second reading leaves some ends open.
    second = [(wider(random, old), wider(random, new)) for old, new in pairs]
    rows = [
        {"series_id": name, "from_observation_id": "a", "to_observation_id": "b", "comparability": "SAME"}
        | dict.fromkeys(("is_single", "is_undecided", "is_other_definition", "is_of_unknown_start"), False)
        | {"days": days[name], **old.columns("from_", "value"), **new.columns("to_", "value")}
        | second[name][0].ends("from_stated_")
        | second[name][1].ends("to_stated_")
        for name, (old, new) in enumerate(pairs)
    ]
    results = lab.run("models/intermediate/int_change.sql", {"intermediate.int_pair": rows})
    assert len(results) == ROWS
    operations = {
        "change": lambda q, p: q - p,
        "multiple": lambda q, p: q / p,
        "pct_change": lambda q, p: 100 * (q - p) / p,
    }
    for row in results:
        old, new = pairs[int(row["series_id"])]
        then, now = old.interval, new.interval
        low, high = ((now, "lower"), (then, "upper")), ((now, "upper"), (then, "lower"))
        # A ratio asks for figures that are not known to go below zero, and a base that can be above it.
        floor = now.lower >= 0 or now.lower == -portion.inf < 0 < now.upper
        is_ratio = then.lower >= 0 and then.upper > 0 and floor
        for name, operation in operations.items():
            if name == "change" or is_ratio:
                tried[name] += holds_every_point(row, name, operation, new, old)
                is_sharp(row, name, operation, low, high, divides=name != "change")
            else:
                assert (row[f"{name}_low"], row[name], row[f"{name}_high"]) == (None, None, None), row
        stated_old, stated_new = second[int(row["series_id"])]
        low, high = (
            ((stated_new.interval, side), (stated_old.interval, other))
            for side, other in (("lower", "upper"), ("upper", "lower"))
        )
        stated = row | {"stated_change": None}
        tried["stated_change"] += holds_every_point(
            stated, "stated_change", operations["change"], stated_new, stated_old
        )
        is_sharp(stated, "stated_change", operations["change"], low, high, divides=False)
        tried["annual_rate"] += check_yearly_rate(row, days[int(row["series_id"])], new, old)
        computed = [row[name + end] for name in (*operations, "annual_rate") for end in ("_low", "", "_high")]
        signs = {(q > p) - (q < p) for q, p in product(new.points, old.points)}
        assert row["sign_low"] <= min(signs) <= max(signs) <= row["sign_high"], row
        is_open = None in computed or row["sign_low"] < row["sign_high"]
        assert is_open == (row["reason"] is not None), row
    return tried


def check_yearly_rate(row: Row, days: int, new: Drawn, old: Drawn) -> int:
    """The ends of the multiple to the power of 365.25 / days, of figures a year apart or more."""
    for end, (above, below) in {
        "low": (new.interval.lower, old.interval.upper),
        "high": (new.interval.upper, old.interval.lower),
    }.items():
        published = row[f"annual_rate_{end}"]
        if published is None:
            assert row[f"multiple_{end}"] is None or days < 365, (end, row)
            continue
        assert days >= 365, row
        times = growth(above / below, days)
        assert abs(1 + Fraction(published) / 100 - times) <= spread(times, above / below, days), (
            end,
            times,
            row,
        )
        assert row[f"annual_rate_{end}_closed"] == row[f"multiple_{end}_closed"], (end, row)
    rates, tried = found(row, "annual_rate"), 0
    if rates != portion.open(-portion.inf, portion.inf):
        times = rates.apply(lambda part: part.replace(lower=as_times, upper=as_times))
        for one, other in product(new.points[::2], old.points[1:]):
            if one >= 0 and other > 0:
                assert growth(one / other, days) in times, (one, other, row)
                tried += 1
    return tried


def as_times(rate: Fraction) -> Fraction:
    return rate if rate in (portion.inf, -portion.inf) else 1 + rate / 100


def growth(multiple: Fraction, days: int) -> Fraction:
    """Times a year, to 40 digits: near zero a rate in per cent would lose them."""
    with localcontext(prec=40):
        base = Decimal(multiple.numerator) / Decimal(multiple.denominator)
        return Fraction(base ** (Decimal("365.25") / days)) if base else Fraction(0)


def spread(times: Fraction, multiple: Fraction, days: int) -> Fraction:
    """How much a yearly growth may be widened: a power needs doubles."""
    years, log = 365.25 / days, abs(log10(multiple)) * 2.31 if multiple else 0
    return PLACE / 100 + (times + 1) * Fraction(1e-14 * (1 + years) * (1 + log))


# --- units, sums


def test_unit_conversion(lab: Lab):
    over_many_draws(conversions, lab)


def conversions(lab: Lab, random: Random) -> Counter:
    tried = Counter()
    factors = [Fraction(random.randint(1, 10**5), random.randint(1, 10**5)) for _ in range(100)]
    figures = [draw(random, random.choice([None, 0]), random.choice(MAGNITUDES[:4])) for _ in range(ROWS)]
    names = [{"observation_id": name, "unit_measure": name % 100} for name in range(ROWS)]
    units = [
        {"unit_measure": name, "factor_num": factor.numerator, "factor_den": factor.denominator}
        for name, factor in enumerate(factors)
    ]
    bounds = [
        {"figure_type": "OBSERVATION", "figure_id": name, **figure.columns(value="stated_value")}
        for name, figure in enumerate(figures)
    ]
    observations = [
        name | {"obs_value": bound["stated_value"]} for name, bound in zip(names, bounds, strict=True)
    ]
    inputs = {"staging.stg_observations": observations, "staging.stg_units": units}
    inputs |= {"intermediate.int_figure_bounds": bounds}
    inputs |= {f"staging.{name}": [] for name in ("stg_indicators", "stg_sources")}
    inputs |= {f"intermediate.{name}": [] for name in ("int_source_evidence", "int_segment")}
    for row in lab.run("models/intermediate/int_telling.sql", inputs):
        figure = figures[int(row["observation_id"])]
        factor = factors[int(row["unit_measure"])]
        unit = Drawn(portion.singleton(factor), factor, (factor,) * 3)
        row["base"] = row["base_value"]
        for end, bound in (("low", "lower"), ("high", "upper")):
            row |= {f"base_{end}": row[f"base_{bound}_bound"], f"base_{end}_closed": row[f"{bound}_closed"]}
        tried["base"] += holds_every_point(row, "base", lambda value, factor: value * factor, figure, unit)
        low, high = (((figure.interval, side), (unit.interval, "lower")) for side in ("lower", "upper"))
        is_sharp(row, "base", lambda value, factor: value * factor, low, high, divides=False)
    return tried


def test_a_sum_is_at_odds_with_its_total_exactly_where_they_are_apart(lab: Lab):
    over_many_draws(sums, lab)


def sums(lab: Lab, random: Random) -> Counter:
    observations, relations, apart = [], [], {}
    for name in range(DRAWS // EXAMPLES):
        parts = [draw(random, 0, 2, places=1) for _ in range(random.randint(1, 4))]
        whole = parts[0].interval
        for part in parts[1:]:
            whole = portion.Interval.from_atomic(
                portion.Bound(whole.left.value and part.interval.left.value),
                whole.lower + part.interval.lower,
                unbounded_sum(whole.upper, part.interval.upper),
                portion.Bound(whole.right.value and part.interval.right.value),
            )
        total = draw_near(random, whole)
        apart[f"total{name}"] = (whole & total.interval).empty
        for place, figure in enumerate([total, *parts]):
            columns = figure.columns()
            base = {f"base_{end}_bound": columns[f"{end}_bound"] for end in ("lower", "upper")}
            observations.append({"observation_id": f"{name}.{place}", "base_unit": "U", **columns, **base})
            if place:
                sides = {"subject_id": f"{name}.{place}", "object_id": f"{name}.0"}
                relations.append(
                    {"relation_id": f"total{name}.{place}", "relation_type": "PART_OF_TOTAL", **sides}
                )
        part_apart = not parts[0].interval.lower < total.interval.upper and not (
            parts[0].interval.lower == total.interval.upper
            and parts[0].interval.left is total.interval.right is portion.CLOSED
        )
        apart[f"subset{name}"] = part_apart
        sides = {"subject_id": f"{name}.1", "object_id": f"{name}.0"}
        relations.append({"relation_id": f"subset{name}", "relation_type": "SUBSET", **sides})
    failures = lab.run(
        "models/marts/fct_observation.yml/relations_hold_fct_observation_.sql",
        {"marts.fct_observation": observations, "staging.stg_relations": relations},
    )
    assert {row["relation_id"] for row in failures} == {name for name, is_apart in apart.items() if is_apart}
    return Counter(sum=DRAWS // EXAMPLES)


def unbounded_sum(one, other):
    return portion.inf if portion.inf in (one, other) else one + other


def draw_near(random: Random, whole: portion.Interval) -> Drawn:
    """A total that overlaps, touches or misses the sum."""
    figure = draw(random, 0, 2, places=1)
    ends = [end for end in (whole.lower, whole.upper) if end != portion.inf]
    touching = [portion.closed, portion.open, portion.closedopen, portion.openclosed]
    if random.random() < 0.5:
        end = random.choice(ends)
        interval = random.choice(touching)(*random.choice([(end, end + 5), (max(end - 5, 0), end)]))
        return figure if interval.empty else Drawn(interval, None, ())
    return figure


# --- claims

# How many times the base a printed factor means; percentage points are added, not multiplied.
TIMES = {
    "MULTIPLE_OF": lambda factor: factor,
    "INCREASED_TO_TIMES": lambda factor: factor,
    "INCREASED_BY_TIMES": lambda factor: 1 + factor,
    "DOUBLED_N": lambda factor: Fraction(2) ** int(factor),
    "PCT_CHANGE": lambda factor: 1 + factor / 100,
    "PP_CHANGE": lambda factor: factor,
}
CLAIM_FLAGS = ("is_other_definition", "is_of_unknown_start", "is_other_price", "is_own_witness")


def test_implied_base_and_verdict(lab: Lab):
    over_many_draws(claims_checked, lab)


def claims_checked(lab: Lab, random: Random) -> Counter:
    tried = Counter()
    drawn_rows, claims, witnesses, observations = [], [], [], []
    for name in range(ROWS):
        kind = random.choice(list(TIMES))
        magnitude = random.choice(MAGNITUDES)
        factor = draw(random, 0, 1, places=4)
        if kind == "DOUBLED_N":
            whole = Fraction(random.randint(0, 9))
            factor = Drawn(portion.singleton(whole), whole, (whole,) * 3)
        elif kind in ("PCT_CHANGE", "PP_CHANGE"):
            factor = draw(random, random.choice([None, -100]), 2, places=4)
        level, base = draw(random, 0, magnitude), draw(random, 0, magnitude)
        drawn_rows.append((kind, factor, level, base))
        sides = {"factor_numerator": as_text(factor.printed), "factor_denominator": factor.printed and 1}
        claims.append({"claim_id": name, "claim_type": kind, **sides, **factor.columns(value="factor")})
        witnesses.append(
            {"claim_id": name, "claim_test": "BASE"}
            | {"level_observation_id": f"{name}.level", "compared_observation_id": f"{name}.base"}
            | dict.fromkeys(CLAIM_FLAGS, False)
        )
        observations += [
            {"observation_id": f"{name}.{side}", "unit_measure": "N", **figure.columns()}
            for side, figure in (("level", level), ("base", base))
        ]
    inputs = {
        "intermediate.int_claim": claims,
        "intermediate.int_claim_witness": witnesses,
        "intermediate.int_claim_ranking": [],
        "marts.fct_observation": observations,
        "intermediate.int_figure_bounds": [],
        "staging.stg_commitments": [],
        "staging.stg_units": [{"unit_measure": "N", "base_unit": "N", "factor_num": 1, "factor_den": 1}],
    }
    verdicts = set()
    for row in lab.run("models/intermediate/int_claim_reading.sql", inputs):
        if row["reading"] == "STATED":  # the same arithmetic, of other ends
            continue
        kind, factor, level, base = drawn_rows[int(row["claim_id"])]
        tried += check_claim(row, TIMES[kind], factor, level, base, divides=kind != "PP_CHANGE")
        verdicts.add(row["verdict"])
    assert verdicts == {"UNTESTABLE", "CONFIRMED", "CONSISTENT", "REFUTED"}
    return tried


def check_claim(row: Row, times, factor: Drawn, level: Drawn, base: Drawn, divides: bool) -> Counter:
    tried = Counter()

    def implied(level: Fraction, factor: Fraction) -> Fraction:
        if divides and times(factor) <= 0:
            raise ZeroDivisionError  # nothing is left to be a multiple of anything
        return level / times(factor) if divides else level - times(factor)

    def ratio(level: Fraction, base: Fraction) -> Fraction:
        return level / base if divides else level - base

    for name, operation, other in (("implied_base", implied, factor), ("found", ratio, base)):
        low = (level.interval, "lower"), (other.interval, "upper")
        high = (level.interval, "upper"), (other.interval, "lower")
        tried[name] += holds_every_point(row, name, operation, level, other)
        is_sharp(row, name, operation, low, high, divides)

    def means(end):
        return end if end in (portion.inf, -portion.inf) else times(end)

    meant = factor.interval.apply(lambda part: part.replace(lower=means, upper=means))
    computed = [
        ratio(*pair) for pair in zip(level.points, base.points[::-1], strict=True) if pair[1] or not divides
    ]
    if row["verdict"] == "CONFIRMED":
        assert all(value in meant for value in computed), (meant, computed, row)
    elif row["verdict"] == "REFUTED":
        assert not any(value in meant for value in computed), (meant, computed, row)
    elif row["verdict"] == "UNTESTABLE":
        unbounded = portion.open(-portion.inf, portion.inf)
        assert unbounded in (meant, found(row, "found")), (meant, row)
    return tried


# --- promises

STEPS = ["figure", "base", "target", "actual", "span", "look", "word", "progress"]


def test_gap_closed_pace_and_status(lab: Lab):
    over_many_draws(promises_judged, lab)


def promises_judged(lab: Lab, random: Random) -> Counter:
    tried = Counter()
    promises, commitments, figures = {}, [], []
    for name in range(ROWS + ROWS // 4):
        direction, magnitude = random.choice(["UP", "DOWN"]), random.choice(MAGNITUDES[:4])
        base, actual = draw(random, 0, magnitude), draw(random, 0, magnitude)
        target = number(random, magnitude, 9)
        if random.random() < 0.8:  # mostly still ahead
            ahead = base.interval.upper + target if base.interval.upper != portion.inf else target
            target = ahead if direction == "UP" else max(base.interval.lower - target, Fraction(0))
        if random.random() < 0.3:  # and on the way there
            start = base.interval.lower
            on_way = Fraction(round((start + (target - start) * Fraction(random.random())) * 10**9), 10**9)
            actual = Drawn(portion.singleton(on_way), on_way, (on_way,) * 3)
        base_day = TODAY - timedelta(random.randint(400, 4000))
        actual_day = TODAY - timedelta(random.randint(0, 399))
        due = TODAY + timedelta(random.randint(0, 4000))
        place = f"{direction}{name}"
        promises[place] = base, actual, target, Fraction((due - base_day).days, (actual_day - base_day).days)
        common = {"indicator_id": direction, "ref_area": place, "breakdown": "_T", "unit_measure": "U"}
        goal = Drawn(portion.singleton(target), target, ())
        commitments.append(
            {"version_id": place, "commitment_id": place, "version": 1, "accounting": "AT_DATE", **common}
            | {
                "direction": direction,
                "stock_flow": "POINT",
                "is_over_period": False,
                "value_qualifier": "EQ",
            }
            | {"published_by": base_day, "date_announced": base_day, "start_date": base_day, "due_date": due}
            | goal.columns(value="target_value")
            | stated(goal)
        )
        figures += [
            {"series_id": place, "period_type": "P", "segment": 0, "obs_status": "A", **common}
            | {"observation_id": f"{place}.{day}", "time_period_end": day, "held_from": day}
            | figure.columns()
            | stated(figure)
            for day, figure in ((base_day, base), (actual_day, actual))
        ]
    inputs = {
        "intermediate.int_commitment": commitments,
        "intermediate.int_holding": figures,
        "intermediate.int_telling": [],
        "intermediate.int_commitment_report": [],
        "intermediate.int_commitment_silence": [],
    }
    steps = [f"models/intermediate/int_commitment_{step}.sql" for step in STEPS]
    statuses = set()
    for row in lab.run_all(steps, inputs):
        if not row["valid_from"] <= TODAY < (row["valid_to"] or date.max):
            continue
        tried += check_promise(row, *promises[row["ref_area"]], rising=row["ref_area"].startswith("UP"))
        statuses.add(row["status"])
    assert len(statuses) == 7, statuses
    return tried


def stated(figure: Drawn) -> Row:
    """The ends again, for the reading without what is presumed: here nothing is."""
    return {
        f"stated_{name}": end for name, end in figure.columns().items() if name.startswith(("lower", "upper"))
    }


def check_promise(
    row: Row, base: Drawn, actual: Drawn, target: Fraction, haste: Fraction, rising: bool
) -> Counter:
    """`haste`: how many times the elapsed time the whole time is."""
    tried, starts = Counter(), (base.interval.lower, base.interval.upper)
    worst, best = (actual.interval.lower, actual.interval.upper)[:: 1 if rising else -1]
    if not (starts[1] < target if rising else starts[0] > target and starts[1] != portion.inf):
        ends = [row[f"{name}_{end}"] for name in ("gap_closed", "pace") for end in ("low", "high")]
        assert ends == [None] * 4, row
        return tried

    def gap(value: Fraction, start: Fraction) -> Fraction:
        return (value - start) / (target - start)

    for name, times in (("gap_closed", 1), ("pace", haste)):
        tried[name] += holds_every_point(
            row, name, lambda *pair, times=times: gap(*pair) * times, actual, base
        )
        for end, value, extreme, outward in (("low", worst, min, -1), ("high", best, max, 1)):
            published = row[f"{name}_{end}"]
            if value == portion.inf:
                assert published is None, (name, end, row)
                continue
            exact = extreme(gap(value, start) * times for start in starts)
            assert 0 <= outward * (Fraction(published) - exact) < PLACE, (name, end, exact, row)
    if row["status"] != "INDETERMINATE":
        for value, start in product(actual.points, base.points):
            pace = gap(value, start) * haste
            is_reached = value >= target if rising else value <= target
            labels = {"ACHIEVED"} if is_reached else {label(pace), label(round(pace, 9))}
            assert row["status"] in labels, (value, start, row)
    return tried


def label(pace: Fraction) -> str:
    limits = {"ON_TRACK": Fraction("0.95"), "ACCELERATE": Fraction("0.6"), "LIMITED": Fraction(0)}
    return next((name for name, limit in limits.items() if pace >= limit), "REVERSING")
