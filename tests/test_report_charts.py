"""Charts as a reader meets them: pointed at, in either language, on a phone, in the dark, and taken away."""

from __future__ import annotations

import csv
import io
import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from dagster_project.report import frames, gathered, marks
from dagster_project.report.facts import Facts, read_facts
from dagster_project.report.pages import Pages, write_indicators
from dagster_project.report.wording import ENDS, Both
from tests.conftest import Place

RIDERS = "INTERCITY_BUS_RIDERSHIP_DAILY"
PAGE = f"indicators/{RIDERS}.html"
CHART = f"{RIDERS}-P-PERSON_VISIT-METRO_AREA"
SMALL = f"{RIDERS}-P-PERSON_VISIT-PREFECTURE"
TRAINS = "indicators/TRAIN_PAIRS_DAILY.html"


@pytest.fixture(scope="module")
def facts(warehouse: Place) -> Facts:
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        return read_facts(connection)


@pytest.fixture(scope="module")
def site(warehouse: Place) -> Path:
    return warehouse.public / "site"


@pytest.fixture(scope="module")
def drawn(facts: Facts, site: Path, tmp_path_factory) -> Path:
    """The site's indicators once more, with what the seeds lack: an open end, a promise, and a community."""
    rows = {name: [dict(row) for row in there] for name, there in facts.rows.items()}
    riders = [row for row in rows["charted"] if row["indicator_id"] == RIDERS]
    latest = max(riders, key=lambda row: row["time_period_end"])
    latest.update(upper_bound=None, upper_closed=None, bound_basis="NONE", upper_basis="NONE")
    rows["charted"] += [
        {
            **row,
            "ref_area": "410100",
            "series_id": "small",
            "observation_id": f"small-{row['observation_id']}",
        }
        for row in riders
    ]
    names = [row for row in rows["areas"] if row["ref_area"] == "410100"]
    assert names, "an area of another level"
    aim = {
        **rows["commitments"][0],
        "commitment_id": "by-2024",
        "version": 1,
        "superseded_by": None,
        "is_current_version": True,
        "indicator_id": RIDERS,
        "series_id": latest["series_id"],
        "value_text": "4万人次左右",
        "target_value": 40000,
        "lower_bound": 38000,
        "lower_closed": True,
        "upper_bound": 42000,
        "upper_closed": True,
        "bound_basis": "PRESUMED",
        "date_announced": date(2021, 6, 1),
        "due_date": date(2024, 12, 31),
        "status": "ON_TRACK",
    }
    far = {"commitment_id": "by-2040", "series_id": "small", "due_date": date(2040, 12, 31)}
    rows["targets"] += [aim, aim | far]
    to = tmp_path_factory.mktemp("drawn")
    facts = Facts(rows, facts.codes)
    write_indicators(Pages(facts, to), gathered.indicator_charts(facts))
    shutil.copytree(site / "assets", to / "assets")
    return to


