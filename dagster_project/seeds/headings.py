"""What heads a list or a section: the lines above it, the words before figures that are listed in a sentence.

A heading is a line that ends with a colon, or a short one that is no sentence; the items of a list begin with
a mark or a number, the heading of a section with one in Chinese. Not here: what the words of a heading say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dagster_project.figures.numerals import Line

LONGEST = 24  # a line up to this long that is no sentence is a heading
_SENTENCE_END = re.compile("[。;；!！?？]$")
_COLON = re.compile("[:：]$")
_LISTED = re.compile("其中|分别")
# 一、 第二章 （三）: of several ranks, the section of a line is headed by the last of each
_RANKS = tuple(map(re.compile, ("第[一二三四五六七八九十]{1,3}[章节部]|[一二三四五六七八九十]{1,3}[、.．]",
                                "[（(][一二三四五六七八九十]{1,3}[）)]")))  # fmt: skip
_ITEM = re.compile("(?:[-—–·•●○◆■▪*]+|[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[）)、.．])")


def is_heading(line: Line) -> bool:
    """Whether the line heads what follows: no sentence, and short."""
    return len(line.plain) <= LONGEST and not _SENTENCE_END.search(line.plain)


def opens_list(line: Line) -> bool:
    """Whether the line ends with a colon, and so heads the lines after it."""
    return bool(_COLON.search(line.plain))


def title(lines: Mapping[int, Line]) -> Line | None:
    """The first line, if it heads all the others."""
    first = lines.get(min(lines, default=0))
    return first if first and is_heading(first) else None


def above(line: Line, lines: Mapping[int, Line]) -> Iterator[Line]:
    """The headings under which the line stands, the nearest first: of its list, its section, then of all."""
    of_list = list(_of_list(line, lines))
    found = [*of_list, *_of_section([line, *of_list][-1], lines)]
    yield from found
    whole = title(lines)
    if whole and whole.number < [line, *found][-1].number:
        yield whole


def section_rank(line: Line) -> int | None:
    """The rank of the section that the line heads, 0 the highest; None where it heads none."""
    ranks = (rank for rank, pattern in enumerate(_RANKS) if pattern.match(line.plain))
    return next(ranks, None) if is_heading(line) else None


def _of_section(line: Line, lines: Mapping[int, Line]) -> Iterator[Line]:
    """The headings of the section in which the line stands, each of a higher rank than the one below it."""
    inside = section_rank(line)
    below = len(_RANKS) if inside is None else inside
    for number in range(line.number - 1, min(lines) - 1, -1):
        rank = section_rank(lines[number]) if number in lines else None
        if rank is not None and rank < below:
            yield lines[number]
            below = rank


def _of_list(line: Line, lines: Mapping[int, Line]) -> Iterator[Line]:
    """The headings of the list in which the line stands; the last ends with a colon."""
    number, inside = line.number - 1, line
    while number in lines and not (opens_list(inside) and inside is not line):
        before = lines[number]
        if section_rank(before) is not None:
            return
        if opens_list(before) or is_heading(before):
            yield before
        elif not (_is_item(before) and _is_item(line)):
            return
        number, inside = number - 1, before


def _is_item(line: Line) -> bool:
    return bool(_ITEM.match(line.plain))


def start_of_list(plain: str, place: int) -> int:
    """Where the words begin that a listed figure shares with the first: those of its sentence, else here."""
    start = max(plain.rfind(mark, 0, place) for mark in "。！？!?") + 1
    return start if _LISTED.search(plain, start, place) else place
