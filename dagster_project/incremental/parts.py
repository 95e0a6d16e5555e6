"""Which model and which test runs when, as their declarations and dbt's graph have it.

In a model's meta: `rebuilt_by`, the columns that say which of its rows to make anew; what has none is made
whole, before those models or after them, as it is read by them or reads them. `of_the_day`, columns that are
other on another day, in `every_row` or in `some_rows`, and the view that has them by key. In the meta of what
such models read: `touches`, the columns that name what a changed row touches. A test runs where its model is
made, after all that it reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dagster_project.private import NAME as PRIVATE

SLICED = ("observations", "claims", "commitments", "relations")  # raw tables of which a night reads a part
Node = Mapping


@dataclass(frozen=True)
class Parts:
    """manifest: dbt's; new_day: whether the build is of another day than the one before."""

    manifest: Mapping
    new_day: bool

    @cached_property
    def models(self) -> dict[str, Node]:
        """All models by unique id."""
        return self._nodes("model")

    @cached_property
    def replaced(self) -> dict[str, Node]:
        """Models of which rows are replaced."""
        return {key: node for key, node in self.models.items() if _meta(node).get("rebuilt_by")}

    @cached_property
    def renewed(self) -> dict[str, OfTheDay]:
        """Those of which columns are other today, with these."""
        return {
            key: OfTheDay(**columns)
            for key, node in self.replaced.items()
            if self.new_day and (columns := _meta(node).get("of_the_day"))
        }

    @cached_property
    def after(self) -> dict[str, Node]:
        """Models that are made whole and read, at whatever remove, one of which rows are replaced."""
        found: set[str] = set()
        while more := {
            key
            for key in self.models.keys() - found - self.replaced.keys()
            if (found | self.replaced.keys()) & set(self._read(key))
        }:
            found |= more
        return {key: self.models[key] for key in found}

    @property
    def read_after(self) -> set[str]:
        """What these read."""
        return {read for key in self.after for read in self._read(key)}

    @cached_property
    def before(self) -> dict[str, Node]:
        """All others."""
        return {k: node for k, node in self.models.items() if k not in self.replaced and k not in self.after}

    @cached_property
    def staging(self) -> dict[str, Node]:
        """Views of one raw table each, which every file of a build has."""
        return {key: node for key, node in self.models.items() if node["schema"] == "staging"}

    @cached_property
    def inputs(self) -> dict[str, Node]:
        """What replaced models read without being replaced itself."""
        return self._beside(self.replaced)

    @cached_property
    def beside(self) -> dict[str, Node]:
        """What they or their tests read."""
        return self._beside([*self.replaced, *self.tests["replaced"]])

    def _beside(self, readers: Iterable[str]) -> dict[str, Node]:
        read = {key for reader in readers for key in self._read(reader)}
        return {key: node for key, node in self.before.items() if key in read}

    @cached_property
    def views(self) -> dict[str, Node]:
        """The views of staging that stand behind these."""
        found, wanted = dict[str, Node](), [key for key in self.beside if key in self.staging]
        while wanted:
            key = wanted.pop()
            found[key] = self.staging[key]
            wanted += [read for read in self._read(key) if read in self.staging and read not in found]
        return found

    @property
    def raw(self) -> set[str]:
        """The raw tables of which these views are."""
        sources = self.manifest["sources"]
        return {sources[key]["name"] for view in self.views for key in self._read(view) if key in sources}

    @cached_property
    def tests(self) -> dict[str, dict[str, Node]]:
        """Tests by the part of a build in which they run."""
        parts: dict[str, dict[str, Node]] = {"before": {}, "replaced": {}, "after": {}}
        for key, node in self._nodes("test").items():
            parts[self._part(node)][key] = node
        return parts

    def _part(self, test: Node) -> str:
        read = set(test["depends_on"]["nodes"])
        about = test.get("attached_node") or ""
        if not about:
            name = test["config"]["meta"]["dagster"]["ref"]["name"]
            about = next((key for key in self.models if key.endswith(f".{name}")), "")
        if read & self.after.keys() or about in self.after:
            return "after"
        if about in self.renewed and self.renewed[about].is_asked_by(test):
            return "after"
        if about in self.replaced:
            return "replaced"
        # Of rows that are all there, looked for among some only.
        return "after" if read & self.replaced.keys() else "before"

    def _nodes(self, kind: str) -> dict[str, Node]:
        return {key: node for key, node in self.manifest["nodes"].items() if node["resource_type"] == kind}

    def _read(self, key: str) -> list[str]:
        return self.manifest["nodes"][key]["depends_on"]["nodes"]


@dataclass(frozen=True)
class OfTheDay:
    """Columns of a model that are other on another day: the view that has them, and its key."""

    relation: str
    key: list[str]
    every_row: list[str]
    some_rows: list[str] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        """All these."""
        return [*self.every_row, *self.some_rows]

    def is_asked_by(self, test: Node) -> bool:
        """Whether a test names one of them."""
        said = test["raw_code"] + json.dumps(test.get("test_metadata", {}).get("kwargs", {}))
        return any(re.search(rf"\b{column}\b", said) for column in self.columns)


def _meta(node: Node) -> Mapping:
    return node["config"].get("meta", {})


def touches(node: Node) -> list[str] | None:
    """The columns that name what a changed row of a relation touches; None where it may be anything."""
    return _meta(node).get("touches")


def key_of(node: Node) -> list[str]:
    """The columns that say which rows of a model to replace."""
    return _meta(node)["rebuilt_by"]


def relation_of(node: Node, beside: str = "", private: str = PRIVATE) -> str:
    """Where a model stands: in a build's file, or in the one attached as `beside`, with its own `private`."""
    database = private if node["database"] == PRIVATE else beside
    return ".".join(filter(None, (database, node["schema"], node["name"])))
