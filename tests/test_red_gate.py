"""A night that only a gate on the figures can stop; a file of its own, as a build takes long."""

import json

from filelock import FileLock

from tests.conftest import THIRD_MEETING, edit, finished


def test_a_red_gate_keeps_yesterdays_file_and_shows_the_row(own_warehouse):
    """Both the token and the value are wrong, so only a gate on the figures can see it. Another build is
    still under way when this one starts: it waits, and says so."""
    before = own_warehouse.file.resolve()
    edit(own_warehouse, THIRD_MEETING, "107.5对,107.5,", "108.5对,108.5,")
    with FileLock(own_warehouse.build / "lock"):
        build = own_warehouse.start("build")
        line = build.stdout.readline()
        while line and "waiting for" not in line:
            line = build.stdout.readline()
        assert "waiting for" in line
    code, output = finished(build)
    assert code == 1
    assert "train_pairs" in output
    assert "108.5" in output
    assert own_warehouse.file.resolve() == before
    assert "108.5" in (own_warehouse.build / "gates" / "index.html").read_text(encoding="utf-8")
    (told,) = map(json.loads, (own_warehouse.build / "alerts.jsonl").read_text(encoding="utf-8").splitlines())
    assert told["kind"] == "RED"
    assert any("train_pairs" in check for check in told["red_checks"])
    code, output = own_warehouse.tongcheng("status", "--alert")  # knows the run, and that it was told
    assert code == 1
    assert told["red_checks"][0] in " ".join(output.split())
    assert '"kind"' not in output
    pages = (own_warehouse.public / "site").rglob("*.html")
    assert not any("108.5对" in page.read_text(encoding="utf-8") for page in pages)
