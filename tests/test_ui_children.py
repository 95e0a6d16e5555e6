"""The UI ends when its daemon or its code server does: a page alone would promise nights that never come.

And they end with it, however it ended.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from dagster_project import terminal
from dagster_project.child import DAEMON
from dagster_project.ui import server


def test_a_child_that_ended_ends_the_ui(monkeypatch, capsys):
    sent = []
    monkeypatch.setattr(server, "WATCHED", 0.01)
    system = SimpleNamespace(getpid=os.getpid, kill=lambda _pid, number: sent.append(number))
    monkeypatch.setattr(server, "os", system)
    stopping, orphaned = threading.Event(), threading.Event()
    endless = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(endless) as lives, subprocess.Popen(endless) as dies:
        watch = threading.Thread(target=server._watch, args=([lives, dies], stopping, orphaned))
        watch.start()
        assert not orphaned.wait(0.2)
        dies.kill()
        watch.join(timeout=30)
        lives.kill()
    assert orphaned.is_set()
    assert sent == [signal.SIGTERM]
    assert "has ended; the UI stops too" in capsys.readouterr().err


def test_a_ui_that_stops_ends_its_children_unremarked():
    stopping, orphaned = threading.Event(), threading.Event()
    stopping.set()
    server._watch([], stopping, orphaned)
    assert not orphaned.is_set()


CHILD = """
import subprocess, sys, time
from types import SimpleNamespace
from dagster_project import child

def script():
    own = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    print(own.pid, flush=True)
    time.sleep(300)

child.PATIENCE = 0.1
child.entry_points = lambda **_: [SimpleNamespace(load=lambda: script)]
sys.argv = ["child", *sys.argv[1:]]
child.main()
"""


def start(program: str) -> subprocess.Popen:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, program], start_new_session=True, text=True, **pipes
    )


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_when_the_ui_is_gone_its_children_end_with_all_that_they_started():
    with start("dagster") as child:
        grandchild = int(child.stdout.readline())
        assert child.poll() is None
        child.stdin.close()  # as the system does for a process that was killed
        assert child.wait(timeout=30) == -signal.SIGKILL
    until = time.monotonic() + 30
    while runs(grandchild) and time.monotonic() < until:
        time.sleep(0.05)
    assert not runs(grandchild)


def test_two_daemons_never_run_on_one_build_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TONGCHENG_BUILD", str(tmp_path))
    with start(DAEMON) as first:
        first.stdout.readline()  # it runs
        with start(DAEMON) as second:
            assert second.wait(timeout=30) == 1
            assert "another daemon still runs" in second.stderr.read()
        first.stdin.close()
        first.wait(timeout=30)
    with start(DAEMON) as third:
        assert third.stdout.readline()
        third.stdin.close()


def test_a_hang_up_ends_the_ui_as_ctrl_c_does(monkeypatch, tmp_path):
    """And where it is started by nohup, it ends nothing."""
    was = {number: signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGTERM)}
    sent = []
    monkeypatch.setattr(terminal.os, "kill", lambda _pid, number: sent.append(number))
    try:
        for ignored, expected in ((False, [signal.SIGTERM]), (True, [])):
            sent.clear()
            signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
            terminal.obey_signals()
            signal.raise_signal(signal.SIGHUP)
            assert sent == expected
    finally:
        for number, handler in was.items():
            signal.signal(number, handler)


# Whoever runs the tests in the background has its children ignore these two, and a build then does as well.
BUILD = """
import signal, sys, time
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
from dagster_project import build_command, cli

def run_nightly(*_, **__):
    print("begun", flush=True)
    time.sleep(60)

build_command.run_nightly = run_nightly
sys.argv = ["tongcheng", "build"]
cli.main()
"""


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_build_whose_terminal_or_machine_ends_is_interrupted(number):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", BUILD], start_new_session=True, **pipes) as build:
        assert build.stdout.readline() == "begun\n"
        build.send_signal(number)
        assert build.wait(timeout=30) == 130
        assert "interrupted" in build.stderr.read()
