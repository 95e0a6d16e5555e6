"""What was read of printed texts is kept, and nothing that is kept outlives what made it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import duckdb
import pytest

from dagster_project.figures import tokens
from dagster_project.ingest import readings
from dagster_project.ingest.check import check_seeds
from dagster_project.ingest.loader import LoadReport, load_seeds
from dagster_project.settings import ROOT, Settings
from tests.seed_folder import OBSERVATIONS, SeedFolder
from tests.unprivileged import bound, needs_permissions


class Desk:
    """A seeds folder, what is kept of it, and every text that was read in earnest."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch):
        self.seeds, self.kept, self.read = SeedFolder(root), root / "build" / "readings", []
        self.kept.parent.mkdir()
        real = tokens.parse_token

        def noted(text, lexicon):
            self.read.append(text)
            return real(text, lexicon)

        monkeypatch.setattr(tokens, "parse_token", noted)
        monkeypatch.setattr(readings, "STARTED", float("inf"))  # the code of a test run may be a minute old

    def load(self, keep: bool = True) -> LoadReport:
        self.read.clear()
        return load_seeds(self.seeds.connection, self.seeds.root, readings=self.kept, keep=keep)

    def tokens(self) -> list[tuple]:
        return self.seeds.rows("from raw.token order by all")

    @property
    def files(self) -> list[Path]:
        return sorted(self.kept.glob("*")) if self.kept.exists() else []


@pytest.fixture
def desk(tmp_path: Path, monkeypatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


def test_only_new_texts_are_read(desk: Desk):
    assert desk.load().ok
    assert sorted(desk.read) == ["107.5对", "超3.8万人", "近510个"]
    first = desk.tokens()
    assert desk.load().ok
    assert (desk.read, desk.tokens()) == ([], first)
    desk.seeds.replace(OBSERVATIONS, "近510个,510", "近520个,520")
    desk.seeds.replace(OBSERVATIONS, "500,510", "500,520")
    assert desk.load().ok
    assert desk.read == ["近520个"]
    (file,) = desk.files
    kept = duckdb.sql(f"select value_text from read_parquet('{file}') order by 1").fetchall()
    assert [text for (text,) in kept] == ["107.5对", "超3.8万人", "近520个"]  # and no more what nobody prints


def test_why_a_token_could_not_be_read_is_kept_too(desk: Desk):
    desk.seeds.replace(OBSERVATIONS, "近510个", "第三方510个")
    first = desk.load().rejects
    assert [reject.value for reject in first] == ["第三方510个"]
    assert desk.load().rejects == first
    assert desk.read == []


def test_another_word_means_reading_anew(desk: Desk):
    desk.load()
    desk.seeds.replace("hedge_terms.csv", "over,超,HEDGE,BEFORE,GT", "over,超,HEDGE,BEFORE,GE")
    desk.load()
    assert len(desk.read) == 3
    assert [token[2] for token in desk.tokens() if token[0] == "超3.8万人"] == ["GE"]
    assert len(desk.files) == 1  # what the old words said is gone


def _code_in(folder: Path, monkeypatch) -> Path:
    """Let a copy stand for the code; returns one of its files."""
    shutil.copytree(readings.PACKAGE / "figures", folder)
    monkeypatch.setattr(readings, "CODE", (folder,))
    return folder / "beside.py"


def test_other_code_means_reading_anew(desk: Desk, tmp_path: Path, monkeypatch):
    code = _code_in(tmp_path / "code", monkeypatch)
    desk.load()
    code.write_text(code.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    desk.load()
    assert len(desk.read) == 3
    desk.load()
    assert (desk.read, len(desk.files)) == ([], 1)


def test_another_library_means_reading_anew(desk: Desk, monkeypatch):
    desk.load()
    real = readings.version
    monkeypatch.setattr(readings, "version", lambda each: "0" if each == "cn2an" else real(each))
    desk.load()
    assert len(desk.read) == 3


def test_code_that_changed_while_it_ran_keeps_nothing_and_trusts_nothing(desk: Desk, tmp_path, monkeypatch):
    code = _code_in(tmp_path / "code", monkeypatch)
    desk.load()
    kept = desk.files
    monkeypatch.setattr(readings, "STARTED", code.stat().st_ctime)
    desk.load()
    assert (len(desk.read), desk.files) == (3, kept)


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-40]),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes().replace("近510个".encode(), "近511个".encode())),
    ],
    ids=["torn", "empty", "another text"],
)
def test_a_damaged_file_is_thrown_away(desk: Desk, damage):
    desk.load()
    first, (file,) = desk.tokens(), desk.files
    before = file.read_bytes()
    damage(file)
    assert file.read_bytes() != before
    assert desk.load().ok
    assert (len(desk.read), desk.tokens()) == (3, first)
    assert file.read_bytes() == before  # written again


def test_two_processes_at_once_leave_one_whole_file(desk: Desk, monkeypatch):
    """The other one keeps its own, and clears away what it finds, while ours is under way."""
    real, other = readings.sha256, Path(desk.kept / "token-other.parquet")

    def meanwhile(file: Path) -> str:
        hashed = real(file)
        other.write_bytes(b"whole")
        file.unlink()
        return hashed

    monkeypatch.setattr(readings, "sha256", meanwhile)
    assert desk.load().ok
    assert desk.files == [other]
    monkeypatch.setattr(readings, "sha256", real)
    assert desk.load().ok
    assert len(desk.files) == 1
    desk.load()
    assert desk.read == []


def test_a_folder_that_cannot_be_written_is_no_error(desk: Desk):
    desk.kept.write_text("a file where the folder should be")
    assert desk.load().ok
    assert desk.kept.read_text().startswith("a file")


def test_check_takes_what_is_kept_and_leaves_nothing(desk: Desk, capsys):
    settings = Settings(desk.seeds.root, desk.kept.parent, desk.kept.parent)
    assert check_seeds(settings) == 0
    assert (len(desk.read), desk.files) == (3, [])
    desk.load()
    desk.read.clear()
    assert check_seeds(settings) == 0
    assert desk.read == []


@needs_permissions
def test_check_needs_no_right_to_the_build_folder(desk: Desk):
    desk.load()
    build = desk.kept.parent
    build.chmod(0)
    folders = ", ".join(f"Path({str(folder)!r})" for folder in (desk.seeds.root, build, build))
    code = (
        "import sys; from pathlib import Path; from dagster_project.settings import Settings; "
        f"from dagster_project.ingest.check import check_seeds; sys.exit(check_seeds(Settings({folders})))"
    )
    done = subprocess.run(bound(sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True)
    build.chmod(0o700)
    assert done.returncode == 0, done.stderr


def test_every_library_that_reads_is_in_the_edition():
    """Those that the code of figures imports, and what these need in turn."""
    code = "".join(path.read_text(encoding="utf-8") for path in (readings.PACKAGE / "figures").glob("*.py"))
    imported = set(re.findall(r"^\s*(?:from|import) (\w+)", code, re.MULTILINE))
    outside = imported - set(sys.stdlib_module_names) - {"dagster_project"}
    needed = {re.split(r"\W", need)[0] for each in outside for need in requires(each) or ()}
    assert outside == {"cn2an", "opencc"}
    assert outside | needed <= set(readings.LIBRARIES)
