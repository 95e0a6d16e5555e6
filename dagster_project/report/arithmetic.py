"""Says how the status of a promise comes about, step by step. Every number of it was computed by a mart."""

from __future__ import annotations

from decimal import Decimal

from dagster_project.report import sentences, wording
from dagster_project.report.facts import Facts, Row
from dagster_project.report.wording import Both

_BASE = {
    "GIVEN": Both("通报自己给出的起点", "the base that the bulletin itself gives"),
    "LAST_BEFORE_PROMISE": Both("承诺之前最近一次数值", "the last figure before the promise"),
    "ZERO_AT_START": Both("时期合计，从零算起", "a total over a period, which starts from zero"),
}
# What each status rests on where no later report decides; docs/methods.md has the rules.
_RULES = {
    "NOT_ASSESSABLE": Both(
        "没有可以据以判断的数值，也没有后续通报说到它。",
        "There is no figure to judge it by, and no later bulletin speaks of it.",
    ),
    "NOT_REPORTED": Both(
        "后来的通报说到同一项目，没有再提到这项承诺。",
        "Later bulletins on the same initiative do not mention this promise.",
    ),
    "NOT_STARTED": Both("承诺所指的时期尚未开始。", "The period that it is about has not begun."),
    "ACHIEVED": Both(
        "到期之日或此前的数值达到了目标。", "A figure of the due date or before reaches the target."
    ),
    "ACHIEVED_LATE": Both(
        "到期之后的数值才达到目标。", "Only a figure after the due date reaches the target."
    ),
    "OVERDUE_UNMET": Both(
        "到期之日或此后的数值没有达到目标。", "The figure of the due date or later does not reach the target."
    ),
    "OVERDUE_UNKNOWN": Both(
        "期限已过，没有足以判定的数值或后续通报。",
        "The due date has passed without a figure or a bulletin that settles it.",
    ),
}
_REPORTED = Both("据后来的通报或事件判定，见下文。", "A later bulletin or event decides it, see below.")
_TIME = {"DAY": Both("天", "days"), "YEAR": Both("年", "years")}


def steps(row: Row, told: Row | None, facts: Facts) -> list[Both]:
    """Sentences from the target to the status. told: the promise as recorded, with its interval."""
    said = [*_target(row, told, facts), *_base_and_actual(row), *_pace(row)]
    if row["judged_by_report_id"] or row["fulfilled_by_event_id"]:
        said.append(_REPORTED)
    elif row["status"] in _RULES:
        said.append(_RULES[row["status"]])
    said += _ends(row, facts)
    if row["reason"]:
        said.append(_both("说明：{why}。", "Note: {why}.", why=facts.reasons(row["reason"])))
    return said


def change(row: Row, facts: Facts) -> Both:
    """How one version of a promise differs from the one that it replaces; row: of commitment_change."""
    parts = []
    if row["target_change"]:
        words = [row[side + "value_text"] or "—" for side in ("from_", "to_")]
        parts.append(
            _both(
                "目标{how}（{before} → {now}）",
                "target {how} ({before} → {now})",
                how=facts.code("TARGET_CHANGE", row["target_change"]),
                before=words[0],
                now=words[1],
            )
        )
    if row["due_change"]:
        days = abs(row["due_days"] or 0)
        parts.append(
            _both(
                "期限{how}{days}（{before} → {now}）",
                "due date {how}{days} ({before} → {now})",
                how=facts.code("DUE_CHANGE", row["due_change"]),
                days=Both(f" {days} 天", f" by {days} days") if days else "",
                before=wording.day(row["from_due_date"]),
                now=wording.day(row["to_due_date"]),
            )
        )
    if not parts:
        return facts.reasons(row["reason"])
    return wording.joined(parts)


def _target(row: Row, told: Row | None, facts: Facts) -> list[Both]:
    if row["target"] is None or row["toward"] is None:
        return []
    end = row["target"], bool(row["target_closed"])
    reach = wording.interval(*end, None, None) if row["toward"] > 0 else wording.interval(None, None, *end)
    said = [
        _both(
            "须达到：{reach}（{unit}），期限 {due}。",
            "To be reached: {reach} ({unit}), by {due}.",
            reach=reach,
            unit=facts.unit(row),
            due=Both("未说明", "a date not stated")
            if row["due_date"] is None
            else wording.day(row["due_date"]),
        )
    ]
    if told and (allowed := sentences.target({**told, "target": row["target"]})):
        said.append(_both("原文：{allowed}。", "As printed: {allowed}.", allowed=allowed))
    return said


