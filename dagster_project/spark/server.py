"""The Thrift server of a Spark cluster: connecting to it, and what it must be before anything runs on it."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from dagster_project.settings import DBT_PROJECT, Spark

PARTS = 16  # small files, so that every worker gets some
VERSIONS = ("4.1.",)  # on which equality has been proved


class SparkError(RuntimeError):
    """The cluster cannot do what is asked; the message says what is wrong and what helps."""


def settings() -> dict[str, str]:
    """What a server must be started with to come to the same rows; declared in dbt_project.yml."""
    project = yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return project["vars"]["spark_settings"]


@contextmanager
def connect(spark: Spark) -> Iterator[Any]:
    """A cursor on the server. Raises SparkError where there is none to be had."""
    if find_spec("pyhive") is None:
        raise SparkError(
            "未安装 Spark 客户端 · the client for Spark is not installed: `make spark-environment`"
        )
    from pyhive import hive

    try:
        connection = hive.connect(
            host=spark.host,
            port=spark.port,
            username=spark.user,
            auth=spark.auth,
            password=spark.password,
            kerberos_service_name=spark.kerberos_service,
        )
    except Exception as error:  # each layer below has exceptions of its own
        raise SparkError(
            f"Spark 服务无应答 · no Spark server answers at {spark.host}:{spark.port}; "
            f"请核对 · check --spark-host, --spark-port: {_first_line(error)}"
        ) from error
    try:
        yield connection.cursor()
    finally:
        with suppress(Exception):  # the server may be gone: there is nothing left to close
            connection.close()


def shared_folder(spark: Spark) -> Path:
    """The folder that all machines see. Raises SparkError where none is named."""
    if spark.folder is None:
        raise SparkError("缺少共享文件夹 · a folder that all workers see is needed: --spark-folder")
    return spark.folder


def require_alive(spark: Spark) -> None:
    """Raise SparkError where the server is gone."""
    with connect(spark) as cursor:
        query(cursor, "select 1")


def query(cursor: Any, statement: str) -> list[tuple]:
    """Rows of a statement. Raises SparkError with the server's own words."""
    try:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []
    except Exception as error:  # PyHive's, thrift's or the socket's
        raise SparkError(f"Spark: {_first_line(error)}") from error


def require(spark: Spark) -> str:
    """Spark's version, if the server can be used. Raises SparkError that names all that is wrong with it."""
    folder = shared_folder(spark)
    with connect(spark) as cursor:
        version = query(cursor, "select version()")[0][0].split()[0]
        wrong = []
        if not version.startswith(VERSIONS):
            wrong.append(f"不支持的版本 · version {version} is not supported: {', '.join(VERSIONS)}x")
        for name, wanted in settings().items():
            found = query(cursor, f"set {name}")[0][1]
            if found != wanted:
                wrong.append(f"{name}={found}; 应为 · start the server with {name}={wanted}")
        if not wrong:
            wrong += _unseen(cursor, folder)
    if wrong:
        raise SparkError("Spark 服务不合用 · the Spark server cannot be used: " + "\n".join(wrong))
    return version


def _unseen(cursor: Any, folder: Path) -> list[str]:
    """Write small files, have the workers read them and write others, and read those: both ways must work."""
    import duckdb

    probe = folder / f"probe-{uuid.uuid4().hex}"
    said = (
        f"工作节点看不到共享文件夹 · the workers do not see this folder: {folder}; "
        "所有机器须在同一路径挂载 · all machines must have it at the same path"
    )
    try:
        (probe / "to").mkdir(parents=True)
        for number in range(PARTS):
            duckdb.sql(f"copy (select {number} as n) to '{probe / 'to' / f'{number}.parquet'}'")
        there = f"parquet.`{(probe / 'to').as_uri()}`"
        query(
            cursor,
            f"insert overwrite directory '{(probe / 'back').as_uri()}' using parquet "
            f"select /*+ repartition({PARTS}) */ n from {there}",
        )
        back = duckdb.sql(f"select count(*), sum(n) from '{probe / 'back' / '*.parquet'}'").fetchone()
        return [] if back == (PARTS, sum(range(PARTS))) else [said]
    except (SparkError, duckdb.Error, OSError) as error:
        return [f"{said} ({_first_line(error)})"]
    finally:
        shutil.rmtree(probe, ignore_errors=True)


def _first_line(error: BaseException) -> str:
    status = getattr(error.args[0], "status", None) if error.args else None
    said = getattr(status, "errorMessage", None) or str(error) or type(error).__name__
    return said.splitlines()[0][:300]
