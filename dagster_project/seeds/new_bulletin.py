"""`tongcheng new-bulletin`: the folder of a further bulletin, with a draft of its figures for a person.

Here: what a curator starts from. The draft (draft.csv) is a table that no declaration knows, so that `check`
and every build refuse the seeds until it has been worked through and removed. Cells of the new row of
sources.csv that only a person can fill stay blank, and are refused as well. Sentences are shown, never
written. Not here: what the draft makes of a numeral (draft.py), what is still missing later (audit/).
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from opencc import OpenCC
from rich.table import Table
from rich.text import Text

from dagster_project.export_text import printable
from dagster_project.figures.numerals import Line, read_lines
from dagster_project.files import sha256
from dagster_project.seeds.as_written import Row, Seeds, UnreadableSeeds, line_range
from dagster_project.seeds.draft import DRAFT_COLUMNS, Candidate, stated
from dagster_project.seeds.files import DRAFT_FILE
from dagster_project.seeds.headings import title
from dagster_project.seeds.periods import full_dates
from dagster_project.seeds.proposed import draft_of
from dagster_project.seeds.schema import BULLETINS, read_schema
from dagster_project.seeds.schema import Table as SeedTable
from dagster_project.settings import ROOT, Settings
from dagster_project.terminal import Screen

ASKED = {"as_of_default"}  # a bulletin may do without it, but a person must have thought of it
_PROPOSED = ("title_zh", "issuer", "publisher", "doc_type", "date_basis", "citation")
_HEAD = 5  # lines in which a page says of itself what it is
_BODY = re.compile(r"\S{2,20}(?:局|委|办|府|组|厅|社|报|网|院|中心)(?=\s)")  # who issues it, before the day


class NewBulletinError(RuntimeError):
    """Nothing was written; the message says why, 中文 · English."""


@dataclass(frozen=True)
class NewBulletin:
    """What was made: the folder, the row of sources.csv, the cells left to a person, the candidates."""

    source_id: str
    folder: Path
    source: dict[str, str]
    blank: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    first_lines: tuple[str, ...]


def new_bulletin(
    document: Path,
    seeds: Path,
    slug: str | None = None,
    published: date | None = None,
    lines: tuple[int, int] | None = None,
    **known: str,
) -> NewBulletin:
    """Make seeds/bulletins/<date>_<slug>/ with empty tables and the draft, and add the row of sources.csv.

    published: default the first full date that the document prints; lines: non-blank lines that hold the
    bulletin, default all; known: further cells of the row, such as title_zh. Raises NewBulletinError, before
    anything is written; UnreadableSeeds where the seeds cannot be read.
    """
    book, text = Seeds(seeds), _read(document)
    all_lines = read_lines(text, book.lexicon)
    first, last = lines or (1, len(all_lines))
    if not 1 <= first <= last <= len(all_lines):
        raise NewBulletinError(f"行范围须在 1-{len(all_lines)} 内 · lines must be within 1-{len(all_lines)}")
    chosen = all_lines[first - 1 : last]
    printed = [day for line in chosen for day in full_dates(line.plain)]
    published = published or next(iter(printed), None)
    if published is None:
        raise NewBulletinError(
            "文中没有完整日期，请用 --date 指明 · no full date is printed: give --date YYYY-MM-DD"
        )
    slug = slug or re.sub("[^a-z0-9]+", "_", document.stem.lower()).strip("_") or "bulletin"
    source = {
        **_printed(chosen, published, published in printed, book.tables["code_words"]),
        **known,
        "source_id": f"{published}_{slug}",
        "date_published": published.isoformat(),
        "document": printable(document.name),
        "document_sha256": sha256(document),
        "line_range": f"{first}-{last}",
        "script": script_of("".join(line.printed for line in chosen)),
    }
    schema = read_schema(seeds)
    _refuse(book, source, seeds, schema["sources"])
    drafted = tuple(draft_of(chosen, book, published))
    folder = seeds / BULLETINS / source["source_id"]
    _write(folder, schema, drafted)
    try:
        add_source(seeds / "sources.csv", source)
    except BaseException:
        shutil.rmtree(folder)
        raise
    wanted = (f.name for f in schema["sources"].fields if f.required or f.name in ASKED)
    blank = tuple(name for name in wanted if not source.get(name))
    first_lines = tuple(line.printed for line in chosen[:3])
    return NewBulletin(source["source_id"], folder, source, blank, drafted, first_lines)


def _read(document: Path) -> str:
    try:
        text = document.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NewBulletinError(
            f"读不到文档 · cannot read the document: {document}: {error.strerror}"
        ) from None
    except UnicodeError:
        raise NewBulletinError(
            f"文档须为 UTF-8 文本，请先转换 · not UTF-8 text, convert it first: {document.name} "
            "(iconv -f GB18030 -t UTF-8)"
        ) from None
    if not text.strip() or "\0" in text:
        raise NewBulletinError(f"文档没有文字 · no text in the document: {document.name}")
    return text


def refuse_name(book: Seeds, name: str, seeds: Path, declared: SeedTable) -> None:
    """Raises NewBulletinError for a name of a source that is not plain or taken."""
    if not re.fullmatch(declared.named["source_id"].pattern or ".+", name):
        raise NewBulletinError(
            f"名称只能用小写字母、数字和 _ · only lower case, digits and _ in names: {name}"
        )
    if (seeds / BULLETINS / name).exists() or any(r["source_id"] == name for r in book.tables["sources"]):
        raise NewBulletinError(
            f"来源已存在，不会改写 · this source exists and will not be overwritten: {name}"
        )


def _refuse(book: Seeds, source: dict[str, str], seeds: Path, declared: SeedTable) -> None:
    refuse_name(book, source["source_id"], seeds, declared)
    if unknown := set(source) - {field.name for field in declared.fields}:
        raise NewBulletinError(f"来源表没有这些列 · no such columns in sources.csv: {sorted(unknown)}")
    first, last = map(int, source["line_range"].split("-"))
    for row in book.tables["sources"]:
        if row["document_sha256"] != source["document_sha256"]:
            continue
        start, end = line_range(row, last)
        if start <= last and first <= end:
            raise NewBulletinError(
                f"这些行已属于 {row['source_id']}（{start}-{end}），请用 --lines 指明其他行 · "
                f"lines {start}-{end} belong to {row['source_id']} already: say --lines"
            )


def _printed(lines: list[Line], published: date, is_printed: bool, words: list[Row]) -> dict[str, str]:
    """What the page prints of itself: its title, at its head its day and who issues it.

    words: rows of code_words.csv.
    """
    head = title({line.number: line for line in lines})
    name = printable(head.printed.strip()) if head else ""
    dateline = next((line.printed for line in lines[:_HEAD] if published in full_dates(line.plain)), "")
    issuer = printable(found[0]) if (found := _BODY.match(dateline.strip())) else ""
    kinds = {row["code"] for row in words if row["code_list"] == "DOC_TYPE" and row["word"] in name}
    return {
        "title_zh": name,
        "issuer": issuer,
        "publisher": issuer,
        "doc_type": kinds.pop() if len(kinds) == 1 else "",
        "date_basis": "文首印有日期 · The date is printed at the head" if dateline and is_printed else "",
        "citation": f"{issuer}：《{name}》，{published}" if issuer and name else "",
    }


def script_of(text: str) -> str:
    """HANS, HANT or MIXED, by how many characters each conversion would change."""
    simplified, traditional = (OpenCC(name).convert(text) for name in ("t2s", "s2t"))
    hant = sum(a != b for a, b in zip(text, simplified, strict=False))
    hans = sum(a != b for a, b in zip(text, traditional, strict=False))
    if min(hans, hant) * 10 > max(hans, hant):
        return "MIXED"
    return "HANT" if hant > hans else "HANS"


# --- files ---


def _write(folder: Path, schema: dict, candidates: tuple[Candidate, ...]) -> None:
    """The tables with their headers, and the draft; the folder appears as a whole."""
    new = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    for table in schema.values():
        if table.per_bulletin and not table.heads:  # there is a document, so no record is needed
            write_csv(new / f"{table.name}.csv", [[field.name for field in table.fields]])
    write_csv(new / DRAFT_FILE, [DRAFT_COLUMNS, *(candidate.cells() for candidate in candidates)])
    os.replace(new, folder)


def write_csv(path: Path, rows) -> None:
    """Write the rows, the header first."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def add_source(register: Path, source: dict[str, str]) -> None:
    """Add the row; what stands in the file stays byte for byte."""
    add_rows(register, [source])


