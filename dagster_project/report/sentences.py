"""Says findings and promises as a person would, in both languages. Chooses and decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from dagster_project.report.facts import Facts, Row
from dagster_project.report.wording import (
    DOUBLED,
    ENDS,
    Both,
    bounds,
    by_day,
    day_in_words,
    during,
    growth_span,
    interval,
    is_single,
    multiple,
    number,
    shift,
)

# How firmly: in Chinese with a date and without one; in English.
_FIRMNESS = {
    "ENSURE": ("确保", "确保", "guaranteed"),
    "WILL": ("将于", "将", "expected"),
    "STRIVE": ("力争", "力争", "aimed for"),
    "PLAN": ("计划", "计划", "planned"),
    "EXPLORE": ("探索", "探索", "to be explored"),
    "IN_FORCE": ("现行", "现行", "in force"),
}
_NEARLY = {"APPROX": "about ", "ABOVE_NEAR": "just over ", "BELOW_NEAR": "nearly ", "EQ": ""}
# Wordings that are verbs themselves, which need no other.
_VERBS = tuple("突超破达下增降减不完新")
POINTS = Both("个百分点", " percentage points")


def amount(facts: Facts, row: Row, value: str = "obs_value", ends: str = "") -> Both:
    """A figure with its unit: in Chinese as printed, in English what the words allow."""
    unit = facts.unit(row).en
    near = _NEARLY.get(row["value_qualifier"])
    low, low_closed, high, high_closed = (row[ends + column] for column in ENDS)
    if near is not None and row[value] is not None:
        said = near + number(row[value]).en
    elif row["value_qualifier"] == "RANGE":
        said = f"{number(low).en} to {number(high).en}"
    else:
        said = interval(low, low_closed, high, high_closed).en
    if said == "—":  # words without a number, such as 若干
        return Both(row["value_text"], f"‘{row['value_text']}’")
    return Both(row["value_text"], f"{said}%" if row["unit_measure"] == "PERCENT" else f"{said} {unit}")


def counted(facts: Facts, row: Row, value: Decimal) -> Both:
    """A number with the unit of a row: 58.8%, 1,899.7亿元."""
    if facts.is_share(row):
        return Both(f"{number(value).zh}%", f"{number(value).en}%")
    unit = facts.unit(row)
    return Both(number(value).zh + unit.zh.split("（")[0], f"{number(value).en} {unit.en}")


def aim(facts: Facts, row: Row) -> Both:
    """What a promise names, in both languages; its wording alone where it has no unit."""
    if row["unit_measure"] is None:
        return Both(row["value_text"], row["value_text"])
    return amount(facts, row, "target_value", "stated_")


def deadline(row: Row) -> Both:
    """Until when, or within which year."""
    due, start = row["due_date"], row.get("period_start")
    if due is None:
        return Both("", "")
    if start and (start.month, start.day, due.month, due.day) == (1, 1, 12, 31) and start.year == due.year:
        return Both(f"{due.year}年内", f"within {due.year}")
    return by_day(due)


def promise(facts: Facts, row: Row, kind: str = "commitment_type") -> Both:
    """What is promised, how firmly, by when: ‘100 trains aimed for within 2022’."""
    when, reaches = deadline(row), row[kind] == "TARGET" or row["modality"] == "WILL"
    dated, undated, firmly = _FIRMNESS.get(row["modality"], _FIRMNESS["PLAN"])
    if not row["value_text"]:
        if not when.zh:
            return Both(
                "已宣布，未定期限" if undated == "将" else f"{undated}，未定期限",
                f"{firmly}, no date given",
            )
        return Both(f"{dated}{when.zh}实现", f"{firmly} {when.en}")
    what = amount(facts, row, "target_value", "stated_")
    link = "" if what.zh.startswith(_VERBS) else "达到" if reaches else "完成" if when.zh else "："
    return Both(
        f"{dated if when.zh else undated}{when.zh}{link}{what.zh}", f"{what.en} {firmly} {when.en}".strip()
    )


def _according(facts: Facts, row: Row, words: Both) -> Both:
    """A promise as a sentence. A bulletin does not plan: it says what is planned."""
    if not row["value_text"]:
        way = "通报" if words.zh.startswith("已") else "按通报，"
        return Both(f"{way}{words.zh}。", f"According to the bulletin, this is {words.en}.")
    firmly = _FIRMNESS.get(row["modality"], _FIRMNESS["PLAN"])[2]
    verb = "are" if facts.is_counted(row) else "is"
    said = words.en.replace(f" {firmly}", f" {verb} {firmly}", 1)
    return Both(f"按通报，{words.zh}。", f"According to the bulletin, {said}.")


def moved(facts: Facts, row: Row) -> Both:
    """How far a series moved: a share by percentage points, never by a percentage of a percentage."""
    if facts.is_share(row):
        return shift(row["change"], *_ends_of(row, "change"), POINTS)
    ends = _ends_of(row, "pct_change")
    if ends[0] is not None and ends[0] >= DOUBLED:
        return growth_span(*ends, alone=True)
    return shift(row["pct_change"], *ends, Both("%", "%"))


def moved_within(facts: Facts, row: Row) -> Both:
    """The whole interval of that change, for whoever points at it."""
    share = facts.is_share(row)
    low, low_closed, high, high_closed = _ends_of(row, "change" if share else "pct_change")
    said = interval(low, low_closed, high, high_closed, places=1)
    unit = POINTS if share else Both("%", "%")
    return Both(f"区间：{said.zh}（{unit.zh}）", f"interval: {said.en} ({unit.en.strip()})")


def _ends_of(row: Row, column: str) -> tuple[Any, Any, Any, Any]:
    low, high = f"{column}_low", f"{column}_high"
    return row[low], row[f"{low}_closed"], row[high], row[f"{high}_closed"]


def standing(trends: Counter[str], promises: Counter[str], of_region: bool) -> Both | None:
    """The answer to the question of the first page: what its counts say, no more. None without any."""
    better, worse = trends["IMPROVED"], trends["WORSENED"]
    rest = trends.total() - trends["SINGLE_OBSERVATION"] - better - worse
    met, missed = promises["ACHIEVED"] + promises["ACHIEVED_LATE"], promises["OVERDUE_UNMET"]
    unknown = promises["OVERDUE_UNKNOWN"]
    if not better + worse + rest + met + missed + unknown:
        return None
    return Both(
        "{where}前后可比的指标，{better}项改善、{worse}项变差，{rest}项不评优劣、持平或无法判定；"
        "承诺{met}项已实现、{missed}项到期未实现、{unknown}项到期而结果不明。",
        "Of the comparable indicators{where}, {better} improved, {worse} worsened, {rest} are unchanged, "
        "indeterminate or not rated. Of its promises, {met} were met, {missed} missed; {unknown} are past "
        "due with the result unknown.",
    ).format(
        where=Both("都市圈内", " of the region") if of_region else Both("", ""),
        better=better,
        worse=worse,
        rest=rest,
        met=met,
        missed=missed,
        unknown=unknown,
    )


def finding(facts: Facts, row: Row) -> tuple[Both, Both]:
    """A finding as a sentence, and what to know about it."""
    return {"CHANGE": _changed, "CONTRADICTION": _contradicted}.get(row["finding_type"], _promised)(
        facts, row
    )


def _changed(facts: Facts, row: Row) -> tuple[Both, Both]:
    what, area = facts.name("indicators", row["indicator_id"]), facts.series_name(row)
    share = facts.is_share(row)
    within = (row["change_low"], row["change_high"]) if share else (row["lower_bound"], row["upper_bound"])
    ends = [
        during(row["period_type"], row[day], row[f"{side}precision"])
        for day, side in {"since": "from_", "until": "to_"}.items()
    ]
    said = course(what, area, ends, within, counted=facts.is_counted(row), share=share)
    start, end = _figure(facts, row, "from_"), _figure(facts, row, "to_")
    return said, Both(f"{start.zh} → {end.zh}", f"{start.en} → {end.en}")


def course(
    what: Both,
    area: Both,
    ends: Sequence[Both],
    within: tuple[Decimal | None, Decimal | None],
    *,
    counted: bool,
    share: bool,
) -> Both:
    """What has come of a series whose change is settled, no larger than it certainly is.

    ends: its first and latest period, in words; within: ends of the change in per
    cent, of a share in percentage points.
    """
    since, until = ends
    low, high = within
    unit = POINTS if share else Both("%", "%")
    if low is not None and low >= DOUBLED and not share:
        least, single = _least(multiple(low), None if high is None else multiple(high))
        many = "as many" if counted else "as much"
        said = Both(
            f"{until.zh}{'' if single else '至少'}是{since.zh}的{least.zh}倍",
            f"{'' if single else 'at least '}{least.en} times {many} {until.en} as {since.en}",
        )
    else:
        up = low is not None and low >= 0
        near, far = (low, high) if up else (high, low)
        least, single = _least(abs(near or Decimal(0)), None if far is None else abs(far))
        said = Both(
            f"{until.zh}比{since.zh}{'' if single else '至少'}{'增加' if up else '减少'}{least.zh}{unit.zh}",
            f"{'up' if up else 'down'} by {'' if single else 'at least '}{least.en}{unit.en} {until.en} "
            f"on the figure {since.en}",
        )
        if least.en == "0":
            said = Both(
                f"{until.zh}{'高' if up else '低'}于{since.zh}",
                f"{'higher' if up else 'lower'} {until.en} than {since.en}",
            )
    return Both(f"{area.zh}，{what.zh}：{said.zh}", f"{what.en}, {area.en}: {said.en}")


def courses(what: Both, areas: int, *, better: bool) -> Both:
    """What has come of the series of several areas, where it is the same in all."""
    return Both(
        f"{what.zh}：{areas}个地区均{'改善' if better else '变差'}",
        f"{what.en}: {'better' if better else 'worse'} in {'both' if areas == 2 else f'all {areas}'} areas",
    )


def _figure(facts: Facts, row: Row, side: str) -> Both:
    """One of the two figures of a finding."""
    ends = {end: row[side + end] for end in ENDS}
    return amount(
        facts,
        {
            **ends,
            "obs_value": row[f"{side}value"],
            "value_text": row[f"{side}text"],
            "value_qualifier": row[f"{side}qualifier"],
            "indicator_id": row["indicator_id"],
            "unit_measure": row["unit_measure"],
        },
    )


def _least(low: Decimal, high: Decimal | None) -> tuple[Both, bool]:
    """The least that is certain, and whether, to one decimal, it is all there is."""
    one = Decimal("0.1")
    single = high is not None and low.quantize(one) == high.quantize(one)
    return number(low, places=1) if single else number(low, ROUND_FLOOR, places=1), single


def _contradicted(facts: Facts, row: Row) -> tuple[Both, Both]:
    when = during(row["period_type"], row["since"], row["from_precision"])
    what, area = facts.name("indicators", row["indicator_id"]), facts.series_name(row)
    one, other = _figure(facts, row, "from_"), _figure(facts, row, "to_")
    return (
        Both(
            f"{area.zh}，{what.zh}，{when.zh}：一说{one.zh}，一说{other.zh}",
            f"{what.en}, {area.en}, {when.en}: {one.en} in one bulletin, {other.en} in another",
        ),
        Both(
            "两处数值不一致，通报没有说明原因。",
            "The two differ; the bulletins do not say why.",
        ),
    )


def _promised(facts: Facts, row: Row) -> tuple[Both, Both]:
    words = promise(facts, row)
    title = Both(row["title_zh"], row["title_en"])
    if row["value_text"]:  # a title without the amount is no statement
        what = amount(facts, row, "target_value", "stated_")
        title = Both(f"{title.zh}：{what.zh}", f"{title.en}: {what.en}")
    told = _according(facts, row, words)
    if row["finding_type"] == "OVERDUE":
        day = day_in_words(row["until"])
        after = Both(
            f"至{day.zh}，没有通报说明结果。",
            f"Up to {day.en} no bulletin says what came of it.",
        )
    elif row["to_observation_id"]:
        when = during(row["period_type"], row["until"], row["to_precision"])
        actual = _figure(facts, row, "to_")
        status = Both("", "")
        if row["to_status"] != "A":
            named = facts.code("OBS_STATUS", row["to_status"])
            status = Both(f"（{named.zh}）", f" ({named.en})")
        after = Both(f"{when.zh}为{actual.zh}{status.zh}。", f"The figure {when.en}: {actual.en}{status.en}.")
    else:
        after = Both("", "")
    return title, Both(told.zh + after.zh, f"{told.en} {after.en}".strip())


def target(row: Row) -> Both | None:
    """Why a target is judged by another number than the one printed; None where it is the same."""
    same = row["target"] in (None, row["target_value"])
    if same or is_single(row["lower_bound"], row["upper_bound"]):
        return None
    within, judged = bounds(row), number(row["target"])
    return Both(
        f"{row['value_text']}，按措辞即{within.zh}；以 {judged.zh} 判断是否实现",
        f"{row['value_text']}, which allows {within.en}; judged at {judged.en}",
    )
