"""The entry point that Dagster loads; everything else stands under `defs/`, one file a stage."""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """All assets, checks, jobs, the schedule and the sensors."""
    try:
        return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
    except Exception as error:
        return _unreadable(error)


def _unreadable(error: Exception) -> dg.Definitions:
    """Definitions whose nightly job fails with the reason: a typo in a declaration must not silence the alerts."""
    from dagster_project.defs import alerts
    from dagster_project.defs.schedule import schedule_of
    from dagster_project.runs.warehouse import Warehouse

    while error.__cause__ is not None:
        error = error.__cause__
    reason = f"{type(error).__name__}: {error}"

    @dg.asset(key=["published", "tongcheng"], description=reason)
    def published(warehouse: Warehouse):
        raise dg.Failure(f"定义无法载入 · the definitions do not load: {reason}", allow_retries=False)

    nightly = dg.define_asset_job("nightly", selection=dg.AssetSelection.all())
    return dg.Definitions(
        assets=[published],
        jobs=[nightly],
        schedules=[schedule_of(nightly)],
        sensors=[alerts.red_build, alerts.dead_runs, alerts.late_nightly],
        resources={"warehouse": Warehouse()},
        executor=dg.in_process_executor,
    )
