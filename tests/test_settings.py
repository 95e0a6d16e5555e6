"""What the environment may say of the machine's share, and what holds where it says nothing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from dagster_project import settings
from dagster_project.cli import main
from dagster_project.settings import Settings, SettingsError


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch) -> Path:
    (tmp_path / "bulletins").mkdir()
    (tmp_path / "bulletins" / "areas.csv").write_text("ref_area\n510100\n")
    monkeypatch.setenv("TONGCHENG_SEEDS", str(tmp_path))
    for name in ("TONGCHENG_MEMORY_LIMIT", "TONGCHENG_THREADS"):
        monkeypatch.delenv(name, raising=False)
    settings._threads.cache_clear()
    return tmp_path


def test_small_seeds_take_one_thread_and_large_ones_the_machine(seeds, monkeypatch):
    monkeypatch.setattr(settings.os, "sched_getaffinity", lambda process: set(range(6)))
    assert Settings.read().duckdb()["threads"] == 1
    monkeypatch.setattr(settings, "SMALL_SEEDS", 10)
    settings._threads.cache_clear()
    assert Settings.read().duckdb()["threads"] == 6


def test_a_small_machine_gives_half_of_its_memory(seeds, monkeypatch):
    pages = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 2**20}
    monkeypatch.setattr(settings.os, "sysconf", pages.get)
    assert Settings.read().duckdb()["memory_limit"] == "2048MiB"
    pages["SC_PHYS_PAGES"] *= 16
    assert Settings.read().duckdb()["memory_limit"] == "5120MiB"


def test_what_is_set_holds(seeds, monkeypatch):
    monkeypatch.setenv("TONGCHENG_MEMORY_LIMIT", "1.5 GB")
    monkeypatch.setenv("TONGCHENG_THREADS", "3")
    assert Settings.read().duckdb() == {"memory_limit": "1.5 GB", "threads": 3}


@pytest.mark.parametrize(
    ("variable", "value"),
    [("THREADS", "0"), ("THREADS", "two"), ("THREADS", "-1"), ("MEMORY_LIMIT", "5"), ("MEMORY_LIMIT", "80%")],
)
def test_a_share_that_cannot_be_is_one_clear_message(seeds, monkeypatch, variable, value):
    monkeypatch.setenv(f"TONGCHENG_{variable}", value)
    with pytest.raises(SettingsError):
        Settings.read()
    result = CliRunner().invoke(main, ["check"])
    assert result.exit_code == 1
    assert f"TONGCHENG_{variable}={value}" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("option", "value"), [("--threads", "0"), ("--memory-limit", "much")])
def test_an_option_that_cannot_be_is_one_clear_message(seeds, option, value):
    result = CliRunner().invoke(main, ["build", option, value])
    assert result.exit_code != 0
    assert value in result.output
    assert "Traceback" not in result.output
