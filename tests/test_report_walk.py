"""The pages of things, the ways between them, and the search that finds them, as a reader meets them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from dagster_project.report import gathered, search, things
from dagster_project.report.arithmetic import change, steps
from dagster_project.report.facts import Facts, read_facts
from dagster_project.report.pages import Pages, told_apart, write_sources
from dagster_project.report.wording import Both
from tests.conftest import ROOT, Place
from tests.test_report import KINDS, SHORTEN, pages_of

THINGS = {
    "areas": ("dim_area", "ref_area"),
    "domains": ("dim_domain", "domain_id"),
    "indicators": ("dim_indicator", "indicator_id"),
    "initiatives": ("initiative_register", "initiative_id"),
    "promises": ("commitment_progress", "commitment_id"),
    "sources": ("dim_source", "source_id"),
}
NEW_KINDS = (
    "areas.html",
    "search.html?q=che",
    "areas/X_CDMZ.html",
    "domains/TRANSPORT.html",
    "initiatives/cdmz-integration.html",
    "promises/20211115-target-expressway-mileage.html",
)
SHOWN = ("index.html", "commitments.html", *NEW_KINDS[2:])
SCREENSHOTS = ROOT / "tests" / "screenshots"  # for people to look at; git ignores them
LANGUAGES = {"zh": "中文", "en": "English"}


@pytest.fixture(scope="module")
def facts(warehouse: Place) -> Facts:
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        return read_facts(connection)


# In a browser


@pytest.mark.parametrize("name", [*KINDS, *NEW_KINDS])
def test_every_kind_of_page_fits_both_widths_in_both_languages_and_is_quiet(page, site, name):
    from axe_playwright_python.sync_playwright import Axe

    file, asks, asked = name.partition("?")
    page.goto((site / file).as_uri() + asks + asked)
    if asks:
        page.locator("#results li").first.wait_for()
    for chart in page.locator(".plot").all():
        chart.locator("svg").wait_for()
    for language, label in LANGUAGES.items():
        page.get_by_role("button", name=label).click()
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if name in SHOWN:
                picture = f"{Path(file).stem}_{width}_{language}.png"
                page.set_viewport_size({"width": width, "height": 2000})
                page.screenshot(path=SCREENSHOTS / picture)
    if name in NEW_KINDS:
        page.evaluate(SHORTEN)
        found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response
        grave = [v for v in found["violations"] if v["impact"] in {"serious", "critical"}]
        assert [(v["id"], v["nodes"][0]["html"]) for v in grave] == []
    assert page.complaints == []
    assert all(url.startswith(("file:", "data:")) for url in page.asked)


@pytest.mark.parametrize(
    ("typed", "kind", "leads_to"),
    [
        ("dey", "地区", "areas/510600.html"),
        ("德阳", "地区", "areas/510600.html"),
        ("510600", "地区", "areas/510600.html"),
        ("蓉", "地区", "areas/510100.html"),
        ("tra", "领域", "domains/TRANSPORT.html"),
        ("gdp", "指标", "indicators/GDP.html"),
        ("地区生产总值", "指标", "indicators/GDP.html"),
        ("国内生产总值", "指标", "indicators/GDP.html"),
        ("经济总量", "指标", "indicators/GDP.html"),
        ("gross domestic product", "指标", "indicators/GDP.html"),
        ("社零", "指标", "indicators/RETAIL_SALES.html"),
        ("地铁", "指标", "indicators/METRO_LENGTH.html"),
        ("foreign trade", "指标", "indicators/TRADE.html"),
        ("pairs trains", "指标", "indicators/TRAIN_PAIRS_DAILY.html"),
        ("同城化发展", "项目", "initiatives/cdmz-integration.html"),
    ],
)
def test_a_thing_is_found_by_a_few_characters_of_either_language_or_its_code(
    page, site, typed, kind, leads_to
):
    page.goto((site / "sources.html").as_uri())
    assert not any("search-index" in url for url in page.asked)  # nobody has looked for anything
    page.locator("#q").fill(typed)
    group = page.get_by_role("group", name=kind)
    group.wait_for()
    addresses = [option.get_attribute("href") for option in group.get_by_role("option").all()]
    assert leads_to in addresses


def test_up_to_three_letters_are_no_word_within_a_word(page, site):
    page.goto((site / "search.html").as_uri() + "?q=inc")
    page.locator("#results, #results p").first.wait_for()
    page.wait_for_function("document.getElementById('results').children.length")
    assert "province" not in page.locator("#results").inner_text().lower()


def test_sources_of_one_title_are_told_apart_by_their_day(facts):
    row = next(row for row in facts["sources"])
    twin = {**row, "source_id": "twin", "date_published": date(2001, 2, 3)}
    two = with_rows(facts, sources=[*facts["sources"], twin])
    names = [name for kind, code, name, _ in search._things(two) if code in ("twin", row["source_id"])]
    assert len(set(names)) == 2
    assert "(2001-02-03)" in names[-1].en


def test_promises_and_programmes_of_a_few_letters_are_among_the_results(page, site, facts):
    for kind, rows, key, name in (
        ("promises", facts["commitments"], "commitment_id", "title"),
        ("initiatives", facts["initiatives"], "initiative_id", "name"),
    ):
        row = rows[0]
        for typed in (row[f"{name}_en"][:3], row[f"{name}_zh"][:3]):
            page.goto((site / "search.html").as_uri() + f"?q={typed}")
            page.locator(f'#results a[href="{kind}/{row[key]}.html"]').wait_for()


def test_the_search_is_used_by_keyboard_alone(page, site):
    page.goto((site / "indicators" / "GDP.html").as_uri())
    box = page.locator("#q")
    box.focus()
    page.keyboard.type("deyang")
    page.get_by_role("option").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/areas/510600.html")
    page.locator("#q").fill("rail")
    page.get_by_role("option").last.click()
    page.wait_for_url("**/search.html?q=rail")
    page.locator("#q").fill("no such thing")
    page.get_by_text("没有找到").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=no+such+thing")


def test_a_copied_link_leads_to_exactly_that_part(page, site):
    page.goto((site / "areas" / "X_CDMZ.html").as_uri())
    page.get_by_role("button", name="English").click()
    head = page.locator("h2#events")
    head.hover()
    head.get_by_role("button").click()
    page.locator("#q").focus()
    page.keyboard.press("Control+V")
    link = page.locator("#q").input_value()
    assert re.search(r"/areas/X_CDMZ\.html\?(.*&)?lang=en#events$", link)
    page.goto("about:blank")
    page.goto(link)
    assert page.locator(":target").get_attribute("id") == "events"
    box = page.locator("h2#events").bounding_box()
    assert 0 <= box["y"] < 900


def test_a_page_says_how_to_cite_it_in_the_language_shown(page, site, facts):
    page.goto((site / "areas" / "510600.html").as_uri())
    cite = page.locator(".cite")
    for part in ("《德阳市》", facts.build["build_id"], "areas/510600.html"):
        assert part in cite.inner_text()
    page.get_by_role("button", name="English").click()
    page.get_by_text("“Deyang”, City integration").wait_for()


# On disk


def test_everything_has_its_page_and_no_two_are_called_alike(site, warehouse):
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        for folder, (relation, key) in THINGS.items():
            rows = connection.execute(f"select distinct {key} from marts.{relation}").fetchall()
            assert {path.stem for path in (site / folder).glob("*.html")} == {name for (name,) in rows}
    titles = Counter(
        re.search(r"<title>(.*?)</title>", path.read_text(encoding="utf-8"))[1] for path in pages_of(site)
    )
    assert [title for title, times in titles.items() if times > 1] == []


def test_pages_of_things_and_the_index_stay_small(site):
    assert max(path.stat().st_size for folder in THINGS for path in (site / folder).glob("*")) < 500_000
    assert (site / "assets" / "search-index.js").stat().st_size < 1_000_000


def test_no_page_shows_a_code_that_has_a_name(site, facts):
    named = {code for _, code in facts.codes} | {code for names in facts.names.values() for code in names}
    codes = {code for code in named if re.fullmatch(r"[A-Z][A-Z_0-9]{3,}", code)}
    shown = {}
    for path in pages_of(site):
        # Rules of gates, and the rows that break them, are written in codes, and folded.
        inner = r"<(script|style|code|pre|head)\b.*?</\1>|<table class=\"rows\">.*?</table>"
        text = re.sub(inner, "", path.read_text(encoding="utf-8"), flags=re.S)
        for word in set(re.findall(r"\b[A-Z][A-Z_0-9]{3,}\b", re.sub(r"<[^>]*>", " ", text))) & codes:
            shown[word] = path.name
    assert shown == {}


def test_the_gates_stand_in_the_frame_of_the_report_and_count_as_its_page_of_quality_does(page, site):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto((site / "gates.html").as_uri())
    assert page.evaluate("document.documentElement.scrollHeight") < 6000
    assert "every critical gate passed" not in page.locator("main").inner_text()

    def counted(name: str) -> str:
        return page.locator("dt", has_text=re.compile(f"^{name}")).locator("+ dd").first.inner_text()

    said = f"{counted('通过')} / {counted('适用的规则')}"
    page.get_by_role("link", name="数据质量").first.click()
    tile = page.locator("div:has(> dt)", has_text="数据门禁").locator("dd")
    assert tile.inner_text() == said


def test_a_source_on_the_web_is_a_link_that_tells_it_nothing(site, facts):
    for row in facts["sources"]:
        text = (site / "sources" / f"{row['source_id']}.html").read_text(encoding="utf-8")
        on_web = (row["url_main"] or "").startswith(("http://", "https://"))
        assert ('rel="noreferrer external"' in text) == on_web


def test_lists_of_an_initiative_hold_what_its_counts_say(facts):
    lists = things.Lists(facts)
    counted = {"events": "n_events_with_parts", "figures": "n_figures_with_parts"}
    counted["promises"] = "n_commitments_with_parts"
    for row in facts["initiatives"]:
        there = lists.of(f"initiatives/{row['initiative_id']}")
        assert {name: things.total(there[name]) for name in counted} == {
            name: row[column] or 0 for name, column in counted.items()
        }, row["initiative_id"]


def test_the_area_of_a_figure_lists_its_series_and_its_domain_does_too(site, facts):
    for row in facts["progress"]:
        if row["is_representative"]:
            for page_ in (f"areas/{row['ref_area']}.html", f"domains/{row['domain_id']}.html"):
                text = (site / page_).read_text(encoding="utf-8")
                assert f"indicators/{row['indicator_id']}.html" in text, (page_, row["series_id"])


# The renderer


@pytest.fixture(scope="module")
def few(facts: Facts) -> Facts:
    """A few things of each kind: enough to draw, and quickly."""
    areas = [row for row in facts["area_register"] if row["ref_area"] in {"X_CDMZ", "510100", "510600"}]
    initiatives = [row for row in facts["initiatives"] if row["initiative_id"] == "cdmz-integration"]
    cut = {name: facts[name][:20] for name in ("commitments", "sources", "events")}
    return with_rows(facts, area_register=areas, initiatives=initiatives, **cut)


def with_rows(facts: Facts, **rows: list) -> Facts:
    return Facts({**facts.rows, **rows}, facts.codes)


def made(facts: Facts, to: Path, before: Path | None = None) -> Path:
    """All pages of things and the search of these facts. before: pages that may be linked."""
    (to / "assets").mkdir(parents=True)
    pages, lists = Pages(facts, to, before), things.Lists(facts)
    things.write_areas(pages, lists)
    things.write_domains(pages, lists, [])
    things.write_each_initiative(pages, lists)
    things.write_promises(pages)
    gathered.write_initiatives(pages)
    write_sources(pages)
    search.write_search(pages)
    pages.redrawn.write_list()
    return to


def test_what_has_no_page_is_named_without_a_link(few, tmp_path):
    to = made(few, tmp_path / "site")
    kinds = ("areas", "initiatives", "promises", "sources")
    assert {kind: len(list((to / kind).glob("*"))) for kind in kinds} == {
        "areas": 3,
        "initiatives": 1,
        "promises": 20,
        "sources": 20,
    }
    linked = {
        (path.parent / link).resolve()
        for path in to.rglob("*/*.html")
        for link in re.findall(r'href="([^"#]+)', path.read_text(encoding="utf-8"))
        if link.startswith(("../areas/", "../initiatives/", "../promises/"))
    }
    assert len(linked) > 10
    assert [path for path in linked if not path.is_file()] == []


def test_a_list_that_is_cut_says_so_on_every_page_of_things(few, tmp_path):
    lists = ("page_promises", "page_events", "page_initiatives", "page_series", "page_figures")
    more = {name: [{**row, "of": 9999} for row in few[name]] for name in lists}
    to = made(with_rows(few, **more), tmp_path / "site")
    for path, times in (("areas/X_CDMZ", 4), ("domains/TRANSPORT", 4), ("initiatives/cdmz-integration", 4)):
        assert (to / f"{path}.html").read_text(encoding="utf-8").count("of 9999") == times, path


def test_an_index_that_would_be_too_large_says_what_it_leaves_out(few, tmp_path, monkeypatch):
    monkeypatch.setattr(search, "BYTES", 2000)
    to = made(few, tmp_path / "site")
    assert (to / "assets" / "search-index.js").stat().st_size < 3000
    assert "left out: " in (to / "search.html").read_text(encoding="utf-8")


def test_the_index_is_json_that_a_script_reads(site):
    text = (site / "assets" / "search-index.js").read_text(encoding="utf-8")
    entries = json.loads(text.partition("things: ")[2].rpartition("}")[0])
    assert {len(entry) for entry in entries} == {5}
    assert {entry[0] for entry in entries} == set(range(len(search.KINDS)))


def test_markup_in_a_name_is_shown_not_run(few, tmp_path):
    evil = '</script><script>alert(1)</script><img src=x onerror="alert(1)">'
    ends = ("_zh", "_en", "_text", "reason", "citation", "told", "parties")
    rows = {
        name: [
            {column: evil if column.endswith(ends) else value for column, value in row.items()}
            for row in all_
        ]
        for name, all_ in few.rows.items()
    }
    to = made(Facts(rows, {code: Both(evil, evil) for code in few.codes}), tmp_path / "site")
    for path in to.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "alert(1)" in text
        assert "<script>alert" not in text
        assert "<img" not in text


def test_names_of_two_things_that_are_called_alike_carry_their_codes():
    names = {"a": Both("甲", "A"), "b": Both("甲", "A"), "c": Both("丙", "C")}
    assert told_apart(names) == {"a": ("甲 (a)", "A (a)"), "b": ("甲 (b)", "A (b)"), "c": ("丙", "C")}


def area(code: str, parent: str | None, groups: str = "", kind: str = "PREFECTURE") -> dict:
    return {"ref_area": code, "parent_area": parent, "area_groups": groups, "area_type": kind}


def test_an_area_knows_what_holds_it_what_it_holds_and_what_is_beside_it():
    rows: Iterable[dict] = (
        area("51", None, kind="PROVINCE"),
        area("5101", "51", "X"),
        area("5106", "51", "X"),
        area("510107", "5101", "X", kind="COUNTY"),
        area("X", None, kind="GROUPING"),
    )
    around = things._around({row["ref_area"]: row for row in rows})
    assert around["5101"] == {"wholes": ["51", "X"], "beside": ["5106"], "parts": ["510107"]}
    assert around["X"]["parts"] == ["5101", "5106"]  # not the county, which is in it with its city
    assert around["510107"]["wholes"] == ["5101", "X"]


def test_an_area_shows_where_its_figures_are_kept_apart(few, tmp_path):
    row = {
        "ref_area": "510600",
        "break_reason": "辖区调整 · territory changed",
        "after": date(2015, 12, 31),
        "until": date(2017, 12, 31),
        "indicators": "GDP",
    }
    pages = Pages(with_rows(few, area_breaks=[row]), tmp_path)
    things.write_areas(pages, things.Lists(pages.facts))
    text = (tmp_path / "areas" / "510600.html").read_text(encoding="utf-8")
    for part in ("territory changed", "between 2015-12-31 and 2017-12-31", "../indicators/GDP.html"):
        assert part in text


def test_a_page_is_drawn_again_where_what_it_names_is_called_otherwise_or_is_gone(few, tmp_path):
    before = made(few, tmp_path / "before")

    def anew(name: str, facts: Facts) -> set[str]:
        to = made(facts, tmp_path / name, before)
        pages = (path.relative_to(to).as_posix() for path in to.rglob("*/*.html"))
        return {page for page in pages if not (to / page).samefile(before / page)}

    next_day = {"as_of_date": date(2030, 1, 1), "of": 9999, "promises": 9999, "of_status": 9999}
    lists = ("area_register", "initiatives", "commitments")
    tomorrow = {
        name: [row | {key: next_day[key] for key in row.keys() & next_day} for row in few[name]]
        for name in lists
    }
    assert anew("same", with_rows(few, **tomorrow)) == set()
    first = few["commitments"][0]
    key = first["commitment_id"]
    renamed = {
        name: [
            row | ({"title_en": "Another"} if row.get("commitment_id") == key else {}) for row in few[name]
        ]
        for name in ("commitments", "page_promises")
    }
    drawn = anew("renamed", with_rows(few, **renamed))
    assert {f"promises/{key}.html", f"domains/{first['domain_id']}.html"} <= drawn
    assert len(drawn) < 10
    without = with_rows(few, commitments=few["commitments"][1:])
    assert f"domains/{first['domain_id']}.html" in anew("without", without)
    other_area = few["area_register"][0] | {"area_type": "ZONE"}
    assert anew("area", with_rows(few, area_register=[other_area, *few["area_register"][1:]])) == {
        f"areas/{other_area['ref_area']}.html"
    }


# How a status comes about, in words

NOTHING = {
    **dict.fromkeys(
        (
            "target",
            "target_closed",
            "toward",
            "due_date",
            "base",
            "base_date",
            "base_date_precision",
            "base_choice",
            "actual",
        ),
        None,
    ),
    **dict.fromkeys(
        f"{name}_{end}" for name in ("base", "actual") for end in ("lower_bound", "lower_closed")
    ),
    **dict.fromkeys(
        f"{name}_{end}" for name in ("base", "actual") for end in ("upper_bound", "upper_closed")
    ),
    **dict.fromkeys(
        (
            "actual_start",
            "actual_date",
            "actual_date_precision",
            "pace",
            "cagr_ratio",
            "judged_by_report_id",
            "reason",
        )
    ),
    **dict.fromkeys(("actual_observation_id", "reached_observation_id", "reached_by")),
    "fulfilled_by_event_id": None,
    "indicator_id": None,
    "unit_measure": "KM",
    "verdict_needs_policy": False,
}
CODES = {
    ("COMMITMENT_STATUS", "ON_TRACK"): Both("进度正常", "on track"),
    ("COMMITMENT_STATUS", "LIMITED"): Both("进展有限", "limited progress"),
    ("REASON", "NO_DUE_DATE"): Both("没有期限", "no due date"),
    ("TARGET_CHANGE", "RAISED"): Both("上调", "raised"),
    ("DUE_CHANGE", "LATER"): Both("推迟", "postponed"),
}
NAMES = {"areas": [], "domains": [], "indicators": [], "initiatives": [], "sources": []}
WORDS = Facts({**NAMES, "units": [{"unit_measure": "KM", "name_zh": "公里", "name_en": "kilometres"}]}, CODES)


def said(told: dict | None = None, status: str = "ON_TRACK", **columns) -> list[str]:
    row = {**NOTHING, "status": status, "status_low": status, "status_high": status, **columns}
    return [text.en for text in steps(row, told, WORDS)]


def test_a_target_of_a_hedge_is_explained():
    told = {
        "target_value": Decimal(33000), "value_text": "33000左右",
        "lower_bound": Decimal(31350), "lower_closed": True,
        "upper_bound": Decimal(34650), "upper_closed": True,
    }  # fmt: skip
    target = {"target": Decimal(31350), "target_closed": True, "toward": 1, "due_date": date(2025, 12, 31)}
    assert said(told, **target) == [
        "To be reached: at least 31,350 (kilometres), by 2025-12-31.",
        "As printed: 33000左右, which allows at least 31,350, at most 34,650; judged at 31,350.",
    ]
    assert len(said({**told, "target_value": Decimal(31350)}, **target)) == 1


def test_a_pace_shows_its_arithmetic_and_counts_only_before_the_due_date():
    pace = {
        "gap_closed": Decimal("0.5"), "gap_closed_low": Decimal("0.45"), "gap_closed_high": Decimal("0.55"),
        "time_elapsed": Decimal("0.4"), "elapsed_time": 2, "total_time": 5, "time_unit": "YEAR",
        "pace": Decimal("1.25"), "pace_low": Decimal("1.25"), "pace_high": Decimal("1.25"),
    }  # fmt: skip
    assert said(**pace) == [
        "50% (45% to 55%) of the way from base to target in 40% of the time (2 of 5 years): a pace of 1.25."
    ]
    assert said(**pace | {"time_elapsed": Decimal("1.1")}) == []
    (_, second) = said(**pace, cagr_ratio=Decimal("1.1"), methods_agree=False)
    assert second == "Yearly growth was 1.1 times what is needed; the two methods disagree."


def test_a_status_says_what_it_rests_on():
    assert said(status="OVERDUE_UNMET") == ["The figure of the due date or later does not reach the target."]
    reported = said(status="ACHIEVED", judged_by_report_id="x")
    assert reported == ["A later bulletin or event decides it, see below."]
    assert said(status="NOT_ASSESSABLE", reason="NO_DUE_DATE")[-1] == "Note: no due date."
    assert said(status="INDETERMINATE", status_low="LIMITED", status_high="ON_TRACK") == [
        "The two ends of the interval disagree: ‘limited progress’ at the worse, ‘on track’ at the better."
    ]


def test_the_figure_that_first_reached_a_target_is_named_where_it_is_not_the_latest():
    reached = {"reached_by": date(2023, 12, 31), "reached_observation_id": "first"}
    (text, *_) = said(status="LIMITED", **reached, actual_observation_id="latest")
    assert "2023-12-31" in text
    assert not any(
        "2023-12-31" in each for each in said(status="LIMITED", **reached, actual_observation_id="first")
    )


def test_a_range_is_shown_where_no_number_was_printed():
    ends = {"lower_bound": Decimal(10), "lower_closed": True, "upper_bound": None, "upper_closed": None}
    (text,) = said(**{f"actual_{end}": value for end, value in ends.items()}, actual_date=date(2024, 1, 1))
    assert text == "Latest figure: at least 10 (2024-01-01)."


def test_a_revision_is_a_step_in_words():
    row = {
        "target_change": "RAISED", "from_value_text": "100对", "to_value_text": "120对", "reason": None,
        "due_change": "LATER", "due_days": 365,
        "from_due_date": date(2021, 12, 31), "to_due_date": date(2022, 12, 31),
    }  # fmt: skip
    assert change(row, WORDS) == (
        "目标上调（100对 → 120对）；期限推迟 365 天（2021-12-31 → 2022-12-31）",
        "target raised (100对 → 120对); due date postponed by 365 days (2021-12-31 → 2022-12-31)",
    )
