"""The audit catches what a person can get wrong: each kind of defect, in documents of our own making.

Also that the real bulletins are complete, where the documents are at hand; that intervals are computed alike
by SQL and by the audit; that results are kept without a sentence of a document.
"""

import json
import re
from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.audit.comparison import FIGURES, audit
from dagster_project.audit.results import (
    built_intervals,
    keep,
    latest_results,
    run_audit,
    write_table,
)
from dagster_project.figures.bounds import Interval, interval
from dagster_project.figures.grammar import simplify, simplify_in_place
from dagster_project.figures.lexicon import Lexicon
from dagster_project.figures.numerals import Line, read_lines
from dagster_project.figures.tokens import parse_token
from dagster_project.ingest.loader import load_seeds
from dagster_project.seeds.as_written import Seeds, UnreadableSeeds
from dagster_project.settings import Settings
from tests.audit_desk import CORPUS, ROOT, SOURCE, Desk

LEXICON = Lexicon.read(ROOT / "seeds" / "hedge_terms.csv")
TEXT = """两区同城化进展

  截至2023年3月底,开行公交46班,运送旅客约2.4万人次;新建道路近120公里,总投资逾56亿元。
引进企业1200余家,其中十几家已投产,签约数百项;机构增至95家以上,办理在30分钟内完成。
第三次会议说,一体化是一个过程。S12线开工,三星堆到四川全线贯通;共建学校5所,另有15所在建。
同比增长17.5%,能耗下降3.2%;新增床位20—30张,力争到2025年达到80亿元。
甲乙两园各建8处;引进企业1200余家见上文。
"""
FIGURES_OF_TEXT = (
    ("observations", 2, "46班", "46", {}),
    ("observations", 2, "约2.4万人次", "24000", {}),
    ("observations", 2, "近120公里", "120", {}),
    (
        "observations",
        2,
        "逾56亿元",
        "5600000000",
        {"time_text": "2023年3月底", "time_period_end": "2023-03-31", "as_of_basis": "STATED"},
    ),
    ("observations", 3, "1200余家", "1200", {}),
    ("observations", 3, "十几家", "", {"breakdown": "IN_PRODUCTION"}),
    ("observations", 3, "数百项", "", {}),
    ("observations", 3, "95家以上", "95", {}),
    ("commitments", 3, "30分钟内", "30", {}),
    ("observations", 4, "5所", "5", {}),
    ("observations", 4, "15所", "15", {}),
    ("claims", 5, "17.5%", "17.5", {"claim_type": "PCT_CHANGE", "base_text": "同比"}),
    ("claims", 5, "下降3.2%", "-3.2", {"claim_type": "PCT_CHANGE"}),
    ("observations", 5, "20—30张", "", {}),
    ("commitments", 5, "80亿元", "8000000000", {"modality": "STRIVE"}),
    ("observations", 6, "8处", "8", {"ref_area": "510600"}),
    ("observations", 6, "8处", "8", {"ref_area": "511400"}),
)
EXCLUDED = (
    (1, "两区", "GROUPING"),
    (4, "第三次", "ORDINAL"),
    (4, "一个", "INDEFINITE"),
    (5, "2025年", "PERIOD"),
    (6, "两园", "GROUPING"),
    (6, "1200余家", "REPEATED"),
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Desk:
    """A bulletin of which every numeral is accounted for; not to be changed."""
    desk = Desk.empty(tmp_path_factory.mktemp("finished"))
    desk.document(TEXT)
    for table, locator, token, value, cells in FIGURES_OF_TEXT:
        desk.add(table, locator, token, value, **cells)
    for locator, token, reason in EXCLUDED:
        desk.add("exclusions", locator, token, reason=reason)
    desk.relate("observations-6", "observations-5")
    desk.add("initiatives", 4, "S12线")
    desk.add("events", 4, "")
    desk.add("events", 2, "2023年3月底", date_start="2023-03-01", date_end="2023-03-31")
    return desk


@pytest.fixture
def desk(finished, tmp_path) -> Desk:
    """A copy of it that a test may spoil."""
    return finished.copy_to(tmp_path)


def rules(findings) -> str:
    return "\n".join(finding.rule for finding in findings)


def test_a_complete_bulletin_passes(desk):
    source = desk.source()
    assert rules(source.wrong) == ""
    assert [finding.token for finding in source.missing] == []
    assert source.complete
    assert source.covered == source.tokens == sum(source.by_kind.values())
    assert source.by_kind == {"figure": 17, "date": 2, "exclusion": 6, "word": 3, "name": 1}


# --- every kind of defect ---

TYPED_WRONG = [
    # a wrong digit in the number, in the token, in both
    ("observations", "46班", {"obs_value": "64"}, "原文为 46，现为 64"),
    ("observations", "46班", {"value_text": "64班"}, "not printed at its locator"),
    ("observations", "46班", {"value_text": "64班", "obs_value": "64"}, "not printed at its locator"),
    ("observations", "46班", {"obs_value": "46.5"}, "printed: 46"),
    ("observations", "46班", {"obs_value": ""}, "typed: nothing"),
    ("observations", "46班", {"obs_value": "many"}, "typed: many"),
    ("observations", "十几家", {"obs_value": "15"}, "leave it blank"),
    ("claims", "下降3.2%", {"factor": "3.2"}, "printed: -3.2"),
    # a wrong magnitude: 万 亿 千
    ("observations", "约2.4万人次", {"obs_value": "240000000"}, "wrong magnitude"),
    ("observations", "约2.4万人次", {"value_text": "约2.4亿人次"}, "not printed at its locator"),
    ("observations", "逾56亿元", {"obs_value": "560000"}, "wrong magnitude"),
    ("observations", "逾56亿元", {"value_text": "逾56万元", "obs_value": "560000"}, "not printed"),
    ("observations", "约2.4万人次", {"value_text": "约2.4", "obs_value": "2.4"}, "only part of the numeral"),
    # a dropped hedge: before, beside, after the noun, within the word
    ("observations", "近120公里", {"value_text": "120公里"}, "hedge dropped, printed: 近120公里"),
    ("observations", "约2.4万人次", {"value_text": "2.4万人次"}, "hedge dropped"),
    ("observations", "逾56亿元", {"value_text": "56亿元"}, "hedge dropped"),
    ("observations", "1200余家", {"value_text": "1200", "locator": "3"}, "hedge dropped"),
    ("observations", "95家以上", {"value_text": "95家"}, "hedge dropped"),
    ("observations", "95家以上", {"value_text": "95"}, "hedge dropped"),
    ("commitments", "30分钟内", {"value_text": "30分钟"}, "hedge dropped"),
    ("observations", "十几家", {"value_text": "十", "obs_value": "10"}, "only part of the numeral"),
    ("observations", "数百项", {"value_text": "百项", "obs_value": "100"}, "only part of the numeral"),
    ("claims", "下降3.2%", {"value_text": "3.2%", "factor": "3.2"}, "direction"),
    # a moved locator
    ("observations", "46班", {"locator": "3"}, "not printed at its locator"),
    ("observations", "46班", {"locator": "99"}, "is not a line"),
    ("observations", "46班", {"locator": "two"}, "is not a line"),
    ("observations", "46班", {"locator": "2#2"}, "not printed at its locator"),
    # other words of the document
    ("observations", "逾56亿元", {"time_text": "2023年4月底"}, "not printed at its locator"),
    ("claims", "17.5%", {"base_text": "比去年"}, "not printed at its locator"),
    ("observations", "逾56亿元", {"time_text": "46班"}, "neither a date nor a period"),
    # a period that is not the printed one
    ("observations", "逾56亿元", {"time_period_end": "2022-03-31"}, "time_text: 日期与原文不符"),
    (
        "observations",
        "逾56亿元",
        {"time_period_end": "2023-04-30"},
        "not the printed date; typed: 2023-04-30",
    ),
    # one numeral out of an ordinal or a longer one
    ("observations", "46班", {"value_text": "三次", "obs_value": "3", "locator": "4"}, "an ordinal"),
    ("observations", "15所", {"value_text": "5所在", "obs_value": "5"}, "only part of the numeral 15"),
    # an exclusion that hides a figure
    ("exclusions", "一个", {"token": "15所", "locator": "4"}, "the reason does not apply: INDEFINITE"),
    ("exclusions", "2025年", {"token": "80亿元", "locator": "5"}, "the reason does not apply: PERIOD"),
    ("exclusions", "2025年", {"token": "80亿元", "reason": "LABEL"}, "the reason does not apply: LABEL"),
    ("exclusions", "2025年", {"token": "20—30张"}, "the reason does not apply: PERIOD"),
    ("exclusions", "一个", {"token": "约2.4万", "locator": "2", "reason": "NAME"}, "does not apply: NAME"),
    (
        "exclusions",
        "一个",
        {"token": "30分钟", "locator": "3", "reason": "OUTLINE"},
        "does not apply: OUTLINE",
    ),
    (
        "exclusions",
        "第三次",
        {"token": "会议", "locator": "4"},
        "no numeral or statement to exclude",
    ),
    ("exclusions", "2025年", {"token": "202"}, "only part of the numeral"),
]


@pytest.mark.parametrize(("table", "token", "cells", "rule"), TYPED_WRONG)
def test_what_is_typed_wrong_is_found(desk, table, token, cells, rule):
    desk.change(table, token, cells)
    source = desk.source()
    assert rule in rules(source.wrong)
    assert not source.complete


@pytest.mark.parametrize("date_text", ["2023年4月底", "2022年3月底", "46班"])
def test_an_event_keeps_the_printed_date(desk, date_text):
    desk.add("events", 2, date_text, date_start="2023-03-01", date_end="2023-03-31")
    [finding] = desk.source().wrong
    assert finding.row.endswith("events-3")
    desk.add("events", 2, "2023年3月底", date_start="2023-03-30", date_end="2023-04-30")
    assert desk.source().wrong == (finding,)
    desk.add("events", 2, "2023年3月底", date_start="2023-04-30")
    assert len(desk.source().wrong) == 2


def test_a_moved_locator_also_leaves_its_numeral_open(desk):
    desk.change("observations", "46班", {"locator": "3"})
    assert [(finding.line, finding.token) for finding in desk.source().missing] == [(2, "46")]


@pytest.mark.parametrize(("table", "token"), sorted({(row[0], row[2]) for row in FIGURES_OF_TEXT}))
def test_every_deleted_figure_is_missed(desk, table, token):
    desk.delete(table, token)
    source = desk.source()
    assert any(finding.token in token for finding in source.missing)


@pytest.mark.parametrize("token", [token for _, token, _ in EXCLUDED])
def test_every_deleted_exclusion_is_missed(desk, token):
    desk.delete("exclusions", token)
    assert desk.source().missing


def test_a_repetition_stands_or_falls_with_its_figure(desk):
    desk.delete("observations", "1200余家")
    assert "the reason does not apply: REPEATED" in rules(desk.source().wrong)


def test_an_invented_row_is_found(desk):
    desk.add("observations", 2, "77班", "77")
    assert "not printed at its locator" in rules(desk.source().wrong)


@pytest.mark.parametrize("table", FIGURES)
def test_one_numeral_recorded_twice_is_found(desk, table):
    desk.add(table, 2, "46班", "46")
    assert "recorded twice" in rules(desk.source().wrong)


def test_a_number_dealt_out_to_several_places_is_not_recorded_twice(desk):
    desk.change("observations", "46班", {"ref_area": "510600"})
    desk.add("observations", 2, "46班", "46", ref_area="511400")  # no 各 is printed here
    found = rules(desk.source().wrong)
    assert found.count("recorded twice") == 1
    assert "8处" not in found


def test_a_figure_is_not_excluded_too(desk):
    desk.add("exclusions", 2, "46", reason="LABEL")
    assert "excluded, and also observations" in rules(desk.source().wrong)


def test_a_token_printed_twice_needs_its_number(desk):
    desk.document("甲地3所,乙地3所。\n", "2023-05-09_twice", date_published="2023-05-09")
    desk.write("observations", desk.table("observations", "2023-05-09_twice"), [])
    rows = [
        {"observation_id": "a", "value_text": "3所", "obs_value": "3", "locator": "1"},
        {"observation_id": "b", "value_text": "3所", "obs_value": "3", "locator": "1#2"},
    ]
    desk.write("observations", desk.table("observations", "2023-05-09_twice"), rows)
    *_, document = audit(desk.seeds, desk.corpus)
    assert "add #n" in rules(document.sources[0].wrong)
    rows[0]["locator"] = "1#1"
    desk.write("observations", desk.table("observations", "2023-05-09_twice"), rows)
    *_, document = audit(desk.seeds, desk.corpus)
    assert document.complete


def test_the_traditional_script_is_read_as_printed(tmp_path):
    desk = Desk.empty(tmp_path)
    desk.document(
        "兩區簽約約400家企業,運費節約500元以上;三萬餘人受益,超5000標箱,聯盟逾億元。\n", script="HANT"
    )
    desk.add("exclusions", 1, "兩區", reason="GROUPING")
    desk.add("observations", 1, "約400家", "400")
    desk.add("observations", 1, "500元以上", "500")
    desk.add("observations", 1, "三萬餘人", "30000")
    desk.add("observations", 1, "超5000標箱", "5000")
    desk.add("observations", 1, "逾億元", "100000000")
    assert rules(desk.source().wrong) == ""
    assert desk.source().complete
    desk.change("observations", "三萬餘人", {"value_text": "三萬"})
    desk.change("observations", "約400家", {"value_text": "400家"})
    found = rules(desk.source().wrong)
    assert "printed: 三萬餘" in found
    assert "printed: 約400家" in found


def test_lines_of_no_bulletin_are_not_asked_for(desk):
    rows = desk.read(desk.seeds / "sources.csv")
    desk.write("sources", desk.seeds / "sources.csv", [{**rows[0], "line_range": "1-5"}])
    document = desk.run()
    assert document.outside == 3
    assert "is not a line of this source" in rules(document.sources[0].wrong)


def test_a_reprint_repeats_the_first_printing(desk):
    text = "通报:甲地新建学校5所,\n投资3亿元。\n" + "甲地新建学校5所,\n投资4亿元。\n"
    first = desk.document(text, "2023-05-09_first", line_range="1-2")
    desk.document(text, "2023-05-09_first_again", line_range="3-4", primary_source_id=first)
    *_, document = audit(desk.seeds, desk.corpus)
    _, again = document.sources
    assert again.reprint
    assert again.by_kind == {"reprint": 1}
    assert [finding.token for finding in again.missing] == ["4亿"]


# --- numerals ---

FOUND = [
    ("十几个", ["十几"]), ("数百家", ["数百"]), ("二十余", ["二十"]), ("逾万", ["万"]), ("几年", ["几"]),
    ("１２家", ["１２"]), ("3.8万余人次", ["3.8万"]), ("1000余万人次", ["1000余万"]), ("1,386家", ["1,386"]),
    ("三分之一", ["三分之一"]), ("1/6", ["1/6"]), ("17%", ["17"]), ("百分之八十", ["百分之八十"]),
    ("第三次", ["三"]), ("2021年4月5日", ["2021", "4", "5"]), ("半小时", ["半"]), ("两年半", ["两", "半"]),
    ("一点五亿", ["一点五亿"]), ("1.7万亿", ["1.7万亿"]), ("1亿30万", ["1亿30万"]), ("六七百", ["六七百"]),
    ("1525条496家", ["1525", "496"]), ("2019三区三带", ["2019", "三", "三"]), ("3.8 万", ["3.8 万"]),
    ("464个 十家", ["464", "十"]), ("上 千 家", ["千"]), ("零距离", ["零"]), ("0130", ["0130"]),
    ("案例①", ["①"]), ("第Ⅲ期", ["Ⅲ"]), ("½", ["½"]), ("伍佰万元", ["伍佰万"]), ("大陆", []),
    ("萬餘人", ["萬"]), ("兩條", ["兩"]), ("幾十", ["幾十"]), ("五个百分点", ["五"]), ("千瓦", []),
    ("2—3家", ["2", "3"]), ("1+1+N", ["1", "1"]), ("廿年", ["廿"]), ("若干", ["若干"]), ("٣", ["٣"]),
    ("人数", []),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "found"), FOUND)
