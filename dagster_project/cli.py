"""The command line: each command reads its folders and date, and calls the module that does the work."""

from __future__ import annotations

import atexit
import gc
import io
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from dagster_project import __doc__ as about
from dagster_project.settings import DATABASE, ENGINES, Settings, SettingsError, Spark
from dagster_project.terminal import hear_no_more, nobody_reads, obey_signals


def _with_settings(command):
    """Give a command the options that all commands share; defaults: the environment, then the project."""

    def folder(name: str, text: str):
        kind = click.Path(file_okay=False, path_type=Path)
        return click.option(f"--{name}", type=kind, envvar=f"TONGCHENG_{name.upper()}", help=text)

    options = (
        folder("seeds", "种子文件夹 · folder of the seed CSVs"),
        folder("build", "工作文件夹 · private working folder"),
        folder("public", "发布文件夹 · folder that analysts read"),
    )
    for option in reversed(options):
        command = option(command)
    return command


# Only of what builds: a published file has the day that it was built for.
_as_of = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    envvar="TONGCHENG_AS_OF",
    help="统计时点，默认今天(上海)· day that statuses refer to; default: today in Shanghai",
)


def _settings(
    seeds,
    build,
    public,
    as_of=None,
    corpus: Path | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    engine: str | None = None,
    few: int | None = None,
) -> Settings:
    default = Settings.read()
    day: date | None = as_of.date() if as_of else None
    settings = Settings(
        seeds=(seeds or default.seeds).resolve(),
        build=(build or default.build).resolve(),
        public=(public or default.public).resolve(),
        as_of=day,
        corpus=corpus.resolve() if corpus else default.corpus,
        memory_limit=memory_limit or default.memory_limit,
        threads=threads or default.threads,
        engine=engine or default.engine,
        few=few or default.few,
    )
    if not settings.seeds.is_dir():
        raise click.ClickException(f"没有种子文件夹 · no such seeds folder: {settings.seeds}")
    settings.export()
    return settings


def _corpus(required: bool):
    return click.option(
        "--corpus",
        required=required,
        envvar="TONGCHENG_CORPUS",
        type=click.Path(file_okay=False, exists=True, path_type=Path),
        help="文档文件夹，按 sha256 查找 · folder of the documents, looked up by sha256",
    )