@pytest.fixture
def reader(browser):
    """Opens a page as a reader would: with a language, a width, in the dark or not."""
    contexts = []

    def open_page(path: Path, place: str = "", language: str = "zh-CN", width: int = 1200, **settings):
        context = browser.new_context(
            locale=language, viewport={"width": width, "height": 900}, accept_downloads=True, **settings
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(path.as_uri() + place)
        page.wait_for_function(
            "[...document.querySelectorAll('.plot')].every(plot => plot.querySelector('svg'))"
        )
        assert page.complaints == []
        return page

    yield open_page
    for context in contexts:
        context.close()


def tip(page, mark) -> list[str]:
    mark.hover(force=True)
    shown = page.locator("#vg-tooltip-element.visible")
    shown.wait_for()
    return shown.inner_text().splitlines()


# What is said


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_figure_that_is_pointed_at_says_all_in_the_language_chosen(reader, site, language):
    page = reader(site / PAGE, language=language)
    lines = tip(page, page.locator("[class*=' hit_figure_'] path").first)
    text = "\n".join(lines)
    assert re.search(r"\d{4}-\d\d-\d\d", lines[1])
    assert "2.2万余人次" in text
    assert not re.search(r"\d{12}", text)  # milliseconds since 1970
    if language == "en":
        assert "interval: over 22,000, under 23,000 (an end is set by our policy)" in lines
        assert lines[-1].endswith("line 17")
    else:
        assert "区间：多于 2.2万，少于 2.3万（有端点为本库约定）" in lines
        assert lines[-1].endswith("第17行")
        assert not re.search("[A-Za-z]{3}", text)


def test_a_count_of_undated_events_says_which(reader, site):
    page = reader(site / "timeline.html")
    lines = tip(page, page.locator("[class*=' hit_undated_'] path").first)
    assert re.match(r"不晚于\d{4}-\d\d-\d\d，具体日期未说明：\d+件", lines[0])
    assert len(lines) > 1


def test_on_a_phone_a_tap_on_a_mark_tells_it_and_the_next_tap_elsewhere_closes_it(reader, site):
    page = reader(site / PAGE, width=390, has_touch=True, is_mobile=True)
    shown = page.locator("#vg-tooltip-element.visible")
    page.locator("[class*=' hit_figure_'] path").first.tap(force=True)
    shown.wait_for()
    assert "原文：2.2万余人次" in shown.inner_text().splitlines()
    page.locator("h1").tap()
    shown.wait_for(state="detached")


def test_a_gap_in_a_line_says_why(reader, site):
    page = reader(site / "indicators" / "TRAIN_HEADWAY.html", language="en")
    why = "no line from the figure of 2020-07-22: whether it rose or fell is indeterminate"
    assert why in page.locator(".below").first.inner_text()
    assert any(why in tip(page, mark) for mark in page.locator("[class*=' hit_figure_'] path").all())


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((Decimal(90), False, None, None), "later given exactly: 90.2"),
        ((Decimal(91), False, None, None), "later revised to 90.2"),
        ((Decimal(80), True, Decimal("90.2"), False), "later revised to 90.2"),
        ((Decimal(80), True, Decimal("90.2"), True), "later given exactly: 90.2"),
    ],
)
def test_a_hollow_dot_is_revised_only_where_its_words_exclude_the_later_number(ends, said):
    row = dict(zip(ENDS, ends, strict=True)) | {"bound_basis": "WORDS", "obs_value": Decimal(90)}
    row |= {"period_type": "A", "time_period_end": date(2025, 12, 31), "value_text": "90"}
    mark = marks.revised(row, {"obs_value": Decimal("90.2")}, 0, lambda _: Both("", ""))
    assert said in mark["tip_en"].splitlines()


def test_charts_follow_the_language(reader, site):
    page = reader(site / PAGE)
    plot = page.locator(".plot svg").first
    assert plot.get_by_text("2.2万").first.is_visible()
    page.get_by_role("button", name="English").click()
    plot.get_by_text("22,000").first.wait_for()
    assert page.locator("[data-take=link]").first.get_attribute("href") == f"?lang=en#{CHART}"


def test_below_a_chart_stand_unit_evidence_sources_and_what_is_missing(reader, site):
    below = reader(site / PAGE).locator(f"#{CHART} .below").inner_text()
    assert "单位：人次" in below
    assert "持有原文" in below
    assert "第17行" in below
    assert "此图数值始于2020-02-25，止于2021-04-14，此前此后均无。" in below


# What is drawn


def test_stated_figures_hedges_and_definitions_look_different(reader, site):
    plot = reader(site / PAGE).locator(".plot svg").first
    assert plot.locator("[class*=' figure_'] path").count() == 2  # the two stated numbers
    assert plot.locator("[class*=' band_'] path").count() == 2  # a band for each hedged figure
    assert plot.locator("[class*=' end_'] path").count() == 2  # each has one end that its words fix
    (dash,) = plot.locator("[class*=' line_'] line").evaluate_all(
        "all => all.map(line => line.getAttribute('stroke-dasharray'))"
    )
    assert dash == "6,5"  # nearly the same definition, so not a solid line


def test_an_end_without_bound_fades(reader, drawn):
    assert reader(drawn / PAGE).locator(".plot svg linearGradient").count() >= 1


