"""Who notices a red or late nightly build. What is sent, and to whom: operate/."""

import dagster as dg

from dagster_project.operate.status import status
from dagster_project.operate.watch import alert_red, alert_unwell
from dagster_project.runs import liveness
from dagster_project.runs.build_session import is_full, was_interrupted
from dagster_project.settings import Settings


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
    description="完整构建未通过时告警 · an alert when a full build is red, killed ones included",
)
def red_build(context: dg.RunFailureSensorContext):
    """Alert once per red full build; a red look at single assets is its steward's own."""
    if not is_full(context.dagster_run):
        return dg.SkipReason("非完整构建 · not a full build")
    if was_interrupted(context.failure_event):
        return dg.SkipReason("由人中断 · interrupted by a person")
    alert_red(Settings.read(), context.dagster_run.run_id, context.failure_event.message)


@dg.sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
    description="运行进程已不存在时判为失败 · marks runs as failed once their process is gone",
)
def dead_runs(context: dg.SensorEvaluationContext):
    """Report each run that was killed; `red_build` then alerts."""
    settings = Settings.read()
    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
    dead = [
        record.dagster_run
        for record in context.instance.get_run_records(started)
        if liveness.is_dead(settings, record.dagster_run.run_id, record.start_time)
    ]
    for run in dead:
        context.instance.report_run_failed(run, "运行进程已不存在 · the run's process is gone")
    return dg.SkipReason(f"判为失败 · marked as failed: {len(dead)}")


@dg.sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=600,
    description="夜间构建逾期时告警 · an alert when a night passes without a green build",
)
def late_nightly(_context: dg.SensorEvaluationContext):
    """Alert once per missed night, once to whatever else is not well; send again what did not arrive."""
    settings = Settings.read()
    told = alert_unwell(settings, status(settings))
    return dg.SkipReason("已告警 · alerted" if told else "无新情况 · nothing new")
