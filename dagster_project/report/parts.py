"""The smallest parts of pages as markup: a text in both languages, a heading, a badge, a mark.

In Python, not as macros of a template: a page has thousands, and a macro costs several times a function.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from dagster_project.report.facts import Facts
from dagster_project.report.wording import EVIDENCE_MARKS, Both

Text = Sequence[str]  # Chinese, English


def both(text: Text) -> Markup:
    """A text in both languages, once where they do not differ."""
    zh, en = text[0], text[1]
    if zh == en:
        return escape(zh)
    return Markup(f'<span lang="zh-CN">{escape(zh)}</span><span lang="en">{escape(en)}</span>')


def heading(level: int, zh: str, en: str, name: str | None = None) -> Markup:
    """A heading; `name`: what links lead to."""
    anchor = f' id="{escape(name)}"' if name else ""
    return Markup(f"<h{level}{anchor}>{both((zh, en))}</h{level}>")


def column(zh: str, en: str, number: bool = False) -> Markup:
    """The head of a column; `number`: whether it holds numbers."""
    kind = ' class="number"' if number else ""
    return Markup(f'<th scope="col"{kind}>{both((zh, en))}</th>')


def badge(of: str, code: str, text: Text) -> Markup:
    """A code of a list in its colour."""
    return Markup(
        f'<span class="badge {escape(str(of).lower())} {escape(str(code).lower())}">{both(text)}</span>'
    )


def bracketed(text: Both) -> Markup:
    """A text in the brackets of each language."""
    return both((f"（{text.zh}）", f" ({text.en})"))


def mark(facts: Facts, evidence: str | None, mixed: bool | None = False) -> Markup:
    """How a row is known, which the foot of each page explains. `mixed`: of two, by the weaker."""
    text, star = facts.code("EVIDENCE", evidence), "*" if mixed else ""
    said = f"{escape(text.zh)} · {escape(text.en)}{star and ' *'}"
    sign = EVIDENCE_MARKS.get(evidence or "", "—")
    return Markup(f'<span class="known" role="img" aria-label="{said}">{sign}{star}</span>')


def known(facts: Facts, row: dict) -> Markup:
    """How a row is known, as it says itself or as its source is."""
    return mark(facts, facts.evidence(row), row.get("evidence_mixed"))
