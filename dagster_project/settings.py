"""Where things are, and as of which day: the one place that reads the environment.

Every process of a build (command line, UI, daemon, run worker, dbt) sees the same variables, so that
tests, benchmarks and a user's own data need no other way in. No rule about data belongs here.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT = ROOT / "dbt_project"
EXPECTATIONS = ROOT / "expectations"
CACHE = ROOT / "build" / "cache"  # what only a library decides, whatever the build folder
TIMEZONE = "Asia/Shanghai"
NIGHTLY = time(2, 0)  # when the nightly build starts, there
DATABASE = "tongcheng.duckdb"  # one file stem everywhere: views embed it
DATABASE_VARIABLE = "TONGCHENG_DATABASE"  # gives dbt the file of the current build; see dbt_file.py
# Files of this version open in every DuckDB client since 1.4, and a stray log beside one is refused.
STORAGE_VERSION = "v1.4.0"
# Of DuckDB, in any one step, unless set; what does not fit is spilled beside the file. With the libraries
# around it a build of ten million figures is to stay under 8 GiB.
MEMORY_LIMIT = r"\d+(\.\d+)? ?[KMGT]i?B"
MEMORY = 5 * 2**30  # bytes; of a small machine, half of what it has
FEW = 500_000  # figures; up to here it is quicker to make every model anew than to find out what changed
SMALL_SEEDS = 64 * 2**20  # bytes of files: up to here a second thread costs more than it helps
DUCKDB = "duckdb"
ENGINES = (DUCKDB, "spark")  # what computes the models
STARTED_BY = "started_by"  # tag of a run: what asked for it, where that is not Dagster itself
SHOWN_ROWS = 10  # of those that a red check found
# Schema of the rows of marts that a night made anew (incremental/).
OF_NIGHT = "of_night"


@dataclass(frozen=True)
class Channels:
    """Who hears of an alert beside the log. Nobody, unless the environment names them.

    webhook: http(s) address that gets the alert as JSON; smtp: smtp://host:25 or
    smtps://user:password@host:465, a user at smtp means STARTTLS; mail_to: addresses, with commas between.
    """

    webhook: str | None = None
    smtp: str | None = None
    mail_to: str | None = None
    mail_from: str | None = None

    @classmethod
    def read(cls) -> Channels:
        """Read TONGCHENG_ALERT_WEBHOOK, TONGCHENG_ALERT_SMTP, TONGCHENG_ALERT_TO, TONGCHENG_ALERT_FROM."""
        names = ("WEBHOOK", "SMTP", "TO", "FROM")
        return cls(*(os.environ.get(f"TONGCHENG_ALERT_{name}") or None for name in names))


def database_of_build() -> str | None:
    """The file that dbt is to open, where a build says so; see dbt_file.py."""
    return os.environ.get(DATABASE_VARIABLE)


@dataclass(frozen=True)
class Spark:
    """The Thrift server of a Spark cluster.

    folder: one that this machine and all workers have at the same path; password: only where auth needs one
    (LDAP, CUSTOM).
    """

    host: str = "127.0.0.1"
    port: int = 10000
    folder: Path | None = None
    user: str = "tongcheng"
    auth: str = "NONE"
    password: str | None = None
    kerberos_service: str | None = None

    @classmethod
    def read(cls) -> Spark:
        """Read TONGCHENG_SPARK_HOST, _PORT, _FOLDER, _USER, _AUTH, _PASSWORD, _KERBEROS_SERVICE.

        dbt reads all but the folder, in profiles.yml. Raises SettingsError.
        """

        def said(name: str) -> str | None:
            return os.environ.get(f"TONGCHENG_SPARK_{name}") or None

        return cls(
            said("HOST") or cls.host,
            _number("TONGCHENG_SPARK_PORT", most=65535) or cls.port,
            Path(folder).resolve() if (folder := said("FOLDER")) else None,
            said("USER") or cls.user,
            said("AUTH") or cls.auth,
            said("PASSWORD"),
            said("KERBEROS_SERVICE"),
        )

    def export(self) -> None:
        """Export what a command line may name to this process and its children."""
        os.environ.update(TONGCHENG_SPARK_HOST=self.host, TONGCHENG_SPARK_PORT=str(self.port))
        if self.folder:
            os.environ["TONGCHENG_SPARK_FOLDER"] = str(self.folder)


class SettingsError(ValueError):
    """A variable of the environment has no value that it may have; the message names both."""


@dataclass(frozen=True)
class Settings:
    """Folders and day of a build.

    seeds: typed by hand; build: private working files; public: what analysts read;
    as_of: the day that statuses refer to, None for 'today in Shanghai when the run starts';
    corpus: the documents themselves, where available; memory_limit, threads: of DuckDB, None for 'as the
    machine and the seeds are'; engine: what computes the models of a full build; few: figures up to which it
    makes every model anew.
    """

    seeds: Path
    build: Path
    public: Path
    as_of: date | None = None
    corpus: Path | None = None
    memory_limit: str | None = None
    threads: int | None = None
    engine: str = DUCKDB
    few: int = FEW

    @classmethod
    def read(cls) -> Settings:
        """Read TONGCHENG_SEEDS, _BUILD, _PUBLIC, _AS_OF, _CORPUS, _MEMORY_LIMIT, _THREADS, _ENGINE, _FEW.

        Folders have defaults beside the code. Raises SettingsError.
        """

        def folder(name: str) -> Path:
            return Path(os.environ.get(f"TONGCHENG_{name.upper()}") or ROOT / name).resolve()

        as_of = os.environ.get("TONGCHENG_AS_OF")
        corpus = os.environ.get("TONGCHENG_CORPUS")
        return cls(
            folder("seeds"),
            folder("build"),
            folder("public"),
            date.fromisoformat(as_of) if as_of else None,
            Path(corpus).resolve() if corpus else None,
            os.environ.get("TONGCHENG_MEMORY_LIMIT") or None,
            _number("TONGCHENG_THREADS"),
            os.environ.get("TONGCHENG_ENGINE") or cls.engine,
            _number("TONGCHENG_FEW", most=10**9) or cls.few,
        )

    def __post_init__(self) -> None:
        """Refuse what DuckDB would not understand, and an unknown engine. Raises SettingsError."""
        if self.engine not in ENGINES:
            raise SettingsError(
                f"TONGCHENG_ENGINE={self.engine}: 应为 · should be one of {', '.join(ENGINES)}"
            )
        if self.memory_limit and not re.fullmatch(MEMORY_LIMIT, self.memory_limit, re.IGNORECASE):
            raise SettingsError(f"TONGCHENG_MEMORY_LIMIT={self.memory_limit}: 应如 · should be like 4GiB")

    def export(self) -> None:
        """Export the variables, with those of Dagster and dbt, to this process and its children."""
        os.environ.update(
            TONGCHENG_SEEDS=str(self.seeds),
            TONGCHENG_BUILD=str(self.build),
            TONGCHENG_PUBLIC=str(self.public),
            DAGSTER_HOME=str(self.dagster_home),
            DAGSTER_DISABLE_TELEMETRY="1",
            DBT_SEND_ANONYMOUS_USAGE_STATS="false",
            DO_NOT_TRACK="1",
        )
        if self.as_of:
            os.environ["TONGCHENG_AS_OF"] = self.as_of.isoformat()
        if self.corpus:
            os.environ["TONGCHENG_CORPUS"] = str(self.corpus)
        if self.memory_limit:
            os.environ["TONGCHENG_MEMORY_LIMIT"] = self.memory_limit
        if self.threads:
            os.environ["TONGCHENG_THREADS"] = str(self.threads)
        os.environ["TONGCHENG_ENGINE"] = self.engine
        os.environ["TONGCHENG_FEW"] = str(self.few)

    def duckdb(self) -> dict[str, Any]:
        """How much of the machine DuckDB takes in one step, as options of a connection."""
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        memory = self.memory_limit or f"{min(MEMORY, machine // 2) // 2**20}MiB"
        return {"memory_limit": memory, "threads": self.threads or _threads(self.seeds)}

    @property
    def dagster_home(self) -> Path:
        """Instance folder shared by command line, UI and daemon."""
        return self.build / "dagster"

    @property
    def lock(self) -> Path:
        """File whose lock a build holds from its first step to its last."""
        return self.build / "lock"

    @property
    def next(self) -> Path:
        """Folder of the current full run: created at its start, removed at its end."""
        return self.build / "next"

    @property
    def work(self) -> Path:
        """Folder of the last green copy, in which single assets are materialized."""
        return self.build / "work"

    @property
    def red(self) -> Path:
        """Folder of red runs, one folder per run."""
        return self.build / "red"

    @property
    def gates(self) -> Path:
        """Folder of the page that shows every gate with its last result."""
        return self.build / "gates"

    @property
    def audits(self) -> Path:
        """Folder of stored audit results, one file for each document and state of the seeds."""
        return self.build / "audit"

    @property
    def readings(self) -> Path:
        """Folder of what was read of printed texts, one file a kind; only saves time."""
        return self.build / "readings"

    @property
    def alerts(self) -> Path:
        """File of alerts: one JSON object per line."""
        return self.build / "alerts.jsonl"

    def day(self) -> date:
        """The as-of date of a run started now."""
        return self.as_of or datetime.now(ZoneInfo(TIMEZONE)).date()


def _number(variable: str, most: int = 999) -> int | None:
    value = os.environ.get(variable) or None
    if value and not (re.fullmatch(r"[1-9]\d{0,9}", value) and int(value) <= most):
        raise SettingsError(f"{variable}={value}: 应为 1–{most} · should be a whole number from 1 to {most}")
    return int(value) if value else None


@cache
def _threads(seeds: Path) -> int:
    return 1 if small_seeds(seeds) else len(os.sched_getaffinity(0))


def small_seeds(seeds: Path) -> bool:
    """Whether one thread is enough, and seconds are."""
    return sum(path.stat().st_size for path in seeds.rglob("*.csv")) <= SMALL_SEEDS
