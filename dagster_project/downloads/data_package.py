"""datapackage.json: the CSV files as a Frictionless data package (specification v1)."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from dagster_project.downloads.index import File, about
from dagster_project.downloads.marts import Column, Mart

_TYPES = {"text": "string", "timestamp": "datetime"}  # the other kinds are called as there


def write_data_package(
    connection: duckdb.DuckDBPyConnection,
    marts: list[Mart],
    files: dict[str, list[File]],
    build: dict,
    path: Path,
) -> None:
    """Write the descriptor beside the folder csv; files: those of each mart, measured."""
    title, _, *notice = about(build)
    package = {
        "profile": "tabular-data-package",
        "name": "tongcheng",
        "title": title,
        "description": "\n".join(notice).strip(),
        "version": build["build_id"],
        "created": f"{build['built_at']:%Y-%m-%dT%H:%M:%SZ}",
        "as_of_date": str(build["as_of_date"]),
        "git_revision": build["git_revision"],
        "keywords": ["同城化", "成德眉资", "regional integration", "Chengdu"],
        "licenses": [{"name": "Apache-2.0", "title": "Apache License 2.0"}],
        "sources": _sources(connection),
        "resources": [_resource(mart, files[mart.name]) for mart in marts],
    }
    path.write_text(json.dumps(package, ensure_ascii=False, indent=1), encoding="utf-8")


def _sources(connection: duckdb.DuckDBPyConnection) -> list[dict]:
    """The bulletins: title, and address where there is one."""
    rows = connection.execute(
        "select title_zh || ' · ' || title_en, url_main from marts.dim_source "
        "order by date_published, source_id"
    ).fetchall()
    return [{"title": title, **({"path": address} if address else {})} for title, address in rows]


def _resource(mart: Mart, files: list[File]) -> dict:
    """Several files of one mart are one resource, each with the header."""
    one = files[0] if len(files) == 1 else None
    return {
        "profile": "tabular-data-resource",
        "name": mart.name,
        "path": one.path if one else [file.path for file in files],
        "description": mart.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": sum(file.bytes for file in files),
        **({"hash": f"sha256:{one.sha256}"} if one else {}),
        "rows": sum(file.rows or 0 for file in files),  # as written
        "schema": {
            "fields": [_field(column) for column in mart.lasting],
            "missingValues": [""],
            "primaryKey": mart.keys.primary,
            "foreignKeys": [
                {
                    "fields": [column],
                    "reference": {"resource": "" if to == mart.name else to, "fields": [named]},
                }
                for column, (to, named) in mart.keys.references.items()
            ],
        },
    }


def _field(column: Column) -> dict:
    kind = _TYPES.get(column.kind, column.kind)
    return {"name": column.name, "type": kind, "description": column.description}