def test_a_promise_stands_on_the_chart_of_its_indicator(reader, drawn):
    page = reader(drawn / PAGE)
    chart = page.locator(f"#{CHART}")
    assert chart.locator("[class*=' target_'] path").count() == 1
    assert chart.get_by_text("到2024年4万").first.is_visible()
    lines = tip(page, chart.locator("[class*=' hit_target_'] path"))
    assert lines[0].startswith("承诺：")
    assert "区间：不少于 3.8万，不多于 4.2万（有端点为本库约定）" in lines
    assert "承诺的目标：成德眉资（成都都市圈）到2024年4万" in chart.locator(".below").inner_text()


def test_a_promise_far_ahead_stands_at_the_edge_and_leaves_figures_their_room(reader, drawn):
    page = reader(drawn / PAGE, language="en")
    chart = page.locator(f"#{SMALL}")
    own = page.locator(f"[data-chart='{SMALL}']").evaluate("data => JSON.parse(data.textContent)")
    until = next(param["value"] for param in own["params"] if param["name"] == "until")
    last = max(date.fromisoformat(mark["date"]) for mark in own["datasets"]["figures"])
    assert until <= marks.milliseconds(last + frames.AHEAD)
    assert chart.locator("[class*=' later_'] path").count() == 1
    told = [tip(page, mark) for mark in chart.locator("[class*=' hit_target_'] path").all()]
    assert any("due: 2040-12-31" in lines for lines in told)
    with page.expect_download() as waited:
        chart.locator("[data-take=csv]").click()
    assert ",2040-12-31," in Path(waited.value.path()).read_text(encoding="utf-8-sig")


def test_targets_that_lie_on_each_other_tell_of_each_other(facts):
    (chart,) = (one for one in gathered.indicator_charts(facts)["GDP"] if one.id == "GDP-A-CNY-PREFECTURE")
    crowded = [mark for mark in chart.spec["datasets"]["targets"] if mark["tip_en"].count("due: ") > 1]
    assert crowded
    for mark in crowded:
        others = [each for each in chart.spec["datasets"]["targets"] if each["told"] in mark["tip_en"]]
        assert len(others) > 1


def test_a_figure_tells_of_the_target_that_lies_under_it():
    plot = frames.ALONE._replace(since=0, until=1000, floor=0, frame=100)
    day = date.fromordinal(500).isoformat()
    target = {"frame": 0, "date": day, "mark": 50, "tip_zh": "承诺", "tip_en": "promise"}
    figure = {"frame": 0, "date": day, "value": 52}
    assert frames._also(figure, [target], plot) == {"also_zh": "承诺", "also_en": "promise"}
    assert frames._also(figure, [{**target, "frame": 1}], plot) == {}
    assert frames._also({**figure, "value": 90}, [target], plot) == {}


def test_an_indicator_calls_its_unit_by_what_is_counted(facts):
    told = {row["indicator_id"]: facts.unit(row).en for row in facts["indicators"]}
    assert (told["AIR_PASSENGERS"], told["METRO_RIDERSHIP_DAILY"]) == ("passengers", "rides")
    assert told["ONE_CODE_VISITS"] == "visits"
    assert facts.unit({"indicator_id": "GDP", "unit_measure": "USD"}).en == "US dollars"
    with pytest.raises(KeyError):  # a query that leaves the indicator out would call passengers visits
        facts.unit({"unit_measure": "PERSON_VISIT"})


def test_a_promise_calls_its_unit_the_same_wherever_it_is_listed(facts, site):
    general = facts.name("units", "PERSON_VISIT").en
    called = [row for row in facts["page_promises"] if row["unit_measure"] == "PERSON_VISIT"]
    assert {row["page"].split("/")[0] for row in called} >= {"areas", "domains"}
    for row in called:
        page = (site / f"{row['page']}.html").read_text(encoding="utf-8")
        assert general not in page, row["page"]


@pytest.mark.parametrize("width", [390, 1200])
def test_a_link_to_a_chart_is_copied_and_that_is_said(reader, site, width):
    page = reader(site / PAGE, width=width, language="en", has_touch=width < 600)
    link = page.locator(f"#{CHART} [data-take=link]")
    page.evaluate("window.page.copy = text => { window.copied = text; return true; }")
    link.tap() if width < 600 else link.click()
    assert link.inner_text() == "Link copied"
    assert page.evaluate("window.copied") == page.url
    assert page.url.endswith(f"?lang=en#{CHART}")


