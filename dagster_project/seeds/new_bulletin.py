"""`tongcheng new-bulletin`: the folder of a further bulletin, with a draft of its figures for a person.

Here: what a curator starts from. The draft (draft.csv) is a table that no declaration knows, so that `check`
and every build refuse the seeds until it has been worked through and removed. Cells of the new row of
sources.csv that only a person can fill stay blank, and are refused as well. Sentences are shown, never
written. Not here: what a numeral means (figures/tokens.py), what is still missing later (audit/).
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from opencc import OpenCC
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dagster_project.export_text import printable
from dagster_project.figures.bounds import Interval, interval
from dagster_project.figures.numerals import Line, Span, read_lines, with_hedges
from dagster_project.figures.tokens import Token, parse_token
from dagster_project.files import sha256
from dagster_project.seeds.schema import BULLETINS, read_schema
from dagster_project.seeds.typed import AuditError, Seeds, line_range
from dagster_project.settings import ROOT, Settings

DRAFT = "draft.csv"
DRAFT_COLUMNS = (
    "locator", "token", "goes_to", "value", "value_to", "value_qualifier",
    "lower_bound", "lower_closed", "upper_bound", "upper_closed", "unit_measure", "remark",
)  # fmt: skip
ASKED = {"as_of_default"}  # a bulletin may do without it, but a person must have thought of it
RELATIVE_UNITS = {"PERCENT", "PERCENT_POINT", "TIMES"}
_NUMBER = "[0-9〇零一二三四五六七八九十]"
_YEAR = "(?:[0-9]{4}|[〇零一二三四五六七八九]{4})"
_TO = "[-—–至到~〜]+"
_DATE = re.compile(
    f"(?:{_YEAR}年?{_TO})?{_YEAR}年(?:(?:{_NUMBER}{{1,3}}{_TO})?{_NUMBER}{{1,3}}月(?:{_NUMBER}{{1,3}}[日号])?)?"
    f"|(?:{_NUMBER}{{1,3}}{_TO})?{_NUMBER}{{1,3}}月(?:(?!份额)份|{_NUMBER}{{1,3}}[日号])?(?![龄均])"
    "|[0-9]{4}([-/.])[0-9]{1,2}\\1[0-9]{1,2}|[0-9]{1,2}:[0-9]{2}"
)
_FULL_DATE = re.compile(r"((?:19|20)[0-9]{2})(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})")
_PROMISE = re.compile("力争|计划|规划|目标|争取|确保|将|拟|到(?:19|20)[0-9]{2}年")
_NO_INTERVAL = Interval()
_SENTENCE_END = "。！？!?；;"
_CODE = re.compile(r"[A-Za-z0-9+×*∶/.-]+")  # a code if it has more than digits and what may stand in a number
_LETTER = re.compile("[A-Za-z+×*∶]")
_OUTLINE = re.compile("[（(【]?$")
_NOUN = re.compile(
    "[一-鿿](?<![的是和与及或在了为将并等中以至到上下内外前后年月日时个一二两三四五六七八九十百千万亿])"
)


class NewBulletinError(RuntimeError):
    """Nothing was written; the message says why, 中文 · English."""


@dataclass(frozen=True)
class Candidate:
    """One numeral, or numerals that belong together, as far as a program can read it."""

    locator: str
    token: str
    goes_to: str
    read: Token | None
    interval: Interval
    unit_measure: str
    remark: str
    sentence: str

    def cells(self) -> list[str]:
        """The row of draft.csv: everything but the sentence."""
        value, value_to = _stated(self.read)
        ends = self.interval
        return [
            self.locator, self.token, self.goes_to, value, value_to,
            (self.read and self.read.value_qualifier) or "",
            _cell(ends.lower), _cell(ends.lower_closed), _cell(ends.upper), _cell(ends.upper_closed),
            self.unit_measure, self.remark,
        ]  # fmt: skip


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
    anything is written; AuditError where the seeds cannot be read.
    """
    book, text = Seeds(seeds), _read(document)
    all_lines = read_lines(text, book.lexicon)
    first, last = lines or (1, len(all_lines))
    if not 1 <= first <= last <= len(all_lines):
        raise NewBulletinError(f"行范围须在 1-{len(all_lines)} 内 · lines must lie in 1-{len(all_lines)}")
    chosen = all_lines[first - 1 : last]
    published = published or _printed_date(chosen)
    if published is None:
        raise NewBulletinError(
            "文中没有完整日期，请用 --date 说明 · no full date is printed: say --date YYYY-MM-DD"
        )
    slug = slug or re.sub("[^a-z0-9]+", "_", document.stem.lower()).strip("_") or "bulletin"
    source = {
        **known,
        "source_id": f"{published}_{slug}",
        "date_published": published.isoformat(),
        "document": printable(document.name),
        "document_sha256": sha256(document),
        "line_range": f"{first}-{last}",
        "script": _script("".join(line.printed for line in chosen)),
    }
    schema = read_schema(seeds)
    _refuse(book, source, seeds, schema["sources"])
    candidates = tuple(candidate for line in chosen for candidate in _candidates(line, book))
    folder = seeds / BULLETINS / source["source_id"]
    _write(folder, schema, candidates)
    try:
        _register(seeds / "sources.csv", source)
    except BaseException:
        shutil.rmtree(folder)
        raise
    wanted = (f.name for f in schema["sources"].fields if f.required or f.name in ASKED)
    blank = tuple(name for name in wanted if not source.get(name))
    return NewBulletin(
        source["source_id"], folder, source, blank, candidates, tuple(line.printed for line in chosen[:3])
    )


