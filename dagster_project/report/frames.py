"""Fills a chart: series over time in frames of one scale, or series side by side in rows of one."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from dagster_project.report import labels, marks, wording
from dagster_project.report.facts import Row
from dagster_project.report.specs import LANGUAGE, spec
from dagster_project.report.wording import Both

LABELLED = 8  # with more figures in a frame, its first and last alone have their number
# The smallest that a frame is drawn: alone, and as one of several.
ALONE, ONE_OF_MANY = labels.Plot(240, 220, 0, 1, 0, 1), labels.Plot(190, 120, 0, 1, 0, 1)
LINE = 16  # height of a line of a row's name
# How far an axis follows promises past the last figure, unless figures go further back.
AHEAD = timedelta(days=5 * 366)
TARGET = (24, 6)  # pixels that a target takes up: two within them cannot be told apart
TOUCH = 16  # pixels around a figure within which it is the figure that is pointed at


class Words(NamedTuple):
    """What to call each series; how a row is known and where it stands; what a code means."""

    names: Mapping[str, Both]
    said: Callable[[Row], Both]
    code: marks.Code


def over_time(
    series: Sequence[str],
    drawn: Sequence[Row],
    replaced: Sequence[Row],
    targets: Sequence[Row],
    changes: Sequence[Row],
    words: Words,
) -> dict:
    """A frame per series.

    replaced: figures in whose place one of the drawn may stand; targets: promises of these series.
    """
    frames = {name: place for place, name in enumerate(series)}
    revised = [(row, now) for row in replaced if (now := _now(row, drawn))]
    floor, top = _scale([*drawn, *(row for row, _ in revised)], targets)
    horizon = _horizon(drawn, targets)

    def of(row: Row) -> int:
        return frames[row["series_id"]]

    at = {row["observation_id"]: row for row in drawn}
    changes = [row for row in changes if {row["from_observation_id"], row["to_observation_id"]} <= at.keys()]
    broken = [row for row in changes if row["comparability"] == "BROKEN"]
    lines = _lines(changes, at)
    joined = {row["to_observation_id"] for row, _ in lines}
    gaps = {
        row["to_observation_id"]: marks.gap(row, words.code)
        for row in changes
        if row["comparability"] != "BROKEN" and row["to_observation_id"] not in joined
    }
    data = {
        "figures": [
            marks.figure(row, of(row), words.names[row["series_id"]], floor, top, words.said)
            | gaps.get(row["observation_id"], {})
            | marks.provisional(row, words.code)
            for row in drawn
        ],
        "pairs": [marks.line(row, of(row), ends, words.code) for row, ends in lines],
        "breaks": [marks.rupture(row, of(row), words.code) for row in broken],
        "replaced": [marks.revised(row, now, of(row), words.said) for row, now in revised],
        "targets": [
            marks.promise(row, of(row), floor, top, words.code, words.said)
            | marks.later(row["due_date"], horizon)
            for row in targets
        ],
        "steps": [
            *(marks.step(of(row), *_spot(row), *_spot(now)) for row, now in revised),
            *(marks.step(of(row), *part) for row in targets for part in _plan(row, targets, horizon)),
        ],
    }
    days = [date.fromisoformat(mark["date"]) for part in data.values() for mark in part]
    ticks, ticked = marks.time_marks(
        drawn[0]["period_type"],
        [*(row["time_period_end"] for row in drawn), *(min(row["due_date"], horizon) for row in targets)],
    )
    since, until = marks.span(days)
    params = {"floor": floor, "frame": top, "ticks": ticks, "days": ticked}
    params |= {"since": marks.milliseconds(since), "until": marks.milliseconds(until)}
    smallest = (ALONE if len(series) == 1 else ONE_OF_MANY)._replace(
        since=since.toordinal(), until=until.toordinal(), floor=floor, frame=top
    )
    data["targets"] = _told_apart(data["targets"], smallest)
    data["figures"] = [mark | _also(mark, data["targets"], smallest) for mark in data["figures"]]
    data["labels"] = [label for frame in frames.values() for label in _labels(frame, data, smallest)]
    beside = any(data[part] for part in ("breaks", "replaced", "targets"))
    shape = spec("over_time", fades=_fades(data["figures"]), beside=beside)
    return filled(shape, smallest.height, data, params, [words.names[name] for name in series])


def side_by_side(series: Sequence[str], drawn: Sequence[Row], words: Words) -> dict:
    """A row per series; with its period, where the others are of other days."""
    dated = len({row["time_period_end"] for row in drawn}) > 1
    floor, top = _scale(drawn, ())
    points = []
    for row in drawn:
        name = words.names[row["series_id"]]
        if dated:
            told = wording.period(row["period_type"], row["time_period_end"])
            name = Both(f"{name.zh}，{told.zh}", f"{name.en}, {told.en}")
        point = marks.figure(row, 0, name, floor, top, words.said)
        points.append(
            {
                **point,
                **marks.provisional(row, words.code),
                **wrapped(name)._asdict(),
                "order": series.index(row["series_id"]),
            }
        )
    lines = max(point[language].count("\n") + 1 for point in points for language in ("zh", "en"))
    shape = spec("side_by_side", several=len(series) > 1, fades=_fades(points))
    height = max(44, LINE * lines + 8) * len(series)
    return filled(shape, height, {"figures": points}, {"floor": floor, "frame": top})


def filled(
    shape: dict,
    height: int,
    data: dict[str, list[dict]],
    params: Mapping[str, Any],
    frames: Sequence[Both] = (Both("", ""),),
) -> dict:
    """A chart of a kind: its own data, height in pixels, and what the specification asks for by name.

    `usermeta` names the frames: a page draws each apart, from its part of the data.
    """
    values = [{"name": key, "value": value} for key, value in params.items()]
    told = {**shape["usermeta"], "frames": [frame._asdict() for frame in frames]}
    return {**shape, "height": height, "datasets": data, "params": [LANGUAGE, *values], "usermeta": told}


def wrapped(name: Both) -> Both:
    """A name on lines that a narrow screen has room for."""
    zh, en = textwrap.wrap(name.zh, 11), textwrap.wrap(name.en, 22)
    return Both("\n".join(zh), "\n".join(en))


def _lines(changes: Sequence[Row], at: Mapping[str, Row]) -> list[tuple[Row, tuple[float, float]]]:
    """The changes that a line may show, with its two ends, which are numbers."""
    lines = []
    for row in changes:
        start, end = (at[row[f"{side}_observation_id"]]["obs_value"] for side in ("from", "to"))
        if None not in (row["change_sign"], start, end):
            lines.append((row, (float(start), float(end))))
    return lines


def _now(row: Row, drawn: Sequence[Row]) -> Row | None:
    """The other number that stands where a replaced one stood."""
    for now in drawn:
        same = (now["series_id"], now["time_period_end"]) == (row["series_id"], row["time_period_end"])
        if same and None not in (row["obs_value"], now["obs_value"]) and row["obs_value"] != now["obs_value"]:
            return now
    return None


def _spot(row: Row) -> tuple[str, float]:
    return f"{row['time_period_end']}", float(row["obs_value"])


def _horizon(drawn: Sequence[Row], targets: Sequence[Row]) -> date:
    """The last day of an axis: it follows the promises of some years, and leaves the figures their room."""
    days = [row["time_period_end"] for row in drawn]
    ahead = max(days) + max(AHEAD, (max(days) - min(days)) * 2 / 3)
    return max([max(days), *(row["due_date"] for row in targets if row["due_date"] <= ahead)])


def _told_apart(targets: Sequence[dict], plot: labels.Plot) -> list[dict]:
    """Targets no wider than the room to the next one; where two lie on each other, each tells of both."""
    spots = [plot.at(mark["date"], mark["mark"]) for mark in targets]
    apart = []
    for mark, (x, y) in zip(targets, spots, strict=True):
        near = [
            (abs(x - left), other)
            for other, (left, top) in zip(targets, spots, strict=True)
            if other["frame"] == mark["frame"] and abs(x - left) < TARGET[0] and abs(y - top) < TARGET[1]
        ]
        room = min((gap for gap, _ in near if gap >= 1), default=TARGET[0])
        tips = {key: "\n\n".join(other[key] for _, other in near) for key in ("tip_zh", "tip_en")}
        apart.append({**mark, **tips, "wide": max(TARGET[1], round(room) - 2)})
    return apart


def _also(figure: dict, targets: Sequence[dict], plot: labels.Plot) -> dict[str, str]:
    """What a figure says of the targets that lie under it, which nobody could point at."""
    if figure["value"] is None:
        return {}
    x, y = plot.at(figure["date"], figure["value"])
    tips: dict[str, dict[str, None]] = {"zh": {}, "en": {}}
    for mark in targets:
        left, top = plot.at(mark["date"], mark["mark"])
        if mark["frame"] == figure["frame"] and max(abs(x - left), abs(y - top)) < TOUCH:
            for language, told in tips.items():
                told[mark[f"tip_{language}"]] = None
    return {f"also_{language}": "\n\n".join(told) for language, told in tips.items() if told}


def _plan(row: Row, targets: Sequence[Row], horizon: date) -> list[tuple[str, float, str, float]]:
    """A promise that another replaced, as a step: its number holds until that day, then that of the other."""
    for later in targets:
        numbers = row["target_value"], later["target_value"]
        if row["superseded_by"] == f"{later['commitment_id']}@{later['version']}" and None not in numbers:
            old, new = map(float, numbers)
            start, change = f"{row['date_announced']}", f"{later['date_announced']}"
            due = f"{min(later['due_date'], horizon)}"
            return [(start, old, change, old), (change, old, change, new), (change, new, due, new)]
    return []


def _labels(frame: int, data: Mapping[str, list[dict]], plot: labels.Plot) -> list[dict]:
    """Numbers of figures, the last first, words of breaks, and promises, as far as there is room."""
    figures, targets, breaks = (
        sorted((mark for mark in data[part] if mark["frame"] == frame), key=lambda mark: mark["date"])
        for part in ("figures", "targets", "breaks")
    )
    stated = [mark for mark in figures if mark["value"] is not None]
    numbers = [
        labels.Label(Both(mark["label_zh"], mark["label_en"]), mark["date"], mark["value"]) for mark in stated
    ]
    aims = [
        labels.Label(Both(mark["zh"], mark["en"]), mark["date"], mark["mark"])
        for mark in targets
        if mark["current"]
    ]
    words = [
        labels.Label(Both(mark["zh"], mark["en"]), mark["date"], plot.frame, fixed=True) for mark in breaks
    ]
    between = numbers[1:-1] if len(numbers) <= LABELLED else []
    drawn = [plot.mark(mark["date"], mark["value"]) for mark in stated]
    drawn += [plot.mark(mark["date"], mark["mark"]) for mark in targets]
    for mark in (*data["pairs"], *data["steps"]):
        if mark["frame"] == frame:
            drawn += plot.line((mark["date"], mark["value"]), (mark["to"], mark["to_value"]))
    wanted = [*numbers[-1:], *words, *aims, *numbers[:-1][:1], *between]
    return [{"frame": frame, **label} for label in labels.placed(wanted, drawn, plot)]


def _fades(points: Sequence[dict]) -> tuple[str, ...]:
    return tuple(sorted({point["fades"] for point in points if not point["exact"]}))


def _scale(figures: Sequence[Row], targets: Sequence[Row]) -> tuple[float, float]:
    """The lowest and highest value of the frames, which hold nought; above the highest there is room."""
    ends = [marks.ends(row) for row in (*figures, *targets)]
    numbers = [*(row["obs_value"] for row in figures), *(row["target_value"] for row in targets)]
    known = [0.0, *(float(n) for n in (*numbers, *(end for pair in ends for end in pair)) if n is not None)]
    floor, highest = min(known), max(known)
    room = 0.3 if any(high is None for _, high in ends) else 0.18
    return floor, highest + room * ((highest - floor) or 1)
