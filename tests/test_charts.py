"""What a chart is filled with: what may be compared shares an axis, and no line says more than a mart."""

from __future__ import annotations

import base64
from datetime import date
from decimal import Decimal

import pytest

from dagster_project.report import labels, marks
from dagster_project.report.charts import MOST, Beside, figures_charts
from dagster_project.report.pictures import as_markdown
from dagster_project.report.timeline import events_chart
from dagster_project.report.wording import Both


def figure(value, low, high, day, **more):
    return {
        "observation_id": f"o{day}",
        "series_id": "S",
        "period_type": "P",
        "unit_measure": "U",
        "evidence": "HELD",
        "obs_value": value,
        "lower_bound": low,
        "lower_closed": None if low is None else True,
        "upper_bound": high,
        "upper_closed": None if high is None else True,
        "time_period_end": date.fromisoformat(day),
        "value_text": str(value),
        "is_current_vintage": True,
        "vintage_status": "CURRENT",
        **more,
    }


def change(comparability, sign=1, **more):
    return {
        "series_id": "S",
        "from_observation_id": "o2020-01-01",
        "to_observation_id": "o2021-01-01",
        "from_date": date(2020, 1, 1),
        "to_date": date(2021, 1, 1),
        "change_sign": sign,
        "comparability": comparability,
        **more,
    }


def target(value, due, **more):
    return {
        "commitment_id": f"c{due}",
        "version": 1,
        "superseded_by": None,
        "is_current_version": True,
        "series_id": "S",
        "title_zh": "目标",
        "title_en": "target",
        "value_text": str(value),
        "target_value": value,
        "lower_bound": value,
        "lower_closed": True,
        "upper_bound": value,
        "upper_closed": True,
        "date_announced": date(2020, 6, 1),
        "due_date": date.fromisoformat(due),
        "status": "ON_TRACK",
        "evidence": "HELD",
        **more,
    }


NAMES = {"S": Both("甲", "A"), "T": Both("乙", "B")}
TWO = [figure(1, 1, 1, "2020-01-01"), figure(2, 2, 2, "2021-01-01")]
KNOWN = {"HELD": Both("在手", "held"), "CITED": Both("出处", "cited")}


def drawn(figures, changes=(), names=NAMES, **beside):
    """The specification of the only chart."""
    (chart,) = figures_charts(figures, changes, names, KNOWN, Beside(**beside))
    return chart.spec


def test_a_lone_exact_number_has_no_chart():
    assert figures_charts([figure(1, 1, 1, "2020-01-01")], [], NAMES, KNOWN) == []
    assert figures_charts([], [], NAMES, KNOWN) == []


def test_a_lone_hedged_number_is_a_band_and_no_line():
    spec = drawn([figure(50, 50, 60, "2020-01-01")])
    assert "pairs" not in spec["datasets"]
    (point,) = spec["datasets"]["figures"]
    assert (point["low"], point["high"], point["fades"]) == (50, 60, "")


@pytest.mark.parametrize(
    ("comparability", "sign", "lines"), [("SAME", 1, 1), ("NEAR", 1, 1), ("BROKEN", None, 0)]
)
def test_only_what_can_be_compared_is_joined(comparability, sign, lines):
    assert len(drawn(TWO, [change(comparability, sign)])["datasets"]["pairs"]) == lines


def test_figures_that_no_mart_compares_are_not_joined():
    assert drawn(TWO)["datasets"]["pairs"] == []


def test_unlike_periods_share_no_chart():
    """A year, its half and its December end on days that a line could join."""
    year = [figure(n, n, n, f"{y}-12-31", period_type="A") for n, y in ((120, 2022), (130, 2023))]
    half = [
        figure(n, n, n, f"{y}-06-30", period_type="H1", series_id="T", observation_id=f"h{y}")
        for n, y in ((50, 2022), (60, 2023))
    ]
    december = figure(12, 11, 13, "2023-12-31", period_type="M12", series_id="V", observation_id="m")
    charts = figures_charts([*year, *half, december], [], NAMES | {"V": Both("丙", "C")}, KNOWN)
    assert [(chart.period_type, set(chart.series)) for chart in charts] == [
        ("A", {"S"}),
        ("H1", {"T"}),
        ("M12", {"V"}),
    ]
    values = [{point["value"] for point in chart.spec["datasets"]["figures"]} for chart in charts]
    assert values == [{120, 130}, {50, 60}, {12}]


