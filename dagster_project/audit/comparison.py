"""Checks the seeds against the documents: is every figure right, every numeral and statement accounted for?

Here: the comparison and its findings. Not here: the seeds as written (seeds/as_written.py), what the words
around a row say of it (wording.py), which clauses state something (statements.py), where numerals stand, what
a token means and the interval it allows (figures/), how findings are shown and kept (results.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from dagster_project.audit.row_rules import (
    OF_NUMERALS,
    differs,
    is_credible,
    is_time,
    not_for_that_reason,
    stated_number,
    wrong_date,
)
from dagster_project.audit.statements import Clause, Statements
from dagster_project.audit.wording import Reader, Words
from dagster_project.figures.bounds import Interval, interval
from dagster_project.figures.grammar import simplify
from dagster_project.figures.lexicon import Lexicon
from dagster_project.figures.numerals import Line, Span, read_lines, with_hedges
from dagster_project.figures.scale import on_scale
from dagster_project.figures.tokens import Token, parse_token
from dagster_project.files import sha256
from dagster_project.seeds.as_written import Row, Seeds, line_range
from dagster_project.seeds.headings import above, opens_list, section_rank

# table: columns of the row's name, of its token and of its number
FIGURES = {
    "observations": ("observation_id", "value_text", "obs_value"),
    "claims": ("claim_id", "value_text", "factor"),
    "commitments": ("commitment_id", "value_text", "target_value"),
}
WORDINGS = {"observations": "time_text", "claims": "base_text", "events": "date_text"}
TIMES = {
    "observations": ("time_period_start", "time_period_end"),
    "claims": ("base_period_start", "base_period_end"),
    "events": ("date_start", "date_end"),
}
PLACED = {
    **{table: columns[0] for table, columns in FIGURES.items()},
    "events": "event_id",
    "initiatives": "initiative_id",
    "assessments": "assessment_id",
}
# Tables whose rows record a statement: an initiative is a name, what is said of it is a promise or an event.
TELLING = [*(table for table in PLACED if table != "initiatives"), "outcomes"]
KINDS = ("figure", "date", "exclusion", "name", "word")  # what may account for a numeral
CHANGES = {"PCT_CHANGE", "PP_CHANGE"}  # claims whose direction is part of the figure
# One printed number may be a figure of several places only where the wording deals it out.
_DEALT_OUT = re.compile("[各均皆都]|分别")
_PLACE = re.compile(r"([1-9][0-9]*)(?:#([1-9][0-9]*))?")
_LARGEST_DOCUMENT = 50_000_000


@dataclass(frozen=True)
class Finding:
    """One miss. `row` names the seed row at fault: table file:line id. `context` is for the screen alone."""

    source_id: str
    line: int | None
    column: int | None
    token: str
    rule: str
    row: str = ""
    context: tuple[str, str, str] = field(default=("", "", ""), repr=False, compare=False)


@dataclass(frozen=True)
class SourceAudit:
    """What was found of one bulletin.

    `tokens` numerals, each accounted for by one of KINDS or missing; `statements` clauses that state
    something, each recorded, excluded or among the untold.
    """

    source_id: str
    lines: tuple[int, int]
    tokens: int
    by_kind: Mapping[str, int]
    missing: tuple[Finding, ...]
    wrong: tuple[Finding, ...]
    statements: int = 0
    excluded: int = 0
    untold: tuple[Finding, ...] = ()
    intervals: int = 0
    reprint: bool = False

    @property
    def covered(self) -> int:
        """Numerals that are accounted for."""
        return self.tokens - len(self.missing)

    @property
    def told(self) -> int:
        """Statements that are accounted for."""
        return self.statements - len(self.untold)

    @property
    def complete(self) -> bool:
        """Nothing missing, unrecorded or wrong."""
        return not (self.missing or self.untold or self.wrong)


@dataclass(frozen=True)
class DocumentAudit:
    """One document; `path` None where the folder lacks it. `outside`: numerals on lines of no bulletin."""

    document: str
    document_sha256: str
    path: Path | None
    sources: tuple[SourceAudit, ...] = ()
    outside: int = 0

    @property
    def complete(self) -> bool:
        """Found, and every bulletin in it complete."""
        return self.path is not None and all(source.complete for source in self.sources)


# --- documents ---


class AuditError(RuntimeError):
    """Nothing can be audited; the message says why, 中文 · English."""


def audit(
    seeds: Path | Seeds,
    corpus: Path,
    warehouse: Mapping[tuple[str, str], Interval] | None = None,
    only: Collection[str] = (),
) -> list[DocumentAudit]:
    """Audit every document that sources.csv names, in its order; a source without one is passed over.

    seeds: the folder, or what was read from it; corpus: folder of the documents, found by sha256 under any
    name; warehouse: intervals of a built file, from `results.built_intervals`, to be compared too;
    only: source ids whose documents alone are audited, each document as a whole.
    Raises AuditError where there is no folder or no such source is registered, UnreadableSeeds.
    """
    seeds = seeds if isinstance(seeds, Seeds) else Seeds(seeds)
    if not corpus.is_dir():
        raise AuditError(f"没有文档目录 · no such folder: {corpus}")
    registered: dict[str, list[Row]] = {}
    for row in seeds.tables["sources"]:
        if row["document_sha256"]:
            registered.setdefault(row["document_sha256"], []).append(row)
    if not seeds.tables["sources"]:
        raise AuditError("来源表为空 · sources.csv lists no source")
    if unknown := set(only) - {row["source_id"] for row in seeds.tables["sources"]}:
        raise AuditError(f"来源表中没有 · not in sources.csv: {', '.join(sorted(unknown))}")
    files = (path for path in sorted(corpus.iterdir()) if path.is_file())
    found = {sha256(path): path for path in files if path.stat().st_size <= _LARGEST_DOCUMENT}
    lines = {digest: _lines(found[digest], seeds.lexicon) for digest in registered if digest in found}
    of_source, words = {}, Words(seeds)
    for row in (row for digest in lines for row in registered[digest]):
        whole = lines[row["document_sha256"]]
        first, last = line_range(row, len(whole))
        of_source[row["source_id"]] = whole[first - 1 : last]
    audits = []
    for digest, rows in registered.items():
        if only and not any(row["source_id"] in only for row in rows):
            continue
        name, path = rows[0]["document"], found.get(digest)
        if path is None:
            audits.append(DocumentAudit(name, digest, None))
            continue
        sources = tuple(_source(words, row, of_source, warehouse or {}) for row in rows)
        inside = {line.number for row in rows for line in of_source[row["source_id"]]}
        outside = sum(len(line.numerals) for line in lines[digest] if line.number not in inside)
        audits.append(DocumentAudit(name, digest, path, sources, outside))
    return audits


def _lines(path: Path, lexicon: Lexicon) -> list[Line]:
    try:
        return read_lines(path.read_text(encoding="utf-8-sig"), lexicon)
    except UnicodeError as error:
        raise AuditError(f"文档不是 UTF-8 · the document is not UTF-8: {path.name}: {error}") from error


def _source(words: Words, row: Row, lines: Mapping[str, list[Line]], warehouse: Mapping) -> SourceAudit:
    bulletin = _Bulletin(words, row, lines[row["source_id"]], warehouse)
    if row["primary_source_id"]:
        return bulletin.as_reprint(lines.get(row["primary_source_id"], []))
    return bulletin.run()


# --- one bulletin ---


@dataclass(frozen=True)
class _Mark:
    """A seed row's token at its place in a line."""

    table: str
    row: Row
    span: Span

    @property
    def name(self) -> str:
        column = PLACED.get(self.table)
        return f"{self.table} {self.row['_place']} {self.row[column] if column else ''}".rstrip()


