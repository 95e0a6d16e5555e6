"""What a reader sees: pages that work from disk, in both languages, with charts that say what marts say."""

import json
import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import pytest

from dagster_project.report import gathered, wording
from dagster_project.report.facts import Facts, many, read_facts
from dagster_project.report.pages import Pages, write_indicators
from dagster_project.report.wording import Both, anchor

RIDES = "indicators/INTERCITY_BUS_RIDERSHIP_DAILY.html"
KINDS = [
    "index.html",
    "commitments.html",
    "commitments-unheard.html",
    "timeline.html",
    "timeline-undated.html",
    "initiatives.html",
    "sources.html",
    "changes.html",
    "quality.html",
    "gates.html",
    "sources/2021-04-14_cdmz_third_meeting.html",
    RIDES,
    "indicators/RESIDENTIAL_QUARTERS.html",
]

# Rows of one list have one shape: the first of each tell as much, and axe takes a second per hundred.
SHORTEN = """for (const list of document.querySelectorAll('tbody, .tree ul, .cards, .rows'))
    [...list.children].slice(8).forEach(row => row.remove());
[...document.querySelectorAll('main > section')].slice(6).forEach(section => section.remove())"""


def text_of(page) -> str:
    return page.locator("main").inner_text()


# In a browser


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_page_is_accessible_quiet_fits_a_phone_and_asks_nobody(page, site, name):
    from axe_playwright_python.sync_playwright import Axe

    page.goto((site / name).as_uri())
    for chart in page.locator(".plot").all():
        chart.locator("svg").wait_for()
    assert page.complaints == []
    page.evaluate(SHORTEN)
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    grave = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in {"serious", "critical"}]
    assert grave == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert all(url.startswith(("file:", "data:")) for url in page.asked)


def test_a_reader_goes_from_the_overview_to_a_figure_to_its_line_and_back(page, site):
    page.goto((site / "index.html").as_uri())
    page.locator("#TRANSPORT summary").click()
    page.locator(f'#TRANSPORT a[href="{RIDES}"]').click()
    page.get_by_role("heading", name="跨市公交日均客流", exact=True).wait_for()
    row = page.locator("tr", has_text="2.2万余人次")
    assert "多于 2.2万，少于 2.3万" in row.inner_text()
    row.get_by_role("link", name="第17行").click()
    page.wait_for_url("**/sources/2021-04-14_cdmz_third_meeting.html#L17")
    line = page.locator("#L17")
    assert line.is_visible()
    assert "2.2万余人次" in line.inner_text()
    line.locator("tr", has_text="2.2万余人次").get_by_role("link").click()
    page.wait_for_url(f"**/{RIDES}#20210414-bus-ridership")


def test_the_language_is_switched_and_remembered_on_the_next_page(page, site):
    page.goto((site / "index.html").as_uri())
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert "改善" in text_of(page)
    assert "improved" not in text_of(page)
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "improved" in text_of(page)
    assert "改善" not in text_of(page)
    page.get_by_role("link", name="Timeline", exact=True).click()
    page.get_by_role("heading", name="Timeline", exact=True).wait_for()
    page.locator("button[aria-pressed=true]", has_text="English").wait_for()


def test_without_script_both_languages_are_there(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert "改善" in text_of(page)
    assert "improved" in text_of(page)
    context.close()


def test_every_part_is_reached_by_keyboard(page, site):
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(6):  # brand, search, 中文, English, 总览, 承诺
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="承诺", exact=True).wait_for()
    page.goto((site / "initiatives.html").as_uri())
    folded = page.locator("details:not([open]) > summary").first.element_handle()
    folded.focus()
    page.keyboard.press("Enter")
    assert folded.evaluate("summary => summary.parentElement.open")


def test_a_list_is_narrowed_by_what_a_reader_chooses(page, site):
    page.goto((site / "timeline.html").as_uri())
    everything = page.locator("[data-row]").count()
    page.locator("#f-area").select_option("510600")
    shown = page.locator("[data-row]:visible")
    assert 0 < shown.count() < everything
    assert page.locator("output").inner_text() == f"{shown.count()} / {everything}"
    assert all("德阳" in text for text in shown.all_inner_texts())


