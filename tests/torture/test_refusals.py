"""Whole runs that leave the checks out, or lose a gate file on the way, publish nothing."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from dagster_project.defs import quality
from dagster_project.publish import versions
from tests.conftest import ROOT, Place


@pytest.fixture
def run(tmp_path: Path, monkeypatch):
    """Runs a selection of everything in this process; the failures, in words, and what was published."""
    place = Place(ROOT / "seeds", tmp_path / "build", tmp_path / "public")
    for name, value in place.env.items():
        monkeypatch.setenv(name, value)

    from dagster_project.definitions import defs
    from dagster_project.prepare import prepare
    from dagster_project.settings import Settings

    prepare(Settings.read())

    def execute(selection: dg.AssetSelection) -> tuple[str, list]:
        job = dg.define_asset_job("trial", selection)
        trial = dg.Definitions.merge(defs(), dg.Definitions(jobs=[job])).resolve_job_def("trial")
        with dg.DagsterInstance.get() as instance:
            result = trial.execute_in_process(instance=instance, raise_on_error=False)
        assert not result.success
        said = " ".join(str(event.event_specific_data) for event in result.all_events if event.is_failure)
        return said, versions.versions(place.public)

    return execute


def test_a_run_without_checks_publishes_nothing(run):
    said, published = run(dg.AssetSelection.all().without_checks())
    assert "no ledger of" in said  # whichever is missed first
    assert published == []


def test_a_run_whose_gate_file_is_gone_publishes_nothing(run, monkeypatch):
    kept = [suite for suite in quality.SUITES if suite.relation != "series_change"]
    monkeypatch.setattr(quality, "SUITES", kept)
    said, published = run(dg.AssetSelection.all())
    assert "checks declared" in said
    assert published == []
