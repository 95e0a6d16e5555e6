"""What a row of a draft says beside its number: of what, where, when, and in which codes.

Proposals for a person, from the words around a numeral, the headings above it and the page's own title. Not
here: which numerals there are and what they state (draft.py), which words say which code (wording_codes.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from dagster_project.figures.bounds import interval
from dagster_project.figures.numerals import Line, Span
from dagster_project.figures.scale import on_scale
from dagster_project.seeds.as_written import Seeds
from dagster_project.seeds.beside_words import Beside
from dagster_project.seeds.draft import (
    FIGURE,
    NO_UNIT,
    START,
    Candidate,
    candidates,
    made_of,
    sentence_start,
)
from dagster_project.seeds.headings import above, is_heading, opens_list, section_rank, title
from dagster_project.seeds.periods import Period, full_dates, periods, told_ends, years
from dagster_project.seeds.wording_codes import (
    authority,
    claim_codes,
    event_codes,
    promise_codes,
)

Found = tuple[Candidate, Span]
_OF_LEVELS = ("RANK", "SHARE")
_CHANGES = ("PCT_CHANGE", "PP_CHANGE", "DOUBLED_N", "INCREASED_BY_TIMES", "INCREASED_TO_TIMES", "MULTIPLE_OF")
_SPANS = (None, "PERIOD_TOTAL", "RATE")  # what is of a period; other kinds are of its last day
_CLAUSE = re.compile("[，,。；;：:！!？?]")
_COMPARED = re.compile("[较比自从由与]$")
_NOW = re.compile("目前|现有|截至(?:今|发稿)|至今")
_DAY = re.compile("[日号]|([-/.])[0-9]{1,2}\\1")
_BEFORE = re.compile("[底末]?[之以]?前")  # 9月底前: by then, so still to come


def draft_of(lines: list[Line], book: Seeds, published: date) -> Iterator[Candidate]:
    """The candidates of all lines of a bulletin, in order."""
    page = Page(lines, book, published)
    for line in lines:
        yield from page.drafted(line)


def _prices(book: Seeds) -> dict[str, str]:
    """At which prices the growth of an indicator is told, if most rows agree: of GDP at constant ones."""
    told: dict[str, Counter[str]] = {}
    for row in book.tables["claims"]:
        if row["claim_type"] == "PCT_CHANGE":
            told.setdefault(row["indicator_id"], Counter())[row["price_basis"]] += 1
    most = {indicator: counts.most_common(1)[0] for indicator, counts in told.items()}
    return {code: basis for code, (basis, n) in most.items() if 2 * n > told[code].total()}


class Page:
    """A bulletin's lines, and what its title says of all of them: the area and the time."""

    def __init__(self, lines: list[Line], book: Seeds, published: date):
        self.lines, self.book, self.published = lines, book, published
        self.words = Beside(book)
        self.numbered: Mapping[int, Line] = {line.number: line for line in lines}
        self.prices = _prices(book)
        dated = (line.number for line in lines if published in full_dates(line.plain) and is_heading(line))
        self.dateline = next(dated, 0)
        head = title(self.numbered)
        self.title = head.plain if head else ""
        named = set(self.words.named(self.title))
        self.area = named.pop() if len(named) == 1 else ""

    def drafted(self, line: Line) -> Iterator[Candidate]:
        """The candidates of a line; what one says of another is known when all of them are."""
        found: list[Found] = []
        for candidate, span in candidates(line, self.book, self.published):
            found.append((self._row(candidate, span, line), span))
        for nth, (candidate, span) in enumerate(found):
            if candidate.goes_to == "claims":
                found[nth] = self._of_figure(candidate, nth, found, line), span
            elif candidate.goes_to == "events":
                found[nth] = self._day(candidate, span, found, line), span
        found += self._headings(line, [span for candidate, span in found if candidate.remark == "OUTLINE"])
        yield from (candidate for candidate, _ in sorted(found, key=lambda each: each[1]))

    def _headings(self, line: Line, outlines: list[Span]) -> Iterator[Found]:
        """What heads the page (发布), a section (运行) or points that it counts (要) states nothing."""
        if line.number <= self.dateline and is_heading(line):
            yield from self._no_statements(line, "PAGE_FURNITURE")
        elif section_rank(line) is not None or opens_list(line):
            yield from self._no_statements(line, "HEADING")
        for outline in outlines:
            yield from self._no_statements(line, "HEADING", outline)

    def _no_statements(self, line: Line, reason: str, within: Span | None = None) -> Iterator[Found]:
        """Of the clauses of a line, or the one around a place, the word that elsewhere states something."""
        words = sorted((row["word"] for row in self.book.tables["statement_words"]), key=len, reverse=True)
        clauses = set()
        for match in re.finditer("|".join(map(re.escape, words)) or "(?!)", line.plain):
            clause = len(_CLAUSE.findall(line.plain[: match.start()]))
            if within and clause != len(_CLAUSE.findall(line.plain[: within[0]])):
                continue
            if clause not in clauses:  # one word excludes the whole clause
                clauses.add(clause)
                yield made_of(line, match.span(), "exclusions", reason), match.span()

    def _row(self, candidate: Candidate, span: Span, line: Line) -> Candidate:
        if candidate.read is None or candidate.goes_to == "exclusions":
            return candidate
        about = self._about(candidate, span, line)
        if about.goes_to == "commitments":
            return self._promise(about, span, line)
        return self._figure(about, span, line) if about.goes_to == "observations" else about

    # --- of what, where ---

    def _about(self, candidate: Candidate, span: Span, line: Line) -> Candidate:
        told = candidate.read
        assert told
        noun, is_level = told.noun, candidate.goes_to != "claims"
        codes: dict[str, str] = {}
        if not is_level:
            clause = _CLAUSE.split(line.plain[: span[0]])[-1] + line.plain[slice(*span)]
            codes = claim_codes(told, clause, candidate.unit_measure)
            # Where the share is itself what is measured (城镇化率), it is a figure of its own.
            rate = self.words.indicator(line, span, noun, is_level=True)
            if rate and codes["claim_type"] in ("", "SHARE") and self.words.unit(rate, noun):
                candidate, codes, is_level = replace(candidate, goes_to="observations"), {}, True
        if codes and (read := on_scale(told, codes["claim_type"])) is not told:
            candidate = replace(candidate, read=read, interval=interval(read, self.book.policy, False))
        area = self.words.area(self.lines, line, span, self.area)
        indicator = self.words.indicator(line, span, noun, is_level, area)
        if not indicator and candidate.goes_to == "commitments":  # 预期增长6.5%
            indicator = self.words.indicator(line, span, noun, False, area)
        unit = candidate.unit_measure or (self.words.unit(indicator, noun) if is_level else "")
        return replace(
            candidate,
            indicator_id=indicator,
            ref_area=area,
            unit_measure=unit,
            remark="" if unit and candidate.remark == NO_UNIT else candidate.remark,
            codes=codes,
        )

    def _of_figure(self, claim: Candidate, nth: int, found: list[Found], line: Line) -> Candidate:
        """A change, rank or share is of the figure before it in its sentence; 分别 deals several changes out.

        What a change is compared with is what the one before it in its line is, unless its clause says.
        """
        kind = claim.codes.get("claim_type")
        if kind not in (*_CHANGES, *_OF_LEVELS):
            return claim
        if kind == "PCT_CHANGE" and not claim.codes.get("comparison"):
            compared = [f.codes for f, _ in found[:nth] if f.codes.get("comparison") == "YOY"]
            claim = replace(claim, codes={**claim.codes, **_base(compared[-1])}) if compared else claim
        start = sentence_start(line.plain, found[nth][1][0])
        levels = [f for f in found[:nth] if f[0].goes_to == "observations" and f[1][0] >= start]
        if not levels:
            return claim
        dealt = line.plain.find("分别", levels[-1][1][1], found[nth][1][0])
        changes = [f for f in found if f[0].goes_to == "claims" and f[1][0] > dealt >= 0]
        changes = [f for f in changes if f[0].codes.get("claim_type") in _CHANGES]
        changes = [f for f in changes if sentence_start(line.plain, f[1][0]) == start]
        of, span = levels[-1]
        between = line.plain[span[1] : found[nth][1][0]]
        if kind == "SHARE":  # behind 占 stands the whole
            between = between.partition("占")[0]
        if kind in _CHANGES and 1 < len(changes) <= len(levels):
            of, _ = levels[-len(changes) :][changes.index(found[nth])]
        elif self.words.indicator_in(between) or "其中" in between:
            return claim  # it has a word of its own
        # What it is about is the figure's to say, also when a person corrects that.
        codes = {**claim.codes, FIGURE: of.token}
        if codes["claim_type"] == "PCT_CHANGE":
            codes["price_basis"] = self.prices.get(of.indicator_id, "")
        return replace(claim, indicator_id="", ref_area="", codes=codes)

    # --- when ---

    def _figure(self, figure: Candidate, span: Span, line: Line) -> Candidate:
        """With its time, from its sentence or a heading above it, and whether it is final."""
        start, end, text = figure.time
        before = line.plain[: span[0]]
        said = before[sentence_start(before, span[0]) :]
        if figure.remark == START:
            end, said = "", re.split("[由从]", said)[-1]
        told = self._told(said)
        if not (told or end) and not _NOW.search(re.split("[。！？!?]", before)[-1]):
            told = next(filter(None, (self._told(head.plain) for head in above(line, self.numbered))), None)
        if told and not end:
            start, end, text = told
        # What has added up by a day, or is at it, has no first day.
        flow = self.words.indicators.get(figure.indicator_id, {}).get("stock_flow")
        time = start if flow in _SPANS else "", end, text
        return replace(figure, time=time, codes={"obs_status": self._certainty(span, line)})

    def _told(self, text: str) -> tuple[str, str, str] | None:
        """The day up to which a text counts, else the last period that it names and compares with nothing."""
        ends = told_ends(text, self.published)
        if ends := [each for each in ends if not _COMPARED.search(text[: each[0][0]])]:
            span, end = ends[-1]
            return "", end.isoformat(), text[slice(*span)]
        named: list[Period] = [*years(text, self.published), *periods(text, self.published)]
        own = [period for period in named if not _COMPARED.search(text[: period.span[0]])]
        if not own:
            return None
        last = max(own, key=lambda period: period.span)
        return last.first.isoformat(), last.last.isoformat(), text[slice(*last.span)]

    def _certainty(self, span: Span, line: Line) -> str:
        """The status that the words of a figure's clause say: 预计, 初步核算; blank for none."""
        clause = _CLAUSE.split(line.plain[: span[0]])[-1]
        said = {
            row["code"]
            for row in self.book.tables["code_words"]
            if row["code_list"] == "OBS_STATUS" and row["says"] == "true" and row["word"] in clause
        }
        return said.pop() if len(said) == 1 else ""

    def _day(self, dated: Candidate, span: Span, found: list[Found], line: Line) -> Candidate:
        """A date that is the page's own, or says when the figures beside it hold, is no event."""
        start = sentence_start(line.plain, span[0])
        if self.published in full_dates(dated.token):
            return replace(dated, goes_to="exclusions", remark="DATE")
        if not _DAY.search(dated.token):
            counted = any(
                each.read and each.goes_to != "exclusions" and sentence_start(line.plain, place[0]) == start
                for each, place in found
            )
            if counted or is_heading(line):
                return replace(dated, goes_to="exclusions", remark="PERIOD")
        told = re.split("[。！？!?；;]", line.plain[span[1] :])[0]
        due = promise_codes(line.plain[start : span[1]] + told, self.published)
        named = due["modality"] and due["due_date"][:4] in re.findall("[0-9]{4}", dated.token)
        if named or (due["due_date"] and _BEFORE.match(told)):
            # 确保2024年建成通车, 9月底前召开: a promise without a number
            codes = {**due, "commitment_type": "MILESTONE", "accounting": "AT_DATE"}
            codes["modality"] = due["modality"] or "WILL"
            codes["authority"] = authority(self.title)
            area = self.words.area(self.lines, line, span, self.area)
            dated = replace(dated, goes_to="commitments", ref_area=area)
        elif any(year.first > self.published for year in years(dated.token, self.published)):
            return replace(dated, goes_to="exclusions", remark="PERIOD")
        else:
            codes = event_codes(told, self.book.tables["code_words"])
            areas = ";".join(dict.fromkeys(self.words.named(told, self.area)))
            dated = replace(dated, ref_area=areas or self.area)
        return replace(dated, codes={**codes, "domain_id": self.words.domain(told)})

    # --- promises ---

    def _promise(self, promise: Candidate, span: Span, line: Line) -> Candidate:
        sentence = line.plain[sentence_start(line.plain, span[0]) : span[0]]
        codes = promise_codes(sentence, self.published)
        if self._certainty(span, line) and not codes["modality"]:  # a forecast promises nothing
            return self._figure(replace(promise, goes_to="observations"), span, line)
        codes["authority"] = authority(self.title)
        return replace(promise, codes=codes, time=("", "", ""))


def _base(codes: Mapping[str, str]) -> dict[str, str]:
    """What a change is compared with."""
    return {column: codes[column] for column in ("comparison", "base_text") if column in codes}