def test_the_charts_of_the_overview_are_drawn(reader, site):
    page = reader(site / "index.html")
    assert page.locator("figure.chart").count() >= 3
    assert page.locator("figure.chart .plot svg").count() >= page.locator("figure.chart").count()


def test_areas_of_two_levels_share_no_axis(reader, drawn):
    page = reader(drawn / PAGE)
    assert page.locator("figure.chart").count() == 2
    assert page.locator(f"#{SMALL} [class*=' figure_'] path").count() == 2
    assert page.locator(f"#{CHART} [class*=' figure_'] path").count() == 2


def test_a_promise_stands_only_among_figures_that_can_tell_of_it(facts):
    series = {row["series_id"]: row for row in facts["charted"]}
    assert facts["targets"]
    for row in facts["targets"]:
        there = series[row["series_id"]]
        assert all(
            row[key] == there[key] for key in ("indicator_id", "ref_area", "breakdown", "unit_measure")
        )
        if row["accounting"] == "OVER_PERIOD":
            assert (there["period_type"] == "A") == ((row["due_date"] - row["start_date"]).days in (364, 365))
        else:
            assert there["period_type"] in ("P", "A") or there["period_type"].startswith("SINCE")


def test_a_page_is_drawn_anew_where_only_a_promise_of_its_chart_has_changed(facts, tmp_path):
    def indicator_pages(facts: Facts, to: str, before: Path | None = None) -> Path:
        pages = Pages(facts, tmp_path / to, before)
        write_indicators(pages, gathered.indicator_charts(facts))
        pages.redrawn.write_list()
        return tmp_path / to

    first = indicator_pages(facts, "first")
    (row, *others) = facts["targets"]
    moved = [{**row, "target_value": 12345, "lower_bound": 12345, "upper_bound": 12345}, *others]
    second = indicator_pages(Facts({**facts.rows, "targets": moved}, facts.codes), "second", first)
    page = f"indicators/{row['indicator_id']}.html"
    assert "12,345" in (second / page).read_text(encoding="utf-8")
    assert (first / TRAINS).stat().st_ino == (second / TRAINS).stat().st_ino


# Where it is read


@pytest.mark.parametrize("name", [PAGE, TRAINS, "timeline.html", "indicators/GDP.html"])
def test_on_a_phone_nothing_is_cut_and_no_label_covers_another(reader, site, name):
    page = reader(site / name, width=360, language="en")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(
        "[...document.querySelectorAll('.plot svg')].every(svg => {"
        " const box = svg.getBoundingClientRect(), room = svg.closest('figure').getBoundingClientRect();"
        " return box.width > 100 && box.left >= room.left && box.right <= room.right + 1 })"
    )
    covered = page.evaluate("""[...document.querySelectorAll('.plot svg')].flatMap(svg => {
        const boxes = [...svg.querySelectorAll('[class*=" label_"] text, .role-axis-label text')]
            .filter(text => text.textContent && getComputedStyle(text).opacity !== '0')
            .map(text => [text.textContent, text.getBoundingClientRect()]);
        return boxes.flatMap(([one, a], at) => boxes.slice(at + 1)
            .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1)
            .filter(([, b]) => a.top < b.bottom - 3 && b.top < a.bottom - 3)
            .map(([other]) => one + ' / ' + other)); })""")
    assert covered == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_can_be_read_by_day_and_in_the_dark(reader, drawn, scheme):
    page = reader(drawn / PAGE, color_scheme=scheme)
    contrast = """(selector, property) => {
        const light = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
        const of = element => getComputedStyle(element);
        const paint = of(document.querySelector(selector))[property];
        const pair = [paint, of(document.body).backgroundColor].map(light);
        return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    }"""
    for selector, paint, least in (
        (".plot .role-axis-label text", "fill", 4.5),
        (".plot [class*=' label_'] text", "fill", 4.5),
        (".plot [class*=' figure_'] path", "fill", 3),
        (".plot [class*=' line_'] line", "stroke", 3),
        (".plot [class*=' target_'] path", "fill", 3),
        ("figcaption", "color", 4.5),
    ):
        seen = page.evaluate(f"([...given]) => ({contrast})(...given)", [selector, paint])
        assert seen >= least, (selector, seen)


