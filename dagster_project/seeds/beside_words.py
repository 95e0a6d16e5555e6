"""What a figure of a text is probably about: the indicator and the area whose words are printed beside it.

A proposal for a person, by the same words that the audit asks for later (audit/wording.py). Not here: what
the figure says (draft.py).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from dagster_project.figures.grammar import simplify
from dagster_project.figures.numerals import Line, Span
from dagster_project.seeds.as_written import Row, Seeds
from dagster_project.seeds.headings import start_of_list

_BESIDE = 30  # characters; a word farther away is about something else
_NUMBERS = {mark: number for number, mark in enumerate("二三四五六七八", 2)} | {"两": 2}
_CLAUSE, _SENTENCE = "，,、", "。！？；;"
_AND = re.compile("[、和与及]")
_GROUPS = ("GROUPING", "METRO_AREA")
_RANK_OF_PLACE = re.compile("[市省区县]$")
_COUNTED = re.compile("[两二三四五六七八][市地区县]")  # 两市 stands for a group named before
_LIST_OF_PLACES = "、和与及"
_OWN = re.compile("[全我本][市州区县]")  # the place that the page is of, whichever that is


class Beside:
    """The words of the indicators and areas of the seeds, in plain script."""

    def __init__(self, book: Seeds):
        self.units = {row["unit_measure"]: row for row in book.tables["units"]}
        self.indicators = {row["indicator_id"]: row for row in book.tables["indicators"]}
        self.words = [
            (simplify(word), code)
            for code, row in self.indicators.items()
            for word in {row["name_zh"], *row["printed"].split(";")}
            if word
        ]
        areas = {row["ref_area"]: row for row in book.tables["areas"]}
        called = defaultdict(set)
        for code, row in areas.items():
            name = re.sub("（.*）", "", row["name_zh"])
            names = {name, _RANK_OF_PLACE.sub("", name), *row["printed"].split(";")}
            if row["area_type"] == "COUNTRY":  # 中国 and 国家 stand in names of other things
                names = {name for name in names if name.startswith("全")}
            for name in names:
                if len(name) > 1 and not _OWN.fullmatch(name):
                    called[simplify(name)].add(code)
        self.places = {}
        for word, codes in called.items():
            groups = {code for code in codes if areas[code]["area_type"] in _GROUPS}
            (code, *others) = groups if len(groups) == 1 else codes
            if not others:  # a word of several areas names none
                self.places[word] = code
        self.members: dict[str, set[str]] = defaultdict(set)
        for row in book.tables["area_members"]:
            self.members[row["group_area"]].add(row["member_area"])
        self.told = Counter((row["indicator_id"], row["ref_area"]) for row in book.tables["observations"])
        longest = sorted(self.places, key=len, reverse=True)
        self.place = re.compile("|".join([*map(re.escape, longest), _OWN.pattern]))

    def indicator(self, line: Line, span: Span, noun: str, is_level: bool, area: str = "") -> str:
        """The one indicator with the nearest word, of those counted in what the figure counts.

        Of several the one that bulletins tell of this area most often.
        """
        plain, found = line.plain, []
        listed = start_of_list(plain, span[0])
        for word, code in self.words:
            if not self._counts(code, noun) if is_level else len(word) == 1:  # 长 is printed in 增长 too
                continue
            start = plain.find(word, min(max(0, span[0] - _BESIDE), listed), span[1] + _BESIDE)
            while start >= 0:
                end = start + len(word)
                behind = start >= span[1]
                between = plain[span[1] : start] if behind else plain[end : span[0]]
                breaks = 3 * sum(mark in _SENTENCE for mark in between)
                breaks += sum(mark in _CLAUSE for mark in between)
                # A word with a figure of its own in a clause before says nothing of the next.
                is_shared = listed <= start < span[0]
                if is_shared or not (breaks and any(line.inside((min(end, span[1]), max(start, span[0]))))):
                    found.append((breaks + 2 * behind, -len(word), len(between), code))
                start = plain.find(word, start + 1, span[1] + _BESIDE)
        best = {code for *rank, code in found if rank == list(min(found)[:3])}
        if len(best) > 1:
            most = max(self.told[code, area] for code in best)
            best = {code for code in best if self.told[code, area] == most > 0}
        return best.pop() if len(best) == 1 else ""

    def indicator_in(self, text: str) -> bool:
        """Whether a text has a word of any indicator, a single character aside."""
        return any(len(word) > 1 and word in text for word, _ in self.words)

    def domain(self, text: str) -> str:
        """The domain of the indicators whose longest word a text has, if they are of one."""
        found = [(len(word), code) for word, code in self.words if len(word) > 1 and word in text]
        longest = max(found, default=(0, ""))[0]
        domains = {self.indicators[code]["domain_id"] for length, code in found if length == longest}
        return domains.pop() if len(domains) == 1 else ""

    def named(self, text: str, own: str = "") -> list[str]:
        """The areas that a text names, in order; own: that of the page, which 全市 stands for."""
        return [code for _, code in self._found(text, own)]

    def _found(self, text: str, own: str = "", before: list[str] | None = None) -> list[tuple[Span, str]]:
        """The areas that a text names, and where; before: those named before it, for 两市 to stand for."""
        found: list[tuple[Span, str]] = []
        for match in self.place.finditer(text):
            code = self.places.get(match[0], own)
            if _COUNTED.fullmatch(match[0]):
                if found and found[-1][0][1] == match.start():  # 成德两市 are those named
                    continue
                named = [*(before or ()), *(code for _, code in found)]
                groups = [c for c in named if len(self.members.get(c, ())) == _NUMBERS[match[0][0]]]
                code = groups[-1] if groups else code
            if code:
                found.append((match.span(), code))
        return found

    def area(self, lines: list[Line], line: Line, span: Span, own: str) -> str:
        """The area last named before the figure in its line, else that of the page, else of a line before.

        A list of places is the group of these, if there is one; else a figure behind it is of none of them.
        """
        dealt = self._dealt_out(line, span)
        if dealt is not None:
            return dealt
        before = [each.plain for each in lines if each.number < line.number]
        told = [code for text in before for code in self.named(text, own)]
        for text in (line.plain[: span[0]], *(() if own else reversed(before))):
            found = self._found(text, own, told)
            while found:
                listed = [found.pop()]
                while found and text[found[-1][0][1] : listed[0][0][0]] in tuple(_LIST_OF_PLACES):
                    listed.insert(0, found.pop())
                codes = {code for _, code in listed}
                if len(codes) == 1:
                    return codes.pop()
                groups = [group for group, members in self.members.items() if members == codes]
                if len(groups) == 1:
                    return groups[0]
        return own

    def _dealt_out(self, line: Line, span: Span) -> str | None:
        """Of 德阳、眉山两市分别为31对、46对 the place in the figure's place; None outside such a list."""
        start = max(line.plain.rfind(mark, 0, span[0]) for mark in "。；;，,：:") + 1
        names, dealt, figures = line.plain[start : span[0]].partition("分别")
        parts, nth = _AND.split(names), len(_AND.findall(figures))
        if not dealt or not 1 < len(parts) > nth:
            return None
        return next(iter(self.named(parts[nth])), "")

    def unit(self, indicator: str, noun: str) -> str:
        """The unit in which the indicator is counted, if that is what is printed."""
        code = self.indicators[indicator]["unit_measure"] if indicator else ""
        return code if code and noun in self.units[code]["printed"].split(";") else ""

    def _counts(self, code: str, noun: str) -> bool:
        unit: Row = self.units[self.indicators[code]["unit_measure"]]
        kin = (
            row["printed"].split(";")
            for row in self.units.values()
            if (row["base_unit"], row["dimension"]) == (unit["base_unit"], unit["dimension"])
        )
        return any(noun in printed for printed in kin) if noun else False
