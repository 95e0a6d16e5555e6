"""Which runs are builds: all that is selected, from the first seed to the published version."""

import dagster as dg
import pytest

from dagster_project.runs.build_session import is_full

ALL = ["raw/build_info", "raw/areas", "published/tongcheng"]


def run(assets: list[str], **limits) -> dg.DagsterRun:
    keys = {dg.AssetKey(asset.split("/")) for asset in assets}
    return dg.DagsterRun("nightly", asset_selection=keys or None, **limits)


@pytest.mark.parametrize(
    ("assets", "limits", "full"),
    [
        ([], {}, True),
        (ALL, {}, True),  # 'Materialize all' of the UI
        (["raw/areas"], {}, False),  # also where it was started from the job's page
        (["raw/build_info", "published/site"], {}, False),
        ([], {"asset_check_selection": {dg.AssetCheckKey(dg.AssetKey("x"), "train_pairs")}}, False),
        ([], {"step_keys_to_execute": ["gates", "published__tongcheng"]}, False),  # 'from failure'
        ([], {"step_keys_to_execute": ["ingest", "gates", "published__tongcheng"]}, True),
    ],
)
def test_a_look_at_single_assets_is_no_build(assets, limits, full):
    assert is_full(run(assets, **limits)) == full


def test_without_a_run_nothing_is_left_out():
    assert is_full(None)
