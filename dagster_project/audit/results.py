"""Runs the audit for a person, stores its result, and passes stored results on to the warehouse.

Here: the screen, the result files in build/audit and the rows of raw.source_audit. Contexts are for the
screen alone: what is kept holds counts, tokens and locators, no sentence. The audit: comparison.py.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from rich.table import Table
from rich.text import Text

from dagster_project.audit.comparison import KINDS, AuditError, DocumentAudit, Finding, SourceAudit, audit
from dagster_project.export_text import printable
from dagster_project.figures.bounds import Interval
from dagster_project.seeds.as_written import Seeds, UnreadableSeeds
from dagster_project.seeds.files import RECORD, REGISTER
from dagster_project.settings import DATABASE, Settings
from dagster_project.terminal import Screen

KEPT = 10  # results kept per document
COLUMNS = {
    "document": "varchar",
    "document_sha256": "varchar",
    "source_id": "varchar",
    "tokens": "bigint",
    "covered": "bigint",
    "missing": "bigint",
    "statements": "bigint",
    "told": "bigint",
    "wrong": "bigint",
    "audited_at": "timestamp",
    "seed_hash": "varchar",
    "status": "varchar",
}
_MARTS = {
    "observations": ("marts.fct_observation", "observation_id"),
    "claims": ("marts.fct_claim", "claim_id"),
    "commitments": ("marts.fct_commitment", "commitment_id || '@' || version"),
}


def run_audit(settings: Settings, corpus: Path, only: Collection[str] = ()) -> int:
    """Audit, show and keep. Returns the exit code: 0 complete, 1 for any miss.

    A source without a document is passed over and named. A document that sources.csv names by its sha256 and
    the folder lacks is a miss: whoever gives the folder means to have it all, and a mistyped sha256 looks
    just so. only: as in `audit`.
    """
    console = Screen()
    try:
        audits, note = audit_and_keep(settings, corpus, only)
    except (AuditError, UnreadableSeeds) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    show(console, audits)
    _say(console, note)
    absent = [each for each in audits if each.path is None]
    if absent:
        named = "; ".join(f"{each.document} ({each.document_sha256[:12]}…)" for each in absent)
        _say(
            console,
            f"✗ 目录中没有这些文档（按 sha256 查找）· not found in {corpus}, by sha256: {named}",
            "red",
        )
    sources = [source for each in audits for source in each.sources]
    missing, untold, wrong = (
        sum(len(getattr(s, kind)) for s in sources) for kind in ("missing", "untold", "wrong")
    )
    if not audits:
        _say(console, "没有可核对的文档 · no document to audit", "green")
        return 0
    if all(each.complete for each in audits):
        tokens, statements = (sum(getattr(s, kind) for s in sources) for kind in ("tokens", "statements"))
        _say(
            console,
            f"全部核对无误 · complete: {tokens} numerals and {statements} statements, 100 % covered, 0 wrong",
            "green",
        )
        return 0
    _say(
        console,
        f"未通过 · not complete: {missing} numerals and {untold} statements missing, {wrong} wrong",
        "red",
    )
    return 1


def audit_and_keep(
    settings: Settings, corpus: Path, only: Collection[str] = ()
) -> tuple[list[DocumentAudit], str]:
    """Audit and write the result files. Returns the audits, and in words what they were checked against."""
    seeds = Seeds(settings.seeds)
    files = (folder / DATABASE for folder in (settings.work, settings.public))
    built, note = built_intervals(files, seeds.seed_hash)
    audits = audit(seeds, corpus, built, only)
    keep(settings.audits, audits, seeds.seed_hash)
    return audits, "\n".join(filter(None, (note, passed_over(seeds, only))))


def passed_over(seeds: Seeds, only: Collection[str] = ()) -> str:
    """In words, how many sources have no document to be checked against; nothing where all have one."""
    without = {row["source_id"] for row in seeds.tables[REGISTER] if not row["document_sha256"]}
    without = without & set(only) if only else without
    if not without:
        return ""
    recorded = {file.source_id for file in seeds.files if file.seed_table == RECORD} & without
    cited = len(without) - len(recorded)
    return (
        f"略过 {len(without)} 个未持有原文的来源：{len(recorded)} 个有事实记录，{cited} 个仅有出处 · "
        f"passed over, as no document is held: {len(without)} sources, "
        f"{len(recorded)} with a fact record, {cited} cited only"
    )


def built_intervals(files: Iterable[Path], seed_hash: str) -> tuple[dict[tuple[str, str], Interval], str]:
    """Intervals by seed table and row id, of the first file built from these seeds; and which that was."""
    for file in files:
        if not file.exists():
            continue
        try:
            with duckdb.connect(str(file), read_only=True) as connection:
                found = connection.execute("select seed_hash, build_id from marts.build_info").fetchone()
                if found and found[0] == seed_hash:
                    intervals = {
                        (table, row_id): Interval(*ends)
                        for table, (mart, key) in _MARTS.items()
                        for row_id, *ends in connection.execute(
                            f"select {key}, lower_bound, lower_closed, upper_bound, upper_closed from {mart}"
                        ).fetchall()
                    }
                    return intervals, f"区间与构建核对 · intervals compared with build {found[1]}"
        except duckdb.Error:  # being built right now, or by another version: the next one may do
            continue
    return {}, (
        "区间未核对：没有由这些种子建成的文件 · intervals not compared: no file was built from these seeds "
        "(tongcheng build)"
    )


# --- kept results ---


def keep(folder: Path, audits: Iterable[DocumentAudit], seed_hash: str) -> None:
    """Write one file per document that was found, named by document and seed hash."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    folder.mkdir(parents=True, exist_ok=True)
    for each in audits:
        if each.path is None:
            continue
        content = {
            "document": each.document,
            "document_sha256": each.document_sha256,
            "seed_hash": seed_hash,
            "audited_at": now,
            "outside": each.outside,
            "sources": [_kept(source) for source in each.sources],
        }
        target = folder / f"{each.document_sha256}_{seed_hash}.json"
        draft = target.with_suffix(".new")
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(draft, target)
        results = sorted(folder.glob(f"{each.document_sha256}_*.json"), key=lambda file: file.stat().st_mtime)
        for old in results[:-KEPT]:
            old.unlink()


