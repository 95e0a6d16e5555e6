"""What the READMEs show and name is real: results, commands, files. They say the same in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import duckdb
import pytest

from dagster_project.cli import main as command_line
from dagster_project.settings import Settings
from tests.conftest import AS_OF, Place
from tests.readme import READMES, RENEW, ROOT, Block, read_blocks, render

BLOCKS = [block for readme in READMES for block in read_blocks(readme)]
LONGEST = 8  # rows of a shown result: it must be read at a glance
_CODE = re.compile(r"```(?P<kind>\w*)\n(?P<block>.*?)```|`(?P<span>[^`\n]+)`|\]\((?P<link>[^)#]+)\)", re.S)
_PATH = re.compile(r"[\w.-]+(?:/[\w.*<>-]*)+|[\w.-]+\.(?:md|toml|ya?ml|csv|lock|py)|Makefile|LICENSE|NOTICE")

both = pytest.mark.parametrize("readme", READMES)


def code(readme: str) -> Iterator[str]:
    """Everything that stands as code or as a link, without queries and their results."""
    for match in _CODE.finditer((ROOT / readme).read_text(encoding="utf-8")):
        if match["kind"] != "sql":
            yield match["block"] or match["span"] or match["link"]


def paths(readme: str) -> set[str]:
    """Relative paths that are named; `<…>` in one stands for any name."""
    words = (word for text in code(readme) for word in re.split(r"[\s\"'()=,;]+", text))
    return {word for word in words if _PATH.fullmatch(word)}


def commands(readme: str) -> set[tuple[str, tuple[str, ...]]]:
    """Every `tongcheng …` that is named: the command and the options beside it."""
    lines = (line for text in code(readme) for line in text.splitlines())
    named = (match[1].split("#")[0] for line in lines for match in re.finditer(r"\btongcheng ([^`]+)", line))
    return {(words.split()[0], tuple(re.findall(r"--[a-z-]+", words))) for words in named}


@pytest.fixture(scope="module")
def connection(warehouse: Place):
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.readme}-{block.number}")
def test_every_query_shows_its_real_result(block: Block, connection):
    real = render(connection, block.query)
    assert block.shown == real, f"{block.readme}, query {block.number} is out of date. Renew: {RENEW}"
    assert 1 <= len(real.splitlines()) - 2 <= LONGEST


@both
def test_the_day_of_the_shown_results_is_named(readme):
    assert f" {AS_OF}" in (ROOT / readme).read_text(encoding="utf-8"), f"Renew: {RENEW}"


def test_both_readmes_show_the_same_queries():
    english, chinese = ([block.query for block in read_blocks(readme)] for readme in READMES)
    assert english == chinese
    assert len(english) >= 10


def test_both_readmes_name_the_same_files_and_commands():
    def named(readme):
        return {path.replace(".zh-CN", "") for path in paths(readme)}, commands(readme)

    assert named(READMES[0]) == named(READMES[1])


@both
def test_every_file_that_is_named_exists(readme, warehouse):
    made = Settings(warehouse.seeds, warehouse.build, warehouse.public)

    def exists(path: str) -> bool:
        first, *rest = Path(re.sub("<[^>]*>", "*", path)).parts
        folder = {"build": made.build, "public": made.public}.get(first)
        if folder is None:
            return any(ROOT.glob("/".join([first, *rest])))
        return folder.joinpath(*rest) == made.red or not rest or any(folder.glob("/".join(rest)))

    named = {path for path in paths(readme) if not path.startswith(".venv")}
    assert named
    missing = sorted(path for path in named if not exists(path))
    assert not missing, f"{readme} names what is not there: {missing}"


@both
def test_every_make_target_that_is_named_exists(readme):
    named = {target for text in code(readme) for target in re.findall(r"^make ([a-z-]+)", text, re.M)}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert named
    assert named <= targets, f"{readme} names targets that the Makefile lacks: {sorted(named - targets)}"


@both
def test_every_command_and_option_that_is_named_exists(readme):
    shared = {"--help"}
    for name, options in sorted(commands(readme)):
        if name == "--help":
            continue
        command = command_line.commands.get(name)
        assert command, f"{readme} names `tongcheng {name}`, which `tongcheng --help` lacks"
        known = {text for p in command.params if isinstance(p, click.Option) for text in p.opts} | shared
        assert set(options) <= known, f"{readme}: `tongcheng {name}` has no {sorted(set(options) - known)}"


@both
def test_every_option_and_variable_of_a_build_is_explained(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")
    options = [p for p in command_line.commands["build"].params if isinstance(p, click.Option)]
    wanted = {text for option in options for text in (option.opts[0], option.envvar) if text}
    assert not {word for word in wanted if word not in text}
    assert set(re.findall(r"TONGCHENG_\w+", text)) <= wanted


@both
def test_every_mart_that_is_named_exists(readme, connection):
    named = {mart for text in code(readme) for mart in re.findall(r"\bmarts\.(\w+)", text)}
    there = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts'"
    ).fetchall()
    assert named
    assert named <= {name for (name,) in there}


@both
def test_the_python_example_runs_as_it_stands(readme, warehouse, monkeypatch, capsys):
    text = (ROOT / readme).read_text(encoding="utf-8")
    (example,) = [match["block"] for match in _CODE.finditer(text) if match["kind"] == "python"]
    monkeypatch.chdir(warehouse.public.parent)
    exec(example, {})
    assert "TRAIN_PAIRS_DAILY" in capsys.readouterr().out
