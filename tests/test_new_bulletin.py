"""The curator's path: a document becomes a folder with a draft, and the folder a complete bulletin."""

import csv
import re
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from dagster_project.ingest.loader import load_seeds
from dagster_project.seeds.files import DRAFT_FILE
from dagster_project.seeds.new_bulletin import (
    DRAFT_COLUMNS,
    NewBulletinError,
    new_bulletin,
    run_new_bulletin,
)
from dagster_project.settings import Settings
from tests.audit_desk import FILLER, SOURCE, Desk, columns

SIMPLIFIED = """滨江新区与河西区同城化进展通报
2023年5月8日 发布

一、交通
  截至目前,日均开行城际公交46班,较上年增加12班,同比增长35.3%;客流量约2.4万人次。
共建跨区道路18条、全长近120公里,总投资逾56亿元,其中已通车7条。S12线、G976高速提档升级。
二、产业
新签约项目214个,协议资金1200余亿元;规模以上企业达到1,386家,比2021年多十几家。
第三届对接会吸引数百家企业参会,二十余个项目当场落地,成交额3.05亿元。
三、民生
三分之一的小学结对,覆盖学生1.6万余名;医保结算机构增至95家以上,办理时限由30分钟缩短到10分钟以内。
力争到2025年,新建学校15所,新增床位2000-3000张,空气优良天数率不低于85%,扬尘下降4.5个百分点。
"""
# locator, token, where it probably goes, interval
EXPECTED = [
    ("2", "2023年5月8日", "exclusions", ""),
    ("3", "一", "exclusions", ""),
    ("4", "46班", "observations", "[46, 46]"),
    ("4", "12班", "observations", "[12, 12]"),
    ("4", "35.3%", "claims", "[35.25, 35.35)"),
    ("4", "约2.4万人次", "observations", "[22800, 25200]"),
    ("5", "18条", "observations", "[18, 18]"),
    ("5", "近120公里", "observations", "(110, 120)"),
    ("5", "逾56亿元", "observations", "(5600000000, 5700000000)"),
    ("5", "7条", "observations", "[7, 7]"),
    ("5", "S12", "exclusions", ""),
    ("5", "G976", "exclusions", ""),
    ("6", "二", "exclusions", ""),
    ("7", "214个", "observations", "[214, 214]"),
    ("7", "1200余亿元", "observations", "(120000000000, 130000000000)"),
    ("7", "1,386家", "observations", "[1386, 1386]"),
    ("7", "2021年", "exclusions", ""),
    ("7", "十几家", "observations", "[11, 19]"),
    ("8", "第三届", "exclusions", ""),
    ("8", "数百家", "observations", "[200, 999]"),
    ("8", "二十余个", "observations", "(20, 30)"),
    ("8", "3.05亿元", "observations", "[304500000, 305500000)"),
    ("9", "三", "exclusions", ""),
    ("10", "三分之一", "claims", "(28.571428571, 40]"),
    ("10", "1.6万余名", "observations", "(16000, 17000)"),
    ("10", "95家以上", "observations", "[95, 96)"),
    ("10", "30分钟", "exclusions", "[29.5, 30.5)"),
    ("10", "10分钟以内", "observations", "(−∞, 10]"),
    ("11", "2025年", "exclusions", ""),
    ("11", "15所", "commitments", "[15, 15]"),
    ("11", "2000-3000张", "commitments", "[2000, 3000]"),
    ("11", "不低于85%", "commitments", "[85, ∞)"),
    ("11", "下降4.5个百分点", "commitments", "[-4.5, -4.5]"),
]
TRADITIONAL = """兩地聯動簡報
兩地開行班列100列,運送貨物超5000標箱,節約運費約400萬元;三萬餘人受益,企業增至二十餘家。
簽約項目214個,協議資金1200餘億元;園區近60家企業參會,幾十項成果落地,投資逾億元。
"""


@pytest.fixture
def desk(tmp_path) -> Desk:
    desk = Desk.empty(tmp_path)
    (desk.corpus / "report.txt").write_text(SIMPLIFIED, encoding="utf-8")
    return desk


def start(desk: Desk, **options):
    return new_bulletin(desk.corpus / "report.txt", desk.seeds, slug="riverside", **options)


def problems(desk: Desk) -> list[str]:
    with duckdb.connect(":memory:") as connection:
        report = load_seeds(connection, desk.seeds)
    return [f"{finding.seed_file} {finding.column_name} {finding.rule}" for finding in report.rejects]