def test_a_link_into_a_folded_part_unfolds_it(page, site, warehouse):
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        (deep,) = connection.execute(
            "select initiative_id from marts.initiative_register where depth = 3 order by 1 limit 1"
        ).fetchone()
    page.goto((site / "initiatives.html").as_uri() + f"#{deep}")
    page.locator(f'[id="{deep}"]').wait_for(state="visible")


def test_print_shows_no_controls(page, site):
    page.goto((site / "commitments.html").as_uri())
    page.emulate_media(media="print")
    assert not page.locator(".language").is_visible()
    assert not page.locator("nav").is_visible()
    assert page.locator("h1").is_visible()


def test_dbt_docs_open_from_disk_and_ask_nobody(page, site):
    page.goto((site / "dbt" / "index.html").as_uri() + "#!/model/model.tongcheng.integration_progress")
    page.get_by_role("heading", name="integration_progress").first.wait_for()
    assert page.complaints == []
    assert all(url.startswith(("file:", "data:")) for url in page.asked)


# On disk


def pages_of(site: Path) -> list[Path]:
    """Our pages; dbt's own single one is another's."""
    return [path for path in site.rglob("*.html") if path.parent.name != "dbt"]


def leads_nowhere(site: Path) -> list[str]:
    """Links to a file or to a place in it that is not there. What is on the web is not asked."""

    @cache
    def places(file: Path) -> set[str]:
        return set(re.findall(r'\bid="([^"]*)"', file.read_text(encoding="utf-8")))

    lost = []
    for path in pages_of(site):
        for link in set(re.findall(r'(?:href|src)="([^"]*)"', path.read_text(encoding="utf-8"))):
            if link.startswith(("http://", "https://")):
                continue
            target, _, anchor = link.partition("#")
            file = (path.parent / target).resolve() if target else path.resolve()
            if not file.is_file() or (anchor and anchor not in places(file)):
                lost.append(f"{path.name}: {link}")
    return lost


def test_every_page_is_small_and_every_link_leads_somewhere(site):
    assert all(path.stat().st_size < 500_000 for path in pages_of(site))
    assert leads_nowhere(site) == []


def test_what_holds_only_with_our_policy_is_marked_with_a_sentence(site):
    text = (site / RIDES).read_text(encoding="utf-8").split("<footer")[0]
    assert 'href="#legend">' in text
    assert "‘improved’ depends on ends that our policy sets; without them: ‘indeterminate’" in text
    assert "by our convention" in (site / "index.html").read_text(encoding="utf-8").split("<footer")[0]


def test_every_trend_of_the_overview_says_how_it_is_known(site):
    text = (site / "index.html").read_text(encoding="utf-8").split("<footer")[0]
    listed = re.findall(r'<details class="trend-list".*?</details>', text, re.DOTALL)
    items = [item for part in listed for item in re.findall(r"<li>.*?</li>", part, re.DOTALL)]
    assert len(items) > 50
    assert all('class="known" role="img"' in item for item in items)


def test_each_indicator_and_each_source_has_its_page(site, warehouse):
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        for relation, key, folder in (
            ("dim_indicator", "indicator_id", "indicators"),
            ("dim_source", "source_id", "sources"),
        ):
            wanted = {
                name for (name,) in connection.execute(f"select {key} from marts.{relation}").fetchall()
            }
            assert {path.stem for path in (site / folder).glob("*.html")} == wanted


def test_every_stated_figure_stands_on_its_page_with_its_line(site, warehouse):
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        rows = connection.execute(
            "select indicator_id, observation_id, source_id, locator from marts.fct_observation"
        ).fetchall()
    for indicator, observation, source, locator in rows:
        text = (site / "indicators" / f"{indicator}.html").read_text(encoding="utf-8")
        row = text.split(f'<tr id="{observation}">')[1].split("</tr>")[0]
        assert f"sources/{source}.html#{anchor(locator)}" in row


def test_the_quality_page_shows_every_check_of_the_manifest(site, warehouse):
    checks = json.loads((warehouse.public / "current" / "manifest.json").read_text())["checks"]
    text = (site / "quality.html").read_text(encoding="utf-8")
    for check in checks:
        assert f"<code>{check['name']}</code>" in text


