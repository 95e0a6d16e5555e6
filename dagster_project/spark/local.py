"""`make spark`: a Spark cluster on this machine, for as long as one command runs.

A master, two workers and a Thrift server, each a process of its own on 127.0.0.1, as on many machines. It
shows that the models come to the same there; one machine is faster without it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from dagster_project.settings import Settings, SettingsError, small_seeds
from dagster_project.spark import server
from dagster_project.spark.server import SparkError
from dagster_project.terminal import obey_signals

# Of util-linux: whoever starts a process so is its only reason to run, however it ends itself.
ENDS_WITH_US = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
WORKERS = 2
MEMORY, MEMORY_OF_MANY = "1g", "2500m"  # of each worker, for few rows and for many
PARTS_OF_MANY = 32  # into which many rows part, to be put together again where they turn out few
THRIFT = "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"
PATIENCE = 300  # seconds until the server answers, on a machine that is busy
# Verifies no class, as the lock names the hash of the package. Sweeps seldom: plans are dropped once run.
# Ends where memory does: a process that has lost a thread may not answer, and nobody would know why.
JAVA = (
    "-XX:MetaspaceSize=256m -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote "
    "-XX:+ExitOnOutOfMemoryError"
)
# With few rows most code runs once: little of it is compiled, in a cache that holds all, and no step is made
# one piece of code. With a million rows that costs several times what it saves. What is made lasts briefly.
WITH_FEW_ROWS = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:NewRatio=1"
SWEEPS_ALONE = "-XX:+UseSerialGC"
# The one collector that gives up, once it takes most of the time and frees little: another would sweep a full
# heap for good, and the build would wait.
SWEEPS_OF_SERVER = "-XX:+UseParallelGC -XX:GCTimeLimit=80 -XX:GCHeapFreeLimit=30"
# To compile the code of each step, and to plan the rest anew after it, takes longer than a few thousand rows.
FEW_ROWS = {"spark.sql.codegen.factoryMode": "NO_CODEGEN", "spark.sql.adaptive.enabled": "false"}
# Rows that are sorted and joined lie beside the heap, where nothing sweeps them. Spark judges a table by its
# files, in which wide rows take a fraction of their room: tables that it took for small, and sent whole to
# each worker, have filled a heap. What a statement has shuffled stays on disk until the server sweeps up what
# named it: at its own pace that is after half an hour, and twenty gigabytes.
MANY_ROWS = {
    "spark.cleaner.periodicGC.interval": "2min",
    "spark.memory.offHeap.enabled": "true",
    "spark.memory.offHeap.size": "1500m",
    "spark.sql.autoBroadcastJoinThreshold": "1m",
}
# Below a warning Spark writes down all code that it generates; that a plan is cut short is as it should be.
LOG = """\
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
logger.plans.name = org.apache.spark.sql.catalyst.util.StringUtils
logger.plans.level = error
"""


@dataclass
class Cluster:
    """A running cluster. processes: by name, for whoever wants to see one of them die."""

    host: str
    port: int
    folder: Path
    processes: dict[str, subprocess.Popen]

    def environment(self) -> dict[str, str]:
        """What a build must be told to use it."""
        return {
            "TONGCHENG_ENGINE": "spark",
            "TONGCHENG_SPARK_HOST": self.host,
            "TONGCHENG_SPARK_PORT": str(self.port),
            "TONGCHENG_SPARK_FOLDER": str(self.folder / "shared"),
        }


@contextmanager
def local_cluster(
    folder: Path,
    server_memory: str = "3g",
    workers: int = WORKERS,
    more: Mapping[str, str] | None = None,
    many_rows: bool = False,
) -> Iterator[Cluster]:
    """Start a cluster whose files are all in `folder`, and end its processes afterwards.

    server_memory: of the Thrift server; workers: how many, each with one executor, or 0: the server computes
    itself, three processes fewer; more: settings of Spark; many_rows: whether it is to be fast with a million
    rows rather than with a thousand.
    Raises SparkError where Java or pyspark is missing, or the server does not come up.
    """
    home = _spark_home()
    (folder / "shared").mkdir(parents=True, exist_ok=True)
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    java_options = f"{JAVA} {'' if many_rows else WITH_FEW_ROWS} -Djava.io.tmpdir={scratch}"
    memory = MEMORY_OF_MANY if many_rows else MEMORY
    (folder / "log4j2.properties").write_text(LOG)
    host = "127.0.0.1"
    master, port = _free_ports(2)
    env = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": host,
        "SPARK_LOCAL_HOSTNAME": host,
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_DIRS": str(scratch),
        "SPARK_DAEMON_MEMORY": "512m",
        "SPARK_DAEMON_JAVA_OPTS": f"{java_options} {SWEEPS_ALONE}",
    }
    # The Thrift server takes its memory from there too, whatever --driver-memory says; all of it at once, as
    # a heap that grows is swept all the time.
    of_server = {
        **env,
        "SPARK_DAEMON_MEMORY": server_memory,
        "SPARK_DAEMON_JAVA_OPTS": f"{java_options} {SWEEPS_OF_SERVER} -Xms{server_memory}",
    }
    deploy = "org.apache.spark.deploy"
    url = f"spark://{host}:{master}" if workers else f"local[{WORKERS}]"
    settings = {
        **server.settings(),
        "spark.driver.host": host,
        "spark.driver.bindAddress": host,
        "spark.executor.memory": memory,
        "spark.executor.extraJavaOptions": f"{java_options} {SWEEPS_ALONE}",
        "spark.ui.enabled": "false",
        # What the server writes down of statements, for pages that nobody opens, takes time and memory.
        "spark.sql.ui.explainMode": "simple",
        "spark.sql.maxPlanStringLength": "1000",
        "spark.sql.ui.retainedExecutions": "1",
        "spark.sql.thriftserver.ui.retainedStatements": "1",
        "spark.ui.retainedJobs": "1",
        "spark.ui.retainedStages": "1",
        # So that rows part, however many workers there are.
        "spark.sql.shuffle.partitions": str(PARTS_OF_MANY if many_rows else WORKERS),
        "spark.sql.adaptive.coalescePartitions.parallelismFirst": "false",
        "spark.sql.codegen.wholeStage": str(many_rows).lower(),
        "spark.sql.warehouse.dir": (folder / "warehouse").as_uri(),
        # Hive's metastore, which the server starts all the same, would be asked for every table.
        "spark.sql.catalogImplementation": "in-memory",
        "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:memory:metastore;create=true",
        "spark.sql.hive.thriftServer.singleSession": "false",
        **(MANY_ROWS if many_rows else {}),
        **(more or {}),
    }
    with ExitStack() as stack:
        processes: dict[str, subprocess.Popen] = {}

        def start(name: str, command: list[str], env: dict[str, str]) -> None:
            log = stack.enter_context((folder / f"{name}.log").open("wb"))
            process = subprocess.Popen(
                [*ENDS_WITH_US, *command],
                env=env,
                cwd=folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
            processes[name] = process
            stack.callback(_end, process)

        java = str(home / "bin" / "spark-class")
        own = ["--host", host, "--webui-port", "0"]
        if workers:
            start("master", [java, f"{deploy}.master.Master", *own, "--port", str(master)], env)
        for number in range(1, workers + 1):
            share = ["--cores", "1", "--memory", memory, "--work-dir", str(folder / f"work-{number}")]
            start(f"worker-{number}", [java, f"{deploy}.worker.Worker", *own, *share, url], env)
        options = [part for key, value in settings.items() for part in ("--conf", f"{key}={value}")]
        options += ["--master", url, "--driver-memory", server_memory]
        listens = ["--hiveconf", f"hive.server2.thrift.port={port}"]
        listens += ["--hiveconf", f"hive.server2.thrift.bind.host={host}"]
        submit = [str(home / "bin" / "spark-submit"), "--class", THRIFT, *options, "spark-internal", *listens]
        start("server", submit, of_server)
        _await(processes, host, port, folder)
        yield Cluster(host, port, folder, processes)


def _spark_home() -> Path:
    """Where pyspark keeps Spark. Raises SparkError with the remedy."""
    spec = find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise SparkError("未安装 pyspark · pyspark is not installed: `make spark-local-environment`")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise SparkError("没有 Java · Java is missing: apt-get install default-jre-headless")
    return Path(spec.origin).parent


def _free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _await(processes: dict[str, subprocess.Popen], host: str, port: int, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for name, process in processes.items():
            if process.poll() is not None:
                raise SparkError(f"{name} 已退出 · has ended: {folder / f'{name}.log'}")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.5)
    raise SparkError(f"服务未就绪 · the server did not come up in {PATIENCE} s: {folder / 'server.log'}")


def _end(process: subprocess.Popen) -> None:
    """End one process of the cluster; a worker ends its executors."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> None:
    """Run a command, `tongcheng build` unless another is given, with a cluster beside it."""
    command = sys.argv[1:] or [str(Path(sys.executable).with_name("tongcheng")), "build"]
    obey_signals()
    with tempfile.TemporaryDirectory(prefix="tongcheng-spark-") as folder:
        try:
            print("启动本机 Spark 集群 · starting a Spark cluster on this machine …", flush=True)
            many = not small_seeds(Settings.read().seeds)
            with local_cluster(Path(folder), many_rows=many) as cluster, ExitStack() as stack:
                process = subprocess.Popen(command, env={**os.environ, **cluster.environment()})
                stack.callback(_end, process)
                code = process.wait()
        except (SparkError, SettingsError) as error:
            sys.exit(str(error))
        except KeyboardInterrupt:
            sys.exit(130)
    sys.exit(code)


if __name__ == "__main__":
    main()