def test_numerals_are_found_as_maximal_tokens(printed, found):
    line = Line(1, printed, LEXICON)
    assert [line.text(numeral) for numeral in line.numerals] == found


@given(st.text(alphabet="12 9　１二三兩萬餘個约千瓦至—①.%,，abＡ\t半几数余", max_size=30))
def test_places_lead_back_to_print(printed):
    plain, places = simplify_in_place(printed)
    assert plain == simplify(printed)
    assert len(places) == len(plain) + 1
    assert places == sorted(places)
    line = Line(1, printed, LEXICON)
    for start, end in line.numerals:
        assert simplify(line.text((start, end))) == simplify(plain[start:end])


@given(st.text(max_size=60))
def test_any_line_can_be_searched(printed):
    line = Line(1, printed.encode("utf-8", "ignore").decode(), LEXICON)
    assert all(start < end for start, end in line.numerals)


def test_only_lines_with_text_are_counted():
    assert [(line.number, line.printed) for line in read_lines("\n 甲\r\n\u3000\n\t乙\r丙\n", LEXICON)] == [
        (1, " 甲"),
        (2, "\t乙"),
        (3, "丙"),
    ]


# --- intervals ---

POLICY = Seeds(ROOT / "seeds").policy
LEXICON = Seeds(ROOT / "seeds").lexicon
KNOWN = [  # value rules, sections 2 and 5: token, unit counted, arguments, interval
    ("508个", True, {}, "[508, 508]"),
    ("107.5对", True, {}, "[107.45, 107.55)"),
    ("3.57万亩", False, {}, "[35650, 35750)"),
    ("1088亿", False, {}, "[108750000000, 108850000000)"),
    ("3700万", True, {}, "[36500000, 37500000)"),
    ("7亿元", False, {}, "[665000000, 735000000)"),
    ("3倍", False, {}, "[2.5, 3.5)"),
    ("85公里", False, {}, "[84.5, 85.5)"),
    ("80亿元", False, {"nominal": True}, "[8000000000, 8000000000]"),
    ("逾万人次", True, {}, "(10000, 15000)"),
    ("百余家", True, {}, "(100, 150)"),
    ("3.8万余人次", True, {}, "(38000, 39000)"),
    ("近180个", True, {}, "(170, 180)"),
    ("近60家", True, {}, "(50, 60)"),
    ("约400家", True, {}, "[380, 420]"),
    ("约5家", True, {}, "[4, 6]"),
    ("约1088亿元", False, {}, "[108300000000, 109300000000]"),
    ("20—30张", True, {}, "[20, 30]"),
    ("十几家", True, {}, "[11, 19]"),
    ("数百公里", False, {}, "[200, 1000)"),
    ("上千家", True, {}, "[1000, ∞)"),
    ("1/6", False, {}, "(0.153846153, 0.181818182]"),
    ("七成", False, {}, "[65, 75)"),
    ("下降7.9%", False, {}, "(-7.95, -7.85]"),
    ("85%以上", False, {"greatest": Decimal(100)}, "[85, 100]"),
    ("不足5家", True, {"least": Decimal(0)}, "[0, 5)"),
    ("10分钟以内", False, {}, "(−∞, 10]"),
    ("千亿规模", False, {}, "–"),
    ("若干", True, {}, "–"),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "counted", "arguments", "expected"), KNOWN)
