"""Shared by the suite: one real build, made once, and copies of it for tests that change something."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from dagster_project import private

# Some forty processes load the same modules: where the environment forbids to keep bytecode, each would
# compile them anew, and each worker rewrite the assertions of every test.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

ROOT = Path(__file__).resolve().parent.parent
OFFLINE = str(Path(__file__).with_name("offline"))
AS_OF = "2022-06-30"  # pinned, so that shown results do not depend on the day
LATER = "2026-11-25"  # after every bulletin of the seeds
THIRD_MEETING = "bulletins/2021-04-14_cdmz_third_meeting/observations.csv"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    # Pages of its own behind the address bar, into which nobody types: they cost more than most of ours.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]


def finished(process: subprocess.Popen, patience: int = 900) -> tuple[int, str]:
    """Exit code and output of a process, once it ends; one that hangs is ended, not left behind."""
    try:
        output, _ = process.communicate(timeout=patience)  # seconds; a build takes one minute, not fifteen
    finally:
        process.kill()
    return process.returncode, output


def opened(file: Path) -> duckdb.DuckDBPyConnection:
    """A build's file to be changed, with the tables between its models found by schema and name."""
    connection = duckdb.connect(str(file))
    private.attach(connection, file)
    connection.execute(f"create schema if not exists {private.NAME}.{private.SCHEMA}")
    private.find_by_name(connection)
    return connection


def copy_file(database: Path, to: Path) -> None:
    """Copy a build's file with the tables between."""
    for file, copy in ((database, to), (private.beside(database), private.beside(to))):
        shutil.copyfile(file, copy)


