"""A small seeds folder of its own schema, clean as it stands; tests spoil one thing in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb
import yaml

from dagster_project.ingest.loader import LoadReport, load_seeds

BULLETIN = "2021-04-14_third_meeting"
OBSERVATIONS = f"bulletins/{BULLETIN}/observations.csv"


def _field(name: str, kind: str = "string", **more) -> dict:
    constraints = {key: more.pop(key) for key in ("required", "pattern", "minimum", "maximum") if key in more}
    item = {"name": name, "type": kind, "title": name, "description": name, **more}
    return {**item, "constraints": constraints} if constraints else item


def _link(field: str, table: str, column: str) -> dict:
    return {"fields": field, "reference": {"resource": table, "fields": column}}


CODE = {"required": True, "case": "upper"}
SCHEMA = {
    "code_lists": (
        ["code_list", "code"],
        [],
        [_field("code_list", **CODE), _field("code", pattern="[A-Z_]+", **CODE)],
    ),
    "areas": (
        ["ref_area"],
        [_link("parent_area", "areas", "ref_area")],
        [
            _field("ref_area", pattern="[0-9]{6}|X_[A-Z]+", **CODE),
            _field("name_zh", required=True),
            _field("parent_area", case="upper"),
            _field("members", separator=";"),
        ],
    ),
    "units": (
        ["unit_measure"],
        [],
        [_field("unit_measure", pattern="[A-Z_]+", **CODE), _field("printed", separator=";")],
    ),
    "indicators": (
        ["indicator_id"],
        [],
        [
            _field("indicator_id", pattern="[A-Z_]+", **CODE),
            _field("is_headline", "boolean", required=True),
            _field("sort_order", "integer", minimum=1, maximum=99),
        ],
    ),
    "facts": (
        ["indicator_id", "ref_area", "period_end"],
        [_link("indicator_id", "indicators", "indicator_id"), _link("ref_area", "areas", "ref_area")],
        [
            _field("indicator_id", **CODE),
            _field("ref_area", **CODE),
            _field("period_end", "date", required=True),
            _field("obs_value", "number", required=True),
            _field("obs_status", codeList="OBS_STATUS", **CODE),
            _field("comment"),
        ],
    ),
    "hedge_terms": (
        ["hedge_id"],
        [],
        [
            _field("hedge_id", required=True),
            _field("term"),
            _field("role", **CODE),
            _field("position", **CODE),
            _field("value_qualifier", case="upper"),
            _field("states", "number"),
            _field("states_place", "number"),
            _field("states_unit"),
            _field("not_in", separator=";"),
        ],
    ),
    "sources": (
        ["source_id"],
        [_link("primary_source_id", "sources", "source_id")],
        [_field("source_id", required=True), _field("primary_source_id")],
    ),
    "observations": (
        ["observation_id"],
        [
            _link("areas", "areas", "ref_area"),
            _link("indicator_id", "indicators", "indicator_id"),
            _link("unit_measure", "units", "unit_measure"),
        ],
        [
            _field("observation_id", required=True, pattern="[a-z0-9][a-z0-9_.-]*"),
            _field("indicator_id", **CODE),
            _field("areas", separator=";", **CODE),
            _field("value_text", tokenOf="obs_value"),
            _field("obs_value", "number"),
            _field("unit_measure", **CODE),
            _field("lower_bound", "number"),
            _field("upper_bound", "number"),
        ],
    ),
}
FILES = {
    "code_lists.csv": "code_list,code\nOBS_STATUS,A\nOBS_STATUS,P\n",
    "areas.csv": (
        "ref_area,name_zh,parent_area,members\n510100,成都,,\n510600,德阳,,\n511400,眉山,,\n512000,资阳,,\n"
        "X_CDMZ,成德眉资,,成都;德阳;眉山;资阳\n"
    ),
    "units.csv": "unit_measure,printed\nPAIR,对\nCLASS,个;班\nPERSON,\n",
    "indicators.csv": (
        "indicator_id,is_headline,sort_order\nTRAINS,true,1\nCLASSES,false,2\nSTUDENTS,false,3\n"
    ),
    "facts.csv": (
        "indicator_id,ref_area,period_end,obs_value,obs_status,comment\n"
        "TRAINS,510100,2020-02-25,88,A,首批\n"
        "TRAINS,510100,2021-04-14,107.5,A,\n"
        "CLASSES,510600,2020-12-31,118,A,结对\n"
        "CLASSES,510600,2021-03-31,508,P,\n"
        "STUDENTS,511400,2020-12-31,5551,A,\n"
        'STUDENTS,512000,2021-03-31,27840,A,"资阳, 眉山"\n'
    ),
    "hedge_terms.csv": (
        "hedge_id,term,role,position,value_qualifier,states,states_place,states_unit,not_in\n"
        "over,超,HEDGE,BEFORE,GT,,,,\nnear,近,HEDGE,BEFORE,BELOW_NEAR,,,,近日;最近\n"
        "fall,下降,FALL,BEFORE,,,,,\nsome,若干,HEDGE,WHOLE,VAGUE,,,,\nhundreds,数百,HEDGE,WHOLE,ORDER,,,,\n"
    ),
    "sources.csv": f"source_id,primary_source_id\n{BULLETIN},\n2021-04-15_reprint,{BULLETIN}\n",
    OBSERVATIONS: (
        "observation_id,indicator_id,areas,value_text,obs_value,unit_measure,lower_bound,upper_bound\n"
        "trains,TRAINS,510100;510600,107.5对,107.5,PAIR,107.45,107.55\n"
        "classes,CLASSES,X_CDMZ,近510个,510,CLASS,500,510\n"
        "students,STUDENTS,X_CDMZ,超3.8万人,38000,PERSON,,\n"
    ),
}


@cache
def declarations() -> dict[str, str]:
    """File → content of every declaration; made once, as writing YAML takes as long as a load."""
    files = {}
    for name, (primary_key, foreign_keys, fields) in SCHEMA.items():
        path = f"bulletins/*/{name}.csv" if name == "observations" else f"{name}.csv"
        table = {"name": name, "title": name, "description": name, "path": path}
        table |= {"primaryKey": primary_key, "foreignKeys": foreign_keys, "fields": fields}
        files[f"schema/{name}.yaml"] = yaml.safe_dump(table, allow_unicode=True)
    return files


class SeedFolder:
    """The folder, and one connection that loads it."""

    def __init__(self, root: Path):
        self.root = root / "seeds"
        self.connection = duckdb.connect()
        for file, content in {**declarations(), **FILES}.items():
            self.write(file, content)

    def write(self, file: str, content: str | bytes) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def replace(self, file: str, old: str, new: str) -> None:
        """Spoil one thing; it must be there."""
        content = (self.root / file).read_text(encoding="utf-8")
        assert content.count(old) >= 1
        self.write(file, content.replace(old, new, 1))

    def load(self, tables: list[str] | None = None) -> LoadReport:
        return load_seeds(self.connection, self.root, tables)

    def rows(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()
