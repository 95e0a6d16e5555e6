"""Makes what a chart draws of rows of marts: figures, lines, breaks, revisions, promises. Draws nothing.

Each mark carries its texts in both languages and the number of the frame that it stands in. What is shown
where it is pointed at is `tip_zh`, `tip_en`; of figures, which are many, looks.py makes it of other texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dagster_project.report import wording
from dagster_project.report.facts import Row, many
from dagster_project.report.wording import Both

Code = Callable[[str, str | None], Both]
PRESUMED = Both("有端点为本库约定", "an end is set by our policy")


def figure(row: Row, frame: int, name: Both, floor: float, top: float, said: Callable[[Row], Both]) -> dict:
    """A figure: an end without bound `fades` that way and stops at the frame; a presumed end has no line.

    said: how a row is known, and where it stands.
    """
    low, high = ends(row)
    told = wording.period(row["period_type"], row["time_period_end"])
    exact = low == high
    reach = Both("", "") if exact else wording.bounds(row)
    return {
        "frame": frame,
        **_both("", name),
        **_both("label_", exact_number(row["obs_value"])),
        **_both("period_", told),
        **_both("reach_", reach),
        "date": wording.day(row["time_period_end"]),
        "value": number(row["obs_value"]),
        "low": floor if low is None else low,
        "high": top if high is None else high,
        "exact": exact,
        "fades": "up" if high is None else "down" if low is None else "",
        "presumed": row.get("bound_basis") == "PRESUMED",
        "low_stated": not exact and low is not None and row.get("lower_basis") != "PRESUMED",
        "high_stated": not exact and high is not None and row.get("upper_basis") != "PRESUMED",
        "told": row["value_text"],
        "evidence": row["evidence"],
        "row": row["observation_id"],
        **_both("from_", said(row)),
    }


def line(change: Row, frame: int, ends: tuple[float, float], code: Code) -> dict:
    """What joins two figures that a mart compares and whose change is settled."""
    why = _reason(change, code)
    return {
        "frame": frame,
        "date": wording.day(change["from_date"]),
        "to": wording.day(change["to_date"]),
        "value": ends[0],
        "to_value": ends[1],
        "comparability": change["comparability"],
        **tip(code("COMPARABILITY", change["comparability"]), _between(change), why),
    }


def gap(change: Row, code: Code) -> dict[str, str]:
    """Why no line leads to a figure from the one before it, with which it may be compared."""
    before = wording.day(change["from_date"])
    why = Both("升降无法判定", "whether it rose or fell is indeterminate")
    if change["change_sign"] is not None:
        why = code("REASON", "NO_SINGLE_NUMBER")
    said = Both(f"与{before}的数值之间不连线：{why.zh}", f"no line from the figure of {before}: {why.en}")
    return _both("gap_", said)


def provisional(row: Row, code: Code) -> dict[str, str]:
    """That a figure is preliminary or a forecast; nothing of a final one."""
    status = row.get("obs_status", "A")
    return {} if status == "A" else _both("status_", code("OBS_STATUS", status))


def rupture(change: Row, frame: int, code: Code) -> dict:
    """A rule between two figures that may not be compared. Where between is for the text to say."""
    half = (change["to_date"] - change["from_date"]) / 2
    word = code("COMPARABILITY", "BROKEN")
    return {
        "frame": frame,
        "date": wording.day(change["from_date"] + timedelta(days=half.days)),
        **_both("", word),
        **tip(word, _between(change), _reason(change, code)),
    }


def promise(row: Row, frame: int, floor: float, top: float, code: Code, said: Callable[[Row], Both]) -> dict:
    """A target at its due day, with the interval that its words allow; grey once another has replaced it."""
    low, high = ends(row)
    value = number(row["target_value"])
    exact = low == high
    reach = Both("", "") if exact else wording.bounds(row)
    due, day = row["due_date"], wording.day(row["due_date"])
    by = (
        Both(f"到{due.year}年", f"by {due.year}")
        if (due.month, due.day) == (12, 31)
        else Both(f"到{day}", f"by {day}")
    )
    aim = reach if value is None else exact_number(row["target_value"])
    if value is not None and None in (low, high):
        side = "lower" if high is None else "upper"
        way = wording.END_WORDS[side, bool(row[f"{side}_closed"])]
        aim = Both(f"{way.zh}{aim.zh}", f"{way.en} {aim.en}")
    drawn_low, drawn_high = floor if low is None else low, top if high is None else high
    return {
        "frame": frame,
        **_both("", Both(f"{by.zh}{aim.zh}", f"{by.en}: {aim.en}")),
        **_both("period_", Both(f"{day}前", f"by {day}")),
        **_both("reach_", reach),
        "date": day,
        "value": value,
        "low": drawn_low,
        "high": drawn_high,
        "mark": value if value is not None else drawn_low if low is not None else drawn_high,
        "exact": exact,
        "fades": "up" if high is None else "down" if low is None else "",
        "current": row["is_current_version"],
        "told": row["value_text"],
        "evidence": row["evidence"],
        "row": f"{row['commitment_id']}@{row['version']}",
        **_both("from_", said(row)),
        **tip(
            Both(f"承诺：{row['title_zh']}", f"promise: {row['title_en']}"),
            Both(f"期限：{day}", f"due: {day}"),
            Both(f"原文：{row['value_text']}", f"as printed: {row['value_text']}"),
            None if exact else _interval(reach, row.get("bound_basis") == "PRESUMED"),
            code("COMMITMENT_STATUS", row["status"])
            if row["is_current_version"]
            else Both("已由新的承诺取代", "superseded by a later promise"),
            said(row),
        ),
    }


def later(due: date, horizon: date) -> dict:
    """Where a promise for after the end of the axis stands: at that end, and marked as of later."""
    if due <= horizon:
        return {"later": False}
    return {"later": True, "date": wording.day(horizon), "due": wording.day(due)}


def revised(row: Row, now: Row, frame: int, said: Callable[[Row], Both]) -> dict:
    """A figure that a later report has replaced, or made exact: ‘over 90 million’ holds 90.206 million."""
    later = exact_number(now["obs_value"])
    told = Both(f"后改为：{later.zh}", f"later revised to {later.en}")
    if _holds(row, now["obs_value"]):
        told = Both(f"后给出确数：{later.zh}", f"later given exactly: {later.en}")
    return {
        "frame": frame,
        "date": wording.day(row["time_period_end"]),
        "value": number(row["obs_value"]),
        **tip(
            _with_day(wording.period(row["period_type"], row["time_period_end"]), row["time_period_end"]),
            Both(f"原先：{row['value_text']}", f"first reported: {row['value_text']}"),
            told,
            said(row),
        ),
    }


def _holds(row: Row, value: Decimal) -> bool:
    """Whether the interval of a figure holds a value. A number without a hedge holds no other."""
    low, high = row["lower_bound"], row["upper_bound"]
    above = low is None or value > low or (value == low and bool(row["lower_closed"]))
    below = high is None or value < high or (value == high and bool(row["upper_closed"]))
    return above and below and row.get("bound_basis") != "ROUNDING"


def step(frame: int, start: str, value: float, end: str, to: float) -> dict:
    """From a value to what took its place."""
    return {"frame": frame, "date": start, "value": value, "to": end, "to_value": to}


def exact_number(value: Decimal | int | None) -> Both:
    """A number as it was printed, to its last digit: 17,748 stays what it is, 2.784万 says all of 27,840."""
    if value is not None and -(10**6) < value < 10**6 and value % 10:
        plain = f"{Decimal(value).normalize():,f}"
        return Both(plain, plain)
    said = wording.number(value, places=13)
    return Both(said.zh, said.en.replace(" billion", " bn").replace(" million", " m"))


def ends(row: Row) -> tuple[float | None, float | None]:
    """Lower and upper end of an interval; None where it has no bound."""
    return number(row["lower_bound"]), number(row["upper_bound"])


def number(value: Any) -> float | None:
    """A number as charts draw it."""
    return None if value is None else float(value)


def said_by(sources: Mapping[str, Both], known: Mapping[str, Both]) -> Callable[[Row], Both]:
    """How a row is known, and where it stands."""

    def said(row: Row) -> Both:
        how = known.get(row["evidence"], Both(row["evidence"], row["evidence"]))
        if (source := sources.get(row.get("source_id", ""))) is None:
            return how
        where = wording.place(row.get("locator"))
        return Both(f"{how.zh}；{source.zh}，{where.zh}", f"{how.en}; {source.en}, {where.en}")

    return said


def time_marks(kind: str, days: Sequence[date]) -> tuple[str, list[int]]:
    """How an axis says days, and which: years wherever a period says the rest, or the span is long."""
    first, last = min(days), max(days)
    many = range(first.year, last.year + 1, 1 + (last.year - first.year) // 6)
    if kind[0] in "AHQMY":
        return "%Y", [milliseconds(last.replace(year=year, day=min(last.day, 28))) for year in many]
    if last.year - first.year >= 2:
        return "%Y", [milliseconds(date(year + 1, 1, 1)) for year in many if year < last.year]
    if len(set(days)) <= 3:
        return "%Y-%m-%d", [milliseconds(day) for day in sorted(set(days))]
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    return "%Y-%m", [milliseconds(date(month // 12, month % 12 + 1, 1)) for month in months]


def span(days: Sequence[date]) -> tuple[date, date]:
    """From where to where an axis goes: a single day stands in the middle of a year."""
    around = timedelta(days=183 if min(days) == max(days) else 0)
    return min(days) - around, max(days) + around


def milliseconds(day: date) -> int:
    """A day as charts count it."""
    return (day - date(1970, 1, 1)).days * 86_400_000


def _both(prefix: str, text: Both) -> dict[str, str]:
    return {f"{prefix}zh": text.zh, f"{prefix}en": text.en}


def tip(*lines: Both | None) -> dict[str, str]:
    """What is shown where a mark is pointed at, a line each."""
    told = [line for line in lines if line and line.zh]
    return {"tip_zh": "\n".join(line.zh for line in told), "tip_en": "\n".join(line.en for line in told)}


def _with_day(period: Both, end: date) -> Both:
    """A period with the day of its end, where it does not say it."""
    day = wording.day(end)
    return period if day in period.en else Both(f"{period.zh}（至{day}）", f"{period.en} (to {day})")


def _interval(reach: Both, presumed: bool) -> Both:
    if not presumed:
        return Both(f"区间：{reach.zh}", f"interval: {reach.en}")
    return Both(f"区间：{reach.zh}（{PRESUMED.zh}）", f"interval: {reach.en} ({PRESUMED.en})")


def _between(change: Row) -> Both:
    start, end = wording.day(change["from_date"]), wording.day(change["to_date"])
    return Both(f"{start}至{end}", f"{start} to {end}")


def _reason(change: Row, code: Code) -> Both | None:
    """Why this pair is not the same: its own note, never that of another pair."""
    text = change.get("break_reason") or change.get("comparability_note")
    if text:
        return wording.apart(text)
    codes = many(change.get("reason"))
    return wording.joined(code("REASON", each) for each in codes) if codes else None