def test_unlike_units_share_no_chart():
    yuan, dollars = (
        [figure(n, n, n, f"{y}-01-01", series_id=s, unit_measure=u) for n, y in ((1, 2020), (2, 2021))]
        for s, u in (("S", "CNY"), ("T", "USD"))
    )
    assert [chart.unit_measure for chart in figures_charts(yuan + dollars, [], NAMES, KNOWN)] == [
        "CNY",
        "USD",
    ]


def test_series_side_by_side_say_their_periods_where_these_differ():
    rows = [
        figure(1, 1, 1, "2019-12-31", period_type="A"),
        figure(2, 2, 2, "2021-12-31", period_type="A", series_id="T"),
    ]
    assert {point["en"] for point in drawn(rows)["datasets"]["figures"]} == {"A, 2019", "B, 2021"}


def test_a_chart_says_how_each_figure_is_known():
    rows = [TWO[0], figure(2, 2, 2, "2021-01-01", evidence="CITED")]
    (chart,) = figures_charts(rows, [], NAMES, KNOWN)
    assert chart.evidence == {"HELD": 1, "CITED": 1}
    points = chart.spec["datasets"]["figures"]
    assert [(point["evidence"], point["from_en"]) for point in points] == [
        ("HELD", "held"),
        ("CITED", "cited"),
    ]


@pytest.mark.parametrize(("status", "steps"), [("REPLACED", [(9.0, 2.0)]), ("OUTRANKED", [])])
def test_a_figure_that_no_longer_holds_is_no_figure_and_only_a_revised_one_is_a_step(status, steps):
    earlier = figure(
        9, 9, 9, "2021-01-01", is_current_vintage=False, vintage_status=status, observation_id="o9"
    )
    data = drawn([*TWO, earlier])["datasets"]
    assert {point["value"] for point in data["figures"]} == {1, 2}
    assert [(step["value"], step["to_value"]) for step in data["steps"]] == steps
    assert [mark["value"] for mark in data["replaced"]] == [value for value, _ in steps]


def test_of_tellings_whose_order_nobody_knows_each_is_drawn_and_none_joined():
    both = [
        figure(
            n,
            n,
            n,
            "2021-01-01",
            observation_id=f"u{n}",
            is_current_vintage=False,
            vintage_status="UNDECIDED",
        )
        for n in (2, 3)
    ]
    spec = drawn([TWO[0], *both], [change("SAME") | {"to_observation_id": None}])
    assert {point["value"] for point in spec["datasets"]["figures"]} == {1, 2, 3}
    assert spec["datasets"]["pairs"] == []


def test_an_unbounded_end_fades_up_to_the_frame():
    spec = drawn([figure(100, 100, None, "2020-01-01")])
    (point,) = spec["datasets"]["figures"]
    params = {each["name"]: each["value"] for each in spec["params"]}
    assert (point["low"], point["high"], point["fades"]) == (100, params["frame"], "up")
    assert params["frame"] > 100


def test_many_series_over_time_are_not_all_drawn():
    names = {f"S{n}": Both(f"甲{n}", f"A{n}") for n in range(30)}
    figures = [
        figure(n, n, n, day, series_id=name, observation_id=f"{name}{day}")
        for n, name in enumerate(names)
        for day in ("2020-01-01", "2021-01-01")
    ]
    (chart,) = figures_charts(figures, [], names, KNOWN)
    assert len({point["zh"] for point in chart.spec["datasets"]["figures"]}) == MOST
    assert (len(chart.series), chart.undrawn) == (MOST, 30 - MOST)


def test_a_figure_without_any_bound_is_not_drawn():
    assert figures_charts([figure(None, None, None, "2020-01-01")], [], NAMES, KNOWN) == []


def event(start, end=None, precision="DAY", known=None):
    return {
        "title_zh": "事",
        "title_en": "event",
        "date_start": start,
        "date_end": end,
        "date_precision": precision,
        "known_by": known,
    }


def test_events_are_drawn_as_exactly_as_they_are_dated():
    events = [
        event(date(2021, 4, 14)),
        event(date(2021, 1, 1), date(2021, 12, 31), "YEAR"),
        event(None, precision="NONE", known=date(2021, 4, 14)),
        event(None, precision="NONE", known=date(2021, 4, 15)),
    ]
    spec = events_chart(events, lambda row: ["g"], {"g": Both("组", "group")})
    marks = next(iter(spec["datasets"].values())) if "datasets" in spec else spec["data"]["values"]
    assert [(m["kind"], m["date"], m.get("count")) for m in marks] == [
        ("day", "2021-04-14", None),
        ("stretch", "2021-01-01", None),
        ("by", "2021-04-15", 2),
    ]


