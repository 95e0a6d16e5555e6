"""Turns the cells of one fact record into proposals: rows, or as much of a row as can be said.

Proposed first from rows of other records whose cell has the same key or says the same, next from the words
that an indicator is printed with. A guess that a person would have to undo is worth less than a gap that she
fills: where two answers are as good, or a word leaves some of the label unsaid, both stand in the remark and
the row is not made. Not here: what a cell says (record_cells.py), the files (record_draft.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from dagster_project.seeds.as_written import Row
from dagster_project.seeds.record_cells import (
    Cell,
    Figure,
    Record,
    Span,
    base_key,
    figures_of,
    period_of,
    spans_of,
)
from dagster_project.seeds.record_known import IDS, LISTED, Known
from dagster_project.seeds.wording_codes import EVENT_TYPES, authority, promise_title

CONFIRM, DECIDE = "confirm", "decide"
DRAFT_COLUMNS = (
    "state", "goes_to", "id", "locator", "label", "as_of", "geo", "value_text", "value", "unit_measure",
    "indicator_id", "ref_area", "time_period_start", "time_period_end", "code", "known_from", "remark",
)  # fmt: skip
_VALUES = {"observations": "obs_value", "claims": "factor", "commitments": "target_value"}
_CODES = {
    "claims": "claim_type",
    "commitments": "commitment_type",
    "events": "status",
    "exclusions": "reason",
}
ORDINAL = "ORDINAL"  # the form of a token such as 第三, 首位
_NO_NUMBER = {"RANGE", "ORDER", "VAGUE"}
_SAYS_WHAT = (
    3  # characters that a word needs to propose its indicator alone: 投资, 人口 stand beside too much
)
_LEFT_OVER = 1  # characters that a label may have beside the word of its indicator: 户籍人口 is not 人口
_CORE = 3  # characters that a label needs to say of itself what it is about: 成都占四川 does not
_IDLE = re.compile(
    "[0-9年月末底前后内—-]+|[一二三四五六七八九十]月|(?:其中|今年|去年|全年|年末|年度|当年|累计|目前|合计|总体|已|总|全市|全省|共|比上年|同比"
    "|(?:签署|推进|实现|完成|达到|增长|增速|新增)?了?$|^(?:签署|推进|实现|共有|增长))|[\\s()（）,，、“”]"
)
_CHANGE = re.compile("增长|同比|环比|增速|增幅|下降|减少|提升|提高|降低|上升|回落|增加|growth|nominal")
_SHARE = re.compile("占|比重|份额|share")
_WHOLE = re.compile("占(?!比)([一-鿿/]{1,8}?)(?:的?比重|比例)?$")
_TIMES_MORE = re.compile("增长|增加|提高")
_MEMBERS = re.compile("(?:[0-9]+|[一二两三四五六七八九十]+)(?:个)?(?:市|区|县|城市|地市|区县)|[0-9]\\+[0-9]")
_ABSOLUTE = re.compile("(?:增加|减少|增长|下降|上升)了?$")


@dataclass
class Proposal:
    """A row for one figure or cell; `missing`: columns that could not be filled, in words with the reason."""

    table: str
    cell: Cell
    row: Row
    sources: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    remark: str = ""

    @property
    def state(self) -> str:
        """Whether it stands in its table already."""
        return DECIDE if self.missing or not self.table else CONFIRM

    def cells(self) -> list[str]:
        """The row of draft.csv."""
        row, cell = self.row, self.cell
        end = row.get("time_period_end") or row.get("due_date") or row.get("date_end") or ""
        start = row.get("time_period_start") or row.get("period_start") or row.get("date_start") or ""
        lacks = f"缺 · missing: {', '.join(self.missing)}" if self.missing else ""
        return [
            self.state, self.table, row.get(IDS.get(self.table, ""), ""), cell.locator, cell.label,
            cell.as_of, cell.geo, row.get("value_text") or row.get("token") or cell.value_text,
            row.get(_VALUES.get(self.table, ""), ""), row.get("unit_measure", ""),
            row.get("indicator_id", ""),
            row.get("ref_area") or row.get("areas", ""), start, end, row.get(_CODES.get(self.table, ""), ""),
            "; ".join(self.sources), "; ".join(filter(None, (lacks, self.remark, cell.note))),
        ]  # fmt: skip


def _dice(one: str, other: str) -> float:
    shared = sum((Counter(one) & Counter(other)).values())
    return 2 * shared / (len(one) + len(other) or 1)


class Drafter:
    """Turns the cells of one record into proposals."""

    def __init__(self, known: Known, record: Record, source: Row):
        self.known, self.record, self.source = known, record, source
        self.published = date.fromisoformat(source["date_published"])
        self.ids = set(known.ids)
        self.keys = {cell.key for cell in record.cells}
        self.done: dict[str, list[Proposal]] = {}
        self.cores: dict[str, str] = {}

    def proposals(self) -> list[Proposal]:
        """One or more for each cell, in order."""
        for cell in self.record.cells:
            self.done[cell.key] = list(self._cell(cell))
        made = [proposal for proposals in self.done.values() for proposal in proposals]
        for proposal in made:
            self._complete(proposal)
        return made

    # --- a cell ---

    def _cell(self, cell: Cell) -> Iterator[Proposal]:
        if cell.cell_type in ("scope", "anecdote"):
            yield self._excluded(cell)
            return
        if cell.cell_type == "event":
            yield self._event(cell)
            return
        figures = figures_of(cell.value_text, self.known.book.lexicon, self.known.nouns)
        if cell.cell_type == "rank":
            yield self._rank(cell, figures)
            return
        if not figures:
            reasons = {row["reason"] for key, _, table, row in self.known.told
                       if table == "exclusions" and key == self._key(cell)}  # fmt: skip
            if len(reasons) == 1:
                yield self._excluded(cell, reasons.pop())
            elif cell.cell_type in ("target", "plan"):
                yield self._milestone(cell)
            else:
                why = "读不出数值 · no figure can be read: events, commitments or exclusions?"
                yield Proposal("", cell, {}, missing=["table"], remark=why)
            return
        yield from self._figures(cell, figures)

    def _milestone(self, cell: Cell) -> Proposal:
        """What is promised without a number, by a day: 通车 2027年."""
        proposal = Proposal("commitments", cell, {"locator": cell.locator, "title_zh": cell.label})
        self._where(proposal, cell.geo)
        self._promise(proposal, period_of(*spans_of(cell.as_of)))
        proposal.row["commitment_type"] = "MILESTONE"
        return proposal

    def _key(self, cell: Cell) -> str:
        return base_key(cell.key, self.keys)

    def _figures(self, cell: Cell, figures: list[Figure]) -> Iterator[Proposal]:
        heads = [figure for figure in figures if not figure.nested]
        labels, places = (_per_figure(text, len(heads)) for text in (cell.label, cell.geo))
        if cell.label.startswith("占"):  # 占全国/西部: shares of two wholes
            labels = [label if label.startswith("占") else f"占{label}" for label in labels]
        spans, mark = spans_of(cell.as_of)
        times: list[Span | None] = [period_of(spans, mark)] * len(heads)
        listed = len(heads) > 1 and len(spans) == len(heads)
        base = None
        if mark == "→" and len(spans) == 2 and len(heads) == 1:  # one change over two times
            base, times = spans[0], [spans[1]]
        if listed and (
            mark == "→" or len(spans) > 2 or not (labels or places or spans[0].precision == "MONTH")
        ):
            times = list(spans)
        head, nth = None, -1
        for figure in figures:
            if not figure.nested:
                nth += 1
            at = max(nth, 0)
            label = labels[at] if labels else cell.label
            geo = places[at] if places else cell.geo
            period = times[at] if heads else None
            arrow = "→" in cell.value_text and len(heads) > 1 and not listed
            if (
                labels
                and any(self.known.place(name)[0] for name in labels)
                and not self.known.place(label)[0]
            ):
                geo = ""  # one of several places, and the seeds do not know it
            proposal = self._figure(cell, figure, label, geo, period, head, listed=bool(labels))
            if base and proposal.table == "claims":
                proposal.row |= {"comparison": "SINCE_BASE", "base_period_end": base.last.isoformat()}
                proposal.row["base_period_start"] = base.first.isoformat() if base.first else ""
            if arrow and not figure.nested:
                proposal.missing.append("time_period_end")
                proposal.remark = (
                    "起止两值，时间未分开 · two values of a change; their times are not distinguished"
                )
            if not figure.nested:
                head = proposal
            yield proposal

    def _figure(
        self,
        cell: Cell,
        figure: Figure,
        label: str,
        geo: str,
        period: Span | None,
        head: Proposal | None,
        listed: bool,
    ) -> Proposal:
        proposal = Proposal("observations", cell, {"locator": cell.locator, "value_text": figure.text})
        relative = self._relative(cell, figure)
        if relative in ("SHARE", "?") and self._is_level(proposal, figure, label, listed):
            relative = ""
        self._area(proposal, figure, label, geo)
        changes = figure.nested and not figure.before and (figure.rises or figure.token.sign < 0)
        if not relative and (changes or (_ABSOLUTE.search(figure.before) and "%" not in figure.token.noun)):
            proposal.table, proposal.missing = "", ["table"]
            proposal.remark = "增减的绝对量 · an absolute change: needs an indicator of its own"
            return proposal
        if relative:
            self._claim(proposal, figure, label, relative, head, listed)
        else:
            planned = cell.cell_type in ("target", "plan")
            proposal.table = "commitments" if planned else "observations"
            self._indicator(proposal, figure, label, head if figure.nested else None, listed)
            self._level(proposal, figure, planned)
        if not proposal.row.get("ref_area"):
            self._together(proposal, geo)
        if proposal.table == "commitments":
            self._promise(proposal, period)
        else:
            self._time(proposal, period)
        if cell.cell_type == "estimate":
            proposal.remark = (
                proposal.remark or "收集者推算的应排除 · exclude it if the collector worked it out"
            )
        if cell.cell_type == "claim" and proposal.table == "observations":
            proposal.remark = "收集者记为说法 · the collector calls it a claim"
        return proposal

    # --- what it is about ---

    def _area(self, proposal: Proposal, figure: Figure, label: str, geo: str) -> None:
        named = re.sub("^其中|(?:占|段|约|超)+$", "", figure.before).strip()
        if self._where(proposal, named, label.removeprefix("其中"), geo) == named or not named:
            return
        if (
            figure.nested
            and figure.token.form != ORDINAL
            and not _CHANGE.search(named)
            and not _SHARE.search(figure.before)
        ):
            proposal.missing.append("indicator_id")
            proposal.remark = f"所指待定 · what is meant: {named}"

    def _together(self, proposal: Proposal, geo: str) -> None:
        """One figure of several places: the area of rows on the same, or the grouping that they make up."""
        told = {
            row["ref_area"]
            for _, cell, _, row in self.known.told
            if cell.geo == geo and row.get("indicator_id") == proposal.row.get("indicator_id", "-")
        }
        code = (told.pop() if len(told) == 1 else "") or self.known.grouping(geo)
        if code:
            proposal.row["ref_area"] = code
            proposal.sources.append(f"area: {geo}")

    def _where(self, proposal: Proposal, *texts: str) -> str:
        """Take the area from the first text that names one; returns that text."""
        for text in filter(None, texts):
            code, how = self.known.place(text)
            if code:
                proposal.row["ref_area"] = code
                proposal.sources.append(f"area: {how}")
                return text
        return ""

    def _indicator(
        self,
        proposal: Proposal,
        figure: Figure | None,
        label: str,
        head: Proposal | None = None,
        listed: bool = False,
    ) -> None:
        """The indicator, and what else a row of the same key says: breakdown, unit, how it compares."""
        cell = proposal.cell
        if head and figure and not figure.token.noun:  # 12座 (成都8): the unit is that of the whole
            proposal.row |= {n: head.row[n] for n in ("indicator_id", "breakdown") if n in head.row}
            proposal.sources.append("indicator: 同格 · same cell")
            return
        key, scores = self._key(cell), []
        for told_key, told, table, row in self.known.told:
            if table not in ("observations", "claims", "commitments") or not row["indicator_id"]:
                continue
            alike = _dice(label, told.label)
            same_label = len(self._core(label)) >= _CORE and self._core(label) == self._core(told.label)
            # Of 基建/产业 with one key each part is about something else, unless the parts are places.
            same_key = told_key == key and (not listed or bool(self.known.place(label)[0]))
            if not (same_key or same_label):
                continue
            if figure and table != "claims" and not self.known.unit(figure, row["unit_measure"]):
                continue
            same_table = table == proposal.table
            same_place = told.geo == cell.geo
            score = 4 * same_key + 2 * same_label + 2 * alike + 0.5 * same_place + 0.25 * same_table
            scores.append((score, row["indicator_id"], told, table, row))
        if scores:
            top = max(score for score, *_ in scores)
            best = {code for score, code, *_ in scores if score > top - 0.3}
            if len(best) == 1:
                (code,) = best
                _, _, told, table, row = max((s for s in scores if s[1] == code), key=lambda s: s[0])
                proposal.row["indicator_id"] = code
                proposal.row["breakdown"] = row.get("breakdown") or "_T"
                if table == proposal.table == "observations":
                    proposal.row |= {n: row[n] for n in ("comparability_note", "differs_from") if row[n]}
                proposal.sources.append(f"indicator: {row['source_id']} {told.locator}")
                return
            proposal.remark = f"其一 · one of: {', '.join(sorted(best))}"
            return
        self._by_words(proposal, figure, label)

    def _by_words(self, proposal: Proposal, figure: Figure | None, label: str) -> None:
        words = []
        for code, row in self.known.indicators.items():
            for word in {*row["printed"].split(";"), row["name_zh"]} - {""}:
                if word in label and (not figure or self.known.unit(figure, row["unit_measure"])):
                    left = len(self._core(label.replace(word, "")))
                    fits = len(word) >= _SAYS_WHAT and self.known.is_about(row, proposal.row, label)
                    words.append((left if fits else left + _LEFT_OVER + 1, code, word))
        if not words:
            return
        least = min(words)[0]
        best = {code: word for left, code, word in words if left == least}
        if least <= _LEFT_OVER and len(best) == 1:
            ((code, word),) = best.items()
            proposal.row["indicator_id"], proposal.row["breakdown"] = code, "_T"
            proposal.sources.append(f"indicator: 用语 · word {word}")
        else:
            near = dict.fromkeys(code for _, code, _ in sorted(words))
            proposal.remark = f"或为 · perhaps: {', '.join([*near][:4])}"

    def _core(self, label: str) -> str:
        """What a label says beside places, times and words that change no definition."""
        if label not in self.cores:
            core = label
            for name in self.known.place_names:
                core = core.replace(name, "")
            self.cores[label] = _IDLE.sub("", core)
        return self.cores[label]

    # --- figures ---

    def _is_level(self, proposal: Proposal, figure: Figure, label: str, listed: bool) -> bool:
        """Whether a percentage is the value of an indicator that is one, as 城镇化率, and no claim."""
        if figure.nested:
            return False
        asked = replace(proposal, row=dict(proposal.row), sources=[])
        self._indicator(asked, figure, label, listed=listed)
        indicator = self.known.indicators.get(asked.row.get("indicator_id", ""))
        return bool(indicator and self.known.unit(figure, indicator["unit_measure"]))

    def _level(self, proposal: Proposal, figure: Figure, planned: bool) -> None:
        row, cell = proposal.row, proposal.cell
        indicator = self.known.indicators.get(row.get("indicator_id", ""))
        row["unit_measure"] = self.known.unit(figure, indicator["unit_measure"]) if indicator else ""
        value = "" if figure.token.value_qualifier in _NO_NUMBER else _number(figure)
        row["target_value" if planned else "obs_value"] = value
        if planned:
            return
        words = f"{cell.label} {cell.value_text} {cell.note} {cell.as_of}"
        row["obs_status"] = (
            "E" if cell.cell_type == "estimate" else self.known.word("OBS_STATUS", words) or "A"
        )
        row["breakdown"] = self.known.word("BREAKDOWN", cell.label) or row.get("breakdown") or "_T"

    def _time(self, proposal: Proposal, period: Span | None) -> None:
        row, cell = proposal.row, proposal.cell
        if period is None:
            return
        day = period.first == period.last
        flow = self.known.indicators.get(row.get("indicator_id", ""), {}).get("stock_flow", "")
        two_ends = not day and period.first and (
            flow in ("PERIOD_TOTAL", "DAILY_AVG", "RATE") or (flow == "CUMULATIVE" and "/" in cell.as_of)
        )  # fmt: skip
        if proposal.table == "claims" and not flow:
            two_ends = not day
        # The month or year of the bulletin is not over: what it says is as of its own day.
        told = proposal.table == "observations" and cell.cell_type != "estimate"
        unfinished = told and not day and period.last > self.published
        if unfinished and flow in ("DAILY_AVG", "RATE"):
            two_ends = False
        row["time_period_start"] = period.first.isoformat() if two_ends and period.first else ""
        row["time_period_end"] = (self.published if unfinished else period.last).isoformat()
        if proposal.table == "observations":
            published = unfinished or (day and period.last == self.published)
            row["as_of_basis"] = "PUBLICATION" if published else "STATED"
            row["time_text"] = "" if published else cell.as_of
            if flow == "PERIOD_TOTAL" and not two_ends:
                proposal.missing.append("time_period_start")

    def _promise(self, proposal: Proposal, period: Span | None) -> None:
        row, cell = proposal.row, proposal.cell
        indicator = self.known.indicators.get(row.get("indicator_id", ""))
        area = self.known.areas.get(row.get("ref_area", ""))
        flow = indicator["stock_flow"] if indicator else ""
        due = period.last if period and period.last > self.published else None
        if (
            due
            and period
            and period.first
            and cell.cell_type == "plan"
            and period.precision in ("DAY", "MONTH")
        ):
            # The month of the bulletin is when it was said.
            due = None if period.first <= self.published else due
        words = f"{cell.label} {cell.value_text} {cell.note}"
        row.pop("breakdown", None)
        row |= {
            "version": "1",
            "commitment_type": "TARGET" if cell.cell_type == "target" else "PLAN_COUNT",
            "modality": self.known.word("MODALITY", words) or "PLAN",
            "accounting": {"PERIOD_TOTAL": "OVER_PERIOD", "CUMULATIVE": "CUMULATIVE"}.get(flow, "AT_DATE"),
            "date_announced": self.source["date_published"],
            "date_precision": self.source["date_precision"],
            "due_date": due.isoformat() if due else "",
            "authority": authority(self.source["title_zh"] + cell.label),
        }
        if flow == "PERIOD_TOTAL" and period and period.first and due and period.first != period.last:
            row["period_start"] = period.first.isoformat()
        if indicator and area:
            row |= promise_title(indicator, area, row["due_date"])
        if not due and cell.cell_type == "target":
            proposal.missing.append("due_date")

    # --- claims ---

    def _relative(self, cell: Cell, figure: Figure) -> str:
        """The claim type; ? for a share or growth that could be either; blank for a level."""
        noun, planned = figure.token.noun, cell.cell_type in ("target", "plan")
        around = figure.before if figure.nested else f"{figure.before} {cell.label} {cell.key}"
        if figure.token.form == ORDINAL:
            return "RANK"
        if noun.startswith(("个百分点", "百分点")):
            return "" if planned else "PP_CHANGE"
        if noun.startswith("番"):
            return "DOUBLED_N"
        if noun.startswith("倍"):
            return "INCREASED_BY_TIMES" if _TIMES_MORE.search(around) else "MULTIPLE_OF"
        if planned or not (noun.startswith("%") or figure.token.form == "FRACTION"):
            return ""
        if "平均" in around and figure.nested:
            return "?"
        if figure.rises or figure.token.sign < 0 or _CHANGE.search(around):
            return "PCT_CHANGE"
        if _SHARE.search(around) or (not figure.nested and cell.label.endswith("率")):
            return "SHARE"
        learned = {
            row["claim_type"] for key, _, table, row in self.known.told
            if table == "claims" and key == self._key(cell) and not figure.nested
        }  # fmt: skip
        return learned.pop() if len(learned) == 1 else "?"

    def _claim(
        self,
        proposal: Proposal,
        figure: Figure,
        label: str,
        claim_type: str,
        head: Proposal | None,
        listed: bool,
    ) -> None:
        row, cell = proposal.row, proposal.cell
        proposal.table = "claims"
        row["claim_type"] = "" if claim_type == "?" else claim_type
        row["value_text"] = figure.text
        of = head if figure.nested else self._level_of(cell, row.get("ref_area", ""))
        if (
            of and label.startswith("占") and of.row.get("ref_area")
        ):  # the place of the cell is that of the whole
            row["ref_area"] = of.row["ref_area"]
        if of and of.row.get("indicator_id"):
            row |= {"indicator_id": of.row["indicator_id"], "breakdown": of.row.get("breakdown", "_T")}
            same_area = row.get("ref_area") == of.row.get("ref_area")
            if of.table == "observations" and same_area and claim_type != "RANK":
                row["observation_id"] = of.cell.key  # its id, once it has one: see _complete
            proposal.sources.append(f"indicator: {of.cell.locator}")
        elif not (figure.nested and head):
            self._indicator(proposal, None, label, listed=listed)
        row["breakdown"] = row.get("breakdown") or "_T"
        row["comparison"] = "YOY" if claim_type in ("PCT_CHANGE", "PP_CHANGE") else "OTHER"
        if claim_type in ("PCT_CHANGE", "PP_CHANGE"):  # typed, so that nobody loses a fall
            row["factor"] = _number(figure)
        if figure.base:
            row |= {"comparison": "SINCE_BASE", "base_text": figure.base}
        if claim_type == "SHARE":
            self._whole(proposal, figure, label, head)

    def _level_of(self, cell: Cell, area: str) -> Proposal | None:
        """metro-gdp-growth is of metro-gdp, a cell before it in the record."""
        parents = [
            key for key in self.done if cell.key.startswith(f"{key}-") and _CHANGE_OR_SHARE.search(cell.key)
        ]
        if not parents:
            return None
        levels = [p for p in self.done[max(parents, key=len)] if p.table in ("observations", "commitments")]
        return next((p for p in levels if p.row.get("ref_area") == area), levels[0] if levels else None)

    def _whole(self, proposal: Proposal, figure: Figure, label: str, head: Proposal | None) -> None:
        row, area = proposal.row, proposal.row.get("ref_area", "")
        match = _WHOLE.search(figure.before) or _WHOLE.search(label)
        whole = ""
        if match and area:
            whole = {
                "全省": self.known.above(area, "PROVINCE"),
                "全国": self.known.above(area, "COUNTRY"),
            }.get(match[1], self.known.place(match[1])[0])
        elif figure.nested and head and figure.before.endswith("占"):
            whole = head.row.get("ref_area", "")
        indicator = self.known.indicators.get(row.get("indicator_id", ""), {})
        is_share = self.known.units.get(indicator.get("unit_measure", ""), {}).get("dimension") == "SHARE"
        if whole and whole != area and not is_share:
            row["whole_ref_area"] = whole
        elif match and not whole and area:
            proposal.missing.append("whole_indicator_id")
            proposal.remark = f"整体待定 · share of what: {match[1]}"

    def _rank(self, cell: Cell, figures: list[Figure]) -> Proposal:
        ordinals = [figure.text for figure in figures if figure.token.form == ORDINAL]
        proposal = Proposal(
            "claims", cell, {"locator": cell.locator, "claim_type": "RANK", "comparison": "OTHER"}
        )
        row = proposal.row
        self._where(proposal, cell.geo)
        self._indicator(proposal, None, re.sub("位次|排名|rank", "", cell.label))
        row["breakdown"] = row.get("breakdown") or "_T"
        row["value_text"] = ordinals[0] if ordinals else ""
        self._time(proposal, period_of(*spans_of(cell.as_of)))
        return proposal

    # --- what is no figure ---

    def _event(self, cell: Cell) -> Proposal:
        period = period_of(*spans_of(cell.as_of))
        words = f"{cell.label} {cell.value_text}"
        status = self.known.word("EVENT_STATUS", words)
        row = {"locator": cell.locator, "status": status, "event_type": EVENT_TYPES.get(status, "")}
        proposal = Proposal("events", cell, row)
        for key, told, table, seen in self.known.told:
            if table == "events" and key == self._key(cell):
                row |= {"event_type": seen["event_type"], "status": status or seen["status"]}
                proposal.sources.append(f"event: {seen['source_id']} {told.locator}")
                break
        codes = [self.known.place(geo)[0] for geo in LISTED.split(cell.geo) if geo]
        if codes and all(codes):
            row["areas"] = ";".join(dict.fromkeys(codes))
        row["title_zh"] = cell.label
        if period:
            precision = "NONE" if period.precision == "HALF" else period.precision
            row |= {
                "date_start": period.first.isoformat() if period.first else "",
                "date_end": period.last.isoformat(),
                "date_precision": precision,
                "date_text": cell.as_of,
                "date_basis": "事实记录所写 · As the fact record says",
            }
        return proposal

    def _excluded(self, cell: Cell, reason: str = "") -> Proposal:
        if not reason:
            told = Counter(row["reason"] for key, _, table, row in self.known.told
                           if table == "exclusions" and key == self._key(cell))  # fmt: skip
            grouping = cell.cell_type == "scope" and _MEMBERS.search(cell.value_text)
            numeral = re.search("[0-9一二三四五六七八九十半]", cell.value_text)
            reason = "GROUPING" if grouping else "BACKGROUND" if numeral else "NOT_A_FIGURE"
            reason = told.most_common(1)[0][0] if told else reason
        row = {"locator": cell.locator, "token": cell.value_text, "reason": reason}
        return Proposal("exclusions", cell, row, sources=[f"cell_type: {cell.cell_type}"])

    # --- at the end ---

    def _complete(self, proposal: Proposal) -> None:
        """An id of its own, and what is still missing of what its table asks."""
        if not proposal.table:
            return
        row, table = proposal.row, self.known.schema[proposal.table]
        if column := IDS[proposal.table]:
            row[column] = self._id(proposal)
        if proposal.table == "claims" and (level := row.pop("observation_id", "")):
            levels = [p for p in self.done[level] if p.table == "observations" and p.state == CONFIRM]
            same = (p.row["observation_id"] for p in levels if p.row["ref_area"] == row.get("ref_area"))
            row["observation_id"] = next(same, "")
        needed = [f.name for f in table.fields if f.required]
        if proposal.table == "observations" or row.get("commitment_type") in ("TARGET", "PLAN_COUNT"):
            needed += ["unit_measure"]
        if (
            proposal.table == "commitments" and row["commitment_type"] != "MILESTONE"
        ):  # its field and its English title follow from the indicator
            needed += ["indicator_id"]
        known = " ".join(proposal.missing)
        proposal.missing += [
            name for name in dict.fromkeys(needed) if not row.get(name) and name not in known
        ]

    def _id(self, proposal: Proposal) -> str:
        kind = {"PCT_CHANGE": "-growth", "PP_CHANGE": "-points", "SHARE": "-share"}
        base = f"{self.published:%Y%m%d}-{proposal.cell.key}"
        others = self.done[proposal.cell.key]
        row = proposal.row
        if proposal.table == "claims" and len(others) > 1 and not base.endswith("-share"):
            base += kind.get(row.get("claim_type", ""), "-claim")
        areas = {other.row.get("ref_area") for other in others}
        if len(areas) > 1 and row.get("ref_area"):
            name = self.known.areas[row["ref_area"]]["name_en"].split(" (")[0]
            base += "-" + re.sub("[^a-z0-9]+", "_", name.lower()).strip("_")
        made, number = base, 1
        while made in self.ids:
            number += 1
            made = f"{base}.{number}"
        self.ids.add(made)
        return made


_CHANGE_OR_SHARE = re.compile("growth|share|rate|nominal|rank|change")


def _per_figure(text: str, count: int) -> list[str]:
    """成都/德阳 of two figures: one name each; nothing where the numbers differ."""
    names = [name.strip() for name in LISTED.split(text)]
    return names if count > 1 and len(names) == count else []


def _number(figure: Figure) -> str:
    value = figure.token.v
    return "" if value is None else f"{(figure.token.sign * value).normalize():f}"