# The renderer


def test_markup_in_a_label_is_shown_not_run(site, warehouse, tmp_path):
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        facts = read_facts(connection)
    evil = '</script><script>alert(1)</script><img src=x onerror="alert(1)">'
    rows = {name: [dict(row) for row in there] for name, there in facts.rows.items()}
    for there in rows.values():
        for row in there:
            for column in row:
                if column.endswith(
                    ("_zh", "_en", "_text", "title", "reason", "citation", "told", "areas_zh")
                ):
                    row[column] = evil
    tainted = Facts(rows, {code: Both(evil, evil) for code in facts.codes})
    pages, charts = Pages(tainted, tmp_path), gathered.indicator_charts(tainted)
    gathered.write_overview(pages, gathered.headlines(tainted, charts))
    write_indicators(pages, charts)
    gathered.write_board(pages)
    gathered.write_timeline(pages)
    gathered.write_initiatives(pages)
    for path in tmp_path.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "alert(1)" in text
        assert "<script>alert" not in text
        assert "<img" not in text


def test_a_list_that_is_cut_says_how_many_there_are(warehouse, tmp_path):
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        facts = read_facts(connection)
    rows = [{**row, "of": 9999} for row in facts["observations"]]
    write_indicators(Pages(Facts({**facts.rows, "observations": rows}, facts.codes), tmp_path), {})
    text = (tmp_path / RIDES).read_text(encoding="utf-8")
    assert "共 9999 项" in text
    assert "Showing the first 2 of 9999" in text
    assert "../../downloads/README.txt" in text


@pytest.mark.parametrize(
    ("ends", "zh", "en"),
    [
        (
            (Decimal(22000), False, Decimal(23000), False),
            "多于 2.2万，少于 2.3万",
            "over 22,000, under 23,000",
        ),
        ((Decimal(380), True, Decimal(420), True), "不少于 380，不多于 420", "at least 380, at most 420"),
        ((Decimal(10000), False, None, None), "多于 1万", "over 10,000"),
        ((None, None, Decimal(100), False), "少于 100", "under 100"),
        ((Decimal(9), True, Decimal(9), True), "9", "9"),
        ((None, None, None, None), "—", "—"),
        (
            (Decimal("22.1022"), True, Decimal("22.2159"), False),
            "不少于 22.102，少于 22.216",
            "at least 22.102, under 22.216",
        ),
        ((Decimal("330.508474576"), True, Decimal("330.508474577"), True), "330.508", "330.508"),
    ],
)
def test_an_interval_is_said_in_words_and_never_sharper_than_it_is(ends, zh, en):
    assert wording.interval(*ends) == (zh, en)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("108800000000", "1,088亿", "108.8 billion"),
        ("107.5", "107.5", "107.5"),
        ("-7.9", "-7.9", "-7.9"),
        ("37000000", "3,700万", "37 million"),
        ("27840", "2.784万", "27,840"),
    ],
)
def test_a_number_is_said_as_each_language_says_it(value, zh, en):
    assert wording.number(Decimal(value)) == (zh, en)


@pytest.mark.parametrize(
    ("kind", "end", "zh", "en"),
    [
        ("P", "2021-04-14", "2021-04-14", "2021-04-14"),
        ("A", "2023-12-31", "2023年", "2023"),
        ("H1", "2022-06-30", "2022年上半年", "first half of 2022"),
        ("H2", "2022-12-31", "2022年下半年", "second half of 2022"),
        ("Q1", "2022-03-31", "2022年第一季度", "first quarter of 2022"),
        ("Q4", "2022-12-31", "2022年第四季度", "fourth quarter of 2022"),
        ("M05", "2022-05-31", "2022年5月", "May 2022"),
        ("YTD02", "2023-02-28", "2023年1—2月", "Jan–Feb 2023"),
        ("YTD04", "2023-04-30", "2023年1—4月", "Jan–Apr 2023"),
        ("YTD11", "2019-11-30", "2019年1—11月", "Jan–Nov 2019"),
        ("D1", "2020-02-07", "2020-02-07当日", "on 2020-02-07"),
        ("D40", "2020-03-10", "2020-01-31至2020-03-10", "2020-01-31 to 2020-03-10"),
        (
            "SINCE:2017-01-01",
            "2023-04-30",
            "2017-01-01至2023-04-30累计",
            "total from 2017-01-01 to 2023-04-30",
        ),
        ("SINCE:?", "2023-04-30", "截至2023-04-30累计，起点未说明", "total to 2023-04-30, start not stated"),
    ],
)
def test_a_period_is_said_as_each_language_says_it(kind, end, zh, en):
    assert wording.period(kind, date.fromisoformat(end)) == (zh, en)
    assert "?" not in "".join(wording.period_type(kind))


