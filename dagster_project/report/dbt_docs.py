"""dbt's own documentation as one static page, from the manifest and the columns of the finished file.

dbt's command would start dbt again and parse the project only to write the same page.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import duckdb

PROJECT = "tongcheng"
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


def write_dbt_docs(manifest: Path, database: Path, to: Path) -> None:
    """Write the page as `to`. Raises ValueError where the installed dbt's page is not of the known form."""
    page = files("dbt.task.docs").joinpath("index.html").read_text(encoding="utf-8")
    known = json.loads(manifest.read_text(encoding="utf-8"))
    parts = {"MANIFEST": _own(known), "CATALOG": _catalog(known, database)}
    for name, content in parts.items():
        mark = f'"{name}.JSON INLINE DATA"'
        if page.count(mark) != 1:
            raise ValueError(f"dbt's documentation page has no single place for {name.lower()}")
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        page = page.replace(mark, text.replace("</", "<\\/"))
    for wrong, right in MENDED.items():
        page = page.replace(wrong, right)
    page = page.replace("<head>", f"<head>{POLICY}", 1)
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(page, encoding="utf-8")


def _own(manifest: dict) -> dict:
    """What the page shows of the manifest: this project, without dbt's macros and this machine's paths."""
    macros = {k: v for k, v in manifest["macros"].items() if v["package_name"] == PROJECT}
    nodes = {
        key: {name: value for name, value in node.items() if name not in {"compiled_path", "build_path"}}
        for key, node in manifest["nodes"].items()
    }
    for node in nodes.values():
        node["depends_on"]["macros"] = [m for m in node["depends_on"].get("macros", []) if m in macros]
    return {**manifest, "macros": macros, "nodes": nodes, "disabled": {}}


def _catalog(manifest: dict, database: Path) -> dict:
    """Columns and types of every table of the file that the manifest knows, in the form of dbt's catalog."""
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name, column_index, data_type, comment "
            "from duckdb_columns() where not internal order by schema_name, table_name, column_index"
        ).fetchall()
    tables: dict[tuple[str, str], dict] = {}
    for schema, table, column, index, kind, comment in columns:
        tables.setdefault((schema, table), {})[column] = {
            "name": column,
            "index": index,
            "type": kind,
            "comment": comment,
        }
    nodes: dict[str, dict] = {"nodes": {}, "sources": {}}
    for part, into in nodes.items():
        for key, node in manifest[part].items():
            if there := tables.get((node["schema"], node.get("alias") or node["name"])):
                about = {
                    "type": "table",
                    "schema": node["schema"],
                    "name": node["name"],
                    "database": node["database"],
                    "comment": None,
                    "owner": None,
                }
                into[key] = {"metadata": about, "columns": there, "stats": {}, "unique_id": key}
    return {"metadata": {}, "errors": None, **nodes}
