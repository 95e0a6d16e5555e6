"""Finds the figures of a compound cell of a fact record: 19/52/105/18个, 2.5公里, 2.5亿元, 1786→2401公里.

Here: where the parts stand, and how far a row may quote each. Not here: what a numeral means (tokens.py);
whether the rows that cite a cell say what it says (seeds/schema/record.yaml).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from dagster_project.figures.grammar import MAGNITUDE, MINUS
from dagster_project.figures.lexicon import Lexicon
from dagster_project.figures.numerals import Line, with_hedges
from dagster_project.figures.tokens import parse_token

_MARKS = "、，;；()（）→:：|"
# A slash between numerals parts them, for a record writes 98/47/53/48个 and hardly ever a fraction;
# 微克/立方米 and 1,234 are left whole.
_BREAK = re.compile(rf"[{_MARKS}]|,(?!(?<=[0-9],)[0-9]{{3}}(?![0-9]))|/(?=\s|[^/,{_MARKS}]*[0-9])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")
_SCALED = re.compile(f"[0-9]+(?:[.][0-9]+)?({MAGNITUDE}*)")
_SHARED = re.compile(r"[/、→:：\s]+")  # what may stand between a bare number and the one whose unit it shares


@dataclass(frozen=True)
class Part:
    """One figure of a cell: a row that quotes it quotes at least `figure` and at most `reach`.

    `sign`: -1 for a stated fall.
    """

    part: int
    figure: str
    reach: str
    sign: int


@dataclass
class _Piece:
    """Text between two separators; `bare`: a number alone, which takes `scale` and `unit` of a later one."""

    start: int
    text: str
    bare: bool
    scale: str
    unit: str

    @classmethod
    def at(cls, start: int, text: str) -> _Piece:
        number = _SCALED.search(text)
        if not number:
            return cls(start, text, False, "", "")
        return cls(start, text, number[0] == text, number[1], text[number.end() :])


def parts_of(cell: str, lexicon: Lexicon) -> list[Part]:
    """The figures of a cell in order; none where it holds no numeral."""
    found = [part for piece in _pieces(cell) for part in _figures(piece, lexicon)]
    return [Part(number, *part) for number, part in enumerate(found, 1)]


def _pieces(cell: str) -> list[_Piece]:
    """The cell between its separators; a bare number has the unit of the one that ends its list."""
    pieces, start = [], 0
    for end in [*(mark.start() for mark in _BREAK.finditer(cell)), len(cell)]:
        text = cell[start:end]
        if text.strip():
            pieces.append(_Piece.at(start + len(text) - len(text.lstrip()), text.strip()))
        start = end + 1
    for piece, following in reversed(list(pairwise(pieces))):
        between = cell[piece.start + len(piece.text) : following.start]
        if piece.bare and _SHARED.fullmatch(between):
            piece.text += "" if piece.scale else following.scale
            piece.scale, piece.unit = piece.scale or following.scale, following.unit
    return pieces


def _figures(piece: _Piece, lexicon: Lexicon) -> Iterator[tuple[str, str, int]]:
    if piece.bare:
        share = piece.unit[:1] if piece.unit[:1] in "%‰" else ""
        yield piece.text + share, piece.text + piece.unit, 1
        return
    if _DATE.fullmatch(piece.text):
        yield piece.text, piece.text, 1
        return
    line = Line(1, piece.text, lexicon)
    numerals = line.numerals
    if not numerals:
        return
    if parse_token(piece.text, lexicon).v_to is not None:
        numerals = [(numerals[0][0], numerals[-1][1])]  # 20-30个 is one figure
    ends = [start for start, _ in numerals[1:]] + [len(line.plain)]
    before = 0
    for (start, end), following in zip(numerals, ends, strict=True):
        end += end < len(line.plain) and line.plain[end] in "%‰"
        (first, last), sign = with_hedges(line, [(start, end)], end)
        if first > 0 and line.plain[first - 1] in MINUS:
            first = max(before, first - 1)
            place = line.to_print((first, last))[0]
            # After a space it is no dash between two numbers: 较2015 -31.4%.
            sign = sign if line.printed[place - 1 : place].strip() else -1
        last = min(following, last)
        yield line.text((first, last)), line.text((before, max(following, last))), sign
        before = last
