"""What READMEs and docs show and name is real: results, links, files, commands, codes. Both languages agree.

Here: what holds of every page. Not here: what the READMEs alone must have (test_readme.py), and the snippets
for each client (test_clients.py).
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import duckdb
import pytest
import yaml

from dagster_project.cli import main as command_line
from dagster_project.seeds.files import DRAFT_FILE
from dagster_project.seeds.schema import read_schema
from dagster_project.settings import Settings
from tests.conftest import Place
from tests.readme import (
    FINDINGS,
    READMES,
    RENEW,
    ROOT,
    pages,
    read_blocks,
    read_values,
    render,
    render_value,
)

PAGES = pages()
PAIRS = [(page, page.replace(".md", ".zh-CN.md")) for page in PAGES if ".zh-CN" not in page]
LONGEST = 12  # rows of a shown result: it must be read at a glance
CONSTANTS = {  # numbers that stand in prose because no table holds them, and the macro that they come from
    "365.25": "change.sql",
    "0.95": "progress.sql",
    "0.6": "progress.sql",
    "15": "conflict.sql",
}
_CODE = re.compile(r"```(?P<kind>\w*)\n(?P<block>.*?)```|`(?P<span>[^`\n]+)`", re.S)
_COMMAND = re.compile(r"\btongcheng ([a-z-]+)([^`\"#\n]*)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(r"[\w.-]+(?:/[\w.*<>-]*)+|[\w.-]+\.(?:md|toml|ya?ml|csv|lock|py)|Makefile|LICENSE|NOTICE")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|[A-Z]{2,}")

each = pytest.mark.parametrize("page", PAGES)


@cache
def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def code(page: str) -> Iterator[str]:
    """Everything that stands as code, without queries and their results."""
    for match in _CODE.finditer(text_of(page)):
        if match["kind"] not in {"sql", "ini", "nginx"}:  # a service's files name the operator's machine
            yield match["block"] or match["span"]


def paths(page: str) -> set[str]:
    """Paths from the project's folder that are named; `<…>` in one stands for any name."""
    words = (word for text in code(page) for word in re.split(r"[\s\"'()=,;|、\[\]{}]+", text))
    return {word for word in words if _PATH.fullmatch(word) and not word[0].isdigit()}


def commands(page: str) -> set[tuple[str, tuple[str, ...]]]:
    """Every `tongcheng …` that is named: the command and the options beside it."""
    found = (match for text in code(page) for match in _COMMAND.finditer(text))
    return {(match[1], tuple(re.findall(r"--[a-z-]+", match[2]))) for match in found}