def test_intervals_are_those_of_the_value_rules(printed, counted, arguments, expected):
    assert str(interval(parse_token(printed, LEXICON), POLICY, counted, **arguments)) == expected


def test_sql_and_audit_compute_the_same_intervals(warehouse):
    seeds = Seeds(ROOT / "seeds")
    built, note = built_intervals([warehouse.file], seeds.seed_hash)
    assert built, note
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        published = {
            row[0] for row in connection.execute("select source_id from marts.dim_source").fetchall()
        }
    own = {}
    for table, (key, text, _) in FIGURES.items():
        for row in (row for row in seeds.tables[table] if row["source_id"] in published):
            name = row[key] + (f"@{row['version']}" if table == "commitments" else "")
            limits = seeds.limits(table, row)
            own[table, name] = interval(parse_token(row[text], seeds.lexicon), seeds.policy, **limits)
    assert own == built


def test_an_interval_that_differs_is_found(desk):
    [source] = audit(desk.seeds, desk.corpus, {("observations", "observations-3"): Interval()})[0].sources
    assert source.intervals == 1
    assert "interval: (110, 120), warehouse –" in rules(source.wrong)


def test_only_a_file_of_the_same_seeds_is_compared(tmp_path):
    file = tmp_path / "tongcheng.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.build_info as select 'other' as seed_hash, 'b' as build_id")
    intervals, note = built_intervals([tmp_path / "absent", file], "mine")
    assert intervals == {}
    assert "not compared" in note