@pytest.mark.parametrize(
    ("start", "end", "zh", "en"),
    [
        ("2021-01-01", "2021-12-31", "2021年", "2021"),
        ("2022-07-01", "2022-12-31", "2022年下半年", "second half of 2022"),
        ("2022-04-01", "2022-06-30", "2022年第二季度", "second quarter of 2022"),
        ("2024-02-01", "2024-02-29", "2024年2月", "February 2024"),
        ("2023-01-01", "2023-09-30", "2023年1—9月", "Jan–Sep 2023"),
        ("2022-02-01", "2022-04-30", "2022-02-01至2022-04-30", "2022-02-01 to 2022-04-30"),
        ("2023-02-01", "2023-02-27", "2023-02-01至2023-02-27", "2023-02-01 to 2023-02-27"),
        ("2019-01-01", "2021-12-31", "2019-01-01至2021-12-31", "2019-01-01 to 2021-12-31"),
        ("2021-04-14", "2021-04-14", "2021-04-14", "2021-04-14"),
    ],
)
def test_a_stretch_of_days_that_has_a_name_is_called_by_it(start, end, zh, en):
    assert wording.stretch(date.fromisoformat(start), date.fromisoformat(end)) == (zh, en)


def test_a_day_that_is_not_known_is_said_as_the_month_or_year_that_is():
    end = date(2020, 12, 31)
    assert wording.period("P", end, "YEAR") == ("2020年", "2020")
    assert wording.period("P", end, "MONTH") == ("2020年12月", "2020-12")
    assert wording.during("P", end, "YEAR") == ("2020年", "in 2020")


def test_every_kind_of_period_that_the_marts_know_has_words(warehouse):
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        rows = connection.execute(
            "select distinct period_type, time_period_start, time_period_end from marts.fct_observation"
        ).fetchall()
    for kind, start, end in rows:
        said = wording.period(kind, end)
        assert str(end.year) in said.zh
        if kind.startswith("D") and start != end:
            assert str(start) in said.en


def test_reasons_are_looked_up_and_an_unknown_one_shows_as_itself():
    codes = {
        ("REASON", "ZERO_BASE"): Both("基数为零", "zero base"),
        ("REASON", "PAST_DUE"): Both("到期", "past due"),
    }
    facts = Facts({}, codes)
    assert facts.reasons("ZERO_BASE;PAST_DUE") == ("基数为零；到期", "zero base; past due")
    assert facts.reasons("ZERO_BASE;NEWER") == ("基数为零；NEWER", "zero base; NEWER")
    assert facts.reasons(None) == ("", "")


def test_a_curator_text_is_split_once_between_the_languages():
    assert wording.apart("此处称跨市 · Here across · borders") == ("此处称跨市", "Here across · borders")
    assert wording.apart("only one") == ("only one", "only one")
    assert wording.apart(None) == ("", "")


def test_every_reason_that_the_marts_give_has_a_text_in_both_languages(site, warehouse):
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        facts = read_facts(connection)
    given = {
        code
        for part in ("series_changes", "progress", "claims", "commitments")
        for row in facts[part]
        for code in many(row["reason"])
    }
    assert given
    assert all(("REASON", code) in facts.codes for code in given)
    texts = [path.read_text(encoding="utf-8") for path in site.rglob("*.html") if path.parent.name != "dbt"]
    assert not [code for code in given for text in texts if f">{code}<" in text]
