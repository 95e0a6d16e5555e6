"""Writes the index of the search: whatever has a page, by its names, its code and what else one may type.

It is a script, since a page from disk may not fetch; `templates/report/search.js` looks things up in it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

from dagster_project.report.facts import Facts, many
from dagster_project.report.pages import Pages
from dagster_project.report.wording import Both, day

# In the order in which results are shown.
KINDS = {
    "areas": Both("地区", "Areas"),
    "domains": Both("领域", "Domains"),
    "indicators": Both("指标", "Indicators"),
    "initiatives": Both("项目", "Initiatives"),
    "promises": Both("承诺", "Promises"),
    "events": Both("事件", "Events"),
    "undated": Both("事件（日期未说明）", "Events without a date"),
    "sources": Both("来源", "Sources"),
}
BYTES = 900_000  # of the index, which a browser loads as a whole


def write_search(pages: Pages) -> None:
    """The page of results, and the index: per thing kind, code, name in Chinese, in English, other words."""
    order, lines, size, left_out = list(KINDS), [], 0, 0
    for kind, code, name, more in _things(pages.facts):
        entry = [order.index(kind), code, *name, more]
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        size += len(line.encode()) + 2
        if size > BYTES:
            left_out += 1
        else:
            lines.append(line)
    kinds = []
    for kind, text in KINDS.items():
        before, after = pages.ways.address(kind)
        kinds.append([before, after, *text])
    script = f"window.searchIndex = {{\nkinds: {json.dumps(kinds, ensure_ascii=False)},\nthings: [\n"
    script += ",\n".join(lines) + "\n]};\n"
    (pages.to / "assets" / "search-index.js").write_text(script, encoding="utf-8")
    pages.write("search.html", "search", Both("搜索", "Search"), left_out=left_out)


def _things(facts: Facts) -> Iterator[tuple[str, str, Both, str]]:
    """Kind, code, names and other words of everything that has a page; the shortest lists first."""
    for row in facts["area_register"]:
        kind = facts.code("AREA_TYPE", row["area_type"])
        other = _words(row["name_zh"], row["name_en"], *many(row["printed"]), *kind)
        yield "areas", row["ref_area"], facts.name("areas", row["ref_area"]), other
    for row in facts["domains"]:
        yield "domains", row["domain_id"], Both(row["name_zh"], row["name_en"]), ""
    for row in facts["indicators"]:
        other = _words(*many(row["aliases"]), _plain(row["definition_zh"]), _plain(row["definition_en"]))
        yield "indicators", row["indicator_id"], Both(row["name_zh"], row["name_en"]), other
    for row in facts["initiatives"]:
        kind = facts.code("INITIATIVE_TYPE", row["initiative_type"])
        yield "initiatives", row["initiative_id"], Both(row["name_zh"], row["name_en"]), _words(*kind)
    promises = {
        row["commitment_id"]: row for row in facts["commitments"]
    }  # one that has versions stands once
    for code, row in promises.items():
        area = facts.name("areas", row["ref_area"])
        yield "promises", code, Both(row["title_zh"], row["title_en"]), _words(*area, row["value_text"])
    for row in facts["events"]:
        other = _words(row["areas_zh"], row["areas_en"])
        when = "events" if row["date_start"] else "undated"
        yield when, row["event_id"], Both(row["title_zh"], row["title_en"]), other
    titles = Counter(facts.names["sources"].values())
    for row in facts["sources"]:
        other = _words(row["publisher"], row["issuer"], row["document"])
        title = facts.names["sources"][row["source_id"]]
        if titles[title] > 1:
            published = day(row["date_published"])
            title = Both(f"{title.zh}（{published}）", f"{title.en} ({published})")
        yield "sources", row["source_id"], title, other


def _plain(definition: str) -> str:
    """The first words of a definition, by which many know an indicator better than by its name."""
    return re.split(r"[，,；;。.（(]", definition, maxsplit=1)[0][:40]


def _words(*texts: str | None) -> str:
    return " ".join(dict.fromkeys(text for text in texts if text))
