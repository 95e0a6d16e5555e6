"""`make spark-faults`: processes of a cluster killed in the middle of a build, servers that do not serve.

Real processes, on the real seeds: an hour or so. What needs no cluster stands in tests/test_spark.py.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from dagster_project.settings import Spark
from dagster_project.spark import server
from dagster_project.spark.local import FEW_ROWS, Cluster, local_cluster
from dagster_project.spark.server import SparkError
from tests.conftest import Place, edit
from tests.spark.parity import compare

MIDDLE = 45  # models done, of about a hundred
PATIENCE = 1800  # seconds


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with local_cluster(tmp_path / "cluster", more=FEW_ROWS) as running:
        yield running


@dataclass
class Build:
    """A build that runs on a cluster."""

    place: Place
    process: subprocess.Popen

    @classmethod
    def start(cls, place: Place, cluster: Cluster) -> Build:
        command = [str(Path(sys.executable).with_name("tongcheng")), "build"]
        env = {**place.env, **cluster.environment()}
        (place.build / "logs" / "build.log").unlink(missing_ok=True)  # of the build that `place` is a copy of
        with (place.build.parent / "output.txt").open("w") as log:
            return cls(place, subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT))

    def in_the_middle(self) -> None:
        """Wait until dbt has made some models."""
        log = self.place.build / "logs" / "build.log"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            if log.exists() and f"{MIDDLE} of " in log.read_text(encoding="utf-8"):
                return
            time.sleep(0.2)
        pytest.fail(f"not in the middle: {self.output()}")

    def end(self) -> int:
        return self.process.wait(PATIENCE)

    def output(self) -> str:
        return (self.place.build.parent / "output.txt").read_text(encoding="utf-8")


def _place(folder: Path, warehouse: Place) -> Place:
    folder.mkdir()
    return Place(warehouse.seeds, folder / "build", folder / "public")


def _equal(place: Place, warehouse: Place) -> bool:
    lines = list(
        compare(warehouse.build / "work" / "tongcheng.duckdb", place.build / "work" / "tongcheng.duckdb")
    )
    differing = {line.table for line in lines if not line.equal}
    return len(lines) > 60 and differing == {"marts.build_info"}  # the build's own name and engine


def _left(cluster: Cluster) -> list[str]:
    """What builds left on the cluster: folders and schemas."""
    spark = Spark(cluster.host, cluster.port, cluster.folder / "shared")
    with server.connect(spark) as cursor:
        schemas = [name for (name, *_) in server.query(cursor, "show schemas like 'tongcheng_*'")]
    return schemas + [path.name for path in spark.folder.iterdir()]


def test_a_worker_killed_in_the_middle_changes_no_row(cluster: Cluster, warehouse: Place, tmp_path: Path):
    build = Build.start(_place(tmp_path / "one", warehouse), cluster)
    build.in_the_middle()
    worker = psutil.Process(cluster.processes["worker-1"].pid)
    for process in [*worker.children(recursive=True), worker]:  # its executor with it
        process.send_signal(signal.SIGKILL)
    assert build.end() == 0, build.output()
    assert _equal(build.place, warehouse)
    assert not _left(cluster)


def test_a_server_killed_in_the_middle_ends_the_build_red(cluster: Cluster, warehouse: Place, tmp_path: Path):
    place = warehouse.copy_to(tmp_path / "one")
    before = place.file.resolve()
    build = Build.start(place, cluster)
    build.in_the_middle()
    cluster.processes["server"].kill()
    assert build.end() == 1
    assert f"no Spark server answers at {cluster.host}:{cluster.port}" in build.output()
    assert build.output().count("✗") == 1  # one message, not one per model
    assert place.file.resolve() == before
    assert not list((cluster.folder / "shared").iterdir())


def test_what_a_killed_build_left_is_gone_after_the_next(cluster: Cluster, warehouse: Place, tmp_path: Path):
    first = Build.start(_place(tmp_path / "one", warehouse), cluster)
    first.in_the_middle()
    parent = psutil.Process(first.process.pid)
    for process in [*parent.children(recursive=True), parent]:
        process.send_signal(signal.SIGKILL)
    first.end()
    assert _left(cluster)
    second = Build.start(first.place, cluster)
    assert second.end() == 0, second.output()
    assert _equal(second.place, warehouse)
    assert not _left(cluster)


def test_two_builds_at_once_do_not_mix(cluster: Cluster, warehouse: Place, tmp_path: Path):
    own = _place(tmp_path / "own", warehouse)
    other = warehouse.copy_to(tmp_path / "other")
    edit(other, "domains.csv", "Transport", "Transport links")
    builds = [Build.start(place, cluster) for place in (own, other)]
    assert [build.end() for build in builds] == [0, 0], [build.output() for build in builds]
    assert _equal(own, warehouse)
    lines = compare(own.build / "work" / "tongcheng.duckdb", other.build / "work" / "tongcheng.duckdb")
    assert {"marts.dim_domain"} <= {line.table for line in lines if not line.equal}
    assert not _left(cluster)


@pytest.mark.parametrize(
    "setting", ["spark.sql.ansi.enabled", "spark.sql.decimalOperations.allowPrecisionLoss"]
)
def test_a_server_with_another_setting_is_refused_before_anything_runs(
    warehouse: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str
):
    right = server.settings()
    wrong = {**right, setting: {"true": "false", "false": "true"}[right[setting]]}
    monkeypatch.setattr(server, "settings", lambda: wrong)
    with local_cluster(tmp_path / "cluster") as cluster:
        build = Build.start(_place(tmp_path / "one", warehouse), cluster)
        assert build.end() == 1
    assert f"start the server with {setting}={right[setting]}" in build.output()
    assert not (build.place.build / "logs" / "build.log").read_text(encoding="utf-8").count("OK created")


def test_a_server_that_runs_out_of_memory_ends_the_build_red(warehouse: Place, tmp_path: Path):
    place = warehouse.copy_to(tmp_path / "one")
    before = place.file.resolve()
    # Spark starts in less than 450 MiB only where it sets nothing aside; of more it does not run out.
    little = {**FEW_ROWS, "spark.testing.reservedMemory": "0"}
    with local_cluster(tmp_path / "cluster", server_memory="112m", more=little) as cluster:
        build = Build.start(place, cluster)
        assert build.end() == 1, build.output()
        log = (cluster.folder / "server.log").read_text(encoding="utf-8")
        assert not list((cluster.folder / "shared").iterdir())
    assert "java.lang.OutOfMemoryError" in log
    assert f"no Spark server answers at {cluster.host}:{cluster.port}" in build.output()
    assert build.output().count("✗") == 1
    assert place.file.resolve() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="hides a folder by a mount, as root only may")
def test_a_folder_that_the_workers_do_not_see_is_refused(cluster: Cluster, warehouse: Place, tmp_path: Path):
    place = _place(tmp_path / "one", warehouse)
    shared = cluster.folder / "shared"
    tongcheng = Path(sys.executable).with_name("tongcheng")
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", f"mount -t tmpfs none {shared} && exec {tongcheng} build"],
        env={**place.env, **cluster.environment()},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert f"the workers do not see this folder: {shared}" in done.stdout


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_cluster_leaves_nothing_behind_however_it_ends(tmp_path: Path, how: signal.Signals):
    env = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()
    before = _scratch()
    command = [sys.executable, "-m", "dagster_project.spark.local", "sleep", str(PATIENCE)]
    with subprocess.Popen(command, env=env) as process:
        own = psutil.Process(process.pid)
        _await(lambda: any(child.name() == "sleep" for child in own.children()), patience=PATIENCE)
        started = own.children(recursive=True)
        process.send_signal(how)
    _await(lambda: not [one for one in started if one.is_running() and one.name() == "java"])
    assert not _scratch() - before
    if how != signal.SIGKILL:
        assert not [one for one in started if one.is_running()]
        assert not list((tmp_path / "tmp").iterdir())


def _scratch() -> set[Path]:
    """What Spark and its libraries make where Java keeps temporary files, unless told otherwise."""
    patterns = ("*_resources", "blockmgr-*", "spark-*", "liblz4*", "libzstd*", "snappy*")
    return {path for pattern in patterns for path in Path("/tmp").glob(pattern)}


def _await(done: Callable[[], bool], patience: float = 30) -> None:
    deadline = time.monotonic() + patience
    while not done():
        if time.monotonic() > deadline:
            raise SparkError("still there")
        time.sleep(0.2)
