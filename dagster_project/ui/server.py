"""`tongcheng ui`: Dagster's web page with schedule and sensor, on the loopback address only.

One code server is shared by web server and daemon. Beside Dagster's own pages it serves the gate page
(`/gates/`) and the published version, its report and downloads (`/published/site/`), so that checks and
assets can link to them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from dagster_project.child import DAEMON, start
from dagster_project.gates.page import render_page
from dagster_project.operate.alerts import alert
from dagster_project.operate.faults import said
from dagster_project.settings import ROOT, Settings
from dagster_project.terminal import obey_signals
from dagster_project.ui.guard import Guard

HOST = "127.0.0.1"
MODULE = "dagster_project.definitions"
LOCATION = "tongcheng"
WATCHED = 2  # seconds between checks on the child processes
CARD = "ui.json"  # in the build folder: where the UI is that runs the schedule; written when one starts


def serve(settings: Settings, port: int, read_only: bool = False, names: Sequence[str] = ()) -> int:
    """Serve until interrupted. Returns the exit code; 1 where the port is taken or the code does not load.

    read_only: the pages show everything and start nothing, and no schedule runs here; names: see guard.py.
    """
    from dagster_project.prepare import PrepareError, prepare

    obey_signals()
    try:
        prepare(settings)
        _open_history()
    except Exception as error:  # whatever it is, the nights depend on it
        reason = said(settings, error, PrepareError)
        _alert_no_schedule(settings, reason)
        print(reason, file=sys.stderr)
        return 1
    if not (settings.gates / "index.html").exists():
        render_page([], {}, settings.gates / "index.html")
    if not _free(port):
        print(f"端口 {port} 已被占用 · port {port} is taken: tongcheng ui --port N", file=sys.stderr)
        return 1
    code_port = _any_free_port()
    children, stopping, orphaned = list[subprocess.Popen](), threading.Event(), threading.Event()
    lock = FileLock(settings.build / "ui.lock")  # `tongcheng status` sees by it that the schedule is alive
    try:
        if not read_only:
            lock.acquire(timeout=1)
        children.append(_code_server(code_port))
        if not _answers(code_port, children[0]):
            print("代码服务未启动 · the code server did not start", file=sys.stderr)
            return 1
        if not read_only:
            (settings.build / CARD).write_text(json.dumps({"address": f"http://{HOST}:{port}"}))
            children.append(_daemon(settings, code_port))
        watch = threading.Thread(target=_watch, args=(children, stopping, orphaned), daemon=True)
        watch.start()
        _web(settings, port, code_port, read_only, names)
    except KeyboardInterrupt:
        pass
    except Timeout:
        print(
            "此工作文件夹已有界面在运行，请用 --read-only · "
            "a UI is already running the schedule of this build folder; open a second one with --read-only",
            file=sys.stderr,
        )
        return 1
    finally:
        stopping.set()
        for child in reversed(children):
            _end(child)
        lock.release()
    return int(orphaned.is_set())


def _open_history() -> None:
    """Raises what the children would end with, one after the other, if Dagster's history cannot be read."""
    from dagster import DagsterInstance

    with DagsterInstance.get() as instance:
        instance.get_runs_count()


def _alert_no_schedule(settings: Settings, reason: str) -> None:
    """Once for each reason since the UI last ran: a service manager tries again every few seconds."""
    card = settings.build / CARD
    ran = card.stat().st_mtime if card.exists() else None
    alert(
        settings,
        key=f"no-ui-{hashlib.sha256(f'{reason} {ran}'.encode()).hexdigest()[:12]}",
        kind="RED",
        text="界面未能启动，夜间构建因此停摆 · the UI did not start, and with it no nightly build will",
        reason=reason,
    )


def _watch(
    children: Sequence[subprocess.Popen], stopping: threading.Event, orphaned: threading.Event
) -> None:
    """End this process when a child has ended: without its daemon the page shows a schedule that never runs.

    A service manager then restarts everything.
    """
    while not stopping.wait(WATCHED):
        for name, child in zip(("dagster", DAEMON), children, strict=False):
            if child.poll() is not None:
                print(f"子进程已结束，界面随之关闭 · {name} has ended; the UI stops too", file=sys.stderr)
                orphaned.set()
                os.kill(os.getpid(), signal.SIGTERM)
                return


def _start(program: str, *arguments: str) -> subprocess.Popen:
    # Their messages below a warning would bury the address that a person is waiting for, and what dbt prints
    # in a run is kept with the run.
    return start(program, *arguments, "--log-level", "warning", cwd=ROOT, stdout=subprocess.DEVNULL)


def _end(child: subprocess.Popen, seconds: float = 5) -> None:
    """Terminate, then kill: the code server would wait a minute for calls that nobody makes any more."""
    child.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout=seconds)
    with contextlib.suppress(ProcessLookupError):  # of its group, whatever is left
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _code_server(port: int) -> subprocess.Popen:
    address = ("--host", HOST, "--port", str(port), "--location-name", LOCATION)
    return _start("dagster", "code-server", "start", "-m", MODULE, *address)


def _daemon(settings: Settings, code_port: int) -> subprocess.Popen:
    return _start(DAEMON, "run", "--workspace", str(_workspace(settings, code_port)))


def _workspace(settings: Settings, code_port: int) -> Path:
    """Where web server and daemon find the code server: under one name, as runs are queued by it."""
    workspace = settings.dagster_home / "workspace.yaml"
    server = {"host": HOST, "port": code_port, "location_name": LOCATION}
    workspace.write_text(json.dumps({"load_from": [{"grpc_server": server}]}))
    return workspace


def _web(settings: Settings, port: int, code_port: int, read_only: bool, names: Sequence[str]) -> None:
    import uvicorn
    from dagster import DagsterInstance

    # Dagster has no public way to put a guard before its web application: these are the names with which its
    # own command `dagster-webserver` makes it (docs/architecture.md).
    from dagster_webserver.cli import (
        WorkspaceOpts,
        WorkspaceProcessContext,
        create_app_from_workspace_process_context,
        workspace_opts_to_load_target,
    )
    from starlette.applications import Starlette
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    target = workspace_opts_to_load_target(WorkspaceOpts(workspace=[str(_workspace(settings, code_port))]))
    with (
        DagsterInstance.get() as instance,
        WorkspaceProcessContext(instance, target, read_only=read_only) as context,
    ):
        dagster = create_app_from_workspace_process_context(context)
        current = settings.public / "current"  # a link: what it leads to is looked up at each request
        app = Starlette(
            routes=[
                Mount("/gates", StaticFiles(directory=settings.gates, html=True)),
                Mount("/published", StaticFiles(directory=current, html=True, check_dir=False)),
                Mount("/", dagster),
            ]
        )
        mode = "，只读 · read-only" if read_only else ""
        print(f"Dagster: http://{HOST}:{port}{mode}  (Ctrl-C 结束 · to stop)", flush=True)
        uvicorn.run(Guard(app, port, names), host=HOST, port=port, log_level="warning")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((HOST, port)) != 0


def _any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _answers(port: int, process: subprocess.Popen, seconds: float = 120) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        if not _free(port):
            return True
        time.sleep(0.1)
    return False