def _base_and_actual(row: Row) -> list[Both]:
    said = []
    if (base := _figure(row, "base")) and row["base_choice"]:
        said.append(
            _both(
                "起点：{base}（{day}），{choice}。",
                "Base: {base} ({day}), {choice}.",
                base=base,
                day=wording.event_date(row["base_date"], None, row["base_date_precision"]),
                choice=_BASE[row["base_choice"]],
            )
        )
    if actual := _figure(row, "actual"):
        said.append(
            _both(
                "最近一次：{actual}（{when}）。",
                "Latest figure: {actual} ({when}).",
                actual=actual,
                when=wording.event_date(row["actual_date"], None, row["actual_date_precision"])
                if row["actual_start"] is None
                else wording.stretch(row["actual_start"], row["actual_date"]),
            )
        )
    if row["reached_by"] and row["reached_observation_id"] != row["actual_observation_id"]:
        said.append(
            _both(
                "最早达到目标的数值所指之日：{day}。",
                "The first figure that reaches the target is for {day}.",
                day=wording.day(row["reached_by"]),
            )
        )
    return said


def _pace(row: Row) -> list[Both]:
    if row["pace"] is None or row["time_elapsed"] > 1:  # past the due date it decides nothing
        return []
    said = [
        _both(
            "从起点到目标走完 {gap}，时间过去 {time}（{total} {unit}中的 {elapsed} {unit}）；"
            "两者之比即进度，为 {pace}。",
            "{gap} of the way from base to target in {time} of the time ({elapsed} of {total} {unit}): "
            "a pace of {pace}.",
            gap=_range(row, "gap_closed", per_cent=True),
            time=_per_cent(row["time_elapsed"]),
            elapsed=row["elapsed_time"],
            total=row["total_time"],
            unit=_TIME[row["time_unit"]],
            pace=_range(row, "pace"),
        )
    ]
    if row["cagr_ratio"] is not None:
        said.append(
            _both(
                "年增长率是所需的 {ratio} 倍；两种算法{agree}。",
                "Yearly growth was {ratio} times what is needed; the two methods {agree}.",
                ratio=wording.number(row["cagr_ratio"], places=2),
                agree=Both("结论一致", "agree") if row["methods_agree"] else Both("结论不一", "disagree"),
            )
        )
    return said


def _ends(row: Row, facts: Facts) -> list[Both]:
    said = []
    if row["status_low"] != row["status_high"]:
        said.append(
            _both(
                "区间的两端结论不同：较差的一端为“{low}”，较好的一端为“{high}”。",
                "The two ends of the interval disagree: ‘{low}’ at the worse, ‘{high}’ at the better.",
                low=facts.code("COMMITMENT_STATUS", row["status_low"]),
                high=facts.code("COMMITMENT_STATUS", row["status_high"]),
            )
        )
    if row["verdict_needs_policy"]:
        said.append(
            _both(
                "不取本库约定的端点，则为“{status}”。",
                "Without the ends that our policy sets: ‘{status}’.",
                status=facts.code("COMMITMENT_STATUS", row["status_stated"]),
            )
        )
    return said


def _figure(row: Row, name: str) -> Both | None:
    """A figure as printed; where a range was printed, the range."""
    if row[name] is not None:
        return wording.number(row[name])
    said = wording.bounds(row, f"{name}_")
    return None if said == ("—", "—") else said


def _range(row: Row, name: str, per_cent: bool = False) -> Both:
    """A share or a pace, with its two ends where these differ as shown."""
    shown = [
        _per_cent(row[name + end]) if per_cent else wording.number(row[name + end], places=2)
        for end in ("", "_low", "_high")
    ]
    middle, low, high = shown
    if low == high:
        return middle
    return _both(
        "{middle}（{low} 至 {high}）", "{middle} ({low} to {high})", middle=middle, low=low, high=high
    )


def _per_cent(share: Decimal | None) -> Both:
    if share is None:
        return wording.number(None)
    said = wording.number(share * 100, places=1)
    return Both(f"{said.zh}%", f"{said.en}%")


def _both(zh: str, en: str, **values: object) -> Both:
    return Both(zh, en).format(**values)
