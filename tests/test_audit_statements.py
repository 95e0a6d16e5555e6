"""Every clause that states something is recorded or excluded: each rule once red, once green."""

import pytest

from dagster_project.audit.comparison import audit
from dagster_project.audit.statements import StatementWords
from dagster_project.figures.numerals import Line
from dagster_project.seeds.as_written import Seeds
from tests.audit_desk import Desk

TEXT = """滨江绿道开工,跨市公交开通
滨江绿道昨日开工,跨市公交同日开通;双方签署供水协议。
要统一思想,提升站位;通过共享师资,推进同城教育合作,关系百姓福祉。
一体化仍处起步阶段,产业协作不足。邻省另建立环湖联盟。
再次推进同城教育合作。
"""
ROWS = (
    ("events", 2, {"title_zh": "滨江绿道动工"}),
    ("events", 2, {"title_zh": "跨市公交线路开行"}),
    ("events", 2, {"title_zh": "供水协议签字"}),
    ("commitments", 3, {"title_zh": "教育同城合作"}),
    ("assessments", 4, {"title_zh": "一体化起步", "assessment_type": "STAGE"}),
    ("assessments", 4, {"title_zh": "产业协作欠缺", "assessment_type": "LACKING"}),
)
EXCLUDED = (
    (1, "开工", "HEADING"),
    (1, "开通", "HEADING"),
    (3, "要", "EXHORTATION"),
    (3, "提升", "EXHORTATION"),
    (4, "建立", "BACKGROUND"),
    (3, "共享", "MANNER"),
    (5, "推进", "TOLD_ELSEWHERE"),
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Desk:
    """A bulletin of which every statement is accounted for; not to be changed."""
    desk = Desk.empty(tmp_path_factory.mktemp("statements"), statements=True)
    desk.document(TEXT)
    for table, line, cells in ROWS:
        desk.add(table, line, "", **cells)
    for line, token, reason in EXCLUDED:
        desk.add("exclusions", line, token, reason=reason)
    return desk


@pytest.fixture
def desk(finished, tmp_path) -> Desk:
    """A copy of it that a test may spoil."""
    return finished.copy_to(tmp_path)


def spoil(desk: Desk, table: str, number: int, **cells: str) -> None:
    """Alter a row of a table, or take it away where no cells are given."""
    rows = desk.read(desk.table(table))
    rows[number : number + 1] = [{**rows[number], **cells}] if cells else []
    desk.write(table, desk.table(table), rows)


def statement_rules(desk: Desk) -> list[str]:
    """What is wrong of statements alone: rows of these tests say no more than their words."""
    return [f.rule for f in desk.source().wrong if "排除" in f.rule]


def test_every_statement_is_accounted_for(desk):
    source = desk.source()
    assert [(finding.line, finding.token) for finding in source.untold] == []
    assert statement_rules(desk) == []
    # 关系百姓福祉 states nothing; 邻省 is excluded
    assert (source.statements, source.told, source.excluded) == (13, 13, 7)


@pytest.mark.parametrize(
    ("table", "number", "line", "token"),
    [
        ("events", 0, 2, "开工"),
        ("events", 1, 2, "开通"),
        ("events", 2, 2, "签署"),
        ("commitments", 0, 3, "推进"),
        ("assessments", 0, 4, "起步阶段"),
        ("assessments", 1, 4, "不足"),
        ("exclusions", 2, 3, "要"),
        ("exclusions", 4, 4, "建立"),
    ],
)
def test_every_deleted_row_leaves_its_statement_open(desk, table, number, line, token):
    spoil(desk, table, number)
    found = [(finding.line, finding.token) for finding in desk.source().untold]
    assert (line, token) in found
    assert not desk.source().complete


def test_a_row_at_another_line_records_nothing_here(desk):
    spoil(desk, "events", 2, locator="5")
    assert (2, "签署") in [(finding.line, finding.token) for finding in desk.source().untold]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (4, "EXHORTATION"),  # to found is no call
        (4, "REASONING"),
        (4, "TOLD_ELSEWHERE"),  # no row elsewhere says so
        (4, "HEADING"),
        (2, "DATE"),  # a reason for numerals
    ],
)
def test_a_reason_that_does_not_hold_is_wrong(desk, number, reason):
    spoil(desk, "exclusions", number, reason=reason)
    assert [rule for rule in statement_rules(desk) if f"does not apply: {reason}" in rule]


def test_a_manner_is_that_of_something_recorded(desk):
    spoil(desk, "commitments", 0)
    assert [rule for rule in statement_rules(desk) if "does not apply: MANNER" in rule]


def test_what_is_recorded_is_not_excluded_too(desk):
    desk.add("exclusions", 2, "签署", reason="BACKGROUND")
    assert statement_rules(desk) == ["既排除又收录 · both excluded and recorded"]


def test_a_clause_is_excluded_once(desk):
    desk.add("exclusions", 1, "开工", reason="BACKGROUND")
    assert "该分句已排除 · the clause is excluded already" in statement_rules(desk)


def test_an_excluded_word_states_something(desk):
    desk.add("exclusions", 3, "福祉", reason="REASONING")
    assert statement_rules(desk) == ["没有数字或陈述可排除 · no numeral or statement to exclude"]


def test_traditional_print_is_asked_too(tmp_path):
    desk = Desk.empty(tmp_path, statements=True)
    desk.document("濱江綠道開工，雙方簽署協議。\n")
    assert [finding.token for finding in desk.source().untold] == ["開工", "簽署"]


def test_a_word_inside_another_states_nothing(desk):
    seeds = Seeds(desk.seeds)
    line = Line(1, "重要的是,要开工,将来再说", seeds.lexicon)
    stated = [[kind for _, kind in clause.words] for clause in StatementWords(seeds).clauses(line)]
    assert stated == [["PROMISE", "OPEN"]]


def test_a_reprint_repeats_its_statements(desk):
    first = "2023-05-08_two_districts"
    desk.document(TEXT.replace("供水", "供热"), "2023-05-09_reprint", primary_source_id=first)
    found = {s.source_id: s for each in audit(desk.seeds, desk.corpus) for s in each.sources}
    assert not found[first].untold
    assert {f.line for f in found["2023-05-09_reprint"].untold} == {2}