# --- results ---


def settings_of(desk: Desk) -> Settings:
    return replace(Settings.read(), seeds=desk.seeds, build=desk.build, public=desk.folder / "public")


def test_the_hash_is_the_loader_s(desk):
    with duckdb.connect(":memory:") as connection:
        assert load_seeds(connection, desk.seeds).seed_hash == Seeds(desk.seeds).seed_hash


def test_results_are_kept_per_document_and_seeds(desk, capsys):
    [row] = latest_results(desk.build / "audit", desk.seeds)
    assert (row["status"], row["tokens"]) == ("NOT_RUN", None)
    assert run_audit(settings_of(desk), desk.corpus) == 0
    [row] = latest_results(desk.build / "audit", desk.seeds)
    assert row["status"] == "COMPLETE"
    assert (row["tokens"], row["covered"], row["missing"], row["wrong"]) == (29, 29, 0, 0)
    desk.delete("observations", "46班")
    assert latest_results(desk.build / "audit", desk.seeds)[0]["status"] == "NOT_RUN"
    assert run_audit(settings_of(desk), desk.corpus) == 1
    rows = latest_results(desk.build / "audit", desk.seeds)
    assert [(row["status"], row["missing"]) for row in rows] == [("INCOMPLETE", 1)]
    with duckdb.connect(":memory:") as connection:
        write_table(connection, rows)
        found = connection.execute("select status, covered, audited_at is not null from raw.source_audit")
        assert found.fetchall() == [("INCOMPLETE", 28, True)]
    output = capsys.readouterr().out
    assert "2023-05-08_two_districts:2:18: 46:" in output
    assert "开行公交【46】班" in output


