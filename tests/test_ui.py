"""A steward's first visit, in a real browser: materialize everything with one click and see success."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Place

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: apt-get install chromium"),
    pytest.mark.xdist_group("ui"),
]


@pytest.fixture
def server(own_warehouse: Place):
    """`tongcheng ui` over a copy of the built warehouse; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("tongcheng")), "ui", "--port", str(port)],
        env=own_warehouse.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0


@pytest.fixture
def page(server):
    """A browser page; closes the first-visit dialog where it appears."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        page.set_default_timeout(60_000)
        page.goto(f"{server}/asset-groups")
        skip = page.get_by_role("button", name="Skip")
        try:
            skip.wait_for(timeout=5_000)
            skip.click()
        except Exception:
            pass  # the dialog shows only on a first visit
        yield page
        browser.close()


def test_one_click_materializes_everything_while_a_build_of_the_command_line_runs(page, own_warehouse):
    """Both are started at once, after a red night; they wait for each other, and both publish."""
    areas = own_warehouse.seeds / "areas.csv"
    good = areas.read_bytes()
    areas.write_bytes(good.replace(b"510600,", b"510600x,", 1))
    assert own_warehouse.tongcheng("build")[0] == 1
    areas.write_bytes(good)
    page.get_by_role("button", name=re.compile("Materialize all")).click()
    build = own_warehouse.start("build")
    page.get_by_text("View", exact=True).first.click()  # of the message that the run was launched
    page.get_by_text("Success", exact=True).first.wait_for(timeout=240_000)
    output, _ = build.communicate(timeout=240)
    assert build.returncode == 0, output
    assert len(list((own_warehouse.public / "versions").iterdir())) == 3


def test_gate_page_and_report_are_served_beside_dagster_and_ask_nobody_else(page, server):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server}/gates/index.html")
    assert page.get_by_text("train_pairs", exact=False).first.is_visible()
    page.goto(f"{server}/site/")
    assert page.locator(".plot").count() > 0
    assert all(url.startswith(server) for url in asked)
