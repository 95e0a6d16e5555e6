"""Which pages must be drawn: those that the published version has with the same content are linked.

The content of a page is what it is given, what its rows name, and the code that draws it; the build stands in
a script that all pages share. `pages.json` lists the content of each page, with the hash of its bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from dagster_project.files import linked, sha256
from dagster_project.report.facts import Facts, Row
from dagster_project.report.ways import Ways

LIST = "pages.json"
TEMPLATES = Path(__file__).parent.parent / "templates"


class Redrawn:
    """The pages of one site that may be as they were. before: the published site, if there is one."""

    def __init__(self, facts: Facts, ways: Ways, to: Path, before: Path | None) -> None:
        self.to, self.before = to, before or to
        self.is_first = before is None or not before.is_dir()  # no version has a site yet
        self.now: dict[str, dict] = {}
        try:
            self.then: dict[str, dict] = json.loads((self.before / LIST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.then = {}
        # Said once: many pages name the same.
        self.named = {code: repr((code, said)) for code, said in _named(facts, ways).items()}
        self.codes = frozenset(self.named)
        # Codes, areas and units are on every page; of sources and initiatives a page names few.
        shared = [facts.codes, *(facts.names[table] for table in ("areas", "units", "domains"))]
        # Indicators come in the order of their figures, which is of no matter to what their units are called.
        shared += [sorted(facts.units.items())]
        shared += [sorted(ways.pages["areas"]), sorted(map(repr, facts["levels"])), facts.dimension_of]
        self.shared = _hash([*map(repr, shared), _code()])

    def keep(self, file: str, given: dict[str, Any], rows: Iterable[Row]) -> bool:
        """Link the published page, if it was made of what this one is given; False where it must be drawn.

        rows: those of what is given that may name something else by its code.
        """
        values = set().union(*(row.values() for row in rows))
        names = (self.named[code] for code in sorted(self.codes & values))
        content = _hash([self.shared, file, repr(given), *names])
        self.now[file] = {"content": content}
        page = self.then.get(file, {})
        if page.get("content") != content:
            return False
        (self.to / file).parent.mkdir(parents=True, exist_ok=True)
        if not linked(self.before / file, self.to / file, page["bytes"], page["sha256"]):
            return False
        self.now[file] = page
        return True

    def write_list(self) -> None:
        """Say what each page is made of, for the next build."""
        for file, page in self.now.items():
            if "sha256" not in page:
                path = self.to / file
                page.update(bytes=path.stat().st_size, sha256=sha256(path))
        (self.to / LIST).write_text(json.dumps(self.now, indent=1), encoding="utf-8")


def _named(facts: Facts, ways: Ways) -> dict[str, list]:
    """All that pages say of what a row names by its code: what it is called, and whether it has a page."""
    named: dict[str, list] = {}
    for table in ("sources", "initiatives", "indicators"):
        for code, name in facts.names[table].items():
            named.setdefault(code, []).append((table, name))
    for told in (facts.evidence_of_source, facts.root_of, dict.fromkeys(facts.untrusted, "untrusted")):
        for code, value in told.items():
            named.setdefault(code, []).append(value)
    for kind, codes in (*ways.pages.items(), ("shown", ways.shown)):
        for code in codes:
            named.setdefault(code, []).append(kind)
    return named


@cache
def _code() -> str:
    """Hash of what draws pages: this folder, the templates, their engine, and that of charts."""
    files = [*Path(__file__).parent.glob("*.py"), *(TEMPLATES / "report").glob("*")]
    return _hash([installed("jinja2"), installed("altair"), *map(sha256, sorted(files))])


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