class _Commands(click.Group):
    """Whatever the command, trouble with files and folders is reported in one line."""

    def invoke(self, ctx: click.Context):
        from dagster_project.operate.faults import in_words
        from dagster_project.publish.versions import VersionError

        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            hear_no_more()
            click.echo("已中断，已发布版本不变 · interrupted; what is published is unchanged", err=True)
            sys.exit(130)
        except BrokenPipeError:  # whoever read the output has enough
            nobody_reads()
            return None
        except OSError as error:
            raise click.ClickException(in_words(error)) from None
        except (SettingsError, VersionError) as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=_Commands, help=about, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Entry point of the console script."""
    atexit.register(gc.freeze)  # or Python would look at each object once more before the process ends
    # A terminal whose encoding lacks a character, as GBK lacks ✓, gets its code instead of an exception.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@main.command()
@click.option(
    "--if-changed",
    is_flag=True,
    help="自已发布版本以来未变则不重建 · only if something has changed since the published version",
)
@click.option(
    "--full",
    is_flag=True,
    help="各模型全量重建 · make every model anew, whatever earlier builds made",
)
@click.option(
    "--few",
    envvar="TONGCHENG_FEW",
    type=click.IntRange(1, 10**9),
    help="数值不超过此数则全量重建 · figures up to which every model is made anew",
)
@_corpus(required=False)
@click.option(
    "--memory-limit",
    envvar="TONGCHENG_MEMORY_LIMIT",
    help="DuckDB 每一步所用内存，如 4GiB · memory of DuckDB in each step, such as 4GiB",
)
@click.option(
    "--threads",
    envvar="TONGCHENG_THREADS",
    type=click.IntRange(1),
    help="DuckDB 每一步所用线程数 · threads of DuckDB in each step",
)
@click.option(
    "--engine",
    envvar="TONGCHENG_ENGINE",
    type=click.Choice(ENGINES),
    help="计算各模型的引擎 · what computes the models",
)
@click.option(
    "--spark-host",
    envvar="TONGCHENG_SPARK_HOST",
    help="Spark Thrift 服务的主机 · host of Spark's Thrift server",
)
@click.option(
    "--spark-port", envvar="TONGCHENG_SPARK_PORT", type=click.IntRange(1, 65535), help="其端口 · its port"
)
@click.option(
    "--spark-folder",
    envvar="TONGCHENG_SPARK_FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="各节点同一路径可见的文件夹 · folder that this machine and all workers see at the same path",
)
@_as_of
@_with_settings
def build(if_changed: bool, full: bool, spark_host, spark_port, spark_folder, **options) -> None:
    """构建、检查并发布 · Build, check and publish."""
    from dagster_project.build_command import build_if_changed, run_nightly

    obey_signals()
    given = {"host": spark_host, "port": spark_port, "folder": spark_folder and spark_folder.resolve()}
    replace(Spark.read(), **{name: value for name, value in given.items() if value}).export()
    settings = _settings(**options)
    sys.exit(build_if_changed(settings) if if_changed and not full else run_nightly(settings, anew=full))


@main.command()
@_with_settings
def check(**options) -> None:
    """只检查种子 · Check the seeds only, in seconds."""
    from dagster_project.ingest.check import check_seeds

    sys.exit(check_seeds(_settings(**options)))


@main.command()
@_corpus(required=True)
@click.option("--source", multiple=True, help="只核对此来源的文档 · audit this source's document only")
@_with_settings
def audit(source: tuple[str, ...], corpus: Path, **options) -> None:
    """对照原文核对 · Check the seeds against the documents."""
    from dagster_project.audit.results import run_audit

    sys.exit(run_audit(_settings(corpus=corpus, **options), corpus.resolve(), source))


@main.command("new-bulletin")
@click.argument("document", required=False, type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option(
    "--record",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="事实记录，代替文档 · a fact record instead of a document",
)
@click.option("--slug", help="简称 · short name in lower case; default: taken from the file name")
@click.option(
    "--date",
    "published",
    type=click.DateTime(["%Y-%m-%d"]),
    help="发布日期，默认文中首个日期 · date of publication; default: the first date printed",
)
@click.option("--lines", help="所在的非空行，如 6-11,默认全部 · its non-blank lines, e.g. 6-11; default: all")
@click.option("--title-zh", help="中文题名 · title in Chinese")
@click.option("--title-en", help="英文题名 · title in English")
@click.option("--issuer", help="发布者 · body that states the facts")
@click.option("--publisher", help="出版者 · body that printed them")
@_with_settings
def new_bulletin(
    document, record, slug, published, lines, title_zh, title_en, issuer, publisher, **options
) -> None:
    """新建通报草稿 · Add a bulletin, with a draft of its figures."""
    if (document is None) == (record is None) or (record and lines):
        raise click.UsageError("文档与 --record 须给出其一 · give either a document or --record")
    from dagster_project.seeds.new_bulletin import run_new_bulletin

    known = {"title_zh": title_zh, "title_en": title_en, "issuer": issuer, "publisher": publisher}
    day = published.date() if published else None
    if record:
        from dagster_project.seeds.record_draft import run_record_bulletin

        sys.exit(run_record_bulletin(_settings(**options), record, slug=slug, published=day, **known))
    sys.exit(run_new_bulletin(_settings(**options), document, lines, slug=slug, published=day, **known))


@main.command("move-draft")
@click.argument("source_id")
@click.option("--judged", metavar="5-13", help="逐行核对过的行 · lines of which every row has been judged")
@_with_settings
def move_draft(source_id: str, judged: str | None, **options) -> None:
    """把草稿移入各表 · Move the rows of a draft into their tables.

    缺项的行留在草稿 · A row that lacks something stays in the draft, which says what.
    """
    from dagster_project.seeds.move_draft import run_move_draft

    sys.exit(run_move_draft(_settings(**options), source_id, judged))


@main.command()
@click.argument("query", required=False)
@click.option(
    "--file",
    "-f",
    type=click.File(encoding="utf-8"),
    help="语句所在文件,- 为标准输入 · file to read; - is stdin",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=200,
    show_default=True,
    help="最多行数,0 为全部 · maximum number of rows, 0 for all",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    help="秒数上限 · time limit in seconds",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "markdown"]),
    help="默认：终端为 table,否则 csv · default: table on a terminal, otherwise csv",
)
@_with_settings
def sql(query, file, limit: int, timeout: float, form: str | None, **options) -> None:
    """查询已发布文件 · Run one read-only statement.

    tongcheng sql "from marts.dim_area"
    """
    from dagster_project.query.output import run_sql

    if not query:
        stream = file or (None if sys.stdin.isatty() else sys.stdin)
        if stream is None:
            raise click.UsageError('没有语句 · no statement: tongcheng sql "select …"')
        query = stream.read()
    sys.exit(run_sql(_settings(**options), query, limit, timeout, form))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_with_settings
def sdmx(file: Path, **options) -> None:
    """写出 SDMX 数据 · Write the published figures as SDMX-CSV, however many."""
    from dagster_project.downloads.sdmx import write_published
    from dagster_project.prepare import MANIFEST, prepare

    settings = _settings(**options)
    prepare(settings)
    click.echo(f"{write_published(settings.public / DATABASE, MANIFEST, file)} 行 · rows: {file}")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="供程序读取 · output for programs")
@click.option("--alert", "tell", is_flag=True, help="有问题则告警 · send an alert if something is wrong")
@_with_settings
def status(as_json: bool, tell: bool, **options) -> None:
    """是否最新、上次结果 · Up to date, red or late?

    退出码 · exit code: 0 最新 up to date; 1 未通过、逾期或尚未发布 red, late or nothing published.
    """
    from dagster_project.operate.status_output import run_status

    sys.exit(run_status(_settings(**options), as_json, tell))


@main.command()
@_with_settings
def versions(**options) -> None:
    """列出已发布版本 · List the published versions."""
    from dagster_project.publish.versions import held
    from dagster_project.publish.versions import versions as published

    settings = _settings(**options)
    there = published(settings.public)
    if not there:
        click.echo("尚无已发布版本 · nothing published yet: tongcheng build")
    for version in there:
        manifest = version.manifest
        mark = "*" if version.current else " "
        size = sum(entry["bytes"] for entry in manifest["files"]) / 1e6
        click.echo(
            f"{mark} {version.build_id}  as of {manifest['as_of_date']}  {size:6.1f} MB  "
            f"{sum(manifest['rows'].values())} rows  seeds {manifest['seed_hash'][:12]}"
        )
    if hold := held(settings.public):
        click.echo(f"已保持在 · held at {hold}: no build is published until `tongcheng resume`")


@main.command()
@click.argument("build_id", required=False)
@_with_settings
def rollback(build_id: str | None, **options) -> None:
    """回退并保持 · Go back to an older version and hold it."""
    from dagster_project.publish.versions import rollback as back

    version = back(_settings(**options).public, build_id)
    click.echo(
        f"当前版本 · current: {version.build_id}\n"
        "在执行 tongcheng resume 之前不再发布新版本 · no new version is published until `tongcheng resume`"
    )


@main.command()
@_with_settings
def resume(**options) -> None:
    """解除保持 · Publish again from the next green build on."""
    from dagster_project.publish.versions import resume as release

    was_held = release(_settings(**options).public)
    click.echo(
        "已解除，下次通过的构建将发布；现在构建 · hold released: the next green build will be published; "
        "to build now: `tongcheng build`"
        if was_held
        else "没有保持 · no version was held"
    )


@main.command()
@click.option("--port", default=3000, show_default=True, help="端口 · port on 127.0.0.1")
@click.option("--read-only", is_flag=True, help="只看，不运行，无定时 · view only: no runs, no schedule")
@click.option(
    "--allow-host",
    multiple=True,
    help="代理所用的主机名 · host name used by a proxy; see docs/operate.md",
)
@_as_of
@_with_settings
def ui(port: int, read_only: bool, allow_host: tuple[str, ...], **options) -> None:
    """打开界面 · Serve the Dagster UI, schedule and sensor."""
    from dagster_project.ui.server import serve

    sys.exit(serve(_settings(**options), port, read_only, allow_host))


@main.command(hidden=True)
@_as_of
@_with_settings
def prepare(**options) -> None:
    """生成 dbt 清单 · Write dbt's manifest; the other commands do this themselves."""
    from dagster_project.prepare import prepare as make

    make(_settings(**options))


if __name__ == "__main__":
    main()
