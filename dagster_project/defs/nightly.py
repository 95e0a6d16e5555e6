"""When builds run: job, schedule, sensor, and the settings that hold for all of them."""

import hashlib

import dagster as dg

from dagster_project.defs.schedule import schedule_of
from dagster_project.runs.build_session import BuildSession
from dagster_project.settings import Settings

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    description="全部重建、检查并发布 · rebuild everything, check it, publish if green",
)

nightly_schedule = schedule_of(nightly)


@dg.sensor(
    job=nightly,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="种子文件变动后重建 · builds when a seed file has changed since the last check",
)
def seed_changes(context: dg.SensorEvaluationContext):
    """Request one build per change of the seed files; the first check only records their state.

    Without a run key: seeds that are changed, put back and changed again are a state that was built before,
    but not the one that is published.
    """
    settings = Settings.read()
    digest = hashlib.sha256()
    for path in sorted(settings.seeds.rglob("*")):
        if path.suffix in {".csv", ".yaml"} and path.is_file():
            digest.update(str(path.relative_to(settings.seeds)).encode() + b"\0" + path.read_bytes())
    state, seen = digest.hexdigest(), context.cursor
    if state == seen:
        return dg.SkipReason("种子未变 · seeds unchanged")
    context.update_cursor(state)
    if seen is None:
        return dg.SkipReason("首次检查,记录种子状态 · first check: the state of the seeds is recorded")
    return dg.RunRequest()


@dg.definitions
def nightly_defs() -> dg.Definitions:
    """One executor for everything: a run is one process, so its lock and its file have one owner."""
    return dg.Definitions(
        jobs=[nightly],
        schedules=[nightly_schedule],
        sensors=[seed_changes],
        executor=dg.in_process_executor,
        resources={"session": BuildSession()},
    )
