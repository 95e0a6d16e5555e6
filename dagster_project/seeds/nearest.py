"""What is said of a code that no list or table has: the nearest known ones, and a short list whole.

Not here: which rows of a load have such a code (ingest/near.py), which rows of a draft (move_draft.py).
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from dagster_project.seeds.schema import Field

NEAREST, SHORT = 3, 12  # codes that are named; a list of so many is shown whole


def nearest(field: Field, value: str, known: Collection[str]) -> str:
    """The words that follow the rule, with a mark before them; blank where nothing is near."""
    parts = value.split(field.separator) if field.separator else [value]
    unknown = next((part for part in parts if part not in known), value)
    near = get_close_matches(unknown.upper() if field.case else unknown, known, NEAREST)
    said = f"；是否 · did you mean {', '.join(near)}?" if near else ""
    if field.code_list and 0 < len(known) <= SHORT:
        said += f"；可填 · allowed: {', '.join(known)}"
    elif field.code_list and not near:
        said += f"；可填的 {len(known)} 个见 · the {len(known)} allowed: code_lists.csv, {field.code_list}"
    return said
