"""A claim's number on the scale of its factor. Not here: what a token states (tokens.py)."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP

from dagster_project.figures.tokens import Token
from dagster_project.figures.values import DECIMAL_PLACES, ONE

_MULTIPLES = ("MULTIPLE_OF", "INCREASED_BY_TIMES", "INCREASED_TO_TIMES")


def on_scale(token: Token, claim_type: str) -> Token:
    """The token on the scale of a factor: shares and growth in percentage points, multiples in times."""
    over, under, u = token.numerator, token.denominator, token.u
    if claim_type in ("SHARE", "PCT_CHANGE") and over is not None and under is not None and u is not None:
        v = (over * 100 / under).quantize(ONE.scaleb(-DECIMAL_PLACES), ROUND_HALF_UP)
        return replace(token, numerator=over * 100, u=u * 100, v=v)
    if claim_type in _MULTIPLES and token.noun.startswith("%"):
        places = {name: getattr(token, name) for name in ("v", "v_to", "u", "d", "u_to", "d_to")}
        return replace(token, **{name: part and part / 100 for name, part in places.items()})
    return token