# What may share an axis


def of_areas(*areas):
    """Two figures each of two series in two areas, and the kinds of these areas."""
    rows = [
        figure(n, n, n, day, series_id=series, ref_area=area, observation_id=f"{area}{day}")
        for (series, area) in zip("ST", areas, strict=True)
        for n, day in ((1, "2020-01-01"), (2, "2021-01-01"))
    ]
    levels = {"city": "PREFECTURE", "town": "PREFECTURE", "street": "COMMUNITY"}
    return rows, levels | {"pact": "GROUPING", "league": "GROUPING"}


@pytest.mark.parametrize(
    ("areas", "shared"), [(("city", "town"), True), (("city", "street"), False), (("pact", "league"), False)]
)
def test_only_areas_of_one_level_share_an_axis_and_groups_of_areas_have_none(areas, shared):
    rows, levels = of_areas(*areas)
    charts = figures_charts(rows, [], NAMES, KNOWN, Beside(levels=levels))
    assert [set(chart.series) for chart in charts] == ([{"S", "T"}] if shared else [{"S"}, {"T"}])
    assert len({chart.id for chart in charts}) == len(charts)


def test_series_over_time_stand_in_frames_of_one_scale():
    rows, levels = of_areas("city", "town")
    spec = drawn(rows, levels=levels)
    assert [frame["zh"] for frame in spec["usermeta"]["frames"]] == ["甲", "乙"]
    assert [(mark["zh"], mark["frame"]) for mark in spec["datasets"]["figures"]] == [
        ("甲", 0),
        ("甲", 0),
        ("乙", 1),
        ("乙", 1),
    ]
    assert {param["name"] for param in spec["params"]} >= {"floor", "frame", "since", "until"}


def test_the_place_of_a_chart_is_named_by_what_its_axis_holds():
    rows = [{**row, "indicator_id": "GDP", "ref_area": "city", "period_type": "SINCE:?"} for row in TWO]
    (chart,) = figures_charts(rows, [], NAMES, KNOWN, Beside(levels={"city": "PREFECTURE"}))
    assert chart.id == "GDP-SINCE-U-PREFECTURE"


# Lines


@pytest.mark.parametrize(("sign", "lines"), [(1, 1), (-1, 1), (0, 1), (None, 0)])
def test_there_is_no_line_where_nobody_can_say_whether_it_rose_or_fell(sign, lines):
    assert len(drawn(TWO, [change("SAME", sign)])["datasets"]["pairs"]) == lines


def test_a_reason_stays_with_the_pair_that_it_was_given_for():
    three = [*TWO, figure(3, 3, 3, "2022-01-01")]
    older = change("NEAR", comparability_note="此处另算 · counted apart")
    newer = change(
        "SAME",
        from_observation_id="o2021-01-01",
        to_observation_id="o2022-01-01",
        from_date=date(2021, 1, 1),
        to_date=date(2022, 1, 1),
    )
    first, second = drawn(three, [older, newer])["datasets"]["pairs"]
    assert "此处另算" in first["tip_zh"]
    assert "counted apart" in first["tip_en"]
    assert "此处另算" not in second["tip_zh"]


def test_a_break_is_a_rule_between_its_figures_with_a_word_and_the_reason():
    words = {"BROKEN": Both("口径中断", "series broken")}
    pair = change("BROKEN", None, break_reason="辖区变更 · territory changed")
    data = drawn(TWO, [pair], code=lambda _, code: words[code])["datasets"]
    (rule,) = data["breaks"]
    assert "2020-01-01" < rule["date"] < "2021-01-01"
    assert rule["tip_en"] == "series broken\n2020-01-01 to 2021-01-01\nterritory changed"
    assert "口径中断" in {label["zh"] for label in data["labels"]}
    assert data["pairs"] == []


# Ends


def test_an_end_that_our_policy_sets_has_no_line():
    hedged = figure(
        50, 50, 60, "2020-01-01", lower_basis="STATED", upper_basis="PRESUMED", bound_basis="PRESUMED"
    )
    (point,) = drawn([hedged])["datasets"]["figures"]
    assert (point["low_stated"], point["high_stated"], point["presumed"]) == (True, False, True)


def test_an_interval_of_digits_alone_makes_no_chart():
    rounded = figure(Decimal("1.5"), Decimal("1.45"), Decimal("1.55"), "2020-01-01", bound_basis="ROUNDING")
    assert figures_charts([rounded], [], NAMES, KNOWN) == []


# Promises


