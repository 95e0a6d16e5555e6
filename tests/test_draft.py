"""What the draft of a bulletin proposes: no figures and why, periods, promises, ranks, starting values."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dagster_project.seeds.draft import Candidate
from dagster_project.seeds.new_bulletin import new_bulletin
from dagster_project.seeds.periods import periods
from tests.audit_desk import Desk

PUBLISHED = date(2023, 7, 8)


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Desk:
    return Desk.empty(tmp_path_factory.mktemp("draft"))


@pytest.fixture
def draft(desk: Desk, request):
    """The candidates of a text, by their token."""

    def of(text: str) -> dict[str, Candidate]:
        name = f"case_{abs(hash((request.node.name, text)))}"
        document = desk.corpus / f"{name}.txt"
        document.write_text(f"{text}\n", encoding="utf-8")
        made = new_bulletin(document, desk.seeds, slug=name, published=PUBLISHED)
        return {candidate.token: candidate for candidate in made.candidates}

    return of


@pytest.mark.parametrize(
    ("text", "token", "reason"),
    [
        ("24日开通。", "24日", "DATE"),
        ("周三启用。", "周三", "DATE"),
        ("近三年累计投入。", "近三年", "PERIOD"),
        ("两年来成效明显。", "两年来", "PERIOD"),
        ("国庆七天客流增加。", "国庆七天", "PERIOD"),
        ("四季度开工。", "四季度", "PERIOD"),
        ("上半年进展顺利。", "上半年", "PERIOD"),
        ("下半年开工。", "下半年", "PERIOD"),
        ("三市共建。", "三市", "GROUPING"),
        ("500强企业落户。", "500强", "LABEL"),
        ("每万人口拥有医生。", "每万", "NOT_A_FIGURE"),
        ("第三次会议召开。", "第三次", "ORDINAL"),
    ],
)
def test_what_is_no_figure_is_an_exclusion_with_its_reason(draft, text, token, reason):
    found = draft(text)
    assert list(found) == [token]
    assert found[token].goes_to == "exclusions"
    assert found[token].remark.startswith(reason)


@pytest.mark.parametrize(
    "text",
    ["十三五以来。", "双11期间。", "12345热线受理。", "120急救联动。", "985高校落户。", "参与一带一路建设。"],
)
def test_names_and_codes_are_words_that_need_no_row(draft, text):
    assert draft(text) == {}


def test_what_looks_like_them_and_is_a_figure_stays_one(draft):
    found = draft("一周三次班车；共建项目46个；投入30亿元；24小时办结。")
    assert {found[token].goes_to for token in ("三次", "46个", "30亿元", "24小时")} == {"observations"}


def test_a_part_of_a_year_is_the_time_of_the_figures_of_its_sentence(draft):
    found = draft("2023年上半年，产值达到1 088亿元；出口7亿元。1-4月，新增企业3万4000户。")
    first, last = "2023-01-01", "2023-06-30"
    assert found["1 088亿元"].time == (first, last, "2023年上半年")
    assert found["7亿元"].time == ("", "", "")  # another sentence
    assert found["3万4000户"].time == (first, "2023-04-30", "1-4月")
    assert (found["1 088亿元"].read.v, found["3万4000户"].read.v) == (108_800_000_000, 34_000)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("上半年", "2023-01-01", "2023-06-30"),
        ("下半年", "2022-07-01", "2022-12-31"),
        ("2021年下半年", "2021-07-01", "2021-12-31"),
        ("二季度", "2023-04-01", "2023-06-30"),
        ("去年四季度", "2022-10-01", "2022-12-31"),
        ("前三季度", "2023-01-01", "2023-09-30"),
        ("前5个月", "2023-01-01", "2023-05-31"),
        ("2020年1—2月", "2020-01-01", "2020-02-29"),
        ("1至4月", "2023-01-01", "2023-04-30"),
    ],
)
def test_the_days_of_a_part_of_a_year(text, first, last):
    [period] = periods(text, date(2023, 5, 8))
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


def test_promises_are_told_from_what_is_done(draft):
    found = draft(
        "力争到2025年建成学校15所；计划新增床位2000张，已完成500张；到2020年建成桥7座；将近60家参与。"
    )
    goes_to = {token: found[token].goes_to for token in ("15所", "2000张", "500张", "7座", "将近60家")}
    assert goes_to == {
        "15所": "commitments",
        "2000张": "commitments",
        "500张": "observations",
        "7座": "observations",
        "将近60家": "observations",
    }


def test_a_starting_value_has_a_row_only_where_it_has_a_date(draft):
    found = draft("企业由320余家增至410多家；时限由2020年的30分钟缩短到半小时。")
    assert (found["320余家"].goes_to, found["320余家"].remark[:7]) == ("exclusions", "UNDATED")
    assert found["410多家"].goes_to == "observations"
    assert found["30分钟"].goes_to == "observations"
    assert "its own time" in found["30分钟"].remark
    assert found["半小时"].read.v == found["半小时"].read.d


@pytest.mark.parametrize(
    ("text", "token", "value"),
    [
        ("总量位居全省第四。", "位居全省第四", 4),
        ("规模居全国首位。", "居全国首位", 1),
        ("较上年翻番。", "翻番", 1),
        ("产值翻了一番。", "翻了一番", 1),
        ("总额与去年持平。", "持平", 0),
        ("收入减半。", "减半", -50),
        ("降幅收窄至2.1%。", "降幅收窄至2.1%", "-2.1"),
    ],
)
def test_ranks_doublings_and_changes_in_words_are_claims(draft, text, token, value):
    found = draft(text)[token]
    assert found.goes_to == "claims"
    assert str(found.read.sign * found.read.v) == str(value)


def test_a_multiple_without_a_number_is_seen(draft):
    found = draft("受理量成倍增长。")
    assert found["成倍"].read.value_qualifier == "VAGUE"


def test_a_rate_is_one_phrase(draft):
    assert "8500元/吨" in draft("单价8500元/吨。")


def test_a_figure_is_about_the_indicator_and_area_whose_words_stand_beside_it(tmp_path: Path):
    desk = Desk.empty(tmp_path, words=True)
    document = desk.corpus / "buses.txt"
    document.write_text(
        "德阳开行跨市公交11条。\n成德眉资常住人口2966万人,跨市公交14条,建成各类设施7个。\n", encoding="utf-8"
    )
    made = new_bulletin(document, desk.seeds, slug="buses", published=PUBLISHED)
    assert [
        (each.token, each.indicator_id, each.ref_area, each.unit_measure) for each in made.candidates
    ] == [
        (
            "11条",
            "INTERCITY_BUS_LINES",
            "510600",
            "ROUTE",
        ),  # 条 alone may be a road: the indicator says which
        ("2966万人", "POPULATION", "X_CDMZ", "PERSON"),
        ("14条", "INTERCITY_BUS_LINES", "X_CDMZ", "ROUTE"),
        ("7个", "", "X_CDMZ", ""),
    ]


@pytest.mark.parametrize(
    ("text", "token", "codes"),
    [
        ("总额同比增长3.1%。", "3.1%", ("PCT_CHANGE", "YOY", "同比")),
        ("客流较开行之初翻了一番。", "翻了一番", ("DOUBLED_N", "SINCE_BASE", "开行之初")),
        ("客流是公交化运营前的3倍。", "3倍", ("MULTIPLE_OF", "SINCE_BASE", "公交化运营前")),
        ("总量占全省七成。", "七成", ("SHARE", "OTHER", "")),
    ],
)
def test_the_codes_of_a_claim_follow_from_its_words(draft, text, token, codes):
    [found] = [each for name, each in draft(text).items() if name.endswith(token)]
    assert tuple(found.codes.get(c, "") for c in ("claim_type", "comparison", "base_text")) == codes


@pytest.mark.parametrize(
    ("text", "token", "codes"),
    [
        ("力争到2025年达到20条。", "20条", ("TARGET", "STRIVE", "AT_DATE", "2025-12-31")),
        ("确保今年底前打通道路20条。", "20条", ("TARGET", "ENSURE", "OVER_PERIOD", "2023-12-31")),
        ("将于9月底前把公交增至20条。", "20条", ("", "WILL", "", "2023-09-30")),
        ("5月27日起将新增20条。", "20条", ("", "WILL", "", "")),
    ],
)
def test_the_codes_of_a_promise_follow_from_its_words(draft, text, token, codes):
    names = ("commitment_type", "modality", "accounting", "due_date")
    found = draft(text)[token]
    assert tuple(found.codes.get(name, "") for name in names) == codes


def test_a_figure_takes_the_end_of_a_month_from_its_sentence_or_the_heading_of_its_list(draft):
    found = draft("截至6月底完成60亿元。\n清单(截至2022年6月底):\n——学校15所;\n——班级46个。\n建成桥7座。")
    assert found["60亿元"].time == ("", "2023-06-30", "截至6月底")
    assert found["15所"].time == found["46个"].time == ("", "2022-06-30", "截至2022年6月底")
    assert found["7座"].time == ("", "", "")


def test_listed_figures_share_the_first_one_s_word_and_each_has_its_own_place(tmp_path: Path):
    desk = Desk.empty(tmp_path, words=True)
    document = desk.corpus / "cities.txt"
    document.write_text(
        "上半年,地区生产总值逾1.2万亿元,同比增长3.1%;德阳、眉山、资阳三市分别为1312.6亿元、760.3亿元、421.9亿元。\n",
        encoding="utf-8",
    )
    made = new_bulletin(document, desk.seeds, slug="cities", published=PUBLISHED)
    told = {each.token: (each.indicator_id, each.ref_area) for each in made.candidates}
    assert [told[token] for token in ("1312.6亿元", "760.3亿元", "421.9亿元")] == [
        ("GDP", "510600"),
        ("GDP", ""),  # 眉山 is a word of several areas
        ("GDP", "512000"),
    ]
    assert told["3.1%"][0] != "LINE_LENGTH"  # 长 is printed in 增长 too


@pytest.mark.parametrize(
    ("text", "token", "goes_to", "code"),
    [
        ("预计全年接待300人次。", "300人次", "observations", "E"),
        ("初步核算产值30亿元。", "30亿元", "observations", "P"),
        ("预期接待300人次。", "300人次", "commitments", "PLAN"),
        ("力争接待300人次。", "300人次", "commitments", "STRIVE"),
        ("计划接待300人次。", "300人次", "commitments", "PLAN"),
    ],
)
def test_the_word_of_a_forecast_or_an_intention_is_kept_as_a_code(draft, text, token, goes_to, code):
    found = draft(text)[token]
    column = "obs_status" if goes_to == "observations" else "modality"
    assert (found.goes_to, found.codes[column]) == (goes_to, code)


@pytest.mark.parametrize(
    ("text", "token", "goes_to"),
    [
        ("2022年,新增企业30户。", "2022年", "exclusions"),  # says when the figure holds
        ("道路于2022年10月建成通车。", "2022年10月", "events"),
        ("6月20日,道路通车。", "6月20日", "events"),
        ("2023年7月8日,记者获悉。", "2023年7月8日", "exclusions"),  # the page's own day
        ("确保2024年道路建成通车。", "2024年", "commitments"),
        ("面向2035年谋划道路。", "2035年", "exclusions"),
    ],
)
def test_a_date_is_an_event_a_deadline_or_only_a_time(draft, text, token, goes_to):
    assert draft(text)[token].goes_to == goes_to


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2022年,新增企业300户。", ("2022-01-01", "2022-12-31", "2022年")),
        ("年末企业300户。", ("", "2022-12-31", "年末")),
        ("比2021年多,企业达300户。", ("", "", "")),  # compared with, not told of
        ("2022年发展公报\n企业300户。", ("2022-01-01", "2022-12-31", "2022年")),
        ("2022年发展公报\n目前企业300户。", ("", "", "")),
    ],
)
def test_a_year_is_the_time_of_a_figure_where_sentence_or_title_says_so(draft, text, time):
    assert draft(text)["300户"].time == time


def test_growth_is_told_at_the_prices_at_which_most_rows_tell_it(tmp_path: Path):
    desk = Desk.empty(tmp_path, words=True)
    told = desk.document("产值", "2022-05-08_earlier")
    path = desk.table("claims", told)
    rows = [{"claim_id": f"c{n}", "indicator_id": "GDP", "claim_type": "PCT_CHANGE"} for n in range(3)]
    desk.write("claims", path, [{**row, "price_basis": "CONSTANT"} for row in rows])
    document = desk.corpus / "growth.txt"
    document.write_text("德阳地区生产总值30亿元,同比增长5%;外贸进出口20亿元,同比增长3%。\n", encoding="utf-8")
    made = new_bulletin(document, desk.seeds, slug="growth", published=PUBLISHED)
    prices = {
        each.token: each.codes.get("price_basis") for each in made.candidates if each.goes_to == "claims"
    }
    assert prices == {"5%": "CONSTANT", "3%": ""}


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("一、产业（2023年1—5月）\n总结。\n企业300户。", ("2023-01-01", "2023-05-31", "2023年1—5月")),
        ("一、产业（2023年1—5月）\n（一）起步\n企业300户。", ("2023-01-01", "2023-05-31", "2023年1—5月")),
        ("通报\n一、产业（2023年1—5月）\n二、服务\n企业300户。", ("", "", "")),  # the section has ended
        ("预计全年新增企业300户。", ("2023-01-01", "2023-12-31", "全年")),
        ("企业由年初的300户增至310户。", ("", "2023-01-01", "年初")),
        ("企业由年初的290户增至300户。", ("", "", "")),
        ("截至6月末，企业由年初的290户增至300户。", ("", "2023-06-30", "截至6月末")),
    ],
)
def test_a_section_the_whole_year_and_its_start_say_when(draft, text, time):
    assert draft(text)["300户"].time == time


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("德阳通报\n公交覆盖广汉、什邡、彭州3个市，乘客300人。", "510600"),  # of a list, not of its last
        ("德阳通报\n成都、德阳合办，乘客300人。", "X_CHENGDE"),  # the group of exactly these
        ("德阳通报\n成德两市合办，乘客300人。", "X_CHENGDE"),
        ("德阳通报\n成德合办。\n两市乘客300人。", "X_CHENGDE"),
        ("双核通报\n两市乘客300人。", "X_DUAL_CORE"),
    ],
)
def test_a_list_of_places_and_two_cities_stand_for_a_group(draft, text, area):
    assert draft(text)["300人"].ref_area == area


def test_of_indicators_with_the_same_words_the_one_told_of_the_area_is_proposed(tmp_path: Path):
    desk = Desk.empty(tmp_path, words=True)

    def proposed(text: str) -> list[str]:
        document = desk.corpus / f"{len(text)}.txt"
        document.write_text(text, encoding="utf-8")
        made = new_bulletin(document, desk.seeds, slug=f"trains_{len(text)}", published=PUBLISHED)
        return [each.indicator_id for each in made.candidates if each.token == "66对"]

    assert proposed("成德之间动车日均开行66对。\n") == [""]
    told = desk.document("动车", "2022-05-08_earlier")
    row = {"observation_id": "o", "indicator_id": "TRAIN_PAIRS_DAILY", "ref_area": "X_CHENGDE"}
    desk.write("observations", desk.table("observations", told), [row])
    assert proposed("成德之间，动车日均开行66对。\n") == ["TRAIN_PAIRS_DAILY"]


@pytest.mark.parametrize(
    ("text", "token", "figure"),
    [
        ("企业30户，同比增长5%，居全省第三位。", "居全省第三位", "30户"),
        ("企业300户，占全市企业总数的四分之一。", "四分之一", "300户"),
        ("企业300户，其中外资四分之一。", "四分之一", None),  # a part of the figure has no figure of its own
    ],
)
def test_a_rank_and_a_share_are_of_the_figure_before_them(draft, text, token, figure):
    assert draft(text)[token].codes.get("figure") == figure


def test_changes_that_go_on_are_compared_with_the_same(draft):
    found = draft("企业30户，同比增长5%；商店20户、公司10户，分别增长3%、4%。")
    assert [found[token].codes["comparison"] for token in ("5%", "3%", "4%")] == ["YOY"] * 3


def test_a_share_is_drafted_on_the_scale_on_which_it_is_checked(draft):
    share = draft("占四分之一。")["四分之一"]
    assert share.cells()[5].startswith("25")
    assert str(share.interval) == "(22.222222222, 28.571428572]"


def test_a_deadline_is_a_milestone_and_what_an_outline_counts_is_none(draft):
    found = draft("要抓好三项重点：9月底前召开会议。")
    assert (found["9月"].goes_to, found["9月"].codes["due_date"]) == ("commitments", "2023-09-30")
    assert (found["三项"].goes_to, found["三项"].remark) == ("exclusions", "OUTLINE")


def test_a_mere_possibility_is_no_fact(draft):
    assert draft("每户可能要交300元。")["300元"].codes["obs_status"] == "E"