def _kept(source: SourceAudit) -> dict:
    return {
        "source_id": source.source_id,
        "tokens": source.tokens,
        "covered": source.covered,
        "by_kind": dict(source.by_kind),
        "intervals": source.intervals,
        "missing": [_plain(finding) for finding in source.missing],
        "statements": source.statements,
        "told": source.told,
        "untold": [_plain(finding) for finding in source.untold],
        "wrong": [_plain(finding) for finding in source.wrong],
    }


def _plain(finding: Finding) -> dict:
    return {"line": finding.line, "column": finding.column, "token": finding.token, "row": finding.row}


def latest_results(folder: Path, seeds: Path) -> list[dict]:
    """One row per registered source with the COLUMNS above: its audit on exactly these seeds, else NOT_RUN.

    A source without a document has none. An audit of other seeds proves nothing about these and is not shown.
    Raises UnreadableSeeds.
    """
    book = Seeds(seeds, [REGISTER])
    rows = []
    for source in book.tables[REGISTER]:
        if not source["document_sha256"]:
            continue
        identity = {name: source[name] for name in ("document", "document_sha256", "source_id")}
        file = folder / f"{source['document_sha256']}_{book.seed_hash}.json"
        rows.append({**dict.fromkeys(COLUMNS), **identity, **_read(file, source["source_id"])})
    return rows


def _read(file: Path, source_id: str) -> dict:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        found = next(source for source in content["sources"] if source["source_id"] == source_id)
        missing, untold, wrong = (len(found[kind]) for kind in ("missing", "untold", "wrong"))
        return {
            "tokens": found["tokens"],
            "covered": found["covered"],
            "missing": missing,
            "statements": found["statements"],
            "told": found["told"],
            "wrong": wrong,
            "audited_at": datetime.strptime(content["audited_at"], "%Y-%m-%dT%H:%M:%SZ"),
            "seed_hash": content["seed_hash"],
            "status": "INCOMPLETE" if missing or untold or wrong else "COMPLETE",
        }
    except (OSError, ValueError, KeyError, StopIteration):
        return {"status": "NOT_RUN"}


