"""What a reader sees first: findings, promises in words, dated lists, what changed; on any screen."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path

import duckdb
import pytest

from dagster_project.report import gathered, history, sentences, wording
from dagster_project.report.facts import Facts, read_facts
from dagster_project.report.pages import ON_PAGE, Pages, write_source_lists
from dagster_project.report.queries import AT_LEAST, IN_ALL, LONG, LONGER, PER_PAGE, _bounded
from dagster_project.report.ways import TIMELINES
from dagster_project.report.wording import Both
from tests.conftest import Place

MINE = ("index", "commitments", "timeline", "sources", "changes", "quality")
LANGUAGES = ("zh", "en")
SCREEN = {360: 780, 390: 844, 1440: 900}


@pytest.fixture(scope="module")
def site(warehouse: Place) -> Path:
    return warehouse.public / "site"


@pytest.fixture(scope="module")
def facts(warehouse: Place) -> Facts:
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        return read_facts(connection)


def with_rows(facts: Facts, **rows: list) -> Facts:
    """The same facts with other rows of some queries."""
    return Facts({**facts.rows, **rows}, facts.codes)


def written(facts: Facts, to: Path, write=lambda pages: gathered.write_overview(pages, [])) -> str:
    """The page that a function writes, without its foot."""
    write(Pages(facts, to))
    (path,) = to.glob("*.html")
    return path.read_text(encoding="utf-8").split("<footer")[0]


def told(markup: str, language: str) -> str:
    """The text of one language."""
    other = {"zh": "en", "en": "zh-CN"}[language]
    markup = re.sub(rf'<span lang="{other}">[^<]*</span>', "", markup)
    return unescape(" ".join(re.sub(r"<[^>]+>", "", markup).split()))


@pytest.mark.parametrize(
    ("pages", "shown"), [(9, PER_PAGE), (IN_ALL // 50, 50), (IN_ALL // AT_LEAST * 2, AT_LEAST)]
)
def test_where_many_pages_have_a_list_each_shows_its_share_and_says_how_many_there_are(pages, shown):
    rows = f"select i % {pages} as page, i as id from range({100 * pages}) as numbers(i)"
    with duckdb.connect() as connection:
        listed = f"({_bounded(rows, 'id', 'page', ['page', 'id'])})"
        query = f"select count(*), min(of), max(of), max(id // {pages}) from {listed} group by page"
        assert set(connection.execute(query).fetchall()) == {(shown, 100, 100, shown - 1)}


# On any screen


@pytest.mark.parametrize("width", SCREEN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_wider_than_the_screen_and_the_first_says_all_on_it(page, site, width, language):
    page.set_viewport_size({"width": width, "height": SCREEN[width]})
    for name in MINE:
        page.goto((site / f"{name}.html").as_uri() + f"?lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert page.complaints == []
    page.goto((site / "index.html").as_uri() + f"?lang={language}")
    for chart in page.locator(".plot").all():
        chart.locator("svg").wait_for()
    if width < 1440:
        assert page.evaluate("document.documentElement.scrollHeight") < 6000
    bottom = page.locator("section[aria-labelledby=findings]").evaluate(
        "part => part.getBoundingClientRect().bottom"
    )
    assert bottom <= SCREEN[1440] if width == 1440 else bottom <= 2.2 * SCREEN[width]


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_a_row_is_a_card_and_no_name_is_broken_by_character(page, site, language):
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto((site / "sources.html").as_uri() + f"?lang={language}")
    row = page.locator(".stack tbody tr:visible").first
    assert row.evaluate("row => getComputedStyle(row).display") == "block"
    assert row.locator("th").evaluate("head => head.getBoundingClientRect().width") > 250
    label = row.locator("td[data-zh]").first.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert label.strip('"') == {"zh": "发布", "en": "published"}[language]


def test_the_first_column_of_the_matrix_stays_in_sight(page, site):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((site / "index.html").as_uri())
    page.locator("details[data-roomy] > summary").click()
    head = page.locator(".heat tbody th").first
    page.locator("details[data-roomy] .wide").evaluate("part => part.scrollTo(300, 0)")
    assert head.evaluate("cell => cell.getBoundingClientRect().left") >= 0


def test_an_address_restores_language_and_filters(page, site):
    page.goto((site / "timeline.html").as_uri())
    page.locator("#f-area").select_option("510600")
    page.get_by_role("button", name="English").click()
    shown = page.locator("output").inner_text()
    address = page.url
    assert "area=510600" in address
    assert "lang=en" in address
    page.get_by_role("button", name="中文").click()
    page.goto(address)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("#f-area").input_value() == "510600"
    assert page.locator("output").inner_text() == shown
    page.goto((site / "timeline.html").as_uri() + "?area=nowhere")
    assert page.locator("#f-area").input_value() == ""


def test_no_code_stands_where_there_is_a_word_for_it(site, facts):
    codes = {code for (_, code) in facts.codes if "_" in code}
    for name in MINE:
        text = (site / f"{name}.html").read_text(encoding="utf-8").split("<footer")[0]
        bare = re.sub(r"<code>.*?</code>|<script.*?</script>|<[^>]+>", " ", text, flags=re.DOTALL)
        assert not codes & set(re.findall(r"\b[A-Z][A-Z_]+\b", bare)), name


# Findings


def test_every_finding_stands_on_the_first_page_with_its_evidence_and_source(site, facts):
    text = (site / "index.html").read_text(encoding="utf-8")
    listed = re.findall(
        r"<li class=\"[^\"]*\">.*?</li>", text.partition('<ol class="findings">')[2], re.DOTALL
    )
    assert 3 <= len(facts["findings"]) == len(listed) <= 5
    for row, item in zip(facts["findings"], listed, strict=True):
        said, _ = sentences.finding(facts, row)
        assert said.zh in told(item, "zh")
        assert said.en in told(item, "en")
        assert facts.code("EVIDENCE", row["evidence"]).en in item
        assert f"sources/{row['source_id'] or row['to_source_id']}.html" in item


def change(**more) -> dict:
    row = {
        "finding_type": "CHANGE",
        "indicator_id": "TRAINS",
        "ref_area": "X",
        "breakdown": "_T",
        "unit_measure": "PAIR",
        "period_type": "A",
        "since": date(2017, 12, 31),
        "until": date(2021, 12, 31),
        "change_low": Decimal(33),
        "change_high": Decimal(33),
        "lower_bound": Decimal("360.5"),
        "upper_bound": Decimal(400),
    }
    for side, value in (("from_", 9), ("to_", 42)):
        ends = {"lower_bound": value, "lower_closed": True, "upper_bound": value, "upper_closed": True}
        row |= {f"{side}{name}": end for name, end in ends.items()}
        row |= {f"{side}value": value, f"{side}text": f"{value}对", f"{side}qualifier": "EQ"}
        row[f"{side}precision"] = "DAY"
    return row | more


SMALL = Facts(
    {
        "areas": [{"ref_area": "X", "name_zh": "成德", "name_en": "Chengdu and Deyang"}],
        "units": [
            {"unit_measure": "PAIR", "name_zh": "对", "name_en": "pairs", "dimension": "COUNT"},
            {"unit_measure": "CNY", "name_zh": "元", "name_en": "yuan", "dimension": "MONEY"},
            {"unit_measure": "SHARE", "name_zh": "百分比", "name_en": "per cent", "dimension": "SHARE"},
        ],
        "indicators": [
            {
                "indicator_id": "TRAINS",
                "name_zh": "动车",
                "name_en": "Trains",
                "unit_measure": "PAIR",
                "unit_zh": "对",
                "unit_en": "pairs",
            }
        ],
        **{table: [] for table in ("domains", "initiatives", "sources", "events", "commitments", "changes")},
    },
    {("MODALITY", "PLAN"): Both("计划", "plan")},
)


@pytest.mark.parametrize(
    ("more", "zh", "en"),
    [
        ({}, "2021年至少是2017年的4.6倍", "at least 4.6 times as many in 2021 as in 2017"),
        (
            {"upper_bound": Decimal("360.6"), "unit_measure": "CNY"},
            "2021年是2017年的4.6倍",
            "4.6 times as much in 2021 as in 2017",
        ),
        (
            {"lower_bound": Decimal(20), "upper_bound": None},
            "2021年比2017年至少增加20%",
            "up by at least 20% in 2021 on the figure in 2017",
        ),
        (
            {"lower_bound": Decimal(-40), "upper_bound": Decimal("-17.78")},
            "2021年比2017年至少减少17.7%",
            "down by at least 17.7% in 2021 on the figure in 2017",
        ),
        (
            {"lower_bound": Decimal(0), "upper_bound": Decimal(5)},
            "2021年高于2017年",
            "higher in 2021 than in 2017",
        ),
        (
            {"period_type": "P"},
            "2021年12月31日至少是2017年12月31日的4.6倍",
            "at least 4.6 times as many on 31 December 2021 as on 31 December 2017",
        ),
        (
            {"period_type": "P", "from_precision": "YEAR", "to_precision": "MONTH"},
            "2021年12月至少是2017年的4.6倍",
            "at least 4.6 times as many in 2021-12 as in 2017",
        ),
    ],
)
def test_a_change_is_said_no_larger_than_it_certainly_is(more, zh, en):
    said, figures = sentences.finding(SMALL, change(**more))
    assert said == (f"成德，动车：{zh}", f"Trains, Chengdu and Deyang: {en}")
    assert figures.zh == "9对 → 42对"


def test_a_share_moves_by_percentage_points_never_by_per_cent_of_per_cent():
    row = change(unit_measure="SHARE", lower_bound=Decimal("-4"), upper_bound=Decimal("-3.4"))
    said, _ = sentences.finding(SMALL, row | {"change_low": Decimal("-1.9"), "change_high": Decimal("-1.7")})
    assert said.zh.endswith("2021年比2017年至少减少1.7个百分点")
    assert said.en.endswith("down by at least 1.7 percentage points in 2021 on the figure in 2017")


@pytest.mark.parametrize(
    ("point", "ends", "zh", "en"),
    [
        ("-1.8", ("-1.9", False, "-1.7", False), "下降1.8个百分点", "down 1.8 percentage points"),
        ("3", ("2", True, "4", False), "上升2至4个百分点", "up 2 to 4 percentage points"),
        ("3", ("2", True, None, None), "至少上升2个百分点", "up at least 2 percentage points"),
        (
            "0",
            ("-1", True, "1", True),
            "-1至1个百分点之间",
            "between -1 and 1 percentage points",
        ),
        (None, (None, None, None, None), "—", "—"),
    ],
)
def test_a_change_is_said_with_its_way_and_as_wide_as_it_is(point, ends, zh, en):
    low, low_closed, high, high_closed = (Decimal(end) if isinstance(end, str) else end for end in ends)
    point = None if point is None else Decimal(point)
    assert wording.shift(point, low, low_closed, high, high_closed, sentences.POINTS) == (zh, en)


def test_the_first_page_answers_its_question_by_the_counts_of_the_region(facts):
    trends = Counter(IMPROVED=9, WORSENED=1, SINGLE_OBSERVATION=57, UNCHANGED=2)
    said = sentences.standing(trends, Counter(ACHIEVED=4, ACHIEVED_LATE=1, OVERDUE_UNMET=2), True)
    assert "都市圈内前后可比的指标，9项改善、1项变差，2项" in said.zh
    assert "Of its promises, 5 were met, 2 missed; 0 are past due" in said.en
    assert sentences.standing(Counter(SINGLE_OBSERVATION=3), Counter(), True) is None


def test_each_trend_of_the_first_page_is_of_the_region_and_dated(facts, tmp_path):
    text = written(facts, tmp_path)
    lists = re.findall(r'<details class="trend-list".*?</details>', text, re.S)
    items = [item for part in lists for item in re.findall(r"<li>.*?</li>", part, re.S)]
    assert items
    assert all(re.search(r"(19|20)\d\d", told(item, "en")) for item in items)
    outside = [row for row in facts["progress"] if row["is_representative"] and facts.is_outside(row)]
    assert sum(row["series"] for row in facts["trends"] if not row["in_city_region"]) >= len(outside) > 0
    inside = [row for row in facts["trends"] if row["in_city_region"] and row["trend"] == "IMPROVED"]
    badge = text.partition('id="trend-IMPROVED"')[2].partition("</summary>")[0]
    assert told(badge, "en").endswith(f" {sum(row['series'] for row in inside)}")


def test_an_ordinal_and_a_running_total_are_neither_better_nor_worse(facts):
    rows = [row for row in facts["progress"] if row["trend"] != "SINGLE_OBSERVATION"]
    totals = [row for row in rows if row["period_type"].startswith("SINCE")]
    assert totals
    assert {row["trend"] for row in totals} == {"NO_DIRECTION"}
    assert {row["trend"] for row in rows if row["indicator_id"] == "LEADING_GROUP_MEETINGS"} == {
        "NO_DIRECTION"
    }


def test_a_contradiction_says_both_figures():
    said, _ = sentences.finding(SMALL, change(finding_type="CONTRADICTION"))
    assert said.zh == "成德，动车，2017年：一说9对，一说42对"
    assert said.en == "Trains, Chengdu and Deyang, in 2017: 9 pairs in one bulletin, 42 pairs in another"


@pytest.mark.parametrize(("days", "old"), [(365, False), (366, True)])
def test_a_banner_says_that_even_the_newest_figure_is_old(facts, tmp_path, days, old):
    build = {**facts.build, "as_of_date": date(2021, 1, 1)}
    newest = date.fromordinal(build["as_of_date"].toordinal() - days)
    text = written(with_rows(facts, build=[build], until=[{"newest": newest}]), tmp_path)
    assert ('class="banner"' in text) == old
    assert f"数值截至 {newest}" in told(text, "zh")
    assert f"Figures up to {newest}; built on {build['built_at']:%Y-%m-%d}" in told(text, "en")


def test_the_first_page_names_the_cities_of_the_region(site):
    lead = told(
        (site / "index.html").read_text(encoding="utf-8").partition('<p class="lead">')[2][:3000], "en"
    )
    assert all(city in lead for city in ("Chengdu", "Deyang", "Meishan", "Ziyang"))


# Promises


def promise(**more) -> dict:
    ends = {"lower_bound": 100, "lower_closed": True, "upper_bound": 100, "upper_closed": True}
    row = {"commitment_type": "TARGET", "modality": "STRIVE", "value_text": "100对", "value_qualifier": "EQ"}
    row |= {
        "target_value": Decimal(100),
        "unit_measure": "PAIR",
        "indicator_id": "TRAINS",
        "period_start": None,
    }
    row |= ends | {f"stated_{end}": value for end, value in ends.items()}
    return row | {"due_date": date(2022, 12, 31), "target": Decimal(100)} | more


@pytest.mark.parametrize(
    ("more", "zh", "en"),
    [
        (
            {"period_start": date(2022, 1, 1)},
            "力争2022年内达到100对",
            "100 pairs aimed for within 2022",
        ),
        ({"modality": "PLAN"}, "计划2022年底前达到100对", "100 pairs planned by the end of 2022"),
        (
            {"modality": "PLAN", "commitment_type": "PLAN_COUNT", "due_date": date(2021, 2, 28)},
            "计划2021年2月底前完成100对",
            "100 pairs planned by the end of February 2021",
        ),
        (
            {
                "modality": "WILL",
                "value_text": "突破100对",
                "value_qualifier": "GT",
                "stated_lower_closed": False,
                "stated_upper_bound": None,
                "due_date": date(2024, 9, 29),
            },
            "将于2024年9月29日前突破100对",
            "over 100 pairs expected by 29 September 2024",
        ),
        (
            {"value_text": "100对左右", "value_qualifier": "APPROX", "modality": "PLAN", "due_date": None},
            "计划达到100对左右",
            "about 100 pairs planned",
        ),
        (
            {
                "value_text": "50-100对",
                "value_qualifier": "RANGE",
                "target_value": None,
                "stated_lower_bound": 50,
            },
            "力争2022年底前达到50-100对",
            "50 to 100 pairs aimed for by the end of 2022",
        ),
        (
            {
                "value_text": "若干",
                "value_qualifier": "VAGUE",
                "target_value": None,
                "stated_lower_bound": None,
                "stated_upper_bound": None,
                "commitment_type": "PLAN_COUNT",
                "modality": "PLAN",
            },
            "计划2022年底前完成若干",
            "‘若干’ planned by the end of 2022",
        ),
        (
            {"value_text": None, "modality": "WILL", "due_date": None},
            "已宣布，未定期限",
            "expected, no date given",
        ),
        ({"value_text": None, "modality": "PLAN"}, "计划2022年底前实现", "planned by the end of 2022"),
    ],
)
def test_a_promise_is_said_in_plain_words(more, zh, en):
    assert sentences.promise(SMALL, promise(**more)) == (zh, en)


def test_a_bulletin_does_not_plan_it_says_what_is_planned():
    def told(**more) -> Both:
        row = promise(**more) | {"finding_type": "PROMISE_MET", "title_zh": "动车", "title_en": "Trains"}
        nothing = {"to_observation_id": None, "until": date(2022, 12, 31)}
        said, after = sentences.finding(SMALL, row | nothing)
        assert said == (("动车：100对", "Trains: 100 pairs") if row["value_text"] else ("动车", "Trains"))
        return after

    plan = told(commitment_type="TARGET", modality="PLAN")
    assert plan.zh == "按通报，计划2022年底前达到100对。"
    assert plan.en == "According to the bulletin, 100 pairs are planned by the end of 2022."
    assert told(value_text=None).en == "According to the bulletin, this is aimed for by the end of 2022."


def test_a_target_judged_by_another_number_than_the_printed_one_says_why():
    assert sentences.target(promise()) is None
    hedged = promise(
        value_text="33000左右",
        target_value=Decimal(33000),
        lower_bound=Decimal(31350),
        upper_bound=Decimal(34650),
        target=Decimal(31350),
    )
    said = sentences.target(hedged)
    assert said.en == "33000左右, which allows at least 31,350, at most 34,650; judged at 31,350"
    assert said.zh.startswith("33000左右，按措辞即不少于 3.135万，不多于 3.465万")


def test_promises_with_a_result_come_first_and_the_others_are_folded(site, facts):
    told, unheard = ((site / name).read_text(encoding="utf-8") for name in gathered.BOARDS)
    groups = re.findall(r'<details data-group id="(\w+)"( open)?>', told)
    folded = [code in gathered.UNTOLD for code, _ in groups]
    assert folded == sorted(folded)
    assert all(bool(is_open) != (code in gathered.UNTOLD) for code, is_open in groups)
    others = re.findall(r'<details data-group id="(\w+)"( open)?>', unheard)
    assert others[-1][0] == "NOT_ASSESSABLE"
    assert not {code for code, _ in others} & {code for code, _ in groups}
    for row in facts["commitments"]:
        assert sentences.promise(facts, row).zh in (unheard if row["status"] in gathered.UNHEARD else told)


def test_at_any_number_of_promises_their_pages_stay_small(facts, tmp_path):
    many = [
        {**row, "commitment_id": f"{row['commitment_id']}-{n}"}
        for n in range(1 + 2 * ON_PAGE // len(facts["commitments"]))
        for row in facts["commitments"]
    ]
    gathered.write_board(Pages(with_rows(facts, commitments=many), tmp_path))
    for name in gathered.BOARDS:
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert text.count("data-row ") <= ON_PAGE
        assert len(text.encode()) < 500_000


# The timeline


def test_events_with_a_date_stand_apart_from_those_known_only_by_their_bulletin(site, facts):
    text = {
        has_date: unescape((site / name).read_text(encoding="utf-8")) for has_date, name in TIMELINES.items()
    }
    for row in facts["events"]:
        assert f'id="{row["event_id"]}"' in text[bool(row["date_start"])]
    for source in {row["source_id"] for row in facts["events"] if not row["date_start"]}:
        assert facts.name("sources", source).zh in text[False]
    assert TIMELINES[False] in text[True]
    assert TIMELINES[True] in text[False]


def test_a_link_to_an_event_leads_to_the_page_that_has_it(page, site, facts):
    undated = next(row["event_id"] for row in facts["events"] if not row["date_start"])
    page.goto((site / TIMELINES[True]).as_uri() + f"?lang=en#{undated}")
    page.locator(f'[id="{undated}"]').wait_for(state="visible")
    assert page.url.endswith(f"{TIMELINES[False]}?lang=en#{undated}")


# Lists at any size


def times(rows: list[dict], key: str, number: int) -> list[dict]:
    """That many rows: the given ones over and over, told apart by their key."""
    return [{**rows[n % len(rows)], key: f"{rows[n % len(rows)][key]}-{n}"} for n in range(number)]


def test_twice_the_sources_are_all_listed_and_no_page_of_them_grows(facts, tmp_path):
    twice = times(facts["sources"], "source_id", 2 * len(facts["sources"]))
    write_source_lists(Pages(with_rows(facts, sources=twice), tmp_path))
    pages = [path.read_text(encoding="utf-8") for path in tmp_path.glob("sources*.html")]
    assert sum(text.count("<tr id=") for text in pages) == len(twice)
    assert len(pages) == len({row["date_published"].year for row in twice})


def test_at_any_number_of_things_the_pages_that_list_them_stay_small(facts, tmp_path):
    """As many as the queries give, and of sources a thousand in one year."""
    events = [row for row in facts["events"] if row["date_start"]], facts["events"]
    dated = times(events[0], "event_id", LONG)
    undated = times([{**row, "date_start": None} for row in events[1]], "event_id", LONG)
    sources = [
        {**row, "date_published": date(2021, 1, 1)} for row in times(facts["sources"], "source_id", 1000)
    ]
    initiatives = times(facts["initiatives"], "initiative_id", LONGER)
    many = with_rows(facts, events=dated + undated, sources=sources, initiatives=initiatives)
    pages = Pages(many, tmp_path)
    gathered.write_timeline(pages)
    gathered.write_initiatives(pages)
    write_source_lists(pages)
    sizes = {path.name: path.stat().st_size for path in tmp_path.glob("*.html")}
    assert sizes.keys() == {*TIMELINES.values(), "initiatives.html", "sources.html"}
    assert {name: size for name, size in sizes.items() if size >= 500_000} == {}
    assert "440" in (tmp_path / "sources.html").read_text(encoding="utf-8")


# The history of changes


def changed(**more) -> dict:
    row = {"build_id": "b2", "built_at": datetime(2021, 6, 2), "relation": "fct_observation", "facts": 1}
    row |= {
        "change_type": "CHANGED",
        "row_id": "x-1",
        "column_name": "obs_value",
        "old_value": "88",
        "new_value": "89",
    }
    row |= {"label": "89对", "verdict": "APPROVED", "date_approved": date(2021, 6, 1), "source_id": None}
    row |= {"approved_by": None, "approval_reason": "印错 · a misprint", "locator": "17", "of": 1}
    return row | more


@pytest.mark.parametrize(
    ("more", "zh", "en"),
    [
        ({}, "数值“89对”：数值由“88”改为“89”", "figures, ‘89对’: number changed from ‘88’ to ‘89’"),
        (
            {"column_name": "ref_area", "old_value": None, "new_value": "X"},
            "数值“89对”：地区码由“—”改为“成德”",
            "figures, ‘89对’: area changed from ‘—’ to ‘Chengdu and Deyang’",
        ),
        (
            {"relation": "dim_indicator", "row_id": "TRAINS", "change_type": "REMOVED"},
            "从指标中移除“动车”",
            "removed from indicators: ‘Trains’",
        ),
        ({"change_type": "ADDED", "facts": 3}, "新增数值 3 项", "3 new figures"),
    ],
)
def test_a_change_is_said_in_words(more, zh, en):
    facts = with_rows(SMALL, changes=[changed(**more)])
    ((version, ((_, said),)),) = history.versions(facts)
    assert said == (zh, en)
    assert version["build_id"] == "b2"


def test_the_page_of_changes_is_a_dated_history_with_its_grounds(facts, tmp_path):
    rows = [
        changed(source_id="2021-04-14_cdmz_third_meeting"),
        changed(column_name="value_text", approved_by="统计处"),
        changed(build_id="b1", built_at=datetime(2021, 5, 1), change_type="ADDED", facts=7, verdict=None),
    ]
    text = written(with_rows(facts, changes=rows), tmp_path, gathered.write_changes)
    assert text.index("2021-06-02") < text.index("2021-05-01")
    assert "#L17" in text
    assert "印错，批准于 2021-06-01，批准人未注明" in told(text, "zh")
    assert "a misprint, approved on 2021-06-01, by whom is not stated" in told(text, "en")
    assert "批准于 2021-06-01，批准人：统计处" in told(text, "zh")
    assert "7 new figures" in told(text, "en")
    assert "x-1" not in text


def test_a_language_that_a_link_asks_for_leaves_the_readers_own(browser, site):
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    page.get_by_role("button", name="English").click()
    page.goto((site / "index.html").as_uri() + "?lang=zh")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.evaluate("localStorage.getItem('tongcheng-language')") == "en"
    context.close()


def test_paper_holds_what_is_open_and_the_first_page_few_sheets(page, site):
    page.goto((site / "index.html").as_uri())
    for chart in page.locator(".plot").all():
        chart.locator("svg").wait_for()
    folded = page.locator("details:not([open])").count()
    sheets = re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4"))
    assert 1 <= len(sheets) <= 4
    assert page.locator("details:not([open])").count() == folded > 0


def test_the_heads_of_the_promises_count_what_is_shown(page, site):
    page.goto((site / "commitments.html").as_uri())
    total = page.locator("output").inner_text().split(" / ")[1]
    assert sum(int(text) for text in page.locator("dl.tiles dd").all_inner_texts()) == int(total)
    page.locator("#f-area").select_option(index=1)
    shown = page.locator("output").inner_text().split(" / ")[0]
    heads = page.locator("[data-group]:not([hidden]) [data-count]").all_inner_texts()
    assert sum(map(int, heads)) == int(shown) > 0


def test_nothing_changed_yet_is_said(facts, tmp_path):
    nothing = with_rows(facts, changes=[])
    site = tmp_path / "published"  # the job asks for this one on its first night too

    def said(name: str, before: Path | None) -> str:
        gathered.write_changes(Pages(nothing, tmp_path / name, before))
        return (tmp_path / name / "changes.html").read_text(encoding="utf-8")

    assert "This is the first version" in said("alone", None)
    assert "This is the first version" in said("first", site)
    site.mkdir()  # whether or not it lists its pages
    assert "nothing has changed" in said("later", site)


# Words of numbers


@pytest.mark.parametrize(
    ("pct", "said"),
    [("330.508", "×4.3"), ("100", "×2"), ("99.9", "+99.9%"), ("-17.73", "-17.7%"), (None, "—")],
)
def test_what_doubles_or_more_is_said_as_a_multiple(pct, said):
    assert wording.growth(None if pct is None else Decimal(pct)).en == said


@pytest.mark.parametrize(
    ("ends", "alone", "said"),
    [
        (("330.5", "330.5"), False, ""),
        (("330.5", "330.5"), True, "×4.3"),
        (("326.97", "327.01"), True, "×4.3"),
        (("46.66", "130"), True, "at least 46.6%, at most 130%"),
        (("360.5", "400"), False, "at least ×4.6, at most ×5"),
    ],
)
def test_of_a_growth_only_what_is_a_range_is_marked(ends, alone, said):
    low, high = map(Decimal, ends)
    assert wording.growth_span(low, True, high, True, alone).en == said