def test_the_draft_holds_every_figure_as_printed(desk):
    made = start(desk)
    found = [(c.locator, c.token, c.goes_to, str(c.interval) if c.read else "") for c in made.candidates]
    assert found == EXPECTED
    with (made.folder / DRAFT_FILE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == DRAFT_COLUMNS
    [row] = [row for row in rows if row["token"] == "近120公里"]
    assert row == {
        **dict.fromkeys(DRAFT_COLUMNS, ""),
        "locator": "5", "token": "近120公里", "goes_to": "observations", "value": "120",
        "value_qualifier": "BELOW_NEAR", "lower_bound": "110", "lower_closed": "false",
        "upper_bound": "120", "upper_closed": "false", "unit_measure": "KILOMETRE",
    }  # fmt: skip
    assert made.candidates[7].sentence.startswith("共建跨区道路18条")


def test_the_folder_and_the_row_are_filled_as_far_as_a_program_can(desk):
    before = (desk.seeds / "sources.csv").read_bytes()
    made = start(desk, title_zh="进展通报")
    assert made.source_id == "2023-05-08_riverside"
    assert {file.name for file in made.folder.iterdir()} == {
        "observations.csv", "claims.csv", "commitments.csv", "events.csv", "initiatives.csv",
        "assessments.csv", "outcomes.csv", "exclusions.csv", "draft.csv",
    }  # fmt: skip
    assert (desk.seeds / "sources.csv").read_bytes().startswith(before)
    [row] = desk.read(desk.seeds / "sources.csv")
    assert (row["document"], row["line_range"], row["script"]) == ("report.txt", "1-11", "HANS")
    assert (row["title_zh"], row["date_published"]) == ("进展通报", "2023-05-08")
    asked = "title_en issuer publisher doc_type as_of_default host_quality citation"
    assert made.blank == tuple(asked.split())


def test_a_document_in_traditional_script(desk):
    (desk.corpus / "report.txt").write_text(TRADITIONAL, encoding="utf-8")
    made = start(desk, published=date(2022, 6, 25))
    assert made.source["script"] == "HANT"
    tokens = [candidate.token for candidate in made.candidates if candidate.goes_to == "observations"]
    assert tokens == [
        "100列", "超5000標箱", "約400萬元", "三萬餘人", "二十餘家",
        "214個", "1200餘億元", "近60家", "幾十項", "逾億元",
    ]  # fmt: skip


def test_no_sentence_is_stored(desk):
    start(desk)
    text_of_page = SIMPLIFIED.partition("\n")[2]  # its title is a name
    phrases = set(re.findall("[\u4e00-\u9fff]{6,}", text_of_page))
    for file in desk.seeds.rglob("*.csv"):
        text = file.read_text(encoding="utf-8")
        assert not [phrase for phrase in phrases if phrase in text], file


def test_check_refuses_a_draft_and_names_every_open_cell(desk):
    start(desk)
    found = problems(desk)
    assert [line for line in found if DRAFT_FILE in line]
    for column in ("title_en", "issuer", "publisher", "doc_type", "host_quality", "citation"):
        assert any(line.startswith(f"sources.csv {column} ") for line in found), column


def test_from_the_draft_to_a_complete_bulletin(desk):
    """What a curator does by hand: each row of the draft to its table, until audit and check are content."""
    known = {k: v for k, v in SOURCE.items() if k not in ("date_published", "script")}
    made = start(desk, **{"host_quality": "OFFICIAL", **known})
    audited = desk.source()
    assert len(audited.missing) == audited.tokens == 36
    nouns = sorted({c.read.noun for c in made.candidates if c.read and c.read.noun})
    desk.append("units", desk.seeds / "units.csv", {
        "unit_measure": "THING", "name_zh": "测试单位", "name_en": "things", "dimension": "COUNT",
        "unit_type": "COUNTED", "base_unit": "TRAIN", "factor_num": "1", "factor_den": "1",
        "printed": ";".join(nouns), "is_item_of_plan": "false",
    })  # fmt: skip
    for number, candidate in enumerate(made.candidates):
        _move(desk, made.source_id, number, candidate)
    for figure, beside in (("近120公里", "18条"), ("7条", "逾56亿元")):  # printed together
        rows = [number for number, one in enumerate(made.candidates) if one.token in (figure, beside)]
        desk.relate(f"row-{rows[1]}", f"row-{rows[0]}", "GOES_WITH")
    audited = desk.source()
    assert [(finding.token, finding.rule) for finding in audited.wrong] == []
    assert [finding.token for finding in audited.missing] == []
    assert [line for line in problems(desk) if DRAFT_FILE not in line] == []
    assert problems(desk), "unfinished as long as the draft is there"
    (made.folder / DRAFT_FILE).unlink()
    assert problems(desk) == []


# What the words beside a number say of its kind; a third, as a share, is in percentage points.
KINDS = {
    "35.3%": {"claim_type": "PCT_CHANGE"},
    "三分之一": {"claim_type": "SHARE", "factor": "33.333333333"},
}


def _move(desk: Desk, source_id: str, number: int, candidate) -> None:
    """Type the row that a draft row becomes."""
    table = candidate.goes_to
    text, value = {
        "observations": ("value_text", "obs_value"),
        "claims": ("value_text", "factor"),
        "commitments": ("value_text", "target_value"),
        "events": ("date_text", ""),
        "exclusions": ("token", ""),
    }[table]
    stated = candidate.read and candidate.read.value_qualifier not in ("RANGE", "ORDER")
    row = {
        **FILLER,
        columns(table)[0]: f"row-{number}",
        "locator": candidate.locator,
        text: candidate.token,
        value: f"{candidate.read.sign * candidate.read.v:f}" if stated else "",
        "unit_measure": "THING",
        "reason": next((r for r in ("LABEL", "UNDATED") if candidate.remark.startswith(r)), "ORDINAL"),
        **KINDS.get(candidate.token, {}),
    }
    desk.append(table, desk.table(table, source_id), row)


# --- refusals: nothing is written ---


def refused(desk: Desk, match: str, **options) -> None:
    before = {file: file.read_bytes() for file in desk.seeds.rglob("*") if file.is_file()}
    with pytest.raises(NewBulletinError, match=match):
        start(desk, **options)
    assert {file: file.read_bytes() for file in desk.seeds.rglob("*") if file.is_file()} == before


def test_nothing_that_exists_is_overwritten(desk):
    start(desk)
    refused(desk, "exists and will not be overwritten")
    refused(desk, "belong to 2023-05-08_riverside already", published=date(2023, 5, 9), lines=(5, 11))


def test_two_bulletins_of_one_document(desk):
    start(desk, lines=(1, 5))
    second = start(desk, lines=(6, 11), published=date(2023, 5, 9))
    assert second.candidates[0].locator == "6"
    assert len(desk.run().sources) == 2


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("没有日期的文档,共3所。\n".encode(), "no full date is printed"),
        ("2023年5月8日".encode("gb18030"), "not UTF-8"),
        (b" \n", "no text"),
        (b"2023-05-08 \x00 3", "no text"),
    ],
)
def test_a_document_that_cannot_be_used_is_refused(desk, content, match):
    (desk.corpus / "report.txt").write_bytes(content)
    refused(desk, match)