def write_table(connection: duckdb.DuckDBPyConnection, rows: Iterable[Mapping]) -> None:
    """Replace raw.source_audit by these rows."""
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    connection.execute("create schema if not exists raw")
    connection.execute(f"create or replace table raw.source_audit ({columns})")
    marks = ", ".join("?" * len(COLUMNS))
    for row in rows:
        values = [row[name] for name in COLUMNS]
        connection.execute(f"insert into raw.source_audit values ({marks})", values)


# --- screen ---

_HEADS = {
    "figure": "数值 figures",
    "date": "时间 dates",
    "exclusion": "排除 excluded",
    "name": "名称 names",
    "word": "词 words",
}


_MISSES = ("缺 missing", "误 wrong")


def show(console: Screen, audits: Iterable[DocumentAudit]) -> None:
    """A table per document and every miss with its context; plain lines where output is not a terminal."""
    for each in audits:
        if each.path is None:
            continue
        title = f"{each.document} ({each.document_sha256[:12]}…)"
        if console.is_terminal:
            console.print(_table(title, each))
        else:
            for source in each.sources:
                print(f"{title}: {_line(source)}")
        for source in each.sources:
            for label, findings in (
                ("缺 · missing", source.missing),
                ("缺 · unrecorded", source.untold),
                ("误 · wrong", source.wrong),
            ):
                for finding in findings:
                    _show_finding(console, label, finding)


def _table(title: str, document: DocumentAudit) -> Table:
    heads = (
        "来源 source",
        "行 lines",
        "数字 numerals",
        *_HEADS.values(),
        "覆盖 covered",
        "陈述 statements",
        "有据 recorded",
        *_MISSES,
    )
    lines = (head.replace(" ", "\n") for head in heads)
    table = Table(*lines, title=Text(printable(title)), caption=_outside(document), title_justify="left")
    for column in table.columns[2:]:
        column.justify = "right"
    for source in document.sources:
        kinds = ["转载 reprint", *[""] * (len(KINDS) - 1)] if source.reprint else _counts(source)
        cells = (
            source.source_id,
            f"{source.lines[0]}-{source.lines[1]}",
            str(source.tokens),
            *kinds,
            _share(source.covered, source.tokens),
            str(source.statements),
            _share(source.told, source.statements),
            str(len(source.missing) + len(source.untold)),
            str(len(source.wrong)),
        )
        style = "green" if source.complete else "red"
        table.add_row(
            *(Text(printable(cell), overflow="fold") for cell in cells[:-5]),
            *(Text(cell, style=style) for cell in cells[-5:]),
        )
    return table


def _counts(source: SourceAudit) -> list[str]:
    return [str(source.by_kind.get(kind, 0)) for kind in KINDS]


def _share(part: int, whole: int) -> str:
    """Per cent, rounded down: 100 % is all of them."""
    return f"{part * 1000 // whole / 10 if whole else 100:g} %"


def _outside(document: DocumentAudit) -> str:
    return f"来源行外另有 {document.outside} 个数字 · {document.outside} numerals on lines of no source"


def _line(source: SourceAudit) -> str:
    if source.reprint:
        kinds = "转载 reprint"
    else:
        kinds = ", ".join(f"{_HEADS[kind]} {source.by_kind.get(kind, 0)}" for kind in KINDS)
    return (
        f"{source.source_id}: 行 lines {source.lines[0]}-{source.lines[1]}: "
        f"数字 numerals {source.tokens}: {kinds}; 覆盖 covered {_share(source.covered, source.tokens)}; "
        f"陈述 statements {source.statements}: 排除 excluded {source.excluded}, "
        f"有据 recorded {_share(source.told, source.statements)}; "
        f"缺 missing {len(source.missing) + len(source.untold)}, 误 wrong {len(source.wrong)}"
    )


def _show_finding(console: Screen, label: str, finding: Finding) -> None:
    place = f"{finding.source_id}:{finding.line or '?'}:{finding.column or '-'}"
    before, token, after = (printable(part) for part in finding.context)
    shown = f"…{before}【{token}】{after}…" if token else printable(finding.token)
    row = f" ({finding.row})" if finding.row else ""
    _say(
        console,
        f"{label}: {place}: {printable(finding.token)}: {printable(finding.rule)}{printable(row)}: {shown}",
    )


def _say(console: Screen, text: str, style: str = "") -> None:
    if console.is_terminal:
        console.print(Text(text, style=style), soft_wrap=True)
    else:
        print(text)
