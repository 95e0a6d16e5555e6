"""What the columns of the SDMX-CSV file are, as SDMX-JSON 2.0: structure, flow, concepts, code lists.

Code lists are those that dbt's tests enforce on the mart.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from dagster_project import sql
from dagster_project.downloads.marts import Column, Mart
from dagster_project.downloads.sdmx import AGENCY, DIMENSIONS, MART, MEASURE, TIME, VERSION, attributes

_CONCEPTS = "CONCEPTS"
_TIME_NAME = "时期:某日,或起日/天数 · period: a day, or first day and number of days"
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


def write_structure(
    connection: duckdb.DuckDBPyConnection, marts: list[Mart], path: Path, build: dict
) -> None:
    """Write the structure message."""
    by_name = {mart.name: mart for mart in marts}
    mart = by_name[MART]
    name, codelists, coded = mart.name.upper(), {}, {}
    for column, (target, key) in mart.keys.references.items():
        if target == mart.name:  # one of its own figures, which is no code
            continue
        coded[column] = f"CL_{target.upper()}"
        codelists[coded[column]] = _codes(connection, _query_of_mart(by_name[target], key))
    for column, codes in mart.keys.codes.items():
        coded[column] = f"CL_{codes}"
        codelists[coded[column]] = _codes(connection, _query_of_list(codes))
    concepts = [{"id": TIME, "name": _TIME_NAME}]
    concepts += [{"id": column.name.upper(), "name": column.description} for column in mart.columns]
    described = _artefact(name, mart.description)
    message = {
        "meta": {
            "schema": _SCHEMA,
            "id": build["build_id"],
            "prepared": f"{build['built_at']:%Y-%m-%dT%H:%M:%SZ}",
            "sender": {"id": AGENCY},
        },
        "data": {
            "codelists": [_artefact(key, key) | {"codes": codes} for key, codes in codelists.items()],
            "conceptSchemes": [_artefact(_CONCEPTS, _CONCEPTS) | {"concepts": concepts}],
            "dataStructures": [described | {"dataStructureComponents": _components(mart, coded)}],
            "dataflows": [described | {"structure": _urn("datastructure.DataStructure", name)}],
        },
    }
    path.write_text(json.dumps(message, ensure_ascii=False, indent=1), encoding="utf-8")


def _artefact(name: str, title: str) -> dict:
    return {"agencyID": AGENCY, "id": name, "version": VERSION, "name": title}


def _urn(kind: str, name: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{kind}={AGENCY}:{name}({VERSION})"


def _components(mart: Mart, coded: dict[str, str]) -> dict:
    """coded: code list by column."""

    def component(column: Column) -> dict:
        if column.name in coded:
            return _component(column.name, {"enumeration": _urn("codelist.Codelist", coded[column.name])})
        return _component(column.name, {"format": {"dataType": _TYPES[column.kind]}})

    on_observation = {"attributeRelationship": {"observation": {}}, "measureRelationship": [MEASURE.upper()]}
    return {
        "dimensionList": {
            "dimensions": [component(mart.column(name)) for name in DIMENSIONS],
            "timeDimension": _component(TIME, {"format": {"dataType": "ObservationalTimePeriod"}}),
        },
        "measureList": {"measures": [component(mart.column(MEASURE))]},
        "attributeList": {"attributes": [component(c) | on_observation for c in attributes(mart)]},
    }


def _component(name: str, representation: dict) -> dict:
    concept = f"{_urn('conceptscheme.Concept', _CONCEPTS)}.{name.upper()}"
    return {"id": name.upper(), "conceptIdentity": concept, "localRepresentation": representation}


def _query_of_mart(mart: Mart, key: str) -> str:
    label = "name" if "name_zh" in {column.name for column in mart.columns} else "title"
    return f"select {key}, {label}_zh, {label}_en from {mart.relation} order by 1"


def _query_of_list(codes: str) -> str:
    return f"select code, name_zh, name_en from marts.dim_code where code_list = {sql.text(codes)} order by 1"


def _codes(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict]:
    return [
        {"id": code, "name": f"{zh} · {en}", "names": {"zh": zh, "en": en}}
        for code, zh, en in connection.execute(query).fetchall()
    ]
