"""Each check of a page can fail: one bad line for each, in a page of its own."""

import inspect
import re

import duckdb
import pytest

from tests import test_docs as checks
from tests.readme import render_value, rewrite
from tests.test_docs import connection, shown_from, vocabulary  # noqa: F401 - fixtures

STALE = "```sql\nselect 1 as n\n```\n\n| n |\n| --- |\n| 2 |\n"
EMPTY = "```sql\nselect 1 as n where false\n```\n\n| n |\n| --- |\n"
FINDING = (
    "## 1. Up\n\nFrom 1 to 2.\n\n```sql\nselect 1\n```\n\n"
    "| n | evidence |\n| --- | --- |\n| 1 | {evidence} |\n\n**Interval**: none. {caveat}"
)
BAD = [
    (checks.test_each_number_of_a_finding_stands_in_its_result, text)
    for text in (
        FINDING.format(evidence="HELD", caveat="**Caveat**: few."),  # 2 is in no result
        FINDING.replace("1 to 2", "1").format(evidence="HELD", caveat=""),
        FINDING.replace("1 to 2", "1").format(evidence="", caveat="**Caveat**: few."),
    )
] + [
    (checks.test_every_query_shows_its_real_result, STALE),
    (checks.test_every_query_shows_its_real_result, EMPTY),
    (checks.test_every_query_shows_its_real_result, "It is <!-- sql: select 1 -->2<!-- /sql -->."),
    (
        checks.test_arithmetic_by_hand_agrees,
        STALE.replace("| n |", "| n | n_by_hand |").replace("2 |", "2 | 3 |"),
    ),
    (checks.test_every_link_leads_somewhere, "[a](nothing.md)"),
    (checks.test_every_link_leads_somewhere, "# Heading\n\n[a](#another-heading)"),
    (checks.test_every_file_that_is_named_exists, "`docs/nothing.md`"),
    (checks.test_every_file_that_is_named_exists, "`public/nothing/`"),
    (checks.test_every_make_target_that_is_named_exists, "```sh\nmake nothing\n```"),
    (checks.test_every_command_and_option_that_is_named_exists, "`tongcheng nothing`"),
    (checks.test_every_command_and_option_that_is_named_exists, "`tongcheng build --nothing`"),
    (checks.test_every_mart_that_is_named_exists, "`marts.nothing`"),
    (checks.test_every_name_and_code_is_one_of_the_project, "`no_such_column`"),
    (checks.test_every_name_and_code_is_one_of_the_project, "`NOSUCHCODE`"),
]


@pytest.mark.parametrize(("check", "text"), BAD, ids=lambda value: getattr(value, "__name__", ""))
def test_a_bad_page_is_red(check, text, tmp_path, monkeypatch, request):
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    if check is checks.test_every_link_leads_somewhere:
        monkeypatch.setattr(checks, "ROOT", tmp_path)
    needs = [name for name in inspect.signature(check).parameters if name != "page"]
    with pytest.raises(AssertionError):
        check(str(page), **{name: request.getfixturevalue(name) for name in needs})


def test_pages_that_differ_are_red(tmp_path):
    english, chinese = tmp_path / "page.md", tmp_path / "page.zh-CN.md"
    for line in (STALE, "<!-- sql: select 1 -->1<!-- /sql -->", "`seeds/`", "`tongcheng build`", "# Heading"):
        english.write_text(line, encoding="utf-8")
        chinese.write_text("", encoding="utf-8")
        checks.text_of.cache_clear()
        with pytest.raises(AssertionError):
            checks.test_both_languages_show_and_name_the_same(str(english), str(chinese))


def test_a_stale_page_is_renewed():
    with duckdb.connect() as own:
        value = "It is <!-- sql: select 1 -->2<!-- /sql -->."
        assert rewrite(STALE + value, own) == STALE.replace("| 2 |", "| 1 |") + value.replace(
            "-->2<", "-->1<"
        )
        assert re.fullmatch("1", render_value(own, "select 1.000"))
