"""Fills the templates, and writes a page per indicator and per source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from dagster_project.report import parts, sentences, wording
from dagster_project.report.charts import Charts
from dagster_project.report.facts import Facts, Row, many
from dagster_project.report.redrawn import TEMPLATES, Redrawn
from dagster_project.report.ways import Ways
from dagster_project.report.wording import Both
from dagster_project.settings import CACHE

PAGES = (
    ("index.html", Both("总览", "Overview")),
    ("commitments.html", Both("承诺", "Promises")),
    ("timeline.html", Both("大事记", "Timeline")),
    ("areas.html", Both("地区", "Areas")),
    ("initiatives.html", Both("项目", "Initiatives")),
    ("sources.html", Both("来源", "Sources")),
    ("changes.html", Both("变动", "Changes")),
    ("quality.html", Both("数据质量", "Data quality")),
)

ON_PAGE = 440  # rows of a page that lists what has pages of its own: at a thousand bytes each it stays small


class Pages:
    """Renders pages of one build into a folder. Every value is escaped by the environment.

    before: the published site, whose pages are linked where they would be the same.
    """

    def __init__(self, facts: Facts, to: Path, before: Path | None = None) -> None:
        self.facts, self.to, self.ways = facts, to, Ways(facts)
        self.redrawn = Redrawn(facts, self.ways, to, before)
        self.environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            bytecode_cache=FileSystemBytecodeCache(str(_compiled())),
            auto_reload=False,  # or each page would look whether its templates have changed
            autoescape=True,
            undefined=StrictUndefined,
            finalize=lambda value: "—" if value is None else value,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
        self.environment.filters.update(
            number=wording.number,
            signed=wording.signed,
            growth=wording.growth,
            promise=partial(sentences.promise, facts),
            moved=partial(sentences.moved, facts),
            moved_within=partial(sentences.moved_within, facts),
            target=sentences.target,
            aim=partial(sentences.aim, facts),
            figure=partial(sentences.amount, facts),
            day=wording.day,
            reasons=facts.reasons,
            apart=wording.apart,
            many=many,
            place=wording.place,
            anchor=wording.anchor,
        )
        self.environment.globals.update(
            facts=facts,
            code=facts.code,
            name=facts.name,
            joined=lambda codes, table: wording.listed(facts.name(table, code) for code in codes),
            build=facts.build,
            pages=PAGES,
            way=self.ways,
            party=facts.parties,
            interval=wording.interval,
            span=wording.span,
            growth_span=wording.growth_span,
            bounds=wording.bounds,
            event_date=wording.event_date,
            series_name=facts.series_name,
            counted=partial(sentences.counted, facts),
            period=wording.period,
            period_type=wording.period_type,
            stretch=wording.stretch,
            marks=wording.EVIDENCE_MARKS,
            both=parts.both,
            h=parts.heading,
            th=parts.column,
            badge=parts.badge,
            bracketed=parts.bracketed,
            mark=partial(parts.mark, facts),
            known=partial(parts.known, facts),
        )

    def write_if_new(self, file: str, template: str, title: Both, rows: Iterable[Row], **values: Any) -> None:
        """One page of many, all of whose facts are in `values`; rows: those of them that name others."""
        if not self.redrawn.keep(file, {"template": template, "title": title, **values}, rows):
            self.write(file, template, title, **values)

    def write(self, file: str, template: str, title: Both, **values: Any) -> None:
        """One page. `file` is relative to the site; its depth decides how links lead back."""
        page = self.environment.get_template(f"report/{template}.html.j2").render(
            here=file, root="../" * file.count("/"), title=title, **{"charts": {}, "what": None, **values}
        )
        path = self.to / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")


def _compiled() -> Path:
    """Folder where templates are kept as compiled, between builds."""
    folder = CACHE / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def told_apart(names: Mapping[str, Both]) -> dict[str, Both]:
    """Titles of pages by code: where several things are called alike, with the code."""
    called = Counter(names.values())
    return {
        code: name if called[name] == 1 else Both(*(f"{text} ({code})" for text in name))
        for code, name in names.items()
    }


def write_indicators(
    pages: Pages, charts: Mapping[str, Charts], on_page: Callable[[str], None] = lambda _: None
) -> None:
    """A page per indicator: its charts, figures and changes per series, claims and commitments."""
    facts = pages.facts
    lists_of = ("observations", "series_changes", "claims", "commitments", "progress", "conflicts")
    grouped = {part: facts.by(part, "indicator_id") for part in lists_of}
    titles = told_apart(facts.names["indicators"])
    for indicator in facts["indicators"]:
        key = indicator["indicator_id"]
        on_page(key)
        lists = {part: grouped[part].get(key, []) for part in lists_of}
        pages.write_if_new(
            f"indicators/{key}.html",
            "indicator",
            titles[key],
            [indicator, *chain(*lists.values()), *(charts[key].rows if key in charts else ())],
            indicator=indicator,
            what=Both("指标", "Indicator"),
            charts=charts.get(key, []),
            **lists,
        )


def write_sources(pages: Pages) -> None:
    """The lists of sources, and a page per source where every fact stands at its line or cell."""
    facts = pages.facts
    places = facts.by("places", "source_id")
    write_source_lists(pages)
    cells, reprints = facts.by("record_cells", "source_id"), facts.by("sources", "primary_source_id")
    titles = told_apart(facts.names["sources"])
    for source in facts["sources"]:
        rows = places.get(source["source_id"], [])
        lines: dict[str, list[Row]] = {}
        for row in rows:
            lines.setdefault((row["locator"] or "").split("#")[0], []).append(row)
        pages.write_if_new(
            f"sources/{source['source_id']}.html",
            "source",
            titles[source["source_id"]],
            [source, *rows, *reprints.get(source["source_id"], [])],
            source=source,
            all_rows=rows,
            lines=lines,
            cells={row["locator"]: row for row in cells.get(source["source_id"], [])},
            reprints=[row["source_id"] for row in reprints.get(source["source_id"], [])],
            what=Both("来源", "Source"),
        )


def write_source_lists(pages: Pages) -> None:
    """Sources by the year of publication: the latest year on the first page, each other on one of its own."""
    facts, title = pages.facts, Both("来源与核对", "Sources and audit")
    counts: dict[str, dict[str, int]] = {}
    for row in facts["recorded"]:
        counts.setdefault(row["source_id"], {})[row["fact_type"]] = row["facts"]
    years: dict[int | None, list[Row]] = {}
    for source in facts["sources"]:
        years.setdefault(source["date_published"].year, []).append(source)
    latest = next(iter(years), None)  # sources come newest first
    files = {year: "sources.html" if year == latest else f"sources-{year}.html" for year in years or (None,)}
    for year, file in files.items():
        of_year = years.get(year, [])
        pages.write(
            file,
            "sources",
            title if year == latest else Both(f"{title.zh}：{year}年", f"{title.en}: {year}"),
            counts=counts,
            year=year,
            years=[(each, files[each], len(there)) for each, there in years.items()],
            of_year=of_year,
            listed=of_year[:ON_PAGE],
        )
