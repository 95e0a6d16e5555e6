"""Nothing phones home: a whole build with the network refused, and nobody asked for it."""

import subprocess
import sys


def test_a_whole_build_asks_nobody(warehouse):
    lines = warehouse.network_log.read_text(encoding="utf-8").splitlines()
    watched = [line for line in lines if line.startswith("watched")]
    assert any("tongcheng build" in line for line in watched)
    assert any("dbt_process" in line for line in watched)
    assert [line for line in lines if line not in watched] == []


def test_whoever_asks_is_refused_and_noted(own_warehouse):
    attempts = (
        "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
        "import urllib.request as u; u.urlopen('http://telemetry.example', timeout=1)",
    )
    for attempt in attempts:
        done = subprocess.run([sys.executable, "-c", attempt], env=own_warehouse.env, capture_output=True)
        assert b"no network in tests" in done.stderr
    noted = own_warehouse.network_log.read_text(encoding="utf-8")
    assert "asked 192.0.2.1" in noted
    assert "asked telemetry.example" in noted
