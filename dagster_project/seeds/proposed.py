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

from dagster_project.figures.numerals import Line, Span
from dagster_project.seeds.as_written import Seeds
from dagster_project.seeds.beside_words import Beside
from dagster_project.seeds.draft import FIGURE, NO_UNIT, Candidate, candidates, made_of, sentence_start
from dagster_project.seeds.headings import above, is_heading, title
from dagster_project.seeds.periods import Period, full_dates, periods, told_ends, years
from dagster_project.seeds.wording_codes import (
    authority,
    claim_codes,
    event_codes,
    promise_codes,
)

Found = tuple[Candidate, Span]
_CHANGES = ("PCT_CHANGE", "PP_CHANGE", "DOUBLED_N", "INCREASED_BY_TIMES", "INCREASED_TO_TIMES", "MULTIPLE_OF")
_SPANS = (None, "PERIOD_TOTAL", "RATE")  # what is of a period; other kinds are of its last day
_CLAUSE = re.compile("[，,。；;：:！!？?]")
_COMPARED = re.compile("[较比自从由与]$")
_NOW = re.compile("目前|现有|截至(?:今|发稿)|至今")
_DAY = re.compile("[日号]|([-/.])[0-9]{1,2}\\1")


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
        if self.published in full_dates(line.plain) and is_heading(line):
            found += self._furniture(line)
        yield from (candidate for candidate, _ in sorted(found, key=lambda each: each[1]))

    def _furniture(self, line: Line) -> Iterator[Found]:
        """Of the line of the page's day the words that elsewhere would state something: 发布."""
        words = sorted((row["word"] for row in self.book.tables["statement_words"]), key=len, reverse=True)
        clauses = set()
        for match in re.finditer("|".join(map(re.escape, words)) or "(?!)", line.plain):
            clause = len(_CLAUSE.findall(line.plain[: match.start()]))
            if clause not in clauses:  # one word excludes the whole clause
                clauses.add(clause)
                yield made_of(line, match.span(), "exclusions", "PAGE_FURNITURE"), match.span()

    def _row(self, candidate: Candidate, span: Span, line: Line) -> Candidate:
        if candidate.read is None or candidate.goes_to == "exclusions":
            return candidate
        about = self._about(candidate, span, line)
        if about.goes_to == "commitments":
            return self._promise(about, span, line)
        return self._figure(about, span, line) if about.goes_to == "observations" else about

    # --- of what, where ---

    def _about(self, candidate: Candidate, span: Span, line: Line) -> Candidate:
        assert candidate.read
        noun, is_level = candidate.read.noun, candidate.goes_to != "claims"
        codes: dict[str, str] = {}
        if not is_level:
            clause = _CLAUSE.split(line.plain[: span[0]])[-1] + line.plain[slice(*span)]
            codes = claim_codes(candidate.read, clause, candidate.unit_measure)
            # Where the share is itself what is measured (城镇化率), it is a figure of its own.
            rate = self.words.indicator(line, span, noun, is_level=True)
            if rate and codes["claim_type"] in ("", "SHARE") and self.words.unit(rate, noun):
                candidate, codes, is_level = replace(candidate, goes_to="observations"), {}, True
        indicator = self.words.indicator(line, span, noun, is_level)
        unit = candidate.unit_measure or (self.words.unit(indicator, noun) if is_level else "")
        return replace(
            candidate,
            indicator_id=indicator,
            ref_area=self.words.area(self.lines, line, span, self.area),
            unit_measure=unit,
            remark="" if unit and candidate.remark == NO_UNIT else candidate.remark,
            codes=codes,
        )

    def _of_figure(self, claim: Candidate, nth: int, found: list[Found], line: Line) -> Candidate:
        """A change is of the figure before it in its sentence; 分别 deals several out in their order."""
        if claim.codes.get("claim_type") not in _CHANGES:
            return claim
        start = sentence_start(line.plain, found[nth][1][0])
        levels = [f for f in found[:nth] if f[0].goes_to == "observations" and f[1][0] >= start]
        if not levels:
            return claim
        dealt = line.plain.find("分别", levels[-1][1][1], found[nth][1][0])
        changes = [f for f in found if f[0].goes_to == "claims" and f[1][0] > dealt >= 0]
        changes = [f for f in changes if sentence_start(line.plain, f[1][0]) == start]
        of, span = levels[-1]
        if 1 < len(changes) <= len(levels):
            of, _ = levels[-len(changes) :][changes.index(found[nth])]
        elif self.words.indicator_in(line.plain[span[1] : found[nth][1][0]]):
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
        told = self._told(before[sentence_start(before, span[0]) :])
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
        if ends := told_ends(text, self.published):
            end, words = ends[-1]
            return "", end.isoformat(), words
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
        if due["modality"] and due["due_date"][:4] in re.findall("[0-9]{4}", dated.token):
            # 确保2024年建成通车: a promise without a number
            codes = {**due, "commitment_type": "MILESTONE", "accounting": "AT_DATE"}
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
