"""Keys and code lists of the marts, read from the dbt tests that enforce them: declared there alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Keys:
    """Of one mart. `references`: column to (mart, column); `codes`: column to code list."""

    primary: list[str] = field(default_factory=list)
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)


def read_keys(manifest: Path) -> dict[str, Keys]:
    """Keys by relation, from the tests `grain`, `references` and `codes` of dbt's manifest."""
    keys: dict[str, Keys] = {}
    for node in json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values():
        test = node.get("test_metadata") or {}
        if test.get("name") not in {"grain", "references", "codes"}:
            continue
        of = keys.setdefault((node["attached_node"] or "").split(".")[-1], Keys())
        columns = test["kwargs"]["columns"]
        if test["name"] == "grain":
            of.primary = list(columns)
        elif test["name"] == "codes":
            of.codes |= columns
        else:
            for column, target in columns.items():
                mart, _, named = target.partition(".")
                of.references[column] = (mart, named or column)
    return keys
