"""The interval that a token allows, computed a second time from the value rules (section 2), exactly.

The warehouse's intervals are SQL's (dbt_project/macros/bounds.sql); these are what the audit holds against
them, what a curator's draft shows before there is a warehouse, and by which `check` foretells which relations
the build would refuse. Nothing else may use them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

from dagster_project.figures.tokens import Token
from dagster_project.figures.values import DECIMAL_PLACES, EXACT, ONE

_LAST_PLACE = ONE.scaleb(-DECIMAL_PLACES)


@dataclass(frozen=True)
class Interval:
    """Ends in the unit of the token; an end that is None is unbounded, and so is its `closed`."""

    lower: Decimal | None = None
    lower_closed: bool | None = None
    upper: Decimal | None = None
    upper_closed: bool | None = None

    def __str__(self) -> str:
        if self.lower is None and self.upper is None:
            return "–"
        low = "(−∞" if self.lower is None else f"{'[' if self.lower_closed else '('}{_short(self.lower)}"
        high = "∞)" if self.upper is None else f"{_short(self.upper)}{']' if self.upper_closed else ')'}"
        return f"{low}, {high}"


def _short(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def interval(
    token: Token,
    policy: Mapping[str, Mapping[str, str]],
    counted: bool,
    nominal: bool = False,
    least: Decimal | None = None,
    greatest: Decimal | None = None,
) -> Interval:
    """The interval of a token that was read.

    policy: rows of hedge_terms.csv by hedge_id; counted: the unit is of whole things; nominal: a target, plan
    or standard; least, greatest: what the quantity cannot pass. Ends are rounded outward to nine places.
    Raises KeyError where the policy lacks the token's row.
    """
    if token.form == "NONE":
        return Interval()
    rule = policy[token.hedge_id or _unhedged(token, counted, nominal)]
    if rule["lower_basis"] == "NONE":
        return Interval()
    with localcontext(EXACT):
        low, low_closed, high, high_closed = _unsigned(token, rule, counted)
        if token.value_qualifier in ("GT", "GE") and (nominal or greatest is not None):
            high = high_closed = None  # a target asks for more without end; a share ends where the whole does
        if token.sign < 0:
            low, high = None if high is None else -high, None if low is None else -low
            low_closed, high_closed = high_closed, low_closed
        if least is not None and (low is None or low < least):
            low, low_closed = least, True
        if greatest is not None and (high is None or high > greatest):
            high, high_closed = greatest, True
        low = None if low is None else low.quantize(_LAST_PLACE, ROUND_FLOOR)
        high = None if high is None else high.quantize(_LAST_PLACE, ROUND_CEILING)
    return Interval(low, None if low is None else low_closed, high, None if high is None else high_closed)


def _unhedged(token: Token, counted: bool, nominal: bool) -> str:
    """Which row of the policy speaks for a bare figure."""
    if nominal:
        return "none_nominal"
    if "MAGNITUDE" in token.form:
        return f"none_{token.form.lower()}"
    if token.form == "FRACTION" or not counted:
        return "none_measured"
    return "none_decimal" if token.form == "DECIMAL" else "none_counted"


def _unsigned(token: Token, rule: Mapping[str, str], counted: bool):
    """Both ends before sign and limits: lower, closed, upper, closed."""
    v, u, d, over, under = token.v, token.u, token.d, token.numerator, token.denominator
    places, part = _number(rule, "step_multiple"), _number(rule, "pct_of_value") / 100
    if v is None or u is None or d is None:  # an order of magnitude
        high = rule["order_high"]
        top = None if high == "" else Decimal(high) + (0 if counted else 1)
        return Decimal(rule["order_low"]), True, top, counted
    if over is not None and under is not None:
        v = over / under

    def step(value: Decimal) -> Decimal:
        capped = min(places * u, part * value) if part else places * u
        return max(capped, _number(rule, "min_step")) if counted else capped

    match token.value_qualifier:
        case "GT" | "GE" | "ABOVE_NEAR" as qualifier:
            return v, qualifier == "GE", v + step(v), False
        case "LT" | "LE" as qualifier:
            return None, None, v, qualifier == "LE"
        case "BELOW_NEAR":
            return v - step(v), False, v, False
        case "APPROX" | "RANGE":
            top = v if token.v_to is None else token.v_to
            return v - step(v), True, top + step(top), True
    if over is not None and under is not None:
        half = places * d
        return over / (under + half), half == 0, over / (under - half), True
    half = places * (u if token.form == "WHOLE_MAGNITUDE" else d)
    if part:
        half = min(half, part * v)
    return v - half, True, v + half, half == 0


def _number(rule: Mapping[str, str], column: str) -> Decimal:
    return Decimal(rule[column] or 0)
