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


def _unreadable(error: BaseException) -> dg.Definitions:
    """A nightly job that fails with the reason: a typo in a declaration must not silence the alerts."""
    from dagster_project.defs import alerts
    from dagster_project.defs.schedule import schedule_of
    from dagster_project.operate.faults import original
    from dagster_project.runs.build_session import BuildSession

    first = original(error)
    reason = f"{type(first).__name__}: {first}"

    # First and last asset of a build, in steps of their names: a run of them is one, and its failure is told.
    @dg.multi_asset(name="ingest", specs=[dg.AssetSpec(["raw", "build_info"], description=reason)])
    def ingest(session: BuildSession):
        raise dg.Failure(f"定义无法载入 · the definitions do not load: {reason}", allow_retries=False)

    @dg.asset(key=["published", "tongcheng"], deps=[["raw", "build_info"]])
    def published():
        """Never reached."""

    nightly = dg.define_asset_job("nightly", selection=dg.AssetSelection.all())
    return dg.Definitions(
        assets=[ingest, published],
        jobs=[nightly],
        schedules=[schedule_of(nightly)],
        sensors=[alerts.red_build, alerts.dead_runs, alerts.late_nightly],
        resources={"session": BuildSession()},
        executor=dg.in_process_executor,
    )
