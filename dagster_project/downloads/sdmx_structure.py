"""What the columns of the SDMX-CSV file are, as SDMX-JSON 2.0: structure, flow, concepts, code lists.

Code lists are those that dbt's tests enforce on the mart.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
from pysdmx import model as sdmx
from pysdmx.io import write_sdmx
from pysdmx.io.format import Format
from pysdmx.model.message import Header

from dagster_project import sql
from dagster_project.downloads.marts import Mart
from dagster_project.downloads.sdmx import AGENCY, DIMENSIONS, MART, MEASURE, TIME, VERSION, attributes

_CONCEPTS = "CONCEPTS"
_TIME_NAME = (
    "时期:2018、2018-S1、2018-Q1、2018-06,或某日，或起日/天数 · "
    "period: 2018, 2018-S1, 2018-Q1, 2018-06, or a day, or first day and number of days"
)
_TYPES = {
    "text": sdmx.DataType.STRING,
    "number": sdmx.DataType.DECIMAL,
    "integer": sdmx.DataType.LONG,
    "boolean": sdmx.DataType.BOOLEAN,
    "date": sdmx.DataType.DATE,
    "timestamp": sdmx.DataType.DATE_TIME,
}
_OURS: Any = {"agency": AGENCY, "version": VERSION}

Names = dict[str, dict[str, str]]  # by code, by language


def write_structure(
    connection: duckdb.DuckDBPyConnection, marts: list[Mart], path: Path, build: dict
) -> None:
    """Write the structure message."""
    mart = next(mart for mart in marts if mart.name == MART)
    listed = _code_lists(mart, marts)
    names = {key: _names(connection, *codes) for key, codes in dict(listed.values()).items()}
    codelists = {key: _codelist(key, names[key]) for key in names}
    concepts = [sdmx.Concept(TIME, name=_TIME_NAME)]
    concepts += [sdmx.Concept(column.name.upper(), name=column.description) for column in mart.columns]
    components = _components(mart, {column: codelists[key] for column, (key, _) in listed.items()})
    described = {"id": mart.name.upper(), "name": mart.description, **_OURS}
    structure = sdmx.DataStructureDefinition(**described, components=components)
    flow = sdmx.Dataflow(**described, structure=structure)
    scheme = sdmx.ConceptScheme(_CONCEPTS, name=_CONCEPTS, items=concepts, **_OURS)
    write_sdmx(
        [*codelists.values(), scheme, structure, flow],
        Format.STRUCTURE_SDMX_JSON_2_0_0,
        str(path),
        header=Header(id=build["build_id"], prepared=build["built_at"], sender=sdmx.Agency(AGENCY)),
    )
    _mend(path, names)


def _code_lists(mart: Mart, marts: list[Mart]) -> dict[str, tuple[str, tuple[str, str]]]:
    """By column: its code list's name, and where the codes stand, as column and relation."""
    relations = {other.name: other.relation for other in marts}
    listed = {
        column: (f"CL_{target.upper()}", (key, relations[target]))
        for column, (target, key) in mart.keys.references.items()
        if target != mart.name  # one of its own figures is no code
    }
    for column, codes in mart.keys.codes.items():
        listed[column] = f"CL_{codes}", ("code", f"marts.dim_code where code_list = {sql.text(codes)}")
    return listed


def _names(connection: duckdb.DuckDBPyConnection, key: str, relation: str) -> Names:
    named = "columns('^(name|title)_zh$'), columns('^(name|title)_en$')"
    rows = connection.execute(f"select {key}, {named} from {relation} order by 1").fetchall()
    return {code: {"zh": zh, "en": en} for code, zh, en in rows}


def _codelist(key: str, names: Names) -> sdmx.Codelist:
    codes = [sdmx.Code(code, name=" · ".join(by_language.values())) for code, by_language in names.items()]
    return sdmx.Codelist(key, name=key, items=codes, **_OURS)


def _components(mart: Mart, coded: dict[str, sdmx.Codelist]) -> sdmx.Components:
    """coded: code list by column."""
    types = {TIME: sdmx.DataType.PERIOD} | {column.name: _TYPES[column.kind] for column in mart.columns}

    def component(column: str, role: sdmx.Role, level: str | None = None) -> sdmx.Component:
        name = column.upper()
        codes = coded.get(column)
        return sdmx.Component(
            name,
            required=role is sdmx.Role.DIMENSION,
            role=role,
            concept=sdmx.ItemReference("Concept", AGENCY, _CONCEPTS, VERSION, name),
            local_dtype=None if codes else types[column],
            local_enum_ref=f"urn:sdmx:org.sdmx.infomodel.codelist.{codes.short_urn}" if codes else None,
            attachment_level=level,
        )

    return sdmx.Components(
        [
            *(component(name, sdmx.Role.DIMENSION) for name in (*DIMENSIONS, TIME)),
            component(MEASURE, sdmx.Role.MEASURE),
            *(component(column.name, sdmx.Role.ATTRIBUTE, "O") for column in attributes(mart)),
        ]
    )


def _mend(path: Path, names: dict[str, Names]) -> None:
    """Add the names by language, and take out the empty list that the message's schema forbids.

    The library's model has one name for each code, and its writer a list of groups where there are none.
    """
    message = json.loads(path.read_text(encoding="utf-8"))
    for codelist in message["data"]["codelists"]:
        for code in codelist.get("codes", ()):  # a region may have no row to list
            code["names"] = names[codelist["id"]][code["id"]]
    for structure in message["data"]["dataStructures"]:
        structure["dataStructureComponents"].pop("groups", None)
    path.write_text(json.dumps(message, ensure_ascii=False, indent=1), encoding="utf-8")
