"""`tongcheng build`: runs the job `nightly` in this process, with a progress display and a summary."""

from __future__ import annotations

import contextlib
import logging
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from dagster_project import progress
from dagster_project.gates.suites import GateFileError, load_suites
from dagster_project.operate.alerts import resend
from dagster_project.operate.faults import in_words, said
from dagster_project.operate.watch import alert_killed, alert_red
from dagster_project.prepare import PrepareError, prepare
from dagster_project.publish.versions import Version, VersionError, current_version, held, require_publishable
from dagster_project.runs.folders import leave_nothing, leave_red
from dagster_project.runs.turn import await_turn
from dagster_project.settings import EXPECTATIONS, STARTED_BY, Settings
from dagster_project.terminal import Screen

STAGES = {
    "wait": "等待 · wait",
    "prepare": "准备 · prepare",
    "ingest": "载入 · ingest",
    "dbt": "建模 · dbt",
    "gates": "门禁 · gates",
    "downloads": "导出 · downloads",
    "report": "报告 · report",
    "publish": "发布 · publish",
}
# Of a project, a gate file or a published one that cannot be read: their words name the file.
OWN_WORDS = (PrepareError, GateFileError, VersionError)
BEGINS = "…"  # after a stage's name, at the end of the line that says that it begins


def run_nightly(settings: Settings, anew: bool = False) -> int:
    """Run the job and print the outcome. Returns the exit code: 0 published (or held), 1 red.

    anew: make every model, whatever earlier builds made.

    Raises KeyboardInterrupt where somebody interrupted it.
    """
    alert_killed(settings)  # whose place this build takes
    resend(settings)
    # Bound to the present stdout: what the libraries print while the job runs goes to the log.
    console, started, since = Screen(file=sys.stdout), time.monotonic(), datetime.now(UTC)
    log = settings.build / "logs" / "build.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with _display(console), log.open("w", encoding="utf-8") as stream:
            result = _execute(settings, stream, anew)
    except Exception as error:
        _alert_broken_off(settings, error, since)
        _give_up(console, settings, error, log)
        return 1
    seconds = time.monotonic() - started
    if result.success:
        _summarise(console, settings, seconds)
        return 0
    from dagster_project.runs.build_session import was_interrupted

    if any(was_interrupted(event) for event in result.all_events):
        leave_nothing(settings, since)
        raise KeyboardInterrupt
    failures = [_message(event) for event in result.all_events if event.is_step_failure] or [
        _innermost(event.job_failure_data.error) for event in result.all_events if event.is_run_failure
    ]
    alert_red(settings, result.run_id, failures[0][:500] if failures else None)
    _explain(console, settings, result, log)
    return 1


def _alert_broken_off(settings: Settings, error: Exception, since: datetime) -> None:
    """A build that could not start, or not go on, is red too; nothing in its folder would say so."""
    reason = said(settings, error, *OWN_WORDS)
    try:
        build_id = leave_red(settings, reason, since)
    except OSError:  # the alert is about that
        build_id = f"not-started-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    alert_red(settings, build_id, reason)


def build_if_changed(settings: Settings) -> int:
    """The same, or just the summary where nothing has changed since the published version."""
    from dagster_project.runs.inputs import unchanged

    if not (version := unchanged(settings)):
        return run_nightly(settings)
    console = Screen(file=sys.stdout)
    _show_version(console, settings, version)
    text = (
        "自已发布版本以来没有变动，未重建 · Nothing has changed since the published version. "
        "仍要构建 · To build anyway: `tongcheng build`"
    )
    console.print(Text(text), soft_wrap=True)
    return 0


def _execute(settings: Settings, stream, anew: bool):
    """Load the definitions and run the job; what the libraries print goes to a log file."""
    # Said at once, rather than after the libraries are loaded.
    require_publishable(settings.public, settings.build)
    progress.report("prepare", "dbt")
    prepare(settings)
    load_suites(EXPECTATIONS)  # or a slip in a gate file would be told of after minutes of work
    await_turn(settings)
    import dagster as dg

    from dagster_project.definitions import defs

    job = defs().resolve_job_def("nightly")
    with dg.DagsterInstance.get() as instance, contextlib.redirect_stdout(stream), _logged(stream):
        return job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            tags={STARTED_BY: "命令行 command line"},
            run_config={
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                "resources": {"session": {"config": {"as_of": str(settings.as_of or ""), "anew": anew}}},
            },
        )