def _read(document: Path) -> str:
    try:
        text = document.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NewBulletinError(
            f"读不到文档 · cannot read the document: {document}: {error.strerror}"
        ) from None
    except UnicodeError:
        raise NewBulletinError(
            f"文档须为 UTF-8 文本，请先转换 · not UTF-8 text, convert it first: {document.name}"
        ) from None
    if not text.strip() or "\0" in text:
        raise NewBulletinError(f"文档没有文字 · no text in the document: {document.name}")
    return text


def _refuse(book: Seeds, source: dict[str, str], seeds: Path, declared) -> None:
    name = source["source_id"]
    if not re.fullmatch(declared.field("source_id").pattern, name):
        raise NewBulletinError(f"名称只能用小写字母、数字和 _ · plain lower-case names only: {name}")
    if unknown := set(source) - {field.name for field in declared.fields}:
        raise NewBulletinError(f"来源表没有这些列 · no such columns in sources.csv: {sorted(unknown)}")
    if (seeds / BULLETINS / name).exists() or any(r["source_id"] == name for r in book.tables["sources"]):
        raise NewBulletinError(f"来源已存在，不会改写 · this source exists and is not overwritten: {name}")
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


def _printed_date(lines: list[Line]) -> date | None:
    for line in lines:
        for match in _FULL_DATE.finditer(line.plain):
            try:
                return date(*map(int, match.groups()))
            except ValueError:
                continue
    return None


def _script(text: str) -> str:
    """HANS, HANT or MIXED, by how many characters each conversion would change."""
    simplified, traditional = (OpenCC(name).convert(text) for name in ("t2s", "s2t"))
    hant = sum(a != b for a, b in zip(text, simplified, strict=False))
    hans = sum(a != b for a, b in zip(text, traditional, strict=False))
    if min(hans, hant) * 10 > max(hans, hant):
        return "MIXED"
    return "HANT" if hant > hans else "HANS"


# --- candidates ---


def _candidates(line: Line, book: Seeds) -> Iterator[Candidate]:
    """Every numeral of the line that no known name or word accounts for, in order."""
    names = [m.span() for name in book.names for m in re.finditer(re.escape(name), line.plain)]
    dates = [m.span() for m in _DATE.finditer(line.plain)]
    codes = [m.span() for m in _CODE.finditer(line.plain) if _LETTER.search(m[0])]
    done = 0
    for numeral in line.numerals:
        if numeral[0] < done or _around(numeral, names):
            continue
        if span := _around(numeral, dates):
            candidate = _made(line, span, "events", "或 exclusions: DATE, PERIOD · or an exclusion")
        elif span := _around(numeral, codes):
            candidate = _made(line, span, "exclusions", "LABEL? NAME?")
        else:
            span, token = _figure(line, numeral, book)
            candidate = _judged(line, numeral, span, token, book)
        done = max(numeral[1], span[1])
        yield candidate


