"""The words of hedge_terms.csv, as patterns: every word beside a numeral that has a part in its value.

Not here: the characters of numerals (grammar.py), how words combine (beside.py), the policy numbers, which
are SQL's (dbt_project/macros/bounds.sql).
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from dagster_project.figures.grammar import ACCOUNTING, MAGNITUDE, OLD_TENS, RUN, SIGNS, TO


@dataclass(frozen=True)
class Hedge:
    """One row of hedge_terms.csv, as far as reading needs it: a hedge, or another word beside a numeral."""

    hedge_id: str
    term: str
    role: str
    position: str
    value_qualifier: str
    not_in: re.Pattern[str] | None
    states: Decimal | None = None
    place: Decimal = Decimal(1)
    unit: str = ""

    def inside_a_word(self, text: str, start: int, end: int) -> bool:
        """Whether text[start:end] belongs to a word in which the term is no hedge (约 in 节约)."""
        found = self.not_in.finditer(text) if self.not_in else ()
        return any(word.start() < end and start < word.end() for word in found)

    @classmethod
    def of(cls, row: Mapping[str, object]) -> "Hedge":
        words = [word for word in str(row["not_in"] or "").split(";") if word]
        states = Decimal(str(row["states"])) if row["states"] not in (None, "") else None
        place = Decimal(str(row["states_place"] or 1))
        columns = ("hedge_id", "term", "role", "position", "value_qualifier", "states_unit")
        hedge_id, term, role, position, qualifier, unit = (str(row[name] or "") for name in columns)
        not_in = re.compile(longest_first(words)) if words else None
        return cls(hedge_id, term, role, position, qualifier, not_in, states, place, unit)


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The words of hedge_terms.csv by their place, as patterns in which the longest form wins.

    before, after: what touches a numeral; whole: words that are quantities themselves; hedged: the same, but
    only behind a hedge (过半); barred: what may stand right behind a numeral, last, or anywhere in what is
    counted only at the price that the token is refused; figure: where a numeral stands, or two that make a
    range; numeral: every numeral of running text, as the longest run of its characters.
    """

    before: Mapping[str, Hedge]
    after: Mapping[str, Hedge]
    whole: Mapping[str, Hedge]
    hedged: Mapping[str, Hedge]
    barred: Mapping[str, tuple[Hedge, ...]]
    before_pattern: re.Pattern[str]
    after_pattern: re.Pattern[str]
    whole_pattern: re.Pattern[str]
    hedged_pattern: re.Pattern[str]
    inner: re.Pattern[str]
    figure: re.Pattern[str]
    numeral: re.Pattern[str]

    @classmethod
    def read(cls, path: str | Path) -> "Lexicon":
        """The lexicon in hedge_terms.csv. Raises OSError, or KeyError where a column is missing."""
        with open(path, encoding="utf-8-sig", newline="") as file:
            return cls.from_rows(csv.DictReader(file))

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, object]]) -> "Lexicon":
        """The lexicon from mappings with the columns of hedge_terms; rows without a term are skipped."""
        terms = [Hedge.of(row) for row in rows if row["term"]]

        def at(*positions: str, barred: bool = False) -> dict[str, Hedge]:
            return {
                one.term: one
                for one in terms
                if one.position in positions and (one.role == "BARRED") == barred
            }

        before, after = at("BEFORE", "BEFORE_BARE"), at("AFTER", "AFTER_OR_INSIDE")
        whole, hedged, inside = at("WHOLE"), at("HEDGED"), at("AFTER_OR_INSIDE")
        # A word that would change the value if it stood beside the number may not hide in what is counted.
        changing = [
            one
            for one in (*before.values(), *after.values(), *whole.values())
            if one.role in ("HEDGE", "FALL", "LEVEL", "STATES")
            and one.value_qualifier not in ("ORDER", "VAGUE")
        ]
        atom = _atom(longest_first(inside))
        seen = (
            one.term
            for one in (*whole.values(), *hedged.values())
            if one.states is not None or one.unit or one.role == "STATES"
        )
        return cls(
            before,
            after,
            whole,
            hedged,
            barred={
                "AFTER": tuple(at("AFTER", barred=True).values()),
                "LAST": tuple(at("LAST", barred=True).values()),
                "WHOLE": (*at("WHOLE", barred=True).values(), *changing),
            },
            before_pattern=re.compile(longest_first(before) + "$"),
            after_pattern=re.compile(longest_first(after)),
            whole_pattern=re.compile(longest_first(whole)),
            hedged_pattern=re.compile(longest_first(hedged)),
            inner=re.compile(longest_first(inside)),
            figure=re.compile(
                f"({atom})(?:([^0-9〇一二两三四五六七八九十百千万亿至到]{{1,4}}?)?{TO}({atom}))?"
            ),
            numeral=re.compile(
                f"{longest_first(seen)}|{RUN}几{MAGNITUDE}*|[几数]{MAGNITUDE}+|{ACCOUNTING}|{OLD_TENS}|{atom}"
                rf"|[几半零]|若干|{SIGNS}|\d+"
            ),
        )


def _atom(inner: str) -> str:
    """The pattern of one numeral; inner: of a hedge between digits and magnitude (1000余万)."""
    return f"(?:{RUN}分之{RUN}|[0-9]+/[0-9]+|{RUN}(?:{inner}(?>{MAGNITUDE}+))?)"


def longest_first(words: Iterable[str]) -> str:
    """A pattern for any of the words; one that never matches where there are none."""
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True))) or '(?!)'})"