def anchors(page: str) -> set[str]:
    """Names of headings as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text_of(page), flags=re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.fixture(scope="module")
def connection(warehouse: Place):
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def shown_from(connection, later):
    """A function: the file that the results of a page come from."""
    with duckdb.connect(str(later), read_only=True) as after_all:
        yield lambda page: after_all if page in FINDINGS else connection


@pytest.fixture(scope="module")
def vocabulary() -> set[str]:
    """Every name with an underscore and every code in capitals that the project itself uses."""
    kinds = (
        "dagster_project/**/*.py",
        "dbt_project/**/*.*",
        "seeds/**/*.*",
        "expectations/**/*.yaml",
        "*.toml",
    )
    files = (path for kind in kinds for path in ROOT.glob(kind) if "target" not in path.parts)
    return {
        word
        for path in files
        if path.is_file()
        for word in _WORD.findall(path.read_text(encoding="utf-8", errors="ignore"))
    }


@each
def test_every_query_shows_its_real_result(page, shown_from):
    for block in read_blocks(page):
        real = render(shown_from(page), block.query)
        assert block.shown == real, f"{page}, query {block.number} is out of date. Renew: {RENEW}"
        assert 1 <= len(real.splitlines()) - 2 <= LONGEST, f"{page}, query {block.number}: rows"
    assert not re.search("^<!-- sql", text_of(page), re.M), (
        f"{page}: a comment at the start of a line ends a paragraph"
    )
    for value in read_values(page):
        assert value.shown == render_value(shown_from(page), value.query), (
            f"{page}, {value.query}. Renew: {RENEW}"
        )


@each
def test_arithmetic_by_hand_agrees(page):
    for block in read_blocks(page):
        header, _, *rows = [line.strip("|\n ").split(" | ") for line in block.shown.splitlines()]
        for name in header:
            by_hand = f"{name}_by_hand"
            for row in rows if by_hand in header else []:
                shown, again = row[header.index(name)], row[header.index(by_hand)]
                assert shown == again, f"{page}, query {block.number}: {name}"


def test_every_page_is_there_in_both_languages():
    """As a pair, or as one page whose title is in both."""

    def is_half(page: str) -> bool:
        other = page.replace(".zh-CN.md", ".md") if ".zh-CN" in page else page.replace(".md", ".zh-CN.md")
        title = text_of(page).partition("\n")[0]
        return other not in PAGES and not re.search(r"[a-z].*[一-鿿]|[一-鿿].*[a-z]", title)

    assert not [page for page in PAGES if is_half(page)]


@pytest.mark.parametrize(("english", "chinese"), [pair for pair in PAIRS if pair[1] in PAGES])
def test_both_languages_show_and_name_the_same(english, chinese):
    def shown(page):
        return [block.query for block in read_blocks(page)], sorted(
            value.query for value in read_values(page)
        )

    def named(page):
        neutral = {path.replace(".zh-CN", "") for path in paths(page)}
        return neutral, commands(page), len(re.findall(r"^#+ ", text_of(page), re.M))

    assert shown(english) == shown(chinese)
    assert named(english) == named(chinese)


@each
def test_every_link_leads_somewhere(page):
    for link in _LINK.findall(text_of(page)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent.joinpath(path).resolve() if path else ROOT / page
        assert target.is_relative_to(ROOT), f"{page}: {link}"
        assert target.exists(), f"{page} links to {link}, which is not there"
        if anchor:
            assert anchor in anchors(str(target.relative_to(ROOT))), f"{page}: no heading for {link}"


@each
def test_every_file_that_is_named_exists(page, warehouse):
    made = Settings(warehouse.seeds, warehouse.build, warehouse.public)

    declared = {f"seeds/{table.path}" for table in read_schema(ROOT / "seeds").values()}

    def exists(path: str) -> bool:
        if re.sub("<[^>]*>", "*", path) in declared:  # no bulletin need have one
            return True
        if "/" not in path:  # one of the curator's tables, wherever it is
            return (
                path == DRAFT_FILE
                or (ROOT / path).exists()
                or any(ROOT.glob(f"seeds/**/{path}"))
                or any(each.endswith(f"/{path}") for each in declared)
            )
        first, *rest = Path(re.sub("<[^>]*>", "*", path)).parts
        folder = {"build": made.build, "public": made.public}.get(first)
        if folder is None:
            return any(any(root.glob("/".join([first, *rest]))) for root in (ROOT, ROOT / "seeds"))
        return folder.joinpath(*rest) == made.red or not rest or any(folder.glob("/".join(rest)))

    missing = sorted(path for path in paths(page) if not path.startswith(".venv") and not exists(path))
    assert not missing, f"{page} names what is not there: {missing}"


@each
def test_every_make_target_that_is_named_exists(page):
    named = {target for text in code(page) for target in re.findall(r"^make ([a-z-]+)", text, re.M)}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert named <= targets, f"{page} names targets that the Makefile lacks: {sorted(named - targets)}"


@each
def test_every_command_and_option_that_is_named_exists(page):
    for name, options in sorted(commands(page)):
        if name == "--help":
            continue
        command = command_line.commands.get(name)
        assert command, f"{page} names `tongcheng {name}`, which `tongcheng --help` lacks"
        known = {text for p in command.params if isinstance(p, click.Option) for text in p.opts} | {"--help"}
        assert set(options) <= known, f"{page}: `tongcheng {name}` has no {sorted(set(options) - known)}"


@each
def test_every_mart_that_is_named_exists(page, connection):
    named = {mart for text in code(page) for mart in re.findall(r"\bmarts\.(\w+)", text)}
    there = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' "
        "union select function_name from duckdb_functions() where schema_name = 'marts'"
    ).fetchall()
    assert named <= {name for (name,) in there}


@each
def test_every_name_and_code_is_one_of_the_project(page, vocabulary):
    spans = {match["span"] for match in _CODE.finditer(text_of(page)) if match["span"]}
    named = {span for span in spans - paths(page) if _WORD.fullmatch(span)}
    unknown = (
        named - vocabulary - {word for block in read_blocks(page) for word in _WORD.findall(block.query)}
    )
    assert not unknown, f"{page} names what the project does not know: {sorted(unknown)}"


@pytest.mark.parametrize("page", ["docs/methods.md", "docs/methods.zh-CN.md"])
def test_constants_in_the_prose_are_those_of_the_macros(page):
    for constant, macro in CONSTANTS.items():
        number = re.compile(rf"(?<![\d.]){re.escape(constant)}(?![\d.])")
        assert number.search(text_of(page)), f"{page} does not name {constant}"
        assert number.search((ROOT / "dbt_project" / "macros" / macro).read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", FINDINGS)
def test_each_number_of_a_finding_stands_in_its_result(page):
    """By its digits, since 9020.6万 is 90206000. Days and the numbers of other findings are not asked for."""

    def numbers(text: str) -> set[str]:
        found = re.findall(r"\d+(?:\.\d+)?", text)
        return {number.replace(".", "").strip("0") for number in found} - {""}

    _, *findings = re.split(r"^## \d+\. ", text_of(page), flags=re.M)
    for finding in findings:
        before, result, after = re.fullmatch(
            r"(.*?)```sql\n.*?```\n\n((?:\|[^\n]*\n)+)(.*)", finding, re.S
        ).groups()
        assert re.search(r"\*\*(Interval|区间)\*\*.*\*\*(Caveat|存疑)\*\*", after, re.S), finding
        assert re.search("RECORDED|HELD", result), finding  # how it is known
        told = re.sub(r"(?<!\d)20\d\d(?!\d)|(\d+至)?\d+月|finding \d+|第\d+项", "", before + after)
        assert numbers(told) <= numbers(result), finding.partition("\n")[0]


@pytest.mark.parametrize("page", FINDINGS)
def test_there_are_ten_findings(page):
    assert len(re.findall(r"^## \d+\. ", text_of(page), re.M)) == 10


def test_pages_are_found():
    assert set(READMES) < set(PAGES)


def test_the_citation_names_the_version_and_licence_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["version"], cited["license"]) == (project["version"], project["license"])
