"""What the READMEs must have: queries to start with, every option explained, an example that runs.

Not here: what holds of every page, such as results that are real and files that exist (test_docs.py).
"""

import re

import click
import pytest

from dagster_project.cli import main as command_line
from tests.conftest import AS_OF
from tests.readme import READMES, RENEW, ROOT, read_blocks
from tests.test_docs import commands, paths, text_of

LONGEST = 8  # rows of a shown result: the first page is read at a glance

both = pytest.mark.parametrize("readme", READMES)


@both
def test_ten_queries_to_start_with(readme):
    blocks = read_blocks(readme)
    assert len(blocks) >= 10
    assert not [block.number for block in blocks if len(block.shown.splitlines()) - 2 > LONGEST]


@both
def test_the_day_of_the_shown_results_is_named(readme):
    assert AS_OF in text_of(readme), f"Renew: {RENEW}"


@both
def test_files_and_commands_are_named(readme):
    assert paths(readme)
    assert commands(readme)


@both
def test_every_option_and_variable_of_a_build_is_explained(readme):
    options = [p for p in command_line.commands["build"].params if isinstance(p, click.Option)]
    wanted = {text for option in options for text in (option.opts[0], option.envvar) if text}
    assert not {word for word in wanted if word not in text_of(readme)}
    assert set(re.findall(r"TONGCHENG_\w+", text_of(readme))) <= wanted


@both
def test_the_python_example_runs_as_it_stands(readme, warehouse, monkeypatch, capsys):
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / readme).read_text(encoding="utf-8"), re.S)
    monkeypatch.chdir(warehouse.public.parent)
    exec(example, {})
    assert "TRAIN_PAIRS_DAILY" in capsys.readouterr().out
