"""Says in words what each published version changed: names for ids, a sentence for each change."""

from __future__ import annotations

from functools import cache
from itertools import groupby

from dagster_project.report.facts import Facts, Row
from dagster_project.report.wording import Both
from dagster_project.seeds.schema import read_schema
from dagster_project.settings import ROOT

RELATIONS = {
    "fct_observation": Both("数值", "figures"),
    "fct_claim": Both("相对表述", "claims"),
    "fct_commitment": Both("承诺", "promises"),
    "fct_event": Both("事件", "events"),
    "fct_initiative": Both("项目", "initiatives"),
    "commitment_outcome": Both("承诺的后续", "outcomes of promises"),
    "fct_assessment": Both("评价", "assessments"),
    "dim_source": Both("来源", "sources"),
    "dim_indicator": Both("指标", "indicators"),
    "dim_unit": Both("单位", "units"),
    "dim_area": Both("地区", "areas"),
    "dim_domain": Both("领域", "domains"),
    "revisions": Both("批准", "approvals"),
}
NAMED = ("areas", "units", "domains", "indicators", "initiatives", "sources")


def versions(facts: Facts) -> list[tuple[Row, list[tuple[Row, Both]]]]:
    """Each build that changed something, the newest first, with its changes in words."""
    names = _names(facts)
    groups = groupby(facts["changes"], key=lambda row: row["build_id"])
    told = [[(row, sentence(facts, names, row)) for row in rows] for _, rows in groups]
    return [(changes[0][0], changes) for changes in told]


def sentence(facts: Facts, names: dict[str, Both], row: Row) -> Both:
    """One change in words."""
    what = RELATIONS.get(row["relation"]) or _title(row["relation"])
    if row["change_type"] == "ADDED":
        return Both(f"新增{what.zh} {row['facts']} 项", f"{row['facts']} new {what.en}")
    known = names.get(row["row_id"]) or Both(*[row["label"] or row["row_id"]] * 2)
    if row["change_type"] == "REMOVED":
        return Both(f"从{what.zh}中移除“{known.zh}”", f"removed from {what.en}: ‘{known.en}’")
    column = row["column_name"]
    old, new = (_value(facts, names, column, row[side]) for side in ("old_value", "new_value"))
    called = _title(column)
    return Both(
        f"{what.zh}“{known.zh}”：{called.zh}由“{old.zh}”改为“{new.zh}”",
        f"{what.en}, ‘{known.en}’: {called.en} changed from ‘{old.en}’ to ‘{new.en}’",
    )


def _value(facts: Facts, names: dict[str, Both], column: str, value: str | None) -> Both:
    """A value as readers know it: names of codes and ids, an em dash where there is none."""
    return names.get(value or "") or facts.code(column.upper(), value)


def _names(facts: Facts) -> dict[str, Both]:
    """Names of everything that has one, by its id; a promise also by id and version."""
    names = {code: name for table in NAMED for code, name in facts.names[table].items()}
    for row in facts["events"]:
        names[row["event_id"]] = Both(row["title_zh"], row["title_en"])
    for row in facts["commitments"]:
        title = Both(row["title_zh"], row["title_en"])
        names[f"{row['commitment_id']}@{row['version']}"] = title
    return names


@cache
def _titles() -> dict[str, Both]:
    """What the seeds' tables and columns are called."""
    tables = read_schema(ROOT / "seeds").values()
    columns = {field.name: Both(field.title, field.title_en) for table in tables for field in table.fields}
    return {**columns, **{table.name: Both(table.title, table.name.replace("_", " ")) for table in tables}}


def _title(name: str) -> Both:
    return _titles().get(name) or Both(name, name.replace("_", " "))