class _Bulletin:
    def __init__(self, words: Words, source: Row, lines: list[Line], warehouse: Mapping):
        self.seeds, self.source_id, self.warehouse = words.seeds, source["source_id"], warehouse
        self.lines = {line.number: line for line in lines}
        self.reader = Reader(words, source, self.lines)
        self.clauses = {line.number: list(words.statements.clauses(line)) for line in lines}
        self.words = words
        self.excluded: dict[Clause, _Mark] = {}
        self.wrong: list[Finding] = []
        self.figures: dict[int, list[_Mark]] = {}
        self.exclusions: dict[int, list[_Mark]] = {}
        self.wordings: dict[int, list[_Mark]] = {}
        self.stated: set[tuple[Decimal, Decimal | None]] = set()
        self.intervals = 0

    def run(self) -> SourceAudit:
        for table, (_, text, number) in FIGURES.items():
            for row in self.seeds.of(table, self.source_id):
                if row[text]:
                    self._figure(table, row, text, number)
                else:
                    self._line_of(table, row, "")
        for row in self.seeds.of("exclusions", self.source_id):
            self._exclusion(row)
        for table, column in WORDINGS.items():
            for row in self.seeds.of(table, self.source_id):
                self._wording(table, row, column)
        for table in ("initiatives", "assessments", "outcomes"):
            for row in self.seeds.of(table, self.source_id):
                self._line_of(table, row, "")
        self._words()
        counts: Counter[str] = Counter()
        missing = []
        for line in self.lines.values():
            self._doubles(line)
            names = self._names_in(line)
            for numeral in line.numerals:
                kind = self._kind(line, numeral, names)
                if kind:
                    counts[kind] += 1
                else:
                    rule = "未收录也未排除 · neither recorded nor excluded"
                    missing.append(self._at(line, numeral, line.text(numeral), rule))
        return self._result(counts, missing, self._untold())

    def as_reprint(self, primary: list[Line]) -> SourceAudit:
        """A reprint has no rows of its own: its lines must be in the first printing, whole or as parts."""
        text = "".join(line.plain for line in primary)
        counts, missing, untold = Counter[str](), list[Finding](), list[Finding]()
        for line in self.lines.values():
            if line.plain in text:
                counts["reprint"] += len(line.numerals)
                continue
            rule = "首次刊出中没有此行 · the first printing has no such line"
            missing += [self._at(line, numeral, line.text(numeral), rule) for numeral in line.numerals]
            untold += [self._at(line, c.first, line.text(c.first), rule) for c in self.clauses[line.number]]
        return self._result(counts, missing, untold, reprint=True)

    def _result(
        self, counts: Counter[str], missing: list[Finding], untold: list[Finding], reprint: bool = False
    ) -> SourceAudit:
        order = (min(self.lines, default=1), max(self.lines, default=0))
        register = {"_place": self.reader.source["_place"], "locator": ""}
        for rule in self.reader.of_source():
            self._wrong(None, _Mark("sources", register, (0, 0)), self.source_id, rule)
        wrong = sorted(self.wrong, key=lambda finding: (finding.line or 0, finding.column or 0))
        tokens = counts.total() + len(missing)
        kinds = dict(counts)
        return SourceAudit(
            self.source_id,
            order,
            tokens,
            kinds,
            tuple(missing),
            tuple(wrong),
            statements=sum(len(clauses) for clauses in self.clauses.values()),
            excluded=len(self.excluded),
            untold=tuple(untold),
            intervals=self.intervals,
            reprint=reprint,
        )

    # --- rows at their places ---

    def _line_of(self, table: str, row: Row, token: str) -> tuple[Line | None, int | None]:
        """The line that a locator names, and the occurrence; what names none is wrong."""
        match = _PLACE.fullmatch(row["locator"])
        line = self._is_line(row)
        if line is None:
            rule = f"位置不在本来源行内 · the locator is not a line of this source: {row['locator']!r}"
            self._wrong(None, _Mark(table, row, (0, 0)), token, rule)
        return line, int(match[2]) if match and match[2] else None

    def _is_line(self, row: Row) -> Line | None:
        match = _PLACE.fullmatch(row["locator"])
        return self.lines.get(int(match[1])) if match else None

    def _stand(self, table: str, row: Row, token: str, own: bool = True) -> tuple[Line, list[_Mark]] | None:
        """The token's places: one where #n or the line decides, else all; a finding where there is none."""
        line, nth = self._line_of(table, row, token)
        if line is None or not token:
            return None
        spans = line.occurrences(token)
        if nth and own:
            spans = spans[nth - 1 : nth]
        elif len(spans) > 1:  # 5个 is not printed in 15个
            spans = [span for span in spans if not line.cut_by(span)] or spans
        if not spans:
            rule = "此处没有这个写法 · not printed at its locator"
            self._wrong(line, _Mark(table, row, (0, 0)), token, rule)
            return None
        return line, [_Mark(table, row, span) for span in spans]

    def _one(self, table: str, row: Row, token: str) -> tuple[Line, _Mark] | None:
        found = self._stand(table, row, token)
        if not found:
            return None
        line, marks = found
        if len(marks) > 1:
            rule = f"该行有 {len(marks)} 处，位置须加 #n · printed {len(marks)} times in the line: add #n"
            self._wrong(line, marks[0], token, rule)
            return None
        if cut := line.cut_by(marks[0].span):
            rule = f"只取了数字的一部分 · only part of the numeral {line.text(cut)}"
            self._wrong(line, marks[0], token, rule)
        return line, marks[0]

    def _figure(self, table: str, row: Row, text: str, number: str) -> None:
        printed = row[text]
        token = parse_token(printed, self.seeds.lexicon)
        vague = token.value_qualifier == "VAGUE"
        if token.v is not None:
            self.stated.add((token.v, token.v_to))
        if table == "claims":
            token = on_scale(token, row["claim_type"])
            stated = stated_number(token)
            if not row[number] and stated is not None:  # blank means derived
                row = {**row, number: f"{stated:f}"}
        line, mark = self._one(table, row, printed) or (None, _Mark(table, row, (0, 0)))
        if line:
            self.figures.setdefault(line.number, []).append(mark)
            self._wording_of_figure(line, mark, token, printed)
        if token.error and not vague:
            self._wrong(line, mark, printed, token.error)
            return
        if problem := differs(row[number], stated_number(token)):
            self._wrong(line, mark, printed, f"{number}: {problem}")
        self._interval(table, row, line, mark, printed, token)

    def _wording_of_figure(self, line: Line, mark: _Mark, token: Token, printed: str) -> None:
        """The token must be the longest one: with its hedges, and where it is a change with its direction."""
        numerals = line.inside(mark.span)
        if not numerals:
            if token.value_qualifier != "VAGUE":
                self._wrong(line, mark, printed, "没有数字 · no numeral in it")
            return
        if token.form != "ORDINAL" and line.plain[: numerals[0][0]].endswith("第"):
            self._wrong(line, mark, printed, "序数，不是数值 · an ordinal, not a value")
        (start, end), sign = with_hedges(line, numerals, mark.span[1])
        if start < mark.span[0] or end > mark.span[1]:
            whole = line.text((min(start, mark.span[0]), max(end, mark.span[1])))
            self._wrong(line, mark, printed, f"漏了限定词，原文为 {whole} · hedge dropped, printed: {whole}")
        if mark.row.get("claim_type") in CHANGES and sign != token.sign:
            self._wrong(line, mark, printed, "漏了升降方向 · the direction of the change is left out")

    def _exclusion(self, row: Row) -> None:
        found = self._one("exclusions", row, row["token"])
        if not found:
            return
        line, mark = found
        numerals = [line.plain[slice(*numeral)] for numeral in line.inside(mark.span)]
        if not numerals:
            clause = next((c for c in self.clauses[line.number] if c.states_by(mark.span)), None)
            if clause in self.excluded:
                self._wrong(line, mark, row["token"], "该分句已排除 · the clause is excluded already")
            elif clause:
                self.excluded[clause] = mark
            else:
                rule = "没有数字或陈述可排除 · no numeral or statement to exclude"
                self._wrong(line, mark, row["token"], rule)
            return
        self.exclusions.setdefault(line.number, []).append(mark)
        token, plain = parse_token(row["token"], self.seeds.lexicon), simplify(row["token"])
        units = self.seeds.tables["units"]
        withdrawn = self.reader.withdraws(line, mark.span)

        def holds(reason: str) -> bool:
            return is_credible(reason, plain, numerals, token, self.stated, units, withdrawn)

        if not holds(row["reason"]):
            others = [reason for reason in OF_NUMERALS if holds(reason)]
            self._wrong(line, mark, row["token"], not_for_that_reason(row["reason"], others))

    def _wording(self, table: str, row: Row, column: str) -> None:
        """The document's own words for a date, a period or a base; they may stand for several rows.

        The locator of a figure is its token's: its other words stand anywhere in that line, or in a heading
        above it.
        """
        own = self._is_line(row)
        if table != "events" and not (row[column] and own):
            return
        headings = above(own, self.lines) if own else ()
        place = next((h for h in (own, *headings) if h and row[column] and h.occurrences(row[column])), own)
        if place and place is not own:
            row = {**row, "locator": str(place.number)}
        found = self._stand(table, row, row[column], own=table == "events" and place is own)
        if not found:
            return
        line, marks = found
        self.wordings.setdefault(line.number, []).extend(marks)
        plain = simplify(row[column])
        if line.inside(marks[0].span) and not is_time(plain):
            self._wrong(line, marks[0], row[column], f"{column}: 不是时间 · neither a date nor a period")
        ends = TIMES.get(table)
        if ends and (problem := wrong_date(plain, (row[end] for end in ends))):
            self._wrong(line, marks[0], row[column], f"{column}: {problem}")

    def _words(self) -> None:
        """What each row says in codes and in our words, against the words printed where it stands."""
        figures = {mark.row["_place"]: mark for marks in self.figures.values() for mark in marks}
        for table in PLACED:
            for row in self.seeds.of(table, self.source_id):
                line, mark = self._is_line(row), figures.get(row["_place"])
                if line is None or (row.get("value_text") and not mark):
                    continue  # said already
                for rule in self.reader.misses(table, row, line, mark.span if mark else None):
                    token = row.get("value_text") or row[PLACED[table]]
                    self._wrong(line, mark or _Mark(table, row, (0, 0)), token, rule)
        for number, marks in self.figures.items():
            told = sorted((m.span, m.row["_place"], m.row) for m in marks if m.table == "observations")
            line, placed = self.lines[number], [(row, span) for span, _, row in told]
            for row, span, rule in self.reader.tied(placed, line):
                self._wrong(line, _Mark("observations", row, span), row["value_text"], rule)

    # --- statements ---

    def _untold(self) -> list[Finding]:
        """Clauses that state something, of which no row and no exclusion speaks."""
        rows: dict[int, list[Row]] = {}
        for table in TELLING:
            for row in self.seeds.of(table, self.source_id):
                if line := self._is_line(row):
                    rows.setdefault(line.number, []).append(row)
        figures = {number: [mark.span for mark in marks] for number, marks in self.figures.items()}
        places = {name for names in self.words.places.values() for name in names}
        statements = Statements(self.clauses, self.words.called, rows, figures, places)
        for clause, mark in self.excluded.items():
            heads = self._heads(clause)
            if rule := statements.wrong_exclusion(clause, mark.row["reason"], heads):
                self._wrong(clause.line, mark, mark.row["token"], rule)
        rule = "陈述未收录也未排除 · a statement neither recorded nor excluded"
        return [
            self._at(clause.line, clause.first, clause.line.text(clause.first), rule)
            for clause in statements.untold()
            if clause not in self.excluded
        ]

    def _heads(self, clause: Clause) -> bool:
        """Whether a clause says no more than what follows: of a list or section, or it counts the points."""
        counts = (
            mark.span
            for mark in self.exclusions.get(clause.line.number, ())
            if mark.row["reason"] == "OUTLINE"
        )
        is_head = opens_list(clause.line) or section_rank(clause.line) is not None
        return is_head or any(_holds(clause.span, span) for span in counts)

    # --- numerals ---

    def _kind(self, line: Line, numeral: Span, names: list[tuple[Span, str]]) -> str | None:
        """What accounts for a numeral; a recorded figure goes before everything else."""
        for kind, marks in (
            ("figure", self.figures),
            ("exclusion", self.exclusions),
            ("date", self.wordings),
        ):
            if any(_holds(mark.span, numeral) for mark in marks.get(line.number, ())):
                return kind
        return next((kind for span, kind in names if _holds(span, numeral)), None)

    def _names_in(self, line: Line) -> list[tuple[Span, str]]:
        """Places of names and words whose numeral is no figure, the longest first."""
        there = ((name, kind) for name, kind in self.seeds.names.items() if name in line.plain)
        return [(m.span(), kind) for name, kind in there for m in re.finditer(re.escape(name), line.plain)]

    def _doubles(self, line: Line) -> None:
        """A numeral is one figure, or one exclusion, and not both."""
        figures = self.figures.get(line.number, [])
        for index, mark in enumerate(figures):
            other = next((o for o in figures[:index] if self._share(line, o, mark)), None)
            if other:
                rule = f"同一个数字记了两次 · recorded twice, also as {other.name}"
                self._wrong(line, mark, line.text(mark.span), rule)
        exclusions = self.exclusions.get(line.number, [])
        for index, mark in enumerate(exclusions):
            other = next((o for o in [*figures, *exclusions[:index]] if _same(line, o, mark)), None)
            if other:
                rule = f"既排除又收录，或排除了两次 · excluded, and also {other.name}"
                self._wrong(line, mark, line.text(mark.span), rule)

    def _share(self, line: Line, one: _Mark, other: _Mark) -> bool:
        """Whether two figures take the same numeral, other than one number dealt out to several places."""
        if not _same(line, one, other):
            return False
        places = [(mark.row["ref_area"], mark.row.get("breakdown")) for mark in (one, other)]
        dealt = _DEALT_OUT.search(line.plain, max(0, one.span[0] - 12), one.span[0])
        return not (dealt and one.table == other.table and places[0] != places[1])

    # --- intervals ---

    def _interval(
        self, table: str, row: Row, line: Line | None, mark: _Mark, printed: str, token: Token
    ) -> None:
        """The interval of the built warehouse against the one computed here."""
        key = (table, row[FIGURES[table][0]] + (f"@{row['version']}" if table == "commitments" else ""))
        built = self.warehouse.get(key)
        if built is None:
            return
        self.intervals += 1
        own = interval(token, self.seeds.policy, **self.seeds.limits(table, row))
        if own != built:
            self._wrong(
                line, mark, printed, f"区间应为 {own}，库中为 {built} · interval: {own}, warehouse {built}"
            )

    # --- findings ---

    def _at(self, line: Line, span: Span, token: str, rule: str, row: str = "") -> Finding:
        column = line.to_print(span)[0] + 1
        return Finding(self.source_id, line.number, column, token, rule, row, line.around(span))

    def _wrong(self, line: Line | None, mark: _Mark, token: str, rule: str) -> None:
        if line and mark.span != (0, 0):
            self.wrong.append(self._at(line, mark.span, token, rule, mark.name))
            return
        match = _PLACE.match(mark.row["locator"])
        number = int(match[1]) if match else None
        self.wrong.append(Finding(self.source_id, number, None, token, rule, mark.name))


def _holds(outer: Span, inner: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _same(line: Line, one: _Mark, other: _Mark) -> bool:
    """Whether two rows take a numeral in common; words without one (若干) are compared by place."""
    return one.span == other.span or not set(line.inside(one.span)).isdisjoint(line.inside(other.span))