def _around(numeral: Span, spans: list[Span]) -> Span | None:
    return next((span for span in spans if span[0] <= numeral[0] and numeral[1] <= span[1]), None)


def _figure(line: Line, numeral: Span, book: Seeds) -> tuple[Span, Token]:
    """The phrase around a numeral: hedges, the second end of a range, the counted noun."""
    whole = book.lexicon.figure.match(line.plain, numeral[0])
    if whole and whole[3]:
        span, token = _phrase(line, line.inside(whole.span()), book)
        if token.value_qualifier == "RANGE":
            return span, token
    return _phrase(line, [numeral], book)


def _phrase(line: Line, numerals: list[Span], book: Seeds) -> tuple[Span, Token]:
    """With the longest noun that a unit is printed with; else with the next character, if that reads."""
    end = numerals[-1][1]
    (_, beside), _ = with_hedges(line, numerals, end)
    nouns = (noun for unit in book.tables["units"] for noun in unit["printed"].split(";") if noun)
    known = max((noun for noun in nouns if line.plain.startswith(noun, beside)), key=len, default="")
    unknown = _NOUN.match(line.plain, beside)
    for noun in [known] if known else [unknown[0], ""] if unknown else [""]:
        (start, stop), _ = with_hedges(line, numerals, beside + len(noun))
        span = start, max(stop, beside + len(noun))
        token = parse_token(line.text(span), book.lexicon)
        if not token.error:
            break
    return span, token


def _judged(line: Line, numeral: Span, span: Span, token: Token, book: Seeds) -> Candidate:
    """Where the numeral probably belongs; the person decides."""
    plain = line.plain
    if plain[: numeral[0]].endswith("第"):
        return _made(line, (numeral[0] - 1, span[1]), "exclusions", "ORDINAL")
    if _OUTLINE.fullmatch(plain[: numeral[0]]) and plain[numeral[1] : numeral[1] + 1] in "、.．)）】":
        return _made(line, numeral, "exclusions", "ORDINAL")
    if plain[slice(*numeral)] == "一" and token.value_qualifier == "EQ":
        return _made(line, span, "exclusions", "INDEFINITE?")
    if token.error:
        return _made(line, span, "", token.error)
    units = [unit for unit in book.tables["units"] if token.noun and token.noun in unit["printed"].split(";")]
    unit = units[0]["unit_measure"] if len(units) == 1 else ""
    relative = unit in RELATIVE_UNITS or token.form == "FRACTION"
    if relative and (fall := _FALL.search(plain, 0, span[0])):
        span = fall.start(), span[1]
        token = parse_token(line.text(span), book.lexicon)
    promised = bool(_PROMISE.search(_sentence(line, span)))
    counted = not relative and all(unit["kind"] == "COUNTED" for unit in units)
    goes_to = "commitments" if promised else "claims" if relative else "observations"
    ends = interval(token, book.policy, counted=counted, nominal=promised)
    remark = "" if unit or relative else "单位待定 · unit to be chosen"
    return _made(line, span, goes_to, remark, token, ends, unit)


def _made(
    line: Line,
    span: Span,
    goes_to: str,
    remark: str,
    read: Token | None = None,
    ends: Interval = _NO_INTERVAL,
    unit: str = "",
) -> Candidate:
    token = line.text(span)
    places = line.occurrences(token)
    nth = next((n for n, place in enumerate(places, 1) if place[0] == span[0]), 1)
    locator = f"{line.number}#{nth}" if len(places) > 1 else str(line.number)
    return Candidate(locator, token, goes_to, read, ends, unit, remark, _sentence(line, span))


