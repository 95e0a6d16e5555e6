"""What a gate, the suite of a mart's gates and the result of a gate are. Declarations alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

# Of the seeds, as far as they were published by the as-of day; not of a mart: one that lost a source must not
# take its pins along.
SOURCES = "stg_sources"
LOADED_SOURCES = f"select source_id from staging.{SOURCES}"
QUERY = "unexpected_rows_expectation"
BETWEEN_LANGUAGES = " · "
ROW = "row"  # reach of a gate: a row, with none but others that a night makes anew whenever it does that one


@dataclass(frozen=True)
class Gate:
    """One declared rule on one mart.

    expectation: the rule as Great Expectations takes it, a plain dictionary. empty_relation: why the whole
    relation may have no row; where it has rows, those that the rule is about must be among them all the same,
    unless the rule's own `may_be_empty` says why not.
    pins: the sources whose facts it pins, a rule only where all are loaded; none: a rule for any seeds.
    reach, in its meta: ROW where rows that a night left as they were need not be judged again.
    """

    relation: str
    expectation: dict[str, Any]
    empty_relation: str | None = None
    pins: tuple[str, ...] = ()

    id = property(lambda self: self.expectation["id"])
    type = property(lambda self: self.expectation["type"])
    kwargs = property(lambda self: self.expectation.get("kwargs", {}))
    severity = property(lambda self: self.expectation["severity"])
    reason = property(lambda self: self.expectation["notes"])
    title = property(lambda self: self.expectation["description"])
    title_zh = property(lambda self: self.title.split(BETWEEN_LANGUAGES)[0])
    title_en = property(lambda self: self.title.split(BETWEEN_LANGUAGES)[1])
    may_be_empty = property(lambda self: self.expectation.get("meta", {}).get("may_be_empty"))
    reach = property(lambda self: self.expectation.get("meta", {}).get("reach"))
    query = property(lambda self: self.kwargs.get("unexpected_rows_query"))

    def applies(self, loaded: Collection[str] | None) -> bool:
        """Whether it is a rule for seeds with these sources; where they are not known, every gate applies."""
        return loaded is None or set(self.pins) <= set(loaded)

    @property
    def blocking(self) -> bool:
        """Critical gates block; warnings are listed."""
        return self.severity == "critical"

    @property
    def rule(self) -> str:
        """The rule in Great Expectations' words; what a query demands is said by the title."""
        if self.query:
            return self.title
        told = [f"{key} = {_told(value)}" for key, value in self.kwargs.items()]
        return f"{self.type}: {', '.join(told)}"


def _told(value: Any) -> str:
    """A kwarg as one line; a row condition as its parts."""
    if not isinstance(value, dict):
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if "conditions" in value:
        return f" {value['type']} ".join(map(_told, value["conditions"]))
    test = "is null" if value.get("is_null") else f"{value.get('operator')} {_told(value.get('parameter'))}"
    return f"{value.get('column', {}).get('name')} {test}"


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
    seeds do not have, and neither passed nor failed. element_count: rows judged; of_night: only those that
    a night made anew, as it had passed on all others.
    offending_rows: up to ten, values as JSON can hold them.
    """

    gate: Gate
    success: bool = False
    evaluated: bool = True
    error: str | None = None
    unexpected_count: int | None = None
    element_count: int | None = None
    observed: Any = None
    offending_rows: list[dict[str, Any]] = field(default_factory=list)
    skipped: bool = False
    of_night: bool = False

    relation = property(lambda self: self.gate.relation)
    id = property(lambda self: self.gate.id)

    @property
    def red(self) -> bool:
        """Whether it applies and did not pass."""
        return not self.success and not self.skipped

    @property
    def blocks(self) -> bool:
        """Whether publishing must stop here."""
        return self.gate.blocking and self.red
