"""Finds every numeral of a printed line, and how far the figure around it reaches.

Here: lines of a document and the places of numerals in them. Not here: what a numeral means (tokens.py),
and which of them the seeds account for (audit/).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from dagster_project.figures.beside import extent
from dagster_project.figures.grammar import DIGIT, simplify_in_place
from dagster_project.figures.lexicon import Lexicon

_BARE_DIGIT = DIGIT.replace("[", "").replace("]", "")
# 2019三区 is a year before a name: no numeral goes on from Arabic to Chinese digits
_SEAM = re.compile(f"(?<=[0-9])(?=[{_BARE_DIGIT}])|(?<=[{_BARE_DIGIT}])(?=[0-9])")
_NEARBY = 60  # characters beside a numeral in which its hedges stand

Span = tuple[int, int]


@dataclass(frozen=True)
class Line:
    """A non-blank line: `number` is its locator. Spans are half-open, in print or in the plain copy."""

    number: int
    printed: str
    lexicon: Lexicon = field(repr=False, compare=False)

    @cached_property
    def _copy(self) -> tuple[str, list[int]]:
        return simplify_in_place(self.printed)

    @property
    def plain(self) -> str:
        """The copy that is matched: simplified script, half-width, no idle white space."""
        return self._copy[0]

    @cached_property
    def numerals(self) -> list[Span]:
        """Every numeral as the longest run of its characters, in plain places, in order."""
        return list(_numerals(*self._copy, self.lexicon))

    def to_plain(self, span: Span) -> Span:
        """A printed span in plain places."""
        return bisect_left(self._copy[1], span[0]), bisect_left(self._copy[1], span[1])

    def to_print(self, span: Span) -> Span:
        """A plain span as printed; white space at its end is left out."""
        start, end = self._copy[1][span[0]], self._copy[1][span[1]]
        return start, start + len(self.printed[start:end].rstrip())

    def text(self, span: Span) -> str:
        """What is printed at a plain span."""
        return self.printed[slice(*self.to_print(span))]

    def occurrences(self, token: str) -> list[Span]:
        """Every place at which the token is printed, exactly, in plain places."""
        if not token:
            return []
        return [self.to_plain(m.span()) for m in re.finditer(re.escape(token), self.printed)]

    def inside(self, span: Span) -> list[Span]:
        """Numerals that lie wholly within a plain span."""
        return [(start, end) for start, end in self.numerals if span[0] <= start and end <= span[1]]

    def cut_by(self, span: Span) -> Span | None:
        """A numeral of which the plain span holds one part and leaves another."""
        return next(
            (
                (start, end)
                for start, end in self.numerals
                if start < span[1] and span[0] < end and not (span[0] <= start and end <= span[1])
            ),
            None,
        )

    def around(self, span: Span, width: int = 20) -> tuple[str, str, str]:
        """What is printed before, at and after a plain span."""
        start, end = self.to_print(span)
        before = self.printed[max(0, start - width) : start]
        return before, self.printed[start:end], self.printed[end : end + width]


def read_lines(text: str, lexicon: Lexicon) -> list[Line]:
    """The non-blank lines of a document, numbered from 1."""
    lines = (line for line in re.split("\r\n|\r|\n", text) if line.strip())
    return [Line(number, line, lexicon) for number, line in enumerate(lines, 1)]


def _numerals(plain: str, places: list[int], lexicon: Lexicon) -> Iterator[Span]:
    for match in lexicon.numeral.finditer(plain):
        seams = {seam.start() for seam in _SEAM.finditer(plain, *match.span())}
        # White space ends a numeral, but 3.8 万 is one.
        gaps = (i for i in range(match.start() + 1, match.end()) if places[i] > places[i - 1] + 1)
        seams.update(i for i in gaps if plain[i] not in "十百千万亿")
        edges = [match.start(), *sorted(seams), match.end()]
        yield from pairwise(edges)


def with_hedges(line: Line, numerals: list[Span], end: int) -> tuple[Span, int]:
    """The shortest span that leaves no hedge of the numerals out, and their sign; `end`: of the token."""
    first, last = numerals[0][0], numerals[-1][1]
    from_, to = max(0, first - _NEARBY), max(end, last) + _NEARBY
    text, noun_end = line.plain[from_:to], max(end, last) - from_
    start, stop, sign = extent(text, first - from_, last - from_, noun_end, line.lexicon)
    return (start + from_, stop + from_), sign
