"""Keys, code lists and order of the marts, read from dbt's tests and models, which alone declare them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

_ORDER = re.compile(r"^order by ([\w, ]+?)\s*\Z", re.MULTILINE)  # what a model ends with, not a part of it


@dataclass
class Keys:
    """Of one mart. `references`: column to (mart, column); `codes`: column to code list.

    order: the columns by which its rows are stored, as its model declares; none where they are not.
    of_the_day: columns that say in every row another thing each day, whatever is reported.
    """

    order: list[str] = field(default_factory=list)
    primary: list[str] = field(default_factory=list)
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    of_the_day: list[str] = field(default_factory=list)


def read_keys(manifest: Path) -> dict[str, Keys]:
    """Keys by relation, from the models of dbt's manifest and the tests `grain`, `references`, `codes`."""
    keys: dict[str, Keys] = {}
    for node in json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values():
        if node["resource_type"] == "model":
            declared = _ORDER.search(node["raw_code"])
            of = keys.setdefault(node["name"], Keys())
            of.order = declared[1].split(", ") if declared else []
            of.of_the_day = node["config"]["meta"].get("of_the_day", {}).get("every_row", [])
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