def test_a_promise_is_a_target_at_its_due_day_on_the_chart_of_its_series():
    rows, levels = of_areas("city", "street")
    aim = target(100, "2022-12-31", lower_bound=95, upper_bound=105)
    charts = figures_charts(rows, [], NAMES, KNOWN, Beside(levels=levels, targets=[aim]))
    of_city, of_street = (chart.spec["datasets"] for chart in charts)
    (mark,) = of_city["targets"]
    assert (mark["date"], mark["value"], mark["low"], mark["high"]) == ("2022-12-31", 100, 95, 105)
    assert (mark["zh"], mark["en"]) == ("到2022年100", "by 2022: 100")
    assert "by 2022: 100" in {label["en"] for label in of_city["labels"]}
    assert of_street["targets"] == []


def test_a_lone_figure_with_a_promise_has_a_chart():
    assert len(drawn(TWO[:1], targets=[target(5, "2022-12-31")])["datasets"]["targets"]) == 1


@pytest.mark.parametrize(
    ("ends", "label"),
    [
        ((100, True, None, None), "at least 100"),
        ((100, False, None, None), "over 100"),
        ((None, None, 100, True), "at most 100"),
    ],
)
def test_a_target_without_a_bound_says_which_way_it_is_open(ends, label):
    columns = ("lower_bound", "lower_closed", "upper_bound", "upper_closed")
    aim = target(100, "2022-06-30", **dict(zip(columns, ends, strict=True)))
    (mark,) = drawn(TWO, targets=[aim])["datasets"]["targets"]
    assert mark["en"] == f"by 2022-06-30: {label}"


def test_a_superseded_promise_is_a_step_to_its_successor_and_unlabelled():
    old = target(5, "2022-12-31", superseded_by="c2024-12-31@1", is_current_version=False)
    new = target(8, "2024-12-31", date_announced=date(2021, 6, 1))
    data = drawn(TWO, targets=[old, new])["datasets"]
    steps = [(s["date"], s["value"], s["to"], s["to_value"]) for s in data["steps"]]
    assert steps == [
        ("2020-06-01", 5, "2021-06-01", 5),
        ("2021-06-01", 5, "2021-06-01", 8),
        ("2021-06-01", 8, "2024-12-31", 8),
    ]
    assert not any("2022" in label["en"] for label in data["labels"])


# Words and numbers


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (17748, "17,748", "17,748"),
        (27840, "2.784万", "27,840"),
        (Decimal("107.5"), "107.5", "107.5"),
        (Decimal("32054200"), "3,205.42万", "32.0542 m"),
        (Decimal("1771667123456"), "17,716.67123456亿", "1,771.667123456 bn"),
        (None, "—", "—"),
    ],
)
def test_a_number_on_a_chart_is_exact(value, zh, en):
    assert marks.exact_number(value) == (zh, en)


def progress(trend, **more):
    return {
        "series_id": "S",
        "ref_area": "city",
        "period_type": "P",
        "trend": trend,
        "is_settled": True,
        "first_date": date(2020, 1, 1),
        "latest_date": date(2021, 1, 1),
        "first_date_precision": "DAY",
        "latest_date_precision": "DAY",
        "pct_change_low": Decimal(20),
        "pct_change_high": Decimal(30),
        **more,
    }


def finding(*rows):
    (chart,) = figures_charts(
        of_areas("city", "town")[0] if len(rows) > 1 else TWO,
        [],
        NAMES,
        KNOWN,
        Beside(title=Both("车次", "Trains"), levels={}, progress=rows),
    )
    return chart.finding


def test_what_is_settled_is_the_title_of_a_chart():
    assert finding(progress("IMPROVED")) == (
        "甲，车次：2021年1月1日比2020年1月1日至少增加20%",
        "Trains, A: up by at least 20% on 1 January 2021 on the figure on 1 January 2020",
    )
    dated = progress("IMPROVED", first_date_precision="YEAR", latest_date_precision="MONTH")
    assert finding(dated) == (
        "甲，车次：2021年1月比2020年至少增加20%",
        "Trains, A: up by at least 20% in 2021-01 on the figure in 2020",
    )
    town = progress("IMPROVED", series_id="T", ref_area="town")
    assert finding(progress("IMPROVED"), town) == ("车次：2个地区均改善", "Trains: better in both areas")
    unknown = progress("IMPROVED", series_id="V", ref_area="elsewhere")
    assert finding(progress("IMPROVED"), unknown) is None  # nothing is told of the other area that is drawn


