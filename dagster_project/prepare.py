"""What must exist before definitions load: dbt's sources, made from the seed declarations, and its manifest.

Every command runs it; it does nothing when nothing has changed.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import yaml
from filelock import FileLock

from dagster_project.dbt_command import TARGET, dbt_executable, environment
from dagster_project.settings import DBT_PROJECT, ROOT, Settings

SOURCES = DBT_PROJECT / "models" / "staging" / "_sources.yml"
MANIFEST = TARGET / "manifest.json"
INSTANCE_CONFIG = Path(__file__).with_name("dagster.yaml")
# The tables that ingest adds to those of the seeds; their columns are described where they are made.
LOADER_TABLES = {
    "token": "Printed tokens as read 读出的数字: one row per distinct printed token.",
    "record_head": "Heads of fact records 事实记录的头: one row per line before a record's table.",
    "record_part": "Figures in fact records 事实记录中的数字: one row per figure of a cell.",
    "rejects": "Rejected rows 拒收行: one row per value that a rule rejected.",
    "notes": "Normalisations 规范化记录: one row per value that was normalised on loading.",
    "seed_files": "Seed files 种子文件: one row per file with rows, bytes and sha256.",
    "build_info": "Build 构建信息: one row for the current build.",
}
AUDIT_TABLE = {
    "source_audit": "Audit 核对结果: one row per source with a document, as audited against these seeds.",
}
CHANGES_TABLES = {
    "build_changes": "Changes 变动: one row per cell or whole row that differs from the published version.",
    "earlier_changes": "Earlier changes 此前变动: what the published version tells of changes.",
}


class PrepareError(RuntimeError):
    """dbt cannot parse the project; the message ends with dbt's own."""


def prepare(settings: Settings) -> None:
    """Write dbt's sources and manifest where their inputs changed, and the instance's configuration.

    Raises PrepareError with dbt's output where the project does not parse.
    """
    TARGET.mkdir(parents=True, exist_ok=True)
    with FileLock(TARGET / ".lock"):  # two first builds at once must not write the same manifest
        _prepare(settings)


def _prepare(settings: Settings) -> None:
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    _write(settings.dagster_home / "dagster.yaml", INSTANCE_CONFIG.read_text(encoding="utf-8"))
    _write(SOURCES, sources_yaml(ROOT / "seeds"))
    stamp, state = TARGET / ".prepared", _state()
    if MANIFEST.exists() and stamp.exists() and stamp.read_text() == state:
        return
    done = subprocess.run(
        # In full: what dbt kept of an earlier state may name tests that are gone, and then it fails.
        [dbt_executable(), "--quiet", "parse", "--no-partial-parse"],
        cwd=DBT_PROJECT,
        env=environment(TARGET),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = f"{done.stdout}{done.stderr}".strip()
        raise PrepareError(f"dbt 无法解析项目 · dbt cannot parse the project:\n{said}")
    stamp.write_text(state)


def sources_yaml(seeds: Path) -> str:
    """The dbt sources file: one source table per seed declaration, each tied to its ingest asset."""
    from dagster_project.seeds.schema import read_schema

    tables = [
        {
            "name": table.name,
            "description": f"{table.title} · {table.description}",
            "meta": {"dagster": {"asset_key": ["raw", table.name]}},
            "columns": [
                {"name": field.name, "description": f"{field.title} · {field.description}"}
                for field in table.fields
            ],
        }
        for table in read_schema(seeds).values()
    ]
    tables += [
        {"name": name, "description": text, "meta": {"dagster": {"asset_key": ["raw", name]}}}
        for name, text in {**LOADER_TABLES, **AUDIT_TABLE, **CHANGES_TABLES}.items()
    ]
    source = {
        "name": "raw",
        # On a cluster, as all schemas there (macros/generate_schema_name.sql).
        "schema": "{{ target.schema ~ '_raw' if target.type == 'spark' else 'raw' }}",
        "description": "Seeds as loaded 已载入的种子表",
        "tables": tables,
    }
    return yaml.safe_dump({"version": 2, "sources": [source]}, allow_unicode=True, sort_keys=False, width=120)


def _state() -> str:
    """Hash of everything that the manifest depends on."""
    digest = hashlib.sha256(dbt_executable().encode())
    ignored = {"target", "logs"}
    for path in sorted(DBT_PROJECT.rglob("*")):
        if path.suffix in {".sql", ".yml", ".md"} and not ignored & set(path.relative_to(DBT_PROJECT).parts):
            digest.update(str(path.relative_to(DBT_PROJECT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _write(path: Path, text: str) -> None:
    """Write only what has changed: a new time stamp would make dbt parse again."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