@dataclass(frozen=True)
class Place:
    """Folders of one warehouse, with the command line bound to them."""

    seeds: Path
    build: Path
    public: Path

    @property
    def env(self) -> dict[str, str]:
        return {
            **os.environ,
            "TONGCHENG_SEEDS": str(self.seeds),
            "TONGCHENG_BUILD": str(self.build),
            "TONGCHENG_PUBLIC": str(self.public),
            "TONGCHENG_AS_OF": AS_OF,
            "DAGSTER_HOME": str(self.build / "dagster"),
            "NETWORK_LOG": str(self.network_log),
            "PYTHONPATH": os.pathsep.join(filter(None, (OFFLINE, os.environ.get("PYTHONPATH")))),
        }

    @property
    def network_log(self) -> Path:
        """What the processes of this warehouse asked the network for; see offline/sitecustomize.py."""
        return self.build.with_name("network.txt")

    @property
    def file(self) -> Path:
        return self.public / "tongcheng.duckdb"

    @property
    def working_file(self) -> Path:
        """The file of the last green build; the tables between its models stand beside it."""
        return self.build / "work" / "tongcheng.duckdb"

    def start(self, *arguments: str) -> subprocess.Popen:
        """Start `tongcheng …` and do not wait."""
        return subprocess.Popen(
            [str(Path(sys.executable).with_name("tongcheng")), *arguments],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def tongcheng(self, *arguments: str) -> tuple[int, str]:
        """Exit code and everything that `tongcheng …` printed."""
        return finished(self.start(*arguments))

    def copy_to(self, folder: Path) -> Place:
        """A second warehouse with the same content, free to be changed; this one may be served meanwhile."""
        shutil.copytree(self.seeds, folder / "seeds")
        copy_build(self.build, folder / "build")
        shutil.copy(self.network_log, folder)
        shutil.copytree(self.public, folder / "public", symlinks=True)
        return Place(folder / "seeds", folder / "build", folder / "public")


def copy_build(source: Path, target: Path) -> None:
    """Copy a build folder or a part of it, while others may have its run history open.

    Whoever opens an SQLite database keeps logs beside it and removes them at the end, even when only reading:
    they are left out, and each database is copied through them.
    """
    logs = shutil.ignore_patterns("*.db-*")
    shutil.copytree(source, target, symlinks=True, ignore=logs, copy_function=_copied)


def _copied(source: str, target: str) -> None:
    if not source.endswith(".db"):
        shutil.copy2(source, target)
        return
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """On the few rows of most tests, what DuckDB's threads have to say to each other costs a fifth more."""
    connect = duckdb.connect

    def alone(*arguments, config: dict | None = None, **others):
        return connect(*arguments, config={"threads": 1, **(config or {})}, **others)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", alone)
        yield


@pytest.fixture(scope="module")
def browser():
    """A Chromium of the machine; nothing is installed for it."""
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """A page of a reader whose browser is Chinese. What it asks for, and complains of, is kept on it."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.complaints, page.asked = [], []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


def made_once(tmp_path_factory, name: str, make: Callable[[Path], str]) -> Path:
    """A folder that the first worker to ask for it fills; what `make` returns is kept there as output.txt."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # common to the workers
    folder = base / name
    with FileLock(base / f"{name}.lock"):
        if not (folder / "output.txt").exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a worker that failed
            folder.mkdir()
            (folder / "output.txt").write_text(make(folder), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory) -> Place:
    """The warehouse of the real seeds, built once; read it, do not change it.

    Where there is a browser, test_ui.py comes first and makes it.
    """

    def build(folder: Path) -> str:
        code, output = Place(ROOT / "seeds", folder / "build", folder / "public").tongcheng("build")
        assert code == 0, output
        return output

    folder = made_once(tmp_path_factory, "warehouse", build)
    return Place(ROOT / "seeds", folder / "build", folder / "public")


@pytest.fixture(scope="session")
def one_bulletin(tmp_path_factory) -> Place:
    """Another region, built from one bulletin, with what the build printed in output.txt; read it only.

    Where there is a browser, test_ui.py comes first and makes it.
    """
    from tests.few_bulletins import MIANYANG, write_seeds  # here, since few files ask for it

    def build(folder: Path) -> str:
        place = Place(folder / "seeds", folder / "build", folder / "public")
        write_seeds(place.seeds, [MIANYANG])
        code, output = place.tongcheng("build")
        assert code == 0, output
        return output

    folder = made_once(tmp_path_factory, "one_bulletin", build)
    return Place(folder / "seeds", folder / "build", folder / "public")


@pytest.fixture(scope="session")
def site(warehouse: Place) -> Path:
    """Its report."""
    return warehouse.public / "site"


@pytest.fixture(scope="session")
def later(warehouse: Place, tmp_path_factory) -> Path:
    """What a build of the real seeds on a day after all of them leaves, as one file; read it only."""
    from tests.mutate.fast import Fast  # here, since few files ask for it

    def build(folder: Path) -> str:
        fast = Fast(warehouse.build, warehouse.public, warehouse.seeds, folder)
        return str(fast.remake(warehouse.seeds, as_of=LATER))

    return made_once(tmp_path_factory, "later", build) / warehouse.file.name


@dataclass(frozen=True)
class MadeUp:
    """Seeds of made-up figures, what refuses them, and the file that comes of them on the pinned day."""

    seeds: Path
    caught: str
    file: Path


@pytest.fixture(scope="session")
def made_up(warehouse: Place, tmp_path_factory) -> MadeUp:
    """Of some 2000 figures, of every shape; read it only."""
    from tests.mutate.fast import Fast  # here, since few files ask for it
    from tests.scale.synthetic import write_seeds

    def make(folder: Path) -> str:
        assert write_seeds(folder / "seeds", 2000) > 1900
        fast = Fast(warehouse.build, warehouse.public, warehouse.seeds, folder)
        return str(fast.catches(folder / "seeds", queries_only=True))

    folder = made_once(tmp_path_factory, "made_up", make)
    caught = (folder / "output.txt").read_text(encoding="utf-8")
    return MadeUp(folder / "seeds", caught, folder / warehouse.file.name)


@pytest.fixture(scope="session")
def red_night(warehouse: Place, tmp_path_factory) -> Place:
    """The same after a night on two bad seed rows, with the build's output in output.txt; read it only."""

    def build(folder: Path) -> str:
        place = warehouse.copy_to(folder)
        edit(place, THIRD_MEETING, "107.5,", "107.x,")
        edit(place, "areas.csv", "510600,", "510600 x,")
        code, output = place.tongcheng("build", "--if-changed")
        assert code == 1, output
        return output

    folder = made_once(tmp_path_factory, "red_night", build)
    return Place(folder / "seeds", folder / "build", folder / "public")


def edit(place: Place, file: str, old: str, new: str) -> None:
    """Change the first occurrence of a text in a seed file."""
    path = place.seeds / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def own_warehouse(warehouse: Place, tmp_path: Path) -> Place:
    """A copy of the built warehouse that a test may change."""
    return warehouse.copy_to(tmp_path)


# What makes the warehouse; what needs none meanwhile, the last of it what asks for one at its end; then the
# others, longest first, so that no long file is left for the end, when a core would have nothing else to do.
ORDER = (
    "ui",
    *("front_door", "loader", "record", "record_draft", "claim_rules", "observation_rules", "promise_rules"),
    *("register_rules", "composed_tokens", "torture_sample", "tokens", "audit", "audit_statements"),
    *("audit_words", "draft", "new_bulletin", "alerts", "definitions", "changes", "walk", "read_only_ui"),
    *("versions", "gates", "region"),
    *("spark_parity", "incremental", "red_gate", "models", "mutate", "report_walk", "intervals", "linked"),
    *("as_of", "scale"),
    *("job", "known_answers", "report_front", "report_charts", "report", "record_job", "report_evidence"),
    *("downloads", "docs", "inputs", "vintages", "bounds"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the files; within one, tests stay as they are written."""
    place = {f"test_{name}.py": number for number, name in enumerate(ORDER)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))