@pytest.mark.parametrize(
    "row",
    [
        progress("IMPROVED", is_settled=False),
        progress("IMPROVED", pct_change_low=None, pct_change_high=None),
    ],
)
def test_what_is_open_is_no_title(row):
    assert finding(row) is None


@pytest.mark.parametrize(
    ("kind", "days", "said", "count"),
    [
        ("A", ["2000-12-31", "2025-12-31"], "%Y", 6),
        ("H1", ["2020-06-30", "2022-06-30"], "%Y", 3),
        ("P", ["2017-01-05", "2018-01-05", "2020-02-05"], "%Y", 3),
        ("P", ["2020-02-25", "2021-04-14"], "%Y-%m-%d", 2),
        ("P", ["2020-02-25", "2020-03-01", "2020-04-01", "2020-06-14"], "%Y-%m", 4),
    ],
)
def test_an_axis_says_years_as_years_and_few_of_them(kind, days, said, count):
    ticks, ticked = marks.time_marks(kind, [date.fromisoformat(day) for day in days])
    assert (ticks, len(ticked)) == (said, count)


def test_an_axis_of_a_single_day_has_a_length():
    spec = drawn([figure(1, 1, 1, "2022-12-31")], targets=[target(2, "2022-12-31", date_announced=None)])
    params = {each["name"]: each["value"] for each in spec["params"]}
    assert params["since"] < params["days"][0] < params["until"]


def test_labels_cover_neither_each_other_nor_a_mark_nor_the_edge():
    plot = labels.Plot(200, 120, date(2020, 1, 1).toordinal(), date(2021, 1, 1).toordinal(), 0, 10)
    days = [f"2020-{month:02}-01" for month in range(1, 13)]
    wanted = [labels.Label(Both("一二三四", "one thousand"), day, 5) for day in days]
    shown = labels.placed(wanted, [plot.mark(day, 5) for day in days], plot)
    assert [label["date"] for label in shown][:1] == ["2020-01-01"]
    assert 2 <= len(shown) <= 4  # of twelve
    assert len({(label["date"], label["dy"]) for label in shown}) == len(shown)


def test_a_label_gives_way_to_a_line():
    plot = labels.Plot(200, 120, date(2020, 1, 1).toordinal(), date(2021, 1, 1).toordinal(), 0, 10)
    label = labels.Label(Both("五", "5"), "2020-07-01", 5)
    (free,) = labels.placed([label], [], plot)
    (moved,) = labels.placed([label], plot.line(("2020-01-01", 6.5), ("2021-01-01", 6.5)), plot)
    assert free["dy"] < 0 < moved["dy"]


def test_a_small_picture_is_of_the_first_frame():
    rows, levels = of_areas("city", "town")
    spec = drawn(rows, levels=levels)
    alone = {**spec, "datasets": {**spec["datasets"]}}
    alone["datasets"] = {k: [m for m in v if m["frame"] == 0] for k, v in spec["datasets"].items()}
    pictures = [as_markdown({"GDP": each}, "{}.html") for each in (spec, alone)]
    assert pictures[0] == pictures[1]
    encoded = pictures[0].partition("base64,")[2].partition(")")[0]
    assert base64.b64decode(encoded).startswith(b"\x89PNG")


def test_events_say_what_they_are_in_both_languages():
    undated = [event(None, precision="NONE", known=date(2021, 4, 14)) for _ in range(5)]
    spec = events_chart([event(date(2021, 4, 14)), *undated], lambda row: ["g"], {"g": Both("组", "group")})
    day, count = spec["datasets"]["marks"]
    assert (day["tip_zh"], day["tip_en"]) == ("2021-04-14\n事", "2021-04-14\nevent")
    assert count["tip_zh"].splitlines() == [
        "不晚于2021-04-14，具体日期未说明：5件",
        "事",
        "事",
        "事",
        "另有2件",
    ]
    assert count["tip_en"].splitlines()[0] == "no later than 2021-04-14, day not stated: 5"


def test_a_long_name_of_a_row_is_on_lines_and_not_cut():
    name = Both("成德眉资（成都都市圈）", "Chengdu-Deyang-Meishan-Ziyang (Chengdu metropolitan area)")
    spec = events_chart([event(date(2021, 4, 14))], lambda row: ["g"], {"g": name})
    (mark,) = spec["datasets"]["marks"]
    assert mark["en"].replace("\n", "").replace(" ", "") == name.en.replace(" ", "")
    assert max(map(len, mark["en"].split("\n"))) <= 22
    assert spec["height"] >= 14 * len(mark["en"].split("\n"))
