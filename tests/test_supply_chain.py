"""What is installed is what is locked, byte for byte; and known faults are not overlooked."""

import re

from tests.audit_deps import LOCK, verdict
from tests.conftest import ROOT

FAULT = {"id": "PYSEC-1", "fix_versions": ["2.0"]}


def test_every_locked_version_has_a_hash_and_installs_demand_it():
    entries = re.findall(
        r"^([\w.\[\]-]+==\S+)(.*(?:\n    .*)*)", LOCK.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(entries) > 100
    assert [name for name, rest in entries if "--hash=sha256:" not in rest] == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = [line for line in makefile.splitlines() if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)


def test_a_known_fault_is_listed_and_fails():
    text, code = verdict({"dependencies": [{"name": "a", "version": "1.0", "vulns": [FAULT]}]}, "")
    assert code == 1
    assert "a 1.0: PYSEC-1" in text


def test_versions_without_faults_pass_and_say_how_many_were_looked_up():
    report = {"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "?"}]}
    text, code = verdict(report, "")
    assert code == 0
    assert "1/2" in text


def test_no_answer_is_skipped_with_its_reason_never_clean():
    assert verdict(None, "Traceback\nno route") == ("跳过 · skipped: no route", 0)
    text, code = verdict({"dependencies": [{"name": "a", "skip_reason": "not found"}]}, "No known faults")
    assert (text.startswith("跳过 · skipped: "), code) == (True, 0)
