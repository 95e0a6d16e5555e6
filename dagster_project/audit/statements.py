"""Finds every clause of a bulletin that states something, and the row that records it.

A clause states something where a word of statement_words.csv stands in it: it promises, plans, reports,
founds, opens, signs or laments. It is recorded where a row at its line has a figure in it, or where the words
of such a row share its pairs of characters: those that few clauses of the bulletin have. Of things strung
together each must share its own with a row. Not here: whether what the row says is what the words say
(wording.py), where figures stand (comparison.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from dagster_project.audit.row_rules import not_for_that_reason
from dagster_project.figures.grammar import simplify
from dagster_project.figures.numerals import Line, Span
from dagster_project.seeds.as_written import Row, Seeds

_END = re.compile("[,，](?![0-9]{3})|[;；。!！?？:：…]|——")
_ENOUGH = 2  # pairs of characters that a row and a clause must have in common; one, where a clause has few
_FEW = 3  # pairs of a clause that has few
_COMMON = 0.04  # of the clauses of a bulletin; a pair that stands in more of them tells none apart
_ALIKE = 1 / 3  # of the pairs of one of several things in a clause; a row that records it has more
_SURE = 3  # pairs in common that are enough, however long the thing is
_AND = re.compile("[、和与及并或]|以及")
# Reasons for which a statement need not be recorded; whether they are true, a person says of the last three.
OF_STATEMENTS = (
    "TOLD_ELSEWHERE", "HEADING", "MANNER", "EXHORTATION", "REASONING", "BACKGROUND", "PAGE_FURNITURE",
    "FIXED_WORD",
)  # fmt: skip
_TITLES = ("title_zh", "value_text", "time_text", "base_text", "date_text")
_PEOPLE = ("actors", "said_by", "responsible")


@dataclass(frozen=True)
class Clause:
    """A clause that states something: its plain span in the line; its words' spans with their kinds."""

    line: Line
    span: Span
    words: tuple[tuple[Span, str], ...]

    @cached_property
    def text(self) -> str:
        """What is said in it: the words by which it states are left out."""
        inside = {place for (first, last), _ in self.words for place in range(first, last)}
        return "".join("|" if place in inside else self.line.plain[place] for place in range(*self.span))

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Pairs of characters of what is said in it."""
        return frozenset(pairs(self.text))

    @cached_property
    def things(self) -> list[tuple[Span, set[str]]]:
        """Of several things strung together the span and pairs of each; what is before 的 describes."""
        edges = [0, *(edge for m in _AND.finditer(self.text) for edge in m.span()), len(self.text)]
        spans = list(zip(edges[::2], edges[1::2], strict=True))
        parts = [self.text[slice(*span)] for span in spans]
        last = max((i for i, part in enumerate(parts) if "的" in part.strip()[:-1]), default=0)
        start, end = spans[last]
        spans[last] = start + parts[last].rfind("的") + 1, end
        things = [(span, pairs(self.text[slice(*span)])) for span in spans[last:]]
        begin = self.span[0]
        told = [((begin + first, begin + end), words) for (first, end), words in things if words]
        return told if len(things) > 1 else []

    def states_by(self, span: Span) -> bool:
        """Whether one of its words stands exactly there."""
        return any(place == span for place, _ in self.words)

    @property
    def first(self) -> Span:
        """Where its first word stands."""
        return self.words[0][0]


class StatementWords:
    """The words by which a clause states something, as one pattern in which the longest wins."""

    def __init__(self, seeds: Seeds):
        rows = {simplify(row["word"]): row for row in seeds.tables["statement_words"]}
        self.kinds = {word: row["statement_type"] for word, row in rows.items()}
        self._not_in = {
            word: re.compile("|".join(map(re.escape, filter(None, row["not_in"].split(";")))))
            for word, row in rows.items()
            if row["not_in"]
        }
        longest = sorted(map(re.escape, rows), key=len, reverse=True)
        self._pattern = re.compile("|".join(longest) or "(?!)")

    def clauses(self, line: Line) -> Iterator[Clause]:
        """The clauses of a line that state something, in order."""
        found = list(self._found(line.plain))
        edges = [0, *(m.end() for m in _END.finditer(line.plain)), len(line.plain)]
        for start, end in pairwise(edges):
            words = tuple((span, kind) for span, kind in found if start <= span[0] and span[1] <= end)
            if words:
                yield Clause(line, (start, end), words)

    def _found(self, text: str) -> Iterator[tuple[Span, str]]:
        for match in self._pattern.finditer(text):
            not_in = self._not_in.get(match[0])
            others = not_in.finditer(text) if not_in else ()
            if not any(o.start() < match.end() and match.start() < o.end() for o in others):
                yield match.span(), self.kinds[match[0]]


class Statements:
    """The clauses of one bulletin that state something, and what accounts for them."""

    def __init__(
        self,
        clauses: Mapping[int, list[Clause]],
        called: Mapping[str, str],
        rows: Mapping[int, list[Row]],
        figures: Mapping[int, list[Span]],
        places: Collection[str] = (),
    ):
        """clauses, rows and spans of figures: by line; called: what each initiative is called, by its id;
        places: names of areas, which a row gives by their codes.
        """
        self.clauses, self.called, self.rows = clauses, called, rows
        self._places = [pairs(place) for place in places]
        everywhere = [clause for of_line in clauses.values() for clause in of_line]
        common = Counter(pair for clause in everywhere for pair in clause.pairs)
        most = max(_ENOUGH, _COMMON * len(everywhere))
        self._of_line: dict[int, set[Clause]] = {}
        self._telling = {pair for pair, count in common.items() if count <= most}
        self.told = {
            clause
            for line, of_line in clauses.items()
            for clause in of_line
            if self._is_told(clause, rows.get(line, ()), figures.get(line, ()))
        }

    def _is_told(self, clause: Clause, rows: Iterable[Row], figures: Iterable[Span]) -> bool:
        """Whether rows at its line record a clause, and each of the things strung together in it."""
        starts = [start for start, _ in figures if clause.span[0] <= start < clause.span[1]]
        if not starts and clause not in self._recorded(clause.line.number):
            return False
        words = [pairs(_cells(row, _TITLES + _PEOPLE)) for row in rows]
        return all(
            any(first <= start < end for start in starts)
            or any(thing <= place for place in self._places)
            or any(_is_alike(thing, own) for own in words)
            for (first, end), thing in clause.things
        )

    def _recorded(self, line: int) -> set[Clause]:
        if line not in self._of_line:
            clauses = self.clauses[line]
            self._of_line[line] = {
                c for row in self.rows.get(line, ()) for c in self.recorded_by(row, clauses)
            }
        return self._of_line[line]

    def untold(self) -> list[Clause]:
        """Clauses that no row records, in order."""
        return [clause for of_line in self.clauses.values() for clause in of_line if clause not in self.told]

    def recorded_by(self, row: Row, clauses: Iterable[Clause]) -> list[Clause]:
        """Of some clauses those that a row records: the ones with which it has most in common.

        Who says or does it speaks only where its title stands in none of them, and the name of its initiative
        only where neither does.
        """
        named = self.called.get(row.get("initiative_id", ""), "")
        shared: dict[Clause, int] = {}
        for words in (_cells(row, _TITLES), _cells(row, _PEOPLE), named):
            shared = shared or self._shared(pairs(words), clauses)
        best = max(shared.values(), default=0)
        return [clause for clause, common in shared.items() if 2 * common >= best]

    def _shared(self, words: set[str], clauses: Iterable[Clause]) -> dict[Clause, int]:
        shared = {}
        for clause in clauses:
            content = clause.pairs & self._telling or clause.pairs
            common = len(content & words)
            if common >= (_ENOUGH if len(content) >= _FEW else 1):
                shared[clause] = common
        return shared

    def wrong_exclusion(self, clause: Clause, reason: str, heads: bool = False) -> str | None:
        """Why a clause is not to be excluded for that reason; None where it is. heads: it is of a heading."""
        if clause in self.told:
            return "既排除又收录 · both excluded and recorded"
        holds = [each for each in OF_STATEMENTS if self._excused(clause, each, heads)]
        return None if reason in holds else not_for_that_reason(reason, holds)

    def _excused(self, clause: Clause, reason: str, heads: bool) -> bool:
        """Whether a reason holds for a clause.

        What is told elsewhere or under a heading has its row there; a list has one at the line after its
        heading; a manner is that of something recorded in the line; nothing is founded, opened or signed by
        a call or an argument.
        """
        here = clause.line.number
        if reason == "HEADING" and heads and self.rows.get(here + 1):
            return True
        if reason in ("TOLD_ELSEWHERE", "HEADING"):
            places = (line for line in self.rows if (line > here if reason == "HEADING" else line != here))
            return any(self.recorded_by(row, [clause]) for line in places for row in self.rows[line])
        if reason == "MANNER":
            return bool(self.rows.get(here))
        if reason in ("EXHORTATION", "REASONING"):
            return not {kind for _, kind in clause.words} & {"FOUND", "OPEN", "SIGN"}
        return reason in ("BACKGROUND", "PAGE_FURNITURE", "FIXED_WORD")


def _is_alike(thing: set[str], words: set[str]) -> bool:
    common = len(thing & words)
    return common >= _SURE or common > _ALIKE * len(thing)


def _cells(row: Row, columns: tuple[str, ...]) -> str:
    return " ".join(row.get(column, "") for column in columns)


def pairs(text: str) -> set[str]:
    """Pairs of characters of words in plain script; none across a mark or a space."""
    words = re.split(r"\W+", simplify(text))
    return {word[i : i + 2] for word in words for i in range(len(word) - 1)}
