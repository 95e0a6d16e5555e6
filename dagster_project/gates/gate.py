"""What a gate, the suite of a mart's gates and the result of a gate are. Declarations alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from dagster_project.gates.rules import QUERY, in_words

# Of the seeds, as far as they were published by the as-of day; not of a mart: one that lost a source must not
# take its pins along.
SOURCES = "stg_sources"
LOADED_SOURCES = f"select source_id from staging.{SOURCES}"


@dataclass(frozen=True)
class Gate:
    """One declared rule on one mart.

    where: column -> value, list of values, or None for null; the rows that the rule is about.
    may_be_empty: why it is no fault that no row is judged; None: no row is red. empty_relation: why the whole
    relation may have no row; where it has rows, those that the rule is about must be among them all the same.
    pins: the sources whose facts it pins, a rule only where all are loaded; none: a rule for any seeds.
    """

    relation: str
    id: str
    title_zh: str
    title_en: str
    severity: str
    reason: str
    kind: str
    kwargs: dict[str, Any]
    where: dict[str, Any] = field(default_factory=dict)
    may_be_empty: str | None = None
    empty_relation: str | None = None
    pins: tuple[str, ...] = ()

    def applies(self, loaded: Collection[str] | None) -> bool:
        """Whether it is a rule for seeds with these sources; where they are not known, every gate applies."""
        return loaded is None or set(self.pins) <= set(loaded)

    @property
    def blocking(self) -> bool:
        """Critical gates block; warnings are listed."""
        return self.severity == "critical"

    @property
    def rule(self) -> tuple[str, str]:
        """The rule in Chinese and English; what a query demands is said by its title."""
        titles = {"title_zh": self.title_zh, "title_en": self.title_en}
        return in_words(self.kind, {**self.kwargs, **titles}, self.where)

    @property
    def query(self) -> str | None:
        """The SQL that must return no row, for a gate that is a query."""
        return self.kwargs["unexpected_rows_query"].strip() if self.kind == QUERY else None


@dataclass(frozen=True)
class Suite:
    """All gates of one mart."""

    relation: str
    gates: tuple[Gate, ...]

    def only(self, wanted: Collection[tuple[str, str]]) -> Suite | None:
        """The suite with the wanted gates alone, given as (relation, id); None if it has none of them."""
        kept = tuple(gate for gate in self.gates if (gate.relation, gate.id) in wanted)
        return Suite(self.relation, kept) if kept else None


@dataclass(frozen=True)
class GateResult:
    """What came of one gate.

    evaluated False: it could not be computed, `error` says why; or `skipped`: it pins a source that these
    seeds do not have, and neither passed nor failed. element_count: rows judged.
    offending_rows: up to ten, values as JSON can hold them. seconds: its share of the relation's time.
    """

    gate: Gate
    success: bool = False
    evaluated: bool = True
    error: str | None = None
    unexpected_count: int | None = None
    element_count: int | None = None
    observed: Any = None
    offending_rows: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    skipped: bool = False

    @property
    def red(self) -> bool:
        """Whether it applies and did not pass."""
        return not self.success and not self.skipped

    @property
    def blocks(self) -> bool:
        """Whether publishing must stop here."""
        return self.gate.blocking and self.red

    @property
    def rule(self) -> str:
        """The rule in words, Chinese and English."""
        return " · ".join(dict.fromkeys(self.gate.rule))

    # What the gate says of itself.
    relation = property(lambda self: self.gate.relation)
    id = property(lambda self: self.gate.id)
    title_zh = property(lambda self: self.gate.title_zh)
    title_en = property(lambda self: self.gate.title_en)
    severity = property(lambda self: self.gate.severity)
    reason = property(lambda self: self.gate.reason)
    query = property(lambda self: self.gate.query)
