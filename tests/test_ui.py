"""A steward's first visit, in a real browser: materialize everything with one click and see success.

And another page of the same browser, which gets nowhere. One server for all, as its start is dear. What the
first test builds are the warehouse of the whole suite, and that of one bulletin.
"""

import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from dagster_project.publish import versions
from tests.conftest import CHROMIUM, ROOT, Place, finished, made_once
from tests.few_bulletins import MIANYANG, write_seeds

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: apt-get install chromium")
ATTACK = """
async address => {
  const launch = `mutation { launchRun(executionParams: {selector: {repositoryLocationName: "tongcheng",
    repositoryName: "__repository__", jobName: "nightly"}, runConfigData: "{}"}) { __typename } }`
  const forge = "/report_asset_check/marts/fct_event?check_name=x&passed=true"
  const body = JSON.stringify({query: launch}), query = "?query=" + encodeURIComponent(launch)
  const post = (path, type) => fetch(address + path,
    {method: "POST", mode: "no-cors", credentials: "include", body, headers: {"Content-Type": type}})
  const outcomes = []
  for (const attempt of [
    () => fetch(address + "/graphql" + query, {mode: "no-cors", credentials: "include"}),
    () => post("/graphql", "text/plain"),
    () => post("/graphql", "application/x-www-form-urlencoded"),
    () => post(forge, "text/plain"),
    () => fetch(address + "/graphql", {method: "POST", body, headers: {"Content-Type": "application/json"}}),
    () => fetch(address + "/server_info"),
  ]) outcomes.push(await attempt().then(r => r.type, () => "refused by the browser"))
  await new Promise(done => { const image = new Image(); image.onload = image.onerror = done
    image.src = address + "/graphql" + query })
  outcomes.push(await new Promise(done => { const socket = new WebSocket(
    address.replace("http", "ws") + "/graphql", "graphql-transport-ws")
    socket.onopen = () => done("open"); socket.onerror = () => done("closed") }))
  const frame = document.createElement("iframe"), form = document.createElement("form")
  frame.name = form.target = "frame"; form.method = "post"; form.action = address + "/graphql" + query
  document.body.append(frame, form)
  await new Promise(done => { frame.onload = done; form.submit() })
  return outcomes
}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Place:
    """The real seeds, and nothing built yet."""
    folder = tmp_path_factory.mktemp("ui")
    return Place(ROOT / "seeds", folder / "build", folder / "public")


@pytest.fixture(scope="module")
def beside(place: Place) -> Place:
    """One bulletin in the same build folder, so that one build waits for the other; published elsewhere."""
    folder = place.build.with_name("beside")
    write_seeds(folder / "seeds", [MIANYANG])
    return Place(folder / "seeds", place.build, folder / "public")


@pytest.fixture(scope="module")
def build(beside: Place):
    """Starts a build of the command line, and comes back as soon as it has the lock."""
    started = []

    def start() -> subprocess.Popen:
        process = beside.start("build")
        started.append(process)
        line = process.stdout.readline()
        while line and "ingest" not in line:
            line = process.stdout.readline()
        return process

    yield start
    for process in started:
        process.kill()


@pytest.fixture(scope="module")
def server(place: Place):
    """`tongcheng ui` over them; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("tongcheng")), "ui", "--port", str(port)],
        env=place.env,
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
def page(server, browser):
    """A browser page; closes the first-visit dialog where it appears. It asks nobody but the server."""
    asked = []
    page = browser.new_page(viewport={"width": 1500, "height": 1000})
    page.set_default_timeout(60_000)
    page.on("request", lambda request: asked.append(request.url))
    skip = page.get_by_role("button", name="Skip")
    page.add_locator_handler(skip, lambda button: button.click())
    yield page
    page.close()
    assert [url for url in asked if not url.startswith((server, "data:", "blob:", "about:"))] == []


def runs(place: Place) -> int:
    connection = sqlite3.connect(place.build / "dagster" / "history" / "runs.db")
    ((count,),) = connection.execute("select count(*) from runs")
    connection.close()
    return count


