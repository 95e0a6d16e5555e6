"""When the nightly job starts. Apart from the job: where nothing loads, the one that says so has it too."""

import dagster as dg

from dagster_project.settings import NIGHTLY, TIMEZONE


def schedule_of(nightly) -> dg.ScheduleDefinition:
    """The schedule of the nightly job, on unless somebody switches it off."""
    return dg.ScheduleDefinition(
        name="nightly_schedule",
        job=nightly,
        cron_schedule=f"{NIGHTLY.minute} {NIGHTLY.hour} * * *",
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="每日两点（北京时间） · every night at 02:00 Shanghai time",
    )
