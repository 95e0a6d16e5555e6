"""`tongcheng new-bulletin --record`: the folder of a bulletin for which there is only a fact record.

Rows that could be said whole stand in their tables; draft.csv lists them too, to be confirmed, and what is to
be decided, with what is missing. As long as draft.csv is there `check` and every build refuse the seeds. Not
here: what is proposed and why (record_rows.py).
"""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.text import Text

from dagster_project.export_text import printable
from dagster_project.seeds.as_written import Row, UnreadableSeeds
from dagster_project.seeds.files import DRAFT_FILE, RECORD
from dagster_project.seeds.new_bulletin import (
    NewBulletinError,
    add_source,
    refuse_name,
    script_of,
    show_rows,
    write_csv,
)
from dagster_project.seeds.record_cells import Record, RecordError, period_of, read_record, spans_of
from dagster_project.seeds.record_known import TABLES, Known
from dagster_project.seeds.record_rows import CONFIRM, DRAFT_COLUMNS, Drafter, Proposal
from dagster_project.seeds.schema import BULLETINS
from dagster_project.settings import ROOT, Settings
from dagster_project.terminal import Screen

_ENGLISH_ASIDE = re.compile(r"\s*[(（][^)）]*[A-Za-z]{3,}[^)）]*[)）]\s*$")


@dataclass(frozen=True)
class RecordedBulletin:
    """What was made: the folder, the cells of its row of sources.csv left to a person, the proposals."""

    source_id: str
    folder: Path
    blank: tuple[str, ...]
    proposals: tuple[Proposal, ...]


# --- the bulletin ---


def record_bulletin(
    file: Path, seeds: Path, slug: str | None = None, published: date | None = None, **known: str
) -> RecordedBulletin:
    """Make seeds/bulletins/<date>_<slug>/ from a fact record, and add the row of sources.csv.

    published: only where the record has no day; known: further cells of the row, such as title_en. Raises
    NewBulletinError before anything is written; UnreadableSeeds where the seeds cannot be read.
    """
    try:
        what = Known(seeds)
        record = read_record(file, what.schema[RECORD])
    except RecordError as error:
        raise NewBulletinError(f"{file.name}: {error}") from None
    except OSError as error:
        raise NewBulletinError(f"读不到记录 · cannot read the record: {file}: {error.strerror}") from None
    source = {**_source(record, published), **known}
    stem = re.sub("^[0-9-]*", "", re.sub("^[A-Z]_", "", record.heads.get("id") or file.stem))
    slug = slug or re.sub("[^a-z0-9]+", "_", stem.lower()).strip("_") or "bulletin"
    name = source["source_id"] = f"{source['date_published']}_{slug}"
    refuse_name(what.book, name, seeds, what.schema["sources"])
    proposals = tuple(Drafter(what, record, source).proposals())
    folder = seeds / BULLETINS / name
    _write(folder, what, record, proposals)
    try:
        add_source(seeds / "sources.csv", source)
    except BaseException:
        shutil.rmtree(folder)
        raise
    wanted = (f.name for f in what.schema["sources"].fields if f.required)
    return RecordedBulletin(name, folder, tuple(n for n in wanted if not source.get(n)), proposals)


def _source(record: Record, published: date | None) -> Row:
    """The row of sources.csv as far as the head of the record says it."""
    heads = record.heads
    spans, mark = spans_of(heads.get("published", ""))
    span = period_of(spans, mark)
    # The last day that it can have been; a day that only the caller knows is no printed one.
    day = min(span.last, max(span.first or date.min, date.today())) if span else published
    if day is None:
        raise NewBulletinError(
            "记录没有发布日期，请用 --date 指明 · the record has no publication date: give --date YYYY-MM-DD"
        )
    precision = (span.precision if span.precision in ("MONTH", "YEAR") else "") if span else "YEAR"
    printed, _, citing = heads.get("publisher", "").partition(", citing ")
    publisher = _ENGLISH_ASIDE.sub("", printed).strip()
    title = _ENGLISH_ASIDE.sub("", heads.get("title", "")).strip()
    return {
        "title_zh": title,
        "issuer": citing.strip() or publisher,
        "publisher": publisher,
        "doc_type": "NEWS_REPORT",
        "date_published": day.isoformat(),
        "date_precision": precision,
        "date_basis": "事实记录所写 · As the fact record says" if span else "",
        "url_main": heads.get("url", ""),
        "host_quality": heads.get("host_quality", ""),
        "script": script_of("".join(cell.label for cell in record.cells)),
        "citation": f"{publisher}：《{title}》，{heads.get('published', day.isoformat())}" if title else "",
    }


