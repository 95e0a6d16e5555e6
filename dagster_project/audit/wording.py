"""What a document's own words say about a row: where, of what, in which state, by when.

A figure is held to its token (comparison.py). What a row says in codes and in our words is held here to what
is printed where it stands. The words are data: `printed` of areas.csv, indicators.csv and initiatives.csv,
code_words.csv, names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import pairwise

from dagster_project.audit.statements import StatementWords, pairs
from dagster_project.figures.grammar import simplify
from dagster_project.figures.numerals import Line, Span
from dagster_project.seeds.as_written import Row, Seeds
from dagster_project.seeds.headings import is_heading, start_of_list
from dagster_project.seeds.periods import THIS_YEAR, coming

_BESIDE = 30  # characters on either side of a figure in which its indicator is named
_LIKE = 1 / 3  # of the pairs of characters of an initiative's name, the share that must be printed
_KIND_OF_PLACE = re.compile("(自治区|市|区|县|省)$")
_SENTENCE = re.compile("[。!！?？]")
_CLAUSE = re.compile("[。;；,，:：!?！？]")
_GOES_ON = 3  # lines before in which a place may have been named
_NAMED = 0.8  # of the pairs of a parent's name, the share that a bulletin must print
_RELATIVE = {"今年": 0, "本年": 0, "年内": 0, "去年": -1, "明年": 1}
_PLANS = {"十三五": "2020", "十四五": "2025", "十五五": "2030"}
_ENDS = {"observations": ("time_period_start", "time_period_end"), "events": ("date_start", "date_end")}
_TOGETHER = 20  # characters between two figures that belong together
_OF_ONE = ("ref_area", "time_period_end")  # what figures have in common that go together
_JOINED = re.compile("[^。;；,，]*([、与并]|日均)[^。;；,，]*|[^。;；]*[,，]其中[^。;；,，]*")
_AREAS = {"events": "areas", "initiatives": "areas"}
# Column and the share of its pairs of characters that must be printed: a promise is worded most freely.
_TITLES = {
    "commitments": ("title_zh", 1 / 5),
    "events": ("title_zh", 1 / 3),
    "initiatives": ("name_zh", 1 / 3),
}
_CODES = {
    "observations": {"obs_status": "OBS_STATUS", "breakdown": "BREAKDOWN"},
    "claims": {"claim_type": "CLAIM_TYPE"},
    "commitments": {"modality": "MODALITY"},
    "events": {"status": "EVENT_STATUS"},
}


class Words:
    """The words of the seeds, ready to be looked for in plain script."""

    def __init__(self, seeds: Seeds):
        self.seeds = seeds
        self.initiatives = {row["initiative_id"]: row for row in seeds.tables["initiatives"]}
        self.indicators = {row["indicator_id"]: _words(row["printed"]) for row in seeds.tables["indicators"]}
        self.flows = {row["indicator_id"]: row["stock_flow"] for row in seeds.tables["indicators"]}
        meetings = (row for row in seeds.tables["events"] if row["event_type"] == "MEETING")
        self.meetings = {(row["source_id"], row["date_end"]) for row in meetings}
        self.statements = StatementWords(seeds)
        self.called = {id_: f"{row['name_zh']} {row['printed']}" for id_, row in self.initiatives.items()}
        self.codes: dict[str, list[Row]] = {}
        for row in seeds.tables["code_words"]:
            self.codes.setdefault(row["code_list"], []).append(row)

    def relate(self, ids: set[str]) -> bool:
        """Whether an identity between the two figures is typed, or one that ties both to the same total."""
        return any({row["subject_id"], row["object_id"]} == ids for row in self.relations) or any(
            ids <= parts for parts in self.totals.values()
        )

    @cached_property
    def figures(self) -> dict[str, Row]:
        """Figures by their id."""
        return {row["observation_id"]: row for row in self.seeds.tables["observations"]}

    @cached_property
    def relations(self) -> list[Row]:
        """Identities between figures, as typed."""
        return self.seeds.tables["relations"]

    @cached_property
    def totals(self) -> dict[str, set[str]]:
        """The parts of each total."""
        parts: dict[str, set[str]] = {}
        for row in self.relations:
            if row["relation_type"] == "PART_OF_TOTAL":
                parts.setdefault(row["object_id"], set()).add(row["subject_id"])
        return parts

    @cached_property
    def places(self) -> dict[str, set[str]]:
        """What each area is called: by itself, or as a member of a grouping that is named."""
        called = {row["ref_area"]: _called(row) for row in self.seeds.tables["areas"]}
        with_groups = {area: set(words) for area, words in called.items()}
        for row in self.seeds.tables["area_members"]:
            if row["member_area"] in with_groups:
                with_groups[row["member_area"]] |= called.get(row["group_area"], set())
        return with_groups


class Reader:
    """Asks of the rows of one bulletin what its lines say."""

    def __init__(self, words: Words, source: Row, lines: dict[int, Line]):
        self.words, self.source, self.lines = words, source, lines
        self.default = simplify(source["title_zh"] + source["issuer"])
        self.whole = "。".join(line.plain for line in lines.values())
        self.published, self.as_of = (_day(source[c]) for c in ("date_published", "as_of_default"))

    def misses(self, table: str, row: Row, line: Line, span: Span | None) -> Iterator[str]:
        """Every rule that the row breaks; span: the place of its figure, in plain places."""
        yield from self._places(table, row, line)
        yield from self._indicator(row, line, span)
        if not span:
            yield from self._title(table, row, line)
        yield from self._initiative(table, row, line)
        yield from self._parent(row)
        yield from self._codes(table, row, line, span)
        if self.published and self.as_of:
            yield from self._times(table, row, line, self.published)

    def of_source(self) -> Iterator[str]:
        """What is wrong with the entry of the bulletin in the register."""
        day = _day(self.source["source_id"][:10])
        if day and day not in (self.published, self.as_of):
            yield f"来源号的日期既非发布日也非时点 · the id names another day: {day}"

    def tied(self, figures: list[tuple[Row, Span]], line: Line) -> Iterator[tuple[Row, Span, str]]:
        """Figures printed together that no row of relations.csv ties. figures: of one line, in order.

        Only those are asked for that the build's rule of relations (relations_hold) takes: what stands side
        by side goes together if it is of one place and day, a part may be of another place than its whole.
        """
        for (one, span), (other, after) in pairwise(figures):
            between = line.plain[span[1] : after[0]]
            together = len(between) <= _TOGETHER and bool(_JOINED.fullmatch(between))
            if "其中" in between:  # a part is of the whole that is counted alike, wherever that stands
                together = together and one["indicator_id"] == other["indicator_id"]
            elif any(one[column] != other[column] for column in _OF_ONE):
                together = False
            ids = {one["observation_id"], other["observation_id"]}
            if together and not self.words.relate(ids):
                yield (
                    other,
                    after,
                    "同句并列，须在 relations.csv 写明关系 · printed together, no row of relations.csv: "
                    f"{one['observation_id']}",
                )

    def withdraws(self, line: Line, span: Span) -> bool:
        """Whether a figure's sentence says that something printed was wrong."""
        start = max((m.end() for m in _SENTENCE.finditer(line.plain, 0, span[0])), default=0)
        sentence = _SENTENCE.split(line.plain[start:])[0]
        words = self.words.codes.get("EXCLUSION_REASON", [])
        return any(word["code"] == "WITHDRAWN" and word["word"] in sentence for word in words)

    # --- where ---

    def _places(self, table: str, row: Row, line: Line) -> Iterator[str]:
        for area in filter(None, row[_AREAS.get(table, "ref_area")].split(";")):
            words = self.words.places.get(area, set())
            if words and not any(word in text for word in words for text in self._texts(line)):
                yield (
                    "此处没有这个地区，另有称呼则补入 areas.csv 的 printed · the area is not named here; if "
                    f"by another name, add that to its printed: {area}"
                )

    def _texts(self, line: Line) -> Iterator[str]:
        """Where a place may be named: here, in the lines before that it goes on from, or for all."""
        yield self._around(line)
        yield self.default
        for number in range(line.number - _GOES_ON, line.number):
            if number in self.lines:
                yield self.lines[number].plain

    def _around(self, line: Line) -> str:
        """The line; a heading with the lines that it heads."""
        after = range(line.number + 1, line.number + 3) if is_heading(line) else ()
        return "。".join([line.plain, *(self.lines[n].plain for n in after if n in self.lines)])

    # --- of what ---

    def _indicator(self, row: Row, line: Line, span: Span | None) -> Iterator[str]:
        words = self.words.indicators.get(row.get("indicator_id", ""), [])
        if words and span and not self._goes_by_figure(row, line):
            start = min(max(0, span[0] - _BESIDE), start_of_list(line.plain, span[0]))
            beside = line.plain[start : span[1] + _BESIDE]
            if not any(word in beside for word in words):
                yield (
                    f"旁边没有该指标的用语（{'、'.join(words)}），另有用语则补入 indicators.csv 的 printed · "
                    "no word for the indicator beside it; if there is another, add that to its printed: "
                    f"{row['indicator_id']}"
                )

    def _goes_by_figure(self, row: Row, line: Line) -> bool:
        """Whether a claim is about a figure of its line: the word is asked for beside that."""
        figure = self.words.figures.get(row.get("observation_id", ""), {})
        return "claim_id" in row and (
            figure.get("source_id") == row["source_id"]
            and figure["indicator_id"] == row["indicator_id"]
            and figure["locator"].partition("#")[0] == str(line.number)
        )

    def _title(self, table: str, row: Row, line: Line) -> Iterator[str]:
        # What is said at a meeting has a title of who speaks, and a line of what is said.
        if table not in _TITLES or row.get("event_type") == "STATEMENT":
            return
        column, least = _TITLES[table]
        if likeness(row[column], self._around(line)) < least:
            yield f"名称与此处不符 · {column} does not match the text here: {row[column]}"

    def _initiative(self, table: str, row: Row, line: Line) -> Iterator[str]:
        found = self.words.initiatives.get(row.get("initiative_id", "")) if table != "initiatives" else None
        if table == "assessments":  # it judges an initiative as a whole, which the bulletin names somewhere
            told = not found or self._is_told(found, self.whole, _NAMED)
        else:
            told = not found or self._is_told(found, self._around(line) + simplify(row.get("title_zh", "")))
        if not told:
            yield f"此处没有这个项目 · the initiative is not named here: {row['initiative_id']}"

    def _parent(self, row: Row) -> Iterator[str]:
        parent = self.words.initiatives.get(row.get("parent_initiative_id", ""))
        if (
            parent
            and parent["source_id"] != row["source_id"]
            and not self._is_told(parent, self.whole, _NAMED)
        ):
            yield f"本来源没有这个上级项目 · this source does not name the parent: {parent['initiative_id']}"

    @staticmethod
    def _is_told(initiative: Row, text: str, least: float = _LIKE) -> bool:
        return likeness(initiative["name_zh"], text) >= least or any(
            word in text for word in _words(initiative["printed"])
        )

    # --- in which state ---

    def _codes(self, table: str, row: Row, line: Line, span: Span | None) -> Iterator[str]:
        for column, code_list in _CODES.get(table, {}).items():
            words = self.words.codes.get(code_list, [])
            near, far = self._contexts(table, row, line, span, column)
            found = [word for word in words if word["says"] == "true" and word["word"] in near]
            longest = [w for w in found if not any(_is_part(w["word"], other["word"]) for other in found)]
            said = {word["code"] for word in longest}
            if said and row[column] not in said:
                says = ";".join(sorted(said))
                yield f"用语说的是另一代码 · {column} is {row[column]}, the words say: {says}"
            needed = [w["word"] for w in words if w["code"] == row[column] and w["allows"] == "true"]
            if row.get("commitment_type") == "STANDARD":  # what is in force is ensured without a word
                needed = []
            if needed and not any(word in far for word in needed):
                yield f"没有此代码的用语 · {column}: no word here says: {row[column]}"

    def _contexts(self, table: str, row: Row, line: Line, span: Span | None, column: str) -> tuple[str, str]:
        """Where a word says what the code must be, and where one must stand that allows it."""
        if span:
            start = max((m.end() for m in _CLAUSE.finditer(line.plain, 0, span[0])), default=0)
            if column == "breakdown":
                start = max(start, span[0] - 10)
            near = line.plain[start : span[1]] + _CLAUSE.split(line.plain[span[1] : span[1] + 6])[0]
            return near, near if table != "commitments" else line.plain
        title = simplify(row[_TITLES[table][0]]) if table in _TITLES else ""
        return title, title + self._around(line)

    # --- when ---

    def _times(self, table: str, row: Row, line: Line, published: date) -> Iterator[str]:
        if table in ("observations", "events"):
            text = simplify(row["time_text" if table == "observations" else "date_text"])
            start, end = (_day(row[c]) for c in _ENDS[table])
            flow = self.words.flows.get(row.get("indicator_id", ""))
            yield from self._wording_of_time(text, start, end, published, flow == "POINT")
        if table == "observations":
            yield from self._basis(row)
        if table == "events" and not row["date_text"] and end and end not in (published, self.as_of):
            yield "没有日期用语，应为会议日或发布日 · no date is printed: give the meeting or publication day"
        if table == "claims" and not row["observation_id"]:
            end = _day(row["time_period_end"])
            if end and end not in (self.published, self.as_of):
                yield (
                    "应为会议日或发布日，否则须填所依数值 observation_id · must be the day of the meeting or "
                    f"of publication, not {end}, unless observation_id names the figure that it is about"
                )
        if table == "commitments":
            yield from self._promised(row, line, published)

    def _wording_of_time(
        self, text: str, start: date | None, end: date | None, published: date, is_level: bool
    ) -> Iterator[str]:
        """is_level: of a period its last day alone is typed."""
        if not text or end is None:
            return
        printed = re.search("([12][0-9]{3})年", text)
        relative = next((years for word, years in _RELATIVE.items() if word in text), None)
        # that the year is neither of the two is said by cell_rules.wrong_date
        if printed and start and start.year < int(printed[1]) <= end.year:
            yield f"印的是 {printed[0]} · the printed year is {printed[1]}, typed: {start}"
        if not printed and relative is not None and (start or end).year != published.year + relative:
            yield f"与印出的年份不符 · not the year of {text}; typed: {end}"
        exact = start == end or (not start and re.match("[0-9]{1,2}月[0-9]{1,2}日", text))
        if not printed and relative is None and exact and not 0 <= (published - end).days < 365:
            yield f"未印年份，应为最近一次 · no year is printed, so it must be the latest such day, not {end}"
        if text.startswith("昨日") and (published - end).days != 1:
            yield f"应为发布前一日 · must be the day before publication, not {end}"
        if (
            re.fullmatch("[0-9]{4}年", text)
            and start
            and (start.month, start.day, end.month, end.day) != (1, 1, 12, 31)
        ):
            yield f"印的是全年 · a whole year is printed; typed: {start} / {end}"
        if months := re.search("([0-9]{1,2})[-—至到~]([0-9]{1,2})月", text):
            typed = (start.month if start else None, end.month)
            first, last = int(months[1]), int(months[2])
            if typed != (first, last) and not (is_level and typed == (None, last)):
                yield f"与印出的月份不符 · not the printed months; typed: {start} / {end}"

    def _basis(self, row: Row) -> Iterator[str]:
        end, basis = _day(row["time_period_end"]), row["as_of_basis"]
        if basis == "STATED" and not row["time_text"]:
            yield "写明的时点须填其用语 · a stated time needs its wording"
        if basis == "PUBLICATION" and end != self.published:
            yield f"应为发布日 · the day of publication is {self.published}, not {end}"
        of_meeting = self.as_of != self.published or self.source["doc_type"] == "MEETING_REPORT"
        is_of_one = (row["source_id"], row["time_period_end"]) in self.words.meetings
        if basis == "MEETING" and not is_of_one and (end != self.as_of or not of_meeting):
            yield f"应为会议日 · the day of the meeting is {self.as_of}, not {end}"

    def _promised(self, row: Row, line: Line, published: date) -> Iterator[str]:
        years = {int(year) for year in re.findall("(?<![0-9])([12][0-9]{3})(?![0-9])", line.plain)}
        years |= {published.year + n for word, n in _RELATIVE.items() if word in line.plain}
        years |= {int(end) for plan, end in _PLANS.items() if plan in line.plain}
        years |= {published.year} if THIS_YEAR.search(line.plain) else set()
        ends = coming(line.plain, published)
        if _day(row["due_date"]) in ends:  # 年底前新增20所: of the year whose end is named
            years.add(int(row["period_start"][:4] or 0))
        for column in ("period_start", "due_date"):
            day = _day(row[column])
            if day and day.year not in years and day not in ends:
                yield f"此处没有这一年 · {column}: the year is not printed here: {day.year}"
        announced = _day(row["date_announced"])
        if announced and announced not in (published, self.as_of):
            month = f"{announced.month}月"
            known = {*years, published.year}
            if announced > published or announced.year not in known or month not in self.whole:
                yield f"应为会议日、发布日或印出的日期 · date_announced is not a printed day: {announced}"


def likeness(text: str, printed: str) -> float:
    """The share of a text's pairs of characters that are printed."""
    own = _pairs(text)
    return len(own & _pairs(printed)) / len(own) if own else 1.0


def _pairs(text: str) -> set[str]:
    return pairs(re.sub(r"\W", "", simplify(text)))


def _words(cell: str) -> list[str]:
    return [simplify(word) for word in cell.split(";") if word]


def _called(area: Row) -> set[str]:
    name = re.sub(r"\(.*\)", "", simplify(area["name_zh"]))
    short = _KIND_OF_PLACE.sub("", name)
    return {name, *_words(area["printed"]), *([short] if len(short) > 1 else [])}


def _is_part(word: str, other: str) -> bool:
    return word != other and word in other


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None