def test_one_source_can_be_audited_without_the_others_documents(desk, capsys):
    other = desk.document("14个", "2024-01-01_other")
    (desk.corpus / f"{other}.txt").unlink()
    assert run_audit(settings_of(desk), desk.corpus) == 1
    assert run_audit(settings_of(desk), desk.corpus, ["2023-05-08_two_districts"]) == 0
    assert run_audit(settings_of(desk), desk.corpus, [other]) == 1
    capsys.readouterr()
    assert run_audit(settings_of(desk), desk.corpus, ["nowhere"]) == 1
    assert "not in sources.csv: nowhere" in capsys.readouterr().err


def without_document(desk: Desk, source_id: str, record: str = "") -> None:
    """Register a source whose page is not held, with a fact record if one is given."""
    row = {**SOURCE, "source_id": source_id}
    desk.append("sources", desk.seeds / "sources.csv", row)
    (desk.seeds / "bulletins" / source_id).mkdir()
    if record:
        (desk.seeds / "bulletins" / source_id / "record.tsv").write_text(record, encoding="utf-8")


def test_a_source_without_a_document_is_passed_over_and_said(desk, capsys):
    without_document(desk, "2024-01-01_cited")
    without_document(desk, "2024-01-02_recorded", "key\tlabel\tvalue_text\na\t甲\t5个\n")
    assert run_audit(settings_of(desk), desk.corpus) == 0
    said = capsys.readouterr().out
    assert "2 sources, 1 with a fact record, 1 cited only" in said
    assert [row["source_id"] for row in latest_results(desk.build / "audit", desk.seeds)] == [
        "2023-05-08_two_districts"
    ]
    assert run_audit(settings_of(desk), desk.corpus, ["2023-05-08_two_districts"]) == 0
    assert "passed over" not in capsys.readouterr().out


