"""The stated figures as SDMX-CSV 2.0, with their structure as SDMX-JSON 2.0.

A column of the mart is the concept of the same name in capitals. Said here is only which of them make the
key; code lists are those that dbt's tests enforce.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from dagster_project import sql
from dagster_project.downloads.flat_files import copy_csv, csv_value
from dagster_project.downloads.keys import Keys
from dagster_project.downloads.marts import Column, Mart

MART = "fct_observation"
AGENCY, VERSION = "TONGCHENG", "1.0.0"
# Several bulletins may state a figure for one series and period, so the figure's own name belongs to the key.
DIMENSIONS = ("indicator_id", "ref_area", "breakdown", "unit_measure", "stock_flow", "observation_id")
MEASURE = "obs_value"
TIME = "TIME_PERIOD"
# A day, or a range of days as start and length: nothing narrower than what was said.
_TIME_SQL = (
    "case when time_period_start is null or time_period_start = time_period_end "
    "then cast(time_period_end as varchar) else cast(time_period_start as varchar) || '/P' || "
    "date_diff('day', time_period_start, time_period_end + 1) || 'D' end"
)
_TYPES = {
    "text": "String",
    "number": "Decimal",
    "integer": "Long",
    "boolean": "Boolean",
    "date": "GregorianDay",
    "timestamp": "DateTime",
}
_SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/develop/structure-message/tools/schemas/2.0.0/"
    "sdmx-json-structure-schema.json"
)


def write_sdmx_csv(connection: duckdb.DuckDBPyConnection, mart: Mart, path: Path) -> None:
    """Every stated figure, one row each."""
    by_name = {column.name: column for column in mart.columns}
    fixed = {
        "STRUCTURE": "dataflow",
        "STRUCTURE_ID": f"{AGENCY}:{mart.name.upper()}({VERSION})",
        "ACTION": "I",
    }
    columns = [f"{sql.text(value)} as {name}" for name, value in fixed.items()]
    columns += [_concept(by_name[name]) for name in DIMENSIONS]
    columns += [f"{_TIME_SQL} as {TIME}", _concept(by_name[MEASURE])]
    columns += [_concept(column) for column in _attributes(mart)]
    copy_csv(connection, columns, mart.relation, path)


def write_structure(
    connection: duckdb.DuckDBPyConnection, marts: list[Mart], keys: dict[str, Keys], path: Path, build: dict
) -> None:
    """Data structure, dataflow, concepts and code lists of the file above."""
    by_name = {mart.name: mart for mart in marts}
    mart = by_name[MART]
    lists = {
        column: (f"CL_{target.upper()}", _codes_of_mart(connection, by_name[target], key))
        for column, (target, key) in keys[MART].references.items()
    } | {
        column: (f"CL_{name}", _codes_of_list(connection, name)) for column, name in keys[MART].codes.items()
    }
    message = {
        "meta": {
            "schema": _SCHEMA,
            "id": build["build_id"],
            "prepared": f"{build['built_at']:%Y-%m-%dT%H:%M:%SZ}",
            "sender": {"id": AGENCY},
        },
        "data": {
            "codelists": [
                _artefact(name, name) | {"codes": codes} for name, codes in dict(lists.values()).items()
            ],
            "conceptSchemes": [_artefact("CONCEPTS", "Columns of the marts") | {"concepts": _concepts(mart)}],
            "dataStructures": [
                _artefact(mart.name.upper(), mart.description)
                | {"dataStructureComponents": _components(mart, {c: name for c, (name, _) in lists.items()})}
            ],
            "dataflows": [
                _artefact(mart.name.upper(), mart.description)
                | {"structure": _urn("datastructure.DataStructure", mart.name.upper())}
            ],
        },
    }
    path.write_text(json.dumps(message, ensure_ascii=False, indent=1), encoding="utf-8")


def _attributes(mart: Mart) -> list[Column]:
    return [column for column in mart.columns if column.name not in {*DIMENSIONS, MEASURE}]


def _concept(column: Column) -> str:
    return f"{csv_value(column)} as {sql.name(column.name.upper())}"


def _artefact(name: str, title: str) -> dict:
    return {"agencyID": AGENCY, "id": name, "version": VERSION, "name": title}


def _urn(kind: str, name: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{kind}={AGENCY}:{name}({VERSION})"


def _concepts(mart: Mart) -> list[dict]:
    time = {"id": TIME, "name": "时期:某日,或起日/天数 · period: a day, or first day and number of days"}
    return [time, *({"id": column.name.upper(), "name": column.description} for column in mart.columns)]


def _components(mart: Mart, lists: dict[str, str]) -> dict:
    def component(column: Column) -> dict:
        coded = lists.get(column.name)
        shape = (
            {"enumeration": _urn("codelist.Codelist", coded)}
            if coded
            else {"format": {"dataType": _TYPES[column.kind]}}
        )
        concept = _urn("conceptscheme.Concept", "CONCEPTS") + f".{column.name.upper()}"
        return {"id": column.name.upper(), "conceptIdentity": concept, "localRepresentation": shape}

    by_name = {column.name: column for column in mart.columns}
    on_observation = {"attributeRelationship": {"observation": {}}, "measureRelationship": [MEASURE.upper()]}
    return {
        "dimensionList": {
            "dimensions": [component(by_name[name]) for name in DIMENSIONS],
            "timeDimension": {
                "id": TIME,
                "conceptIdentity": _urn("conceptscheme.Concept", "CONCEPTS") + f".{TIME}",
                "localRepresentation": {"format": {"dataType": "ObservationalTimePeriod"}},
            },
        },
        "measureList": {"measures": [component(by_name[MEASURE])]},
        "attributeList": {"attributes": [component(c) | on_observation for c in _attributes(mart)]},
    }


def _codes_of_mart(connection: duckdb.DuckDBPyConnection, mart: Mart, key: str) -> list[dict]:
    names = {column.name for column in mart.columns}
    label = "name" if "name_zh" in names else "title"
    return _codes(connection, f"select {key}, {label}_zh, {label}_en from {mart.relation} order by 1")


def _codes_of_list(connection: duckdb.DuckDBPyConnection, name: str) -> list[dict]:
    return _codes(
        connection, f"select code, name_zh, name_en from raw.code_lists where code_list = {sql.text(name)}"
    )


def _codes(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict]:
    return [
        {"id": code, "name": f"{zh} · {en}", "names": {"zh": zh, "en": en}}
        for code, zh, en in connection.execute(query).fetchall()
    ]
