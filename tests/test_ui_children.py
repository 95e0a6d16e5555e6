"""The UI ends when its daemon or its code server does: a page alone would promise nights that never come."""

import os
import signal
import subprocess
import sys
import threading
from types import SimpleNamespace

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