def test_passing_over_does_not_hide_what_is_wrong_elsewhere(desk, capsys):
    without_document(desk, "2024-01-01_cited")
    desk.delete("observations", "46班")
    assert run_audit(settings_of(desk), desk.corpus) == 1
    assert "passed over" in capsys.readouterr().out


def test_where_no_document_is_held_there_is_nothing_to_audit(tmp_path, capsys):
    desk = Desk.empty(tmp_path)
    without_document(desk, "2024-01-01_cited")
    assert run_audit(settings_of(desk), desk.corpus) == 0
    assert run_audit(settings_of(desk), desk.corpus, ["2024-01-01_cited"]) == 0
    assert "no document to audit" in capsys.readouterr().out


def test_a_document_named_by_its_hash_and_not_there_is_a_miss(desk, capsys):
    """A mistyped sha256 looks like this; only a source that names none is passed over."""
    path = desk.seeds / "sources.csv"
    rows = [{**row, "document_sha256": "0" * 64} for row in desk.read(path)]
    desk.write("sources", path, rows)
    assert run_audit(settings_of(desk), desk.corpus) == 1
    assert "by sha256" in capsys.readouterr().out


def test_no_sentence_is_kept(desk):
    for token in ("46班", "约2.4万人次", "逾56亿元"):
        desk.delete("observations", token)
    desk.change("observations", "近120公里", {"value_text": "120公里"})
    keep(desk.build / "audit", audit(desk.seeds, desk.corpus), "0" * 64)
    [file] = (desk.build / "audit").iterdir()
    kept = file.read_text(encoding="utf-8")
    assert json.loads(kept)["sources"][0]["missing"]
    runs = re.findall("[\u4e00-\u9fff]{3,}", kept)
    assert all(run not in TEXT for run in runs), runs