def add_rows(path: Path, rows: Iterable[Mapping[str, str]], names: Iterable[str] = ()) -> None:
    """Add rows to a table, in the order of its own header; what stands in it stays byte for byte.

    names: columns of a table that is not there yet.
    """
    content = path.read_bytes() if path.exists() else (",".join(names) + "\n").encode()
    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig").splitlines()[0])))
    more = io.StringIO()
    writer = csv.writer(more, lineterminator="\n")
    writer.writerows([row.get(name.strip(), "") for name in header] for row in rows)
    new = path.with_suffix(".new")
    new.write_bytes(content + (b"" if content.endswith(b"\n") else b"\n") + more.getvalue().encode())
    os.replace(new, path)


# --- screen ---


def run_new_bulletin(settings: Settings, document: Path, lines: str | None = None, **options) -> int:
    """Make the folder, show the draft with its sentences, and say what comes next. Returns the exit code.

    lines: "6-11"; options: those of `new_bulletin`, None where not given.
    """
    console = Screen()
    given = {name: value for name, value in options.items() if value is not None}
    try:
        made = new_bulletin(document, settings.seeds, lines=span_of(lines), **given)
    except (NewBulletinError, UnreadableSeeds) as error:
        print(f"✗ {printable(str(error))}", file=sys.stderr)
        return 1
    _show(console, made)
    relative = made.folder.relative_to(settings.seeds)
    proposed = ", ".join(f"{column}={made.source[column]}" for column in _PROPOSED if made.source[column])
    seeds = "" if settings.seeds == ROOT / "seeds" else f" --seeds {settings.seeds}"
    steps = (
        f"已建立 · created: {relative}/, {len(made.candidates)} 个候选 candidates in {DRAFT_FILE}",
        f"文首 · first lines: {' ¦ '.join(printable(line.strip())[:60] for line in made.first_lines)}",
        f"1. 在 sources.csv 中核对 · look at in sources.csv: {printable(proposed) or '–'}",
        f"   补全 · complete: {', '.join(made.blank) or '–'}",
        f"2. 逐行判断、改正 · judge each row and correct it in {relative}/{DRAFT_FILE}",
        f"   然后移入各表 · then: tongcheng move-draft {made.source_id}{seeds}",
        f"3. tongcheng check{seeds}",
        f"4. tongcheng audit --source {made.source_id} --corpus {document.parent}{seeds}",
    )
    for step in steps:
        console.print(Text(step), soft_wrap=True) if console.is_terminal else print(step)
    return 0