def click_and_wait(
    page, server: str, place: Place, start: Callable[[], subprocess.Popen], keep: Callable[[str], object]
) -> None:
    """A run of the page beside a build of the command line, of which `keep` is told what it printed."""
    page.goto(f"{server}/asset-groups")
    button = page.get_by_role("button", name=re.compile("Materialize all"))
    button.wait_for()  # however long the page takes to be drawn, the build is under way when it is clicked
    build = start()
    button.click()
    page.get_by_text("View", exact=True).first.click()  # of the message that the run was launched
    page.wait_for_url("**/runs/*")
    assert build.poll() is None  # the run has to wait for it
    run = page.url
    page.goto("about:blank")  # drawing each event of a run as it comes would take a core from the builds
    code, output = finished(build)
    assert code == 0, output
    keep(output)  # before the run gets to its gates, whose page takes the place of the build's
    until = time.monotonic() + 600
    while not versions.versions(place.public) and time.monotonic() < until:
        time.sleep(1)
    page.goto(run)
    page.get_by_text("Success", exact=True).first.wait_for()


def test_one_click_materializes_everything_while_a_build_of_the_command_line_runs(
    build, page, server, place, beside, tmp_path_factory
):
    """The run waits, and both publish. How a build waits for another: test_red_gate.py."""

    def keep(output: str) -> None:
        def copy(folder: Path) -> str:
            shutil.copytree(beside.public, folder / "public", symlinks=True)
            shutil.copytree(beside.build / "gates", folder / "build" / "gates")
            return output

        made_once(tmp_path_factory, "one_bulletin", copy)

    def make(folder: Path) -> str:
        click_and_wait(page, server, place, build, keep)
        place.copy_to(folder)
        return ""

    made_once(tmp_path_factory, "warehouse", make)
    if not versions.versions(place.public):  # another test asked first
        click_and_wait(page, server, place, build, keep)
    assert [len(versions.versions(made.public)) for made in (beside, place)] == [1, 1]


def test_gate_page_and_report_are_served_beside_dagster(page, server):
    page.goto(f"{server}/gates/index.html")
    gate = page.get_by_text("1 to 1000 pairs of intercity trains per day", exact=True)
    assert gate.is_hidden()
    page.locator("#fct_observation > summary").click()
    assert gate.is_visible()
    rule = page.get_by_text("fct_observation.train_pairs_plausible", exact=True)
    assert rule.is_hidden()
    page.get_by_role("listitem").filter(has=gate).locator("summary").click()
    assert rule.is_visible()
    page.goto(f"{server}/published/site/")
    assert page.locator(".plot").count() > 0


def test_the_status_names_the_server_that_runs_the_schedule(server, place):
    code, output = place.tongcheng("status")
    assert server in output
    assert "LATE" not in output
    assert code == int("RED" in output)  # red until the build of the first test here


def test_a_second_schedule_on_the_same_build_folder_is_refused(server, place):
    code, output = place.tongcheng("ui", "--port", "1")
    assert code == 1
    assert "open a second one with --read-only" in output


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_another_page_of_the_browser_starts_nothing(server, browser, place, host):
    class Evil(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><body>")

        def log_message(self, *_):
            pass

    before, answers = runs(place), []
    with HTTPServer(("127.0.0.1", 0), Evil) as elsewhere:
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.on(
            "response", lambda r: r.url.startswith(server) and answers.append((r.status, r.request.method))
        )
        page.goto(f"http://{host}:{elsewhere.server_port}/")
        outcomes = page.evaluate(ATTACK, server)
        page.close()
        elsewhere.shutdown()
    assert outcomes[-1] == "closed"  # the WebSocket
    assert {status for status, _ in answers} == {403}
    assert len([method for _, method in answers if method == "POST"]) >= 4
    assert len([method for _, method in answers if method == "GET"]) >= 2
    assert runs(place) == before


def test_no_process_of_the_server_asks_the_network(place):
    """The last test of this file: code server, daemon and run have all been at work."""
    lines = place.network_log.read_text(encoding="utf-8").splitlines()
    for process in ("tongcheng ui", "code-server", "dagster-daemon", "dbt_process"):
        assert any(line.startswith("watched") and process in line for line in lines), process
    assert [line for line in lines if line.startswith("asked")] == []