def _write(folder: Path, known: Known, record: Record, proposals: tuple[Proposal, ...]) -> None:
    """The record, the tables that have rows, and the draft; the folder appears as a whole."""
    new = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    declared = known.schema[RECORD]
    text = record.text([f.name for f in declared.fields])
    (new / "record.tsv").write_text(text, encoding="utf-8", newline="\n")
    for table in TABLES:
        rows = [p.row for p in proposals if p.table == table and p.state == CONFIRM]
        if rows:
            names = [f.name for f in known.schema[table].fields]
            used = [n for n in names if known.schema[table].named[n].required or any(r.get(n) for r in rows)]
            write_csv(new / f"{table}.csv", [used, *([row.get(n, "") for n in used] for row in rows)])
    write_csv(new / DRAFT_FILE, [DRAFT_COLUMNS, *(proposal.cells() for proposal in proposals)])
    new.replace(folder)


# --- screen ---


def run_record_bulletin(settings: Settings, file: Path, **options) -> int:
    """Make the folder, show where each cell goes, and say what comes next. Returns the exit code."""
    given = {name: value for name, value in options.items() if value is not None}
    try:
        made = record_bulletin(file, settings.seeds, **given)
    except (NewBulletinError, UnreadableSeeds) as error:
        print(f"✗ {printable(str(error))}", file=sys.stderr)
        return 1
    console = Screen()
    _show(console, made)
    relative = made.folder.relative_to(settings.seeds)
    seeds = "" if settings.seeds == ROOT / "seeds" else f" --seeds {settings.seeds}"
    done = sum(proposal.state == CONFIRM for proposal in made.proposals)
    for step in (
        f"已建立 · created: {relative}/; 已入表 · in tables: {done}; "
        f"待定 · to decide: {len(made.proposals) - done}",
        f"1. sources.csv 补全 · complete: {', '.join(made.blank) or '–'}; 推定 · proposed: issuer, doc_type",
        "2. 核对 confirm 各行，补入 decide 各行，然后删除 · check the proposed, add the undecided, "
        f"delete {relative}/{DRAFT_FILE}",
        f"3. tongcheng check{seeds}",
    ):
        console.print(Text(step), soft_wrap=True) if console.is_terminal else print(step)
    return 0


def _show(console: Screen, made: RecordedBulletin) -> None:
    heads = (
        "格 cell", "归入 goes to", "指标 indicator", "地区 area", "时期 period", "数值 value", "依据 known",
    )  # fmt: skip
    rows = []
    for proposal in made.proposals:
        cell = dict(zip(DRAFT_COLUMNS, proposal.cells(), strict=True))
        period = "/".join(filter(None, (cell["time_period_start"], cell["time_period_end"])))
        known = f"已知 known from {cell['known_from']}" if proposal.state == CONFIRM else "待定 to decide"
        rows.append(
            (
                printable(f"{proposal.cell.key} {proposal.cell.label}"),
                f"{proposal.table} {cell['code']}".strip(),
                cell["indicator_id"],
                cell["ref_area"],
                period,
                printable(cell["value_text"]),
                printable("; ".join(filter(None, (known, cell["remark"])))),
            )
        )
    show_rows(console, made.source_id, heads, rows)
