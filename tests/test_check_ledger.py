"""Nothing is published without the proof that every declared check was evaluated on that very file."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dagster_project.runs import check_ledger
from dagster_project.runs.build_session import Run
from dagster_project.runs.check_ledger import Check, Unproven
from dagster_project.settings import DATABASE, Settings

DECLARED = dict.fromkeys(check_ledger.PARTS, 2)
GREEN = [Check("t", "one", True, True), Check("t", "two", True, True)]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A full run with a file and a complete record."""
    settings = Settings(tmp_path / "seeds", tmp_path / "build", tmp_path / "public")
    there = Run(settings, "run-one", datetime.now(UTC), date(2022, 6, 30), full=True)
    there.folder.mkdir(parents=True)
    there.database.write_bytes(b"content")
    for part in check_ledger.PARTS:
        check_ledger.write(there, part, 2, GREEN, bound=part != "seeds")
    return there


def change(run: Run, part: str, **values) -> None:
    path = run.folder / f"checks_{part}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


SPOIL = {
    "no record": (lambda run: (run.folder / "checks_gates.json").unlink(), "no ledger of gates"),
    "record of another run": (lambda run: change(run, "dbt", run_id="run-two"), "another run"),
    "checks left out": (
        lambda run: check_ledger.write(run, "dbt", 1, GREEN[:1]),
        "2 checks declared, 1 evaluated",
    ),
    "a check not evaluated": (
        lambda run: check_ledger.write(run, "gates", 2, [GREEN[0], Check("t", "two", True, None)]),
        "2 checks declared, 1 evaluated",
    ),
    "a check skipped that applies, another evaluated in its place": (
        lambda run: check_ledger.write(
            run, "gates", 2, [*GREEN, Check("t", "three", True, None, skipped=True)]
        ),
        "a check that applies to these seeds was skipped",
    ),
    "a red check": (
        lambda run: check_ledger.write(run, "gates", 2, [GREEN[0], Check("t", "two", True, False)]),
        "red checks of gates: two",
    ),
    "a file changed after its checks": (
        lambda run: (run.folder / DATABASE).write_bytes(b"other"),
        "changed after the checks",
    ),
    "a log beside the file": (
        lambda run: run.database.with_name(f"{DATABASE}.wal").write_bytes(b"rows"),
        "a log beside the file",
    ),
    "a record of no file": (lambda run: change(run, "gates", sha256=None), "changed after the checks"),
}


def test_a_complete_record_lets_it_pass(run: Run):
    assert len(check_ledger.require(run, DECLARED)) == 6


@pytest.mark.parametrize("fault", SPOIL)
def test_an_incomplete_record_is_refused(run: Run, fault: str):
    spoil, said = SPOIL[fault]
    spoil(run)
    with pytest.raises(Unproven, match=said):
        check_ledger.require(run, DECLARED)


def test_what_does_not_apply_is_neither_counted_nor_missed(run: Run):
    check_ledger.write(run, "gates", 2, [*GREEN, Check("t", "pin", True, None, skipped=True)])
    checks = check_ledger.require(run, DECLARED, {("t", "pin")})
    assert [check["name"] for check in checks if check["part"] == "gates"] == ["one", "two"]
    with pytest.raises(Unproven, match="3 checks declared, 2 evaluated"):
        check_ledger.require(run, {**DECLARED, "gates": 3})


def test_nothing_declared_is_no_proof(run: Run):
    for part in check_ledger.PARTS:
        check_ledger.write(run, part, 0, [], bound=part != "seeds")
    with pytest.raises(Unproven, match="0 checks declared"):
        check_ledger.require(run, dict.fromkeys(check_ledger.PARTS, 0))
