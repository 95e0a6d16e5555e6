"""When builds run: job, schedule, sensor, and the settings that hold for all of them."""

import json

import dagster as dg

from dagster_project.defs.schedule import schedule_of
from dagster_project.ingest.check import read_seeds
from dagster_project.runs.build_session import BuildSession, is_full
from dagster_project.runs.folders import last_builds
from dagster_project.runs.inputs import seeds_digest
from dagster_project.seeds.files import open_drafts
from dagster_project.settings import STARTED_BY, Settings, small_seeds

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
    description="种子改完后重建 · builds when seed files have changed, are complete and have settled",
)
def seed_changes(context: dg.SensorEvaluationContext):
    """Request one build per change of the seed files, whoever asks first; the first look records them.

    Not while somebody types: the files are as at the look before, no draft is open, and a build would load
    them. Without a run key: seeds that are changed, put back and changed again are a state that was built
    before, but not the one that is published.
    """
    settings = Settings.read()
    state = seeds_digest(settings.seeds)
    newest = last_builds(settings).newest
    newest_id = newest.build_id if newest else None
    seen = _seen(context.cursor) or {"built": state, "build": newest_id}
    if newest and newest.seeds and seen.get("build") != newest_id:
        # Whoever asked for it, with what it began: a slip that was built red and is put back is a change.
        seen |= {"built": newest.seeds, "build": newest_id}
    settled = seen.get("last") == state
    seen["last"] = state
    context.update_cursor(json.dumps(seen))
    if state == seen["built"]:
        return dg.SkipReason("种子未变，或已构建 · seeds unchanged, or built already")
    if not settled or _waiting(context.instance):
        return dg.SkipReason("种子仍在变动，或已有构建排队 · the seeds still change, or a build is queued")
    if drafts := open_drafts(settings.seeds):
        return dg.SkipReason(f"草稿未完成 · still a draft: {', '.join(drafts)}")
    if seen.get("refused") == state or (small_seeds(settings.seeds) and not read_seeds(settings).ok):
        seen["refused"] = state
        context.update_cursor(json.dumps(seen))
        return dg.SkipReason("种子有误，未构建 · errors in the seeds, no build: tongcheng check")
    context.update_cursor(json.dumps({**seen, "built": state}))
    return dg.RunRequest(tags={STARTED_BY: "种子变动 changed seeds"})


def _seen(cursor: str | None) -> dict[str, str | None] | None:
    """What earlier looks found: the seeds built, by which build, those of the last look, those refused."""
    try:
        seen = json.loads(cursor or "null")
    except ValueError:  # of an earlier release
        return None
    return seen if isinstance(seen, dict) else None


def _waiting(instance: dg.DagsterInstance) -> bool:
    """Whether a build that has not read the seeds yet will do so."""
    states = (dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING)
    return any(is_full(run) for run in instance.get_runs(dg.RunsFilter(statuses=list(states))))


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