def test_a_missing_document_is_one_clear_message(desk, capsys):
    [file] = desk.corpus.iterdir()
    file.rename(file.with_name("any name.bin"))  # names do not matter
    assert run_audit(settings_of(desk), desk.corpus) == 0
    file.with_name("any name.bin").unlink()
    capsys.readouterr()
    assert run_audit(settings_of(desk), desk.corpus) == 1
    assert capsys.readouterr().out.count("2023-05-08_two_districts.txt") == 1


def test_a_missing_folder_or_unreadable_seeds_are_one_clear_message(desk, capsys):
    assert run_audit(settings_of(desk), desk.folder / "nowhere") == 1
    assert "no such folder" in capsys.readouterr().err
    desk.table("observations").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableSeeds, match="unreadable seeds"):
        Seeds(desk.seeds)
    assert run_audit(settings_of(desk), desk.corpus) == 1
    assert "tongcheng check" in capsys.readouterr().err


def test_a_document_cannot_steer_the_terminal(tmp_path, capsys):
    desk = Desk.empty(tmp_path)
    desk.document("甲\x1b[2J\u202e乙14个\x07\n")
    assert run_audit(settings_of(desk), desk.corpus) == 1
    output = capsys.readouterr().out
    assert "【14】" in output
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", output)


# --- the real bulletins ---


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the documents are not at hand: {CORPUS} does not exist")
def test_the_real_bulletins_are_complete_and_true():
    for document in audit(ROOT / "seeds", CORPUS):
        assert document.path, document.document
        for source in document.sources:
            found = [(f.line, f.token, f.rule, f.row) for f in (*source.missing, *source.wrong)]
            assert found == [], source.source_id
            assert source.tokens > 0