@contextlib.contextmanager
def _logged(stream) -> Iterator[None]:
    """Warnings of the libraries, of each gate that is skipped for one, go to the log too."""
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


@contextlib.contextmanager
def _display(console: Screen) -> Iterator[None]:
    """On a terminal a bar per stage; otherwise one plain line when a stage begins, with seconds so far."""
    tasks: dict[str, TaskID] = {}
    if not console.is_terminal:
        said: set[str] = set()
        started = time.monotonic()

        def say(step: progress.Step) -> None:
            if step.stage not in said or step.stage == "wait":
                said.add(step.stage)
                text = step.text if step.stage == "wait" else BEGINS
                with contextlib.suppress(BrokenPipeError):  # nobody reads on; the build goes on
                    elapsed = f"{time.monotonic() - started:4.0f} s"
                    print(f"{elapsed}  {STAGES[step.stage]} {text}", file=console.file, flush=True)

        stop = progress.listen(say)
        try:
            yield
        finally:
            stop()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:.0f}/{task.total}"),
        TextColumn("{task.fields[text]}", style="dim"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:

        def show(step: progress.Step) -> None:
            if step.stage not in tasks:
                for task in tasks.values():
                    bars.update(
                        task, completed=bars.tasks[task].total or 1, total=bars.tasks[task].total or 1
                    )
                    bars.stop_task(task)
                tasks[step.stage] = bars.add_task(STAGES[step.stage], total=step.total or None, text="")
            bars.update(
                tasks[step.stage], completed=step.done, total=step.total or None, text=step.text[-48:]
            )

        stop = progress.listen(show)
        try:
            yield
        finally:
            stop()


def _summarise(console: Screen, settings: Settings, seconds: float) -> None:
    if hold := held(settings.public):
        console.print(
            f"已构建并通过检查，但保持在 {hold} · green, not published: held at {hold}; `tongcheng resume`",
            style="yellow",
            highlight=False,
        )
        return
    if version := current_version(settings.public):
        _show_version(console, settings, version, seconds)


def _show_version(
    console: Screen, settings: Settings, version: Version, seconds: float | None = None
) -> None:
    """Rows, checks and where everything is; seconds: how long the build took."""
    manifest = version.manifest
    table = Table("表 · mart", "行 · rows", title=f"版本 · version {version.build_id}")
    table.columns[1].justify = "right"
    for name, rows in manifest["rows"].items():
        table.add_row(name, str(rows))
    console.print(table)
    parts = {"seeds": "种子 seeds", "dbt": "dbt", "gates": "门禁 gates"}
    checks = [check for check in manifest["checks"] if check["part"] != "gates" or check.get("title", True)]
    counts = {name: [c["passed"] for c in checks if c["part"] == name] for name in parts}
    said = ", ".join(f"{text} {sum(counts[name])}/{len(counts[name])}" for name, text in parts.items())
    warned = [check for check in checks if not check["passed"]]
    warnings = f"; {len(warned)} 项警告，不阻止发布 · warnings that do not block" if warned else ""
    took = f"; {seconds:.0f} s" if seconds else ""
    console.print(Text(f"检查通过 · checks passed: {said}{warnings}{took}"), soft_wrap=True)
    for check in warned:
        rows = f": {n} 行 · rows" if (n := check.get("unexpected")) else ""
        name = f"{check['relation']}.{check['name']}"
        text = f"! {check['title']}{rows} ({name})" if check.get("title") else f"! {name}"
        console.print(Text(text, style="yellow"), soft_wrap=True)
    if skipped := manifest.get("skipped"):  # not in versions of before there were pins
        told = f"– 跳过 {len(skipped)} 项 · skipped: {len(skipped)} gates"
        why = "所核对的通报未载入或尚未发布 · they pin facts of bulletins not loaded or not yet published"
        console.print(Text(f"{told} ({why})"), soft_wrap=True)
    file = settings.public / "tongcheng.duckdb"
    lines = (
        f"文件 · file: {file}  (as of {manifest['as_of_date']})",
        "打开 · open: .venv/bin/python -c \"import duckdb; duckdb.connect('"
        f"{_relative(file)}', read_only=True).sql('select indicator_id, ref_area, latest_value, trend "
        "from marts.integration_progress where is_headline').show()\"",
        f"报告 · report: {settings.public / 'site' / 'index.html'}",
        f"门禁结果 · gate page: {settings.gates / 'index.html'}",
        f"下载 · downloads: {settings.public / 'downloads' / 'README.txt'}",
        "界面 · UI: make ui",
    )
    for line in lines:
        console.print(Text(line), soft_wrap=True)


def _relative(path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _explain(console: Screen, settings: Settings, result, log) -> None:
    """The warnings by name; every red check with its rule and offending rows, then every failed step not
    explained by a check.
    """
    failed = [
        evaluation
        for event in result.all_events
        if event.event_type_value == "ASSET_CHECK_EVALUATION"
        and not (evaluation := event.asset_check_evaluation_data).passed
    ]
    red = [evaluation for evaluation in failed if evaluation.severity.value == "ERROR"]
    for evaluation in failed:
        if evaluation not in red:
            name = f"{evaluation.asset_key.path[-1]}.{evaluation.check_name}"
            console.print(Text(f"! {name} (警告 · warning)", style="yellow"), soft_wrap=True)
    for evaluation in red:
        name = f"{'.'.join(evaluation.asset_key.path)}: {evaluation.check_name}"
        console.print(Text(f"✗ {name}", style="red"), soft_wrap=True)
        for label, value in evaluation.metadata.items():
            _show_value(console, label, value)
    for event in result.all_events:
        if event.is_step_failure and not (red and "CheckFailed" in _error_class(event)):
            console.print(Text(f"✗ {event.step_key}: {_message(event)}", style="red"), soft_wrap=True)
        if event.is_run_failure and not any(e.is_step_failure for e in result.all_events):
            console.print(Text(f"✗ {_innermost(event.job_failure_data.error)}", style="red"), soft_wrap=True)
    _say_what_stays(console, settings, log)


def _give_up(console: Screen, settings: Settings, error: Exception, log: Path) -> None:
    """One line for a person; where it happened goes to the log, if that can be written."""
    with contextlib.suppress(OSError), log.open("a", encoding="utf-8") as stream:
        traceback.print_exception(error, file=stream)
    console.print(Text(f"✗ {said(settings, error, *OWN_WORDS)}", style="red"), soft_wrap=True)
    _say_what_stays(console, settings, log)


def _say_what_stays(console: Screen, settings: Settings, log: Path) -> None:
    console.print(
        Text(
            f"未发布，已发布版本不变 · not published; the published version is unchanged.\n"
            f"留存文件 · files kept in: {settings.red}; 日志 · log: {log}"
        ),
        soft_wrap=True,
    )


def _show_value(console: Screen, label: str, value) -> None:
    records = getattr(value, "records", None)
    if records is None:
        console.print(Text(f"    {label}: {value.value}"), soft_wrap=True)
        return
    for record in records:
        cells = ", ".join(f"{k}={v}" for k, v in record.data.items() if v not in (None, ""))
        console.print(Text(f"    {cells}"), soft_wrap=True)


def _error_class(event) -> str:
    error = event.step_failure_data.error
    return (error.cls_name or "") if error else ""


def _message(event) -> str:
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return data.user_failure_data.description
    return _innermost(data.error)


def _innermost(error) -> str:
    """The message of the original exception, which Dagster wraps."""
    while error and error.cause:
        error = error.cause
    return in_words(error.message) if error else "unknown"