def _sentence(line: Line, span: Span) -> str:
    start, end = line.to_print(span)
    before = max(line.printed.rfind(mark, 0, start) for mark in _SENTENCE_END) + 1
    ends = [place for mark in _SENTENCE_END if (place := line.printed.find(mark, end)) >= 0]
    return line.printed[before : min(ends, default=len(line.printed)) + 1].strip()


# --- files ---


def _write(folder: Path, schema: dict, candidates: tuple[Candidate, ...]) -> None:
    """The tables with their headers, and the draft; the folder appears as a whole."""
    new = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    for table in schema.values():
        if table.per_bulletin and not table.heads:  # a document is at hand: no record stands for it
            _csv(new / f"{table.name}.csv", [[field.name for field in table.fields]])
    _csv(new / DRAFT, [DRAFT_COLUMNS, *(candidate.cells() for candidate in candidates)])
    os.replace(new, folder)


def _csv(path: Path, rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _register(register: Path, source: dict[str, str]) -> None:
    """Add the row; what stands in the file stays byte for byte."""
    content = register.read_bytes()
    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig").splitlines()[0])))
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow([source.get(name.strip(), "") for name in header])
    new = register.with_suffix(".new")
    new.write_bytes(content + (b"" if content.endswith(b"\n") else b"\n") + row.getvalue().encode())
    os.replace(new, register)


def _stated(token: Token | None) -> tuple[str, str]:
    if token is None or token.v is None:
        return "", ""
    return f"{token.sign * token.v:f}", "" if token.v_to is None else f"{token.sign * token.v_to:f}"


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else f"{value.normalize():f}"


# --- screen ---


def run_new_bulletin(settings: Settings, document: Path, lines: str | None = None, **options) -> int:
    """Make the folder, show the draft with its sentences, and say what comes next. Returns the exit code.

    lines: "6-11"; options: those of `new_bulletin`, None where not given.
    """
    console = Console()
    given = {name: value for name, value in options.items() if value is not None}
    try:
        made = new_bulletin(document, settings.seeds, lines=_span(lines), **given)
    except (NewBulletinError, AuditError) as error:
        print(f"✗ {printable(str(error))}", file=sys.stderr)
        return 1
    _show(console, made)
    relative = made.folder.relative_to(settings.seeds)
    seeds = "" if settings.seeds == ROOT / "seeds" else f" --seeds {settings.seeds}"
    steps = (
        f"已建立 · made: {relative}/, {len(made.candidates)} 个候选 candidates in {DRAFT}",
        f"文首 · first lines: {' ¦ '.join(printable(line.strip())[:60] for line in made.first_lines)}",
        f"1. 补全 · complete in sources.csv: {', '.join(made.blank) or '–'}",
        f"2. 逐行判断并移入各表，然后删除 · judge each row, move it to its table, delete {relative}/{DRAFT}",
        f"3. tongcheng check{seeds}",
        f"4. tongcheng audit --source {made.source_id} --corpus {document.parent}{seeds}",
    )
    for step in steps:
        console.print(Text(step), soft_wrap=True) if console.is_terminal else print(step)
    return 0


def _span(lines: str | None) -> tuple[int, int] | None:
    if lines is None:
        return None
    match = re.fullmatch("([0-9]+)-([0-9]+)", lines)
    if not match:
        raise NewBulletinError(f"行范围写作 6-11 · lines are written like 6-11, not {lines}")
    return int(match[1]), int(match[2])


def _show(console: Console, made: NewBulletin) -> None:
    heads = (
        "位置 locator",
        "原文 token",
        "数值 value",
        "区间 interval",
        "单位 unit",
        "归入 goes to",
        "句子 sentence",
    )
    rows = [
        (
            each.locator,
            printable(each.token),
            " – ".join(filter(None, _stated(each.read))),
            "" if each.read is None else str(each.interval),
            each.unit_measure,
            " ".join(filter(None, (each.goes_to, each.remark))),
            printable(each.sentence),
        )
        for each in made.candidates
    ]
    if not console.is_terminal:
        for row in rows:
            print(" | ".join(row))
        return
    table = Table(*heads, title=made.source_id, title_justify="left", show_lines=True)
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    console.print(table)
