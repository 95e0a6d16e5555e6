"""Dagster's history holds no more runs than there are versions and red builds."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from dagster_project.publish.versions import KEEP_VERSIONS, versions
from dagster_project.settings import Settings

if TYPE_CHECKING:
    from dagster import DagsterInstance

PRUNED_AT_ONCE = 50  # runs: of a long history, each build removes a part


def prune(instance: DagsterInstance, settings: Settings) -> None:
    """Remove the runs that ended, but for the newest and those of versions and red builds that are kept."""
    from dagster import DagsterRunStatus, RunsFilter

    over = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
    kept = {version.build_id for version in versions(settings.public)}
    kept |= {folder.name for folder in settings.red.glob("*")}
    heads = {build_id.rpartition("-")[2] for build_id in kept}
    ended = [run.run_id for run in instance.get_runs(RunsFilter(statuses=over))]
    gone = [run_id for run_id in ended[KEEP_VERSIONS:] if run_id[:8] not in heads]
    for run_id in gone[-PRUNED_AT_ONCE:]:
        instance.delete_run(run_id)
        for left in (settings.dagster_home / "history" / "runs").glob(f"{run_id}.db*"):
            left.unlink(missing_ok=True)
        shutil.rmtree(settings.dagster_home / "storage" / run_id, ignore_errors=True)
