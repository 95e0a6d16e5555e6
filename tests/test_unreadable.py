"""A declaration with a typo: one check or one night is red, and schedule and alerts stay."""

import dagster as dg
import pytest

from dagster_project import definitions
from dagster_project.gates.suites import read_suites
from dagster_project.seeds import schema
from tests.conftest import ROOT


def test_a_gate_file_with_a_typo_leaves_all_others(tmp_path):
    for name in ("claim_check", "fct_event"):
        text = (ROOT / "expectations" / f"{name}.yaml").read_text(encoding="utf-8")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "fct_claim.yaml").write_text("name: [", encoding="utf-8")
    suites, problems = read_suites(tmp_path)
    assert [suite.relation for suite in suites] == ["claim_check", "fct_event"]
    assert len(problems) == 1
    assert problems[0].startswith("fct_claim.yaml: ")


@pytest.fixture
def broken(monkeypatch, tmp_path) -> dg.Definitions:
    """What Dagster loads where a stage's file cannot be read."""

    def load(**_):
        raise RuntimeError("wrapped") from schema.SchemaError("areas.yaml: no title")

    monkeypatch.setattr(definitions.dg, "load_from_defs_folder", load)
    monkeypatch.setenv("TONGCHENG_BUILD", str(tmp_path / "build"))
    monkeypatch.setenv("TONGCHENG_PUBLIC", str(tmp_path / "public"))
    return definitions.defs()


def test_definitions_that_do_not_load_are_a_red_night_with_the_reason(broken):
    with dg.DagsterInstance.ephemeral() as instance:
        result = broken.resolve_job_def("nightly").execute_in_process(
            instance=instance, raise_on_error=False, run_config={"resources": {"session": {}}}
        )
    assert not result.success
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert "areas.yaml: no title" in str(failure.step_failure_data.user_failure_data)


def test_they_keep_the_schedule_and_the_alerts(broken):
    assert broken.resolve_schedule_def("nightly_schedule").job_name == "nightly"
    for name in ("red_build", "dead_runs", "late_nightly"):
        assert broken.resolve_sensor_def(name)
