"""Text that leaves the warehouse: harmless where a spreadsheet or a terminal would act on it.

What is stored is never changed. HTML is escaped by the templates' own engine, Markdown tables in tables.py.
"""

from __future__ import annotations

import unicodedata

# A spreadsheet takes a text for a formula by its first character; it skips tab and CR before it looks.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutralised(cell: object) -> object:
    """The cell; a text that a spreadsheet would run gets an apostrophe first. All else stays as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def printable(text: str) -> str:
    """Text without characters that could steer a terminal or reorder what it shows."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text)