def test_wrong_options_are_refused(desk):
    refused(desk, "lines must be within 1-11", lines=(3, 99))
    refused(desk, "no such columns", colour="red")
    with pytest.raises(NewBulletinError, match="only lower case"):
        new_bulletin(desk.corpus / "report.txt", desk.seeds, slug="../Up")
    with pytest.raises(NewBulletinError, match="cannot read the document"):
        new_bulletin(desk.corpus / "absent.txt", desk.seeds)


def test_the_command_shows_sentences_and_what_comes_next(desk, capsys):
    hostile = SIMPLIFIED.replace("共建", "\x1b[m共建\u202e", 1)
    (desk.corpus / "report.txt").write_text(hostile, encoding="utf-8")
    settings = replace(Settings.read(), seeds=desk.seeds, build=desk.build, public=desk.folder / "public")
    assert run_new_bulletin(settings, desk.corpus / "report.txt", slug="riverside") == 0
    output = capsys.readouterr().out
    assert "其中已通车7条" in output
    assert "33 个候选 candidates" in output
    assert "look at in sources.csv: title_zh=滨江新区与河西区同城化进展通报" in output
    assert "complete: title_en, issuer" in output
    assert f"tongcheng check --seeds {desk.seeds}" in output
    assert re.search(f"audit --source 2023-05-08_riverside --corpus {desk.corpus} --seeds", output)
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", output)
    assert run_new_bulletin(settings, desk.corpus / "report.txt", slug="riverside", published=None) == 1
    assert "will not be overwritten" in capsys.readouterr().err
    assert run_new_bulletin(settings, desk.corpus / "report.txt", lines="all") == 1
    assert "written like 6-11" in capsys.readouterr().err
