"""What may have been meant by a code that no list or table has: the nearest ones, and a short list whole.

Works on the rejects just found, whatever rule found them. Not here: the rules themselves (cell_rules.py,
cross_checks.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from dagster_project.ingest.table_load import REJECTS
from dagster_project.seeds.nearest import nearest
from dagster_project.seeds.schema import Table
from dagster_project.sql import name, text

_LOOKED_AT = 100  # distinct values: a torn file has thousands, and one answer each helps nobody
_SIFTED = 50  # keys of a large table that are compared closely
_UNKNOWN = "(rule like '% · not in code list %' or regexp_full_match(rule, '.* · not in [a-z_]+[.][a-z_]+'))"


def name_the_near(
    connection: duckdb.DuckDBPyConnection, schema: Mapping[str, Table], codes: Mapping[str, list[str]]
) -> None:
    """Add to the rule of each reject of an unknown code what is nearest to it. `codes`: the closed lists."""
    rows = connection.execute(
        f"select distinct seed_table, column_name, value, rule from {REJECTS} "
        f"where value is not null and {_UNKNOWN} order by all limit {_LOOKED_AT}"
    ).fetchall()
    for table, column, value, rule in rows:
        field = schema[table].named.get(column)
        if not field:  # a key of several columns
            continue
        if " · not in code list " in rule:
            known = codes.get(field.code_list or "", [])
        else:
            known = _sifted(connection, rule.rpartition(" not in ")[2], value)
        if said := nearest(field, value, known):
            connection.execute(
                f"update {REJECTS} set rule = rule || {text(said)} where seed_table = {text(table)} "
                f"and column_name = {text(column)} and value = {text(value)} and rule = {text(rule)}"
            )


def _sifted(connection: duckdb.DuckDBPyConnection, keys_of: str, value: str) -> list[str]:
    """Keys `table.column` that look like the value at all; the order makes the answer the same each time."""
    table, key = map(name, keys_of.split("."))
    keys = f"select distinct {key}::varchar as key from raw.{table} where {key} is not null"
    likeness = f"jaro_winkler_similarity(key, {text(value)})"
    rows = connection.execute(
        f"select key from ({keys}) order by {likeness} desc, key limit {_SIFTED}"
    ).fetchall()
    return [str(row[0]) for row in rows]
