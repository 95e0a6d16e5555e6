"""What the operator's page tells to copy works: units, commands, variables, kept numbers."""

import re
from configparser import ConfigParser

import click
import pytest

from dagster_project.cli import main as command_line
from dagster_project.operate.status import HOLD_DAYS
from dagster_project.publish.versions import KEEP_VERSIONS
from dagster_project.query.shell import LIMITS
from dagster_project.runs.folders import KEEP_RED
from tests.conftest import ROOT

PAGES = ("docs/operate.md", "docs/operate.zh-CN.md")


@pytest.fixture(params=PAGES)
def page(request) -> str:
    return (ROOT / request.param).read_text(encoding="utf-8")


def blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def test_the_units_start_commands_that_exist(page):
    units = []
    for block in blocks(page, "ini"):
        unit = ConfigParser(interpolation=None)
        unit.optionxform = str
        unit.read_string(block)
        units.append(unit)
    assert [unit.sections()[1] for unit in units] == ["Service", "Service", "Timer"]
    starts = [unit["Service"]["ExecStart"] for unit in units[:2]]
    assert [start.split()[1] for start in starts] == ["ui", "status"]
    assert all(unit["Service"]["User"] == "tongcheng" for unit in units[:2])


def test_every_command_and_option_exists(page):
    named = [
        line.split("#")[0] for line in re.findall(r"\btongcheng ((?:[a-z]+\b)[^`\n]*)", "\n".join(code(page)))
    ]
    assert len(named) >= 10
    for words in map(str.split, named):
        command = command_line.commands[words[0]]
        known = {text for p in command.params if isinstance(p, click.Option) for text in p.opts}
        assert {word for word in words if word.startswith("-")} <= known, words


def code(text: str) -> list[str]:
    """What stands as code; a unit's name and description are no commands."""
    found = re.findall(r"```sh\n(.*?)```|`(tongcheng [^`\n]+)`", text, re.DOTALL)
    return [re.sub(r"(?m)^(?:systemctl|journalctl).*$", "", block or span) for block, span in found]


def test_every_variable_is_one_that_is_read(page):
    read = {"TONGCHENG_ALERT_WEBHOOK", "TONGCHENG_ALERT_SMTP", "TONGCHENG_ALERT_TO", "TONGCHENG_ALERT_FROM"}
    assert set(re.findall(r"TONGCHENG_ALERT_\w+", page)) == read


def test_numbers_are_those_of_the_code(page):
    sql = {option.name: option.default for option in command_line.commands["sql"].params}
    assert f"{KEEP_VERSIONS} 个版本" in page or f"{KEEP_VERSIONS} versions" in page
    assert f"{KEEP_RED} 次" in page or f"{KEEP_RED} red runs" in page
    assert f"{HOLD_DAYS} 天" in page or f"{HOLD_DAYS} days" in page
    assert f"{sql['limit']} 行" in page or f"{sql['limit']} rows" in page
    assert f"{sql['timeout']:g} 秒" in page or f"{sql['timeout']:g} seconds" in page
    assert LIMITS["memory_limit"].replace("GB", " GB") in page


def test_both_languages_show_the_same_code():
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in PAGES)
    for kind in ("ini", "nginx"):
        assert blocks(english, kind) == blocks(chinese, kind)
    plain = [[re.sub(r"#.*", "", block) for block in blocks(text, "sh")] for text in (english, chinese)]
    assert [b.split() for b in plain[0]] == [b.split() for b in plain[1]]