def test_print_has_whole_charts_and_no_buttons(reader, site):
    page = reader(site / PAGE)
    page.emulate_media(media="print")
    assert not page.locator(".take").first.is_visible()
    assert page.locator(".plot svg").first.is_visible()
    page.set_viewport_size({"width": 700, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 700


# What is taken away


def test_a_chart_is_saved_as_a_picture_named_by_indicator_and_build(reader, drawn, tmp_path):
    page = reader(drawn / PAGE)
    build = page.evaluate("window.build.build_id")
    with page.expect_download() as waited:
        page.locator(f"#{CHART} [data-take=png]").click()
    assert waited.value.suggested_filename == f"{CHART}_{build}.png"
    picture = Path(waited.value.path()).read_bytes()
    assert picture.startswith(b"\x89PNG")
    wide, high = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert wide > 1200
    assert high > 500


def test_a_chart_is_saved_as_rows(reader, drawn):
    page = reader(drawn / PAGE, language="en")
    with page.expect_download() as waited:
        page.locator(f"#{CHART} [data-take=csv]").click()
    assert waited.value.suggested_filename.endswith(".csv")
    text = Path(waited.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["kind"] for row in rows] == ["figure", "figure", "target"]
    latest, *_, aim = rows
    assert (latest["time_period_end"], latest["value"], latest["value_text"]) == (
        "2021-04-14",
        "22000",
        "2.2万余人次",
    )
    assert (latest["lower_bound"], latest["upper_bound"]) == ("22000", "")  # no bound is no number
    assert (aim["time_period_end"], aim["value"], aim["lower_bound"]) == ("2024-12-31", "40000", "38000")
    assert {row["unit_measure"] for row in rows} == {"PERSON_VISIT"}


def test_text_that_a_spreadsheet_would_run_is_made_harmless(reader, drawn, tmp_path):
    shutil.copytree(drawn, tmp_path / "site")
    page = tmp_path / "site" / PAGE
    page.write_text(page.read_text(encoding="utf-8").replace("2.2万余人次", "=1+1"), encoding="utf-8")
    shown = reader(page)
    with shown.expect_download() as waited:
        shown.locator(f"#{CHART} [data-take=csv]").click()
    assert ",'=1+1," in Path(waited.value.path()).read_text(encoding="utf-8")


def test_a_chart_turns_into_a_table_and_back(reader, drawn):
    page = reader(drawn / PAGE)
    chart = page.locator(f"#{CHART}")
    chart.get_by_role("button", name="表格").click()
    assert chart.locator("tbody tr").count() == 3
    assert "2.2万余人次" in chart.locator("tbody").inner_text()
    assert not chart.locator(".plot").first.is_visible()
    chart.get_by_role("button", name="表格").click()
    assert chart.locator("table").count() == 0
    assert chart.locator(".plot svg").first.is_visible()


def test_a_citation_says_title_source_version_and_day(reader, site):
    page = reader(site / PAGE)
    build = page.evaluate("window.build")
    page.locator(f"#{CHART}").get_by_role("button", name="复制引用").click()
    said = page.locator(f"#{CHART} .cite-chart").inner_text()
    for part in (
        "跨市公交日均客流",
        "同城进展",
        "数值截至 2021-04-14",
        build["build_id"],
        build["as_of_date"],
    ):
        assert part in said
    page.evaluate("window.page.copy = text => { window.copied = text; return true; }")
    page.locator(f"#{CHART}").get_by_role("button", name="复制引用").click()
    assert page.evaluate("window.copied").endswith(f"，{PAGE}?lang=zh#{CHART}")  # no folder of this machine


def test_a_link_leads_to_exactly_one_chart(reader, site):
    page = reader(site / TRAINS)
    ids = page.locator("figure.chart").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids)) >= 1
    page = reader(site / TRAINS, f"#{ids[-1]}")
    assert page.locator(f"[id='{ids[-1]}']").evaluate(
        "chart => chart.getBoundingClientRect().top < innerHeight"
    )
