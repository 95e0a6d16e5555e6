"""Shared by the suite: one real build, made once, and copies of it for tests that change something."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parent.parent
OFFLINE = str(Path(__file__).with_name("offline"))
AS_OF = "2022-06-30"  # pinned, so that shown results do not depend on the day


def finished(process: subprocess.Popen, patience: int = 900) -> tuple[int, str]:
    """Exit code and output of a process, once it ends; one that hangs is ended, not left behind."""
    try:
        output, _ = process.communicate(timeout=patience)  # seconds; a build takes one minute, not fifteen
    finally:
        process.kill()
    return process.returncode, output


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
        """A second warehouse with the same content, free to be changed."""
        shutil.copytree(self.seeds, folder / "seeds")
        shutil.copytree(self.build, folder / "build", symlinks=True)
        shutil.copytree(self.public, folder / "public", symlinks=True)
        return Place(folder / "seeds", folder / "build", folder / "public")


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory) -> Place:
    """The warehouse of the real seeds, built once by `tongcheng build`; read it, do not change it."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # common to the workers
    folder = base / "warehouse"
    place = Place(ROOT / "seeds", folder / "build", folder / "public")
    with FileLock(base / "warehouse.lock"):
        if not (folder / "output.txt").exists():
            code, output = place.tongcheng("build")
            assert code == 0, output
            (folder / "output.txt").write_text(output, encoding="utf-8")
    return place


@pytest.fixture
def own_warehouse(warehouse: Place, tmp_path: Path) -> Place:
    """A copy of the built warehouse that a test may change."""
    return warehouse.copy_to(tmp_path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that both cores end together; the second needs no build."""
    first = [
        f"test_{name}.py"
        for name in ("ui", "gates", "job", "report", "models", "intervals", "mutate", "docs")
    ]
    items.sort(key=lambda item: first.index(item.path.name) if item.path.name in first else len(first))
