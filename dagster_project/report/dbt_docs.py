"""dbt's own documentation as one page that fetches nothing, as `dbt docs generate --static` makes it.

To start dbt takes five seconds, and a night seldom changes a model or a column: the page is kept, and made
anew where it would say something else.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from importlib.metadata import version as installed
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from dagster_project import sql
from dagster_project.dbt_command import PARSED, dbt_executable, environment
from dagster_project.settings import DATABASE, DBT_PROJECT, OF_NIGHT

PROJECT = "tongcheng"
PATIENCE = 300  # seconds for dbt
# Nothing may be fetched, whatever the page contains.
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="'
    "default-src 'none'; img-src data:; font-src data:; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'\">"
)
# Places where dbt's page asks for files that do not exist, before it has thought of the right name.
MENDED = {
    '<use xlink:href="{{': '<use ng-attr-xlink:href="{{',
    """<link rel="shortcut icon" href="${require('./assets/favicons/favicon.ico')}"/>""": "",
}
# Of the manifest: what names folders of this machine, or differs from run to run.
_DROPPED = {"compiled_path", "build_path", "created_at"}
_OF_A_RUN = {"generated_at", "invocation_id", "invocation_started_at", "run_started_at", "env"}


def write_dbt_docs(manifest: Path, database: Path, to: Path, cache: Path) -> None:
    """Write the page of a finished file as `to`; dbt's is kept in `cache`.

    Raises RuntimeError where dbt does not make it, ValueError where it has no place for our policy.
    """
    shown = _shown(json.loads(manifest.read_text(encoding="utf-8")))
    kept = cache / f"dbt-{_key(shown, database)}.html"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        for outdated in cache.glob("dbt-*.html"):
            outdated.unlink(missing_ok=True)
        with TemporaryDirectory(dir=cache) as folder:  # two builds may make it at once
            _generate(Path(folder), shown, manifest, database).replace(kept)
    page = kept.read_text(encoding="utf-8")
    if "<head>" not in page:
        raise ValueError("dbt's page has no <head>")
    for wrong, right in {**MENDED, "<head>": f"<head>{POLICY}"}.items():
        page = page.replace(wrong, right)
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(page, encoding="utf-8")


def _shown(manifest: dict) -> str:
    """What the page is to show of the manifest, as text: this project, without dbt's own macros."""
    parts: dict[str, dict[str, dict]] = {
        part: {key: _without(_DROPPED, entry) for key, entry in manifest[part].items()}
        for part in ("nodes", "sources", "macros", "unit_tests")
    }
    parts["macros"] = {k: v for k, v in parts["macros"].items() if v["package_name"] == PROJECT}
    for node in parts["nodes"].values():
        used = node["depends_on"].get("macros", [])
        node["depends_on"]["macros"] = [macro for macro in used if macro in parts["macros"]]
    own = {**manifest, **parts, "metadata": _without(_OF_A_RUN, manifest["metadata"]), "disabled": {}}
    # dbt copies the text into a script as it stands.
    return json.dumps(own, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def _without(names: set[str], entry: dict) -> dict:
    return {name: value for name, value in entry.items() if name not in names}


def _key(shown: str, database: Path) -> str:
    """Hash of everything that the page depends on."""
    with sql.read(database) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal "
            f"and schema_name <> '{OF_NIGHT}' "
            "order by schema_name, table_name, column_index"
        ).fetchall()
    said = json.dumps([shown, columns, installed("dbt-core"), installed("dbt-duckdb")])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _generate(folder: Path, shown: str, manifest: Path, database: Path) -> Path:
    """Have dbt make its page in a folder, from the manifest as shown and the file's tables without rows."""
    (folder / "manifest.json").write_text(shown, encoding="utf-8")
    parsed = manifest.with_name(PARSED)
    if parsed.exists():  # what dbt need not parse again
        shutil.copyfile(parsed, folder / parsed.name)
    # A file of the same name, by which dbt knows the tables: the finished one is for nobody else to open.
    empty = folder / DATABASE
    with duckdb.connect(str(empty)) as connection:
        connection.execute(f"attach {sql.text(str(database))} as built (read_only)")
        connection.execute(f"copy from database built to {sql.name(empty.stem)} (schema)")
    done = subprocess.run(
        [dbt_executable(), "--quiet", "docs", "generate", "--static", "--no-compile"],
        cwd=DBT_PROJECT,
        env=environment(folder, empty),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return folder / "static_index.html"