def span_of(lines: str | None) -> tuple[int, int] | None:
    """First and last of lines given like 6-11; a single one is both."""
    if lines is None:
        return None
    match = re.fullmatch("([0-9]+)(?:-([0-9]+))?", lines)
    if not match:
        raise NewBulletinError(f"行范围写作 6-11 · lines are written like 6-11, not {lines}")
    return int(match[1]), int(match[2] or match[1])


def _show(console: Screen, made: NewBulletin) -> None:
    heads = (
        "位置 locator",
        "原文 token",
        "数值 value",
        "区间 interval",
        "单位 unit",
        "指标 indicator",
        "地区 area",
        "归入 goes to",
        "句子 sentence",
    )
    rows = [
        (
            each.locator,
            printable(each.token),
            " – ".join(filter(None, stated(each.read))),
            "" if each.read is None else str(each.interval),
            each.unit_measure,
            each.indicator_id,
            each.ref_area,
            " ".join(filter(None, (each.goes_to, each.remark))),
            printable(each.sentence),
        )
        for each in made.candidates
    ]
    show_rows(console, made.source_id, heads, rows)


def show_rows(console: Screen, title: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A table of what is drafted; plain lines where it is not a terminal."""
    if not console.is_terminal:
        for row in rows:
            print(" | ".join(row))
        return
    table = Table(*heads, title=title, title_justify="left", show_lines=True)
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    console.print(table)
