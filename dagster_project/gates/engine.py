"""Evaluates gates inside DuckDB with Great Expectations: one batch and one run per relation.

Imports Great Expectations, so only `suites.py` imports this, late. What passes there without having looked at
anything (no row, only nulls, infinities, errors) is red here.
"""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine

from dagster_project.gates.gate import LOADED_SOURCES, SOURCES, Gate, GateResult, Suite
from dagster_project.gates.rules import COLUMN_EXISTS, IN_CODE_LIST, IN_SET, QUERY, RULES, columns
from dagster_project.light import on_demand
from dagster_project.settings import MEMORY_LIMIT

on_demand("scipy.stats")  # two of five seconds, for tests of distributions that no gate uses
import great_expectations as gx  # noqa: E402
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration  # noqa: E402
from great_expectations.expectations.row_conditions import AndCondition, Column, Condition  # noqa: E402

SCHEMA = "marts"
SHOWN_ROWS = 10
FLOATS = ("FLOAT", "DOUBLE")
# Beside a row's key, what tells a steward where it comes from.
TELLING = {
    *("source_id", "locator", "value_text", "ref_area", "time_period_end", "version"),
    *("from_observation_id", "to_observation_id", "latest_observation_id"),
}
# Great Expectations fetches after its connection was rolled back, which on DuckDB ends the pending result:
# without transactions there is nothing to roll back.
NO_TRANSACTIONS = {
    "isolation_level": "AUTOCOMMIT",
    "skip_autocommit_rollback": True,
    "pool_reset_on_return": None,
}

# What the library logs, the results hold; beside a progress display it would only disturb.
logging.getLogger("great_expectations").addHandler(logging.NullHandler())
logging.getLogger("great_expectations").propagate = False


@dataclass(frozen=True)
class Warehouse:
    """An open file: a connection, Great Expectations' data source over it, and what the rules need to know.

    types: relation -> column -> type. code_lists: name -> codes, and sources: their ids, as loaded into this
    very file; None where it does not say, so that no gate is skipped.
    """

    connection: Connection
    source: Any
    types: dict[str, dict[str, str]]
    code_lists: dict[str, list[str]]
    sources: frozenset[str] | None

    def rows(self, sql: str) -> list[Any]:
        """All rows of a query."""
        return list(self.connection.exec_driver_sql(sql).fetchall())


@contextmanager
def open_warehouse(
    database: Path, relations: list[str], access_mode: str = "read_only"
) -> Iterator[Warehouse]:
    """The file with those of the relations that it has; on leaving nothing holds it open."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    context.enable_analytics(False)
    config = {"access_mode": access_mode, "memory_limit": MEMORY_LIMIT}
    url = URL.create("duckdb", database=str(database), query=config)
    address = url.render_as_string().replace("$", r"\$")  # or it would be read as a variable
    engine = create_engine(url, **NO_TRANSACTIONS)
    try:
        with engine.connect() as connection:
            types = _types(connection, relations)
            assets = [
                {"type": "table", "name": name, "table_name": name, "schema_name": SCHEMA} for name in types
            ]
            with warnings.catch_warnings():
                # The schema may not be named from 2.0 on; DuckDB has no other place to name it.
                warnings.simplefilter("ignore", DeprecationWarning)
                source = context.data_sources.add_sql(
                    "warehouse", connection_string=address, kwargs=NO_TRANSACTIONS, assets=assets
                )
            try:
                yield Warehouse(connection, source, types, _code_lists(connection), _sources(connection))
            finally:
                source.get_execution_engine().close()
                source.get_engine().dispose()
    finally:
        engine.dispose()


def _types(connection: Connection, relations: list[str]) -> dict[str, dict[str, str]]:
    types: dict[str, dict[str, str]] = {}
    for relation, column, data_type in connection.exec_driver_sql(
        "select table_name, column_name, data_type from duckdb_columns()"
        f" where schema_name = '{SCHEMA}' order by table_name, column_index"
    ).fetchall():
        if relation in relations:
            types.setdefault(relation, {})[column] = data_type
    return types


def _code_lists(connection: Connection) -> dict[str, list[str]]:
    """The codes by list; none where the file has no code lists, which is red for the gates that need one."""
    if not _is_there(connection, "code_lists"):
        return {}
    return dict(
        connection.exec_driver_sql(
            "select code_list, list(code order by code) from raw.code_lists group by code_list"
        ).fetchall()
    )


def _sources(connection: Connection) -> frozenset[str] | None:
    if not _is_there(connection, SOURCES):
        return None
    return frozenset(source for (source,) in connection.exec_driver_sql(LOADED_SOURCES).fetchall())


def _is_there(connection: Connection, table: str) -> bool:
    found = f"select 1 from information_schema.tables where table_name = '{table}'"
    return bool(connection.exec_driver_sql(found).fetchall())


def evaluate_suite(warehouse: Warehouse, suite: Suite) -> list[GateResult]:
    """One result per gate of a relation, in order: first counts, then the rules that have rows to judge."""
    started = time.perf_counter()
    there = warehouse.types.get(suite.relation)
    results: dict[str, GateResult] = {}
    ready = []
    for gate in suite.gates:
        named = [*gate.where, *(columns(gate.kwargs) if gate.kind != COLUMN_EXISTS else [])]
        lacking = [name for name in named if name not in (there or {})]
        if not gate.applies(warehouse.sources):
            results[gate.id] = GateResult(gate, evaluated=False, skipped=True)
        elif there is None:
            results[gate.id] = _not_computed(
                gate, f"没有此表 · there is no relation {SCHEMA}.{suite.relation}"
            )
        elif lacking:
            results[gate.id] = _not_computed(gate, f"没有此列 · no such column: {', '.join(lacking)}")
        elif gate.kind == IN_CODE_LIST and str(gate.kwargs["code_list"]) not in warehouse.code_lists:
            # Mistyped or empty: there is nothing to compare with.
            error = f"代码表没有代码 · no codes on the code list: {gate.kwargs['code_list']}"
            results[gate.id] = _not_computed(gate, error)
        else:
            ready.append(gate)
    judged = []
    for result in _counted(warehouse, ready):
        results[result.gate.id] = result
        if result.error is None and not result.success:
            judged.append(result)
    for result in _judged(warehouse, judged):
        results[result.gate.id] = result
    seconds = (time.perf_counter() - started) / max(len(suite.gates), 1)
    return [replace(results[gate.id], seconds=seconds) for gate in suite.gates]


def _not_computed(gate: Gate, error: str) -> GateResult:
    return GateResult(gate, evaluated=False, error=error)


def _counted(warehouse: Warehouse, gates: list[Gate]) -> Iterator[GateResult]:
    """Each gate with the number of rows it judges; red where there is none or a value is not finite."""
    if not gates:
        return
    relation = gates[0].relation
    types = warehouse.types[relation]
    conditions = [condition for gate in gates for condition in (_scope(gate), _not_finite(gate, types))]
    counts = ", ".join(f"count(*) filter (where {condition})" for condition in conditions)
    try:
        ((total, *numbers),) = warehouse.rows(f'select count(*), {counts} from {SCHEMA}."{relation}"')
    except Exception as error:
        if len(gates) == 1:
            yield _not_computed(gates[0], _short(error))
        else:  # alone, so that one wrong condition spoils no other gate
            for gate in gates:
                yield from _counted(warehouse, [gate])
        return
    for gate, rows, infinite in zip(gates, numbers[::2], numbers[1::2], strict=True):
        result = GateResult(gate, element_count=rows)
        if infinite:
            error = f"有无穷或非数 · {infinite} values are infinite or not a number"
            found = _rows(warehouse, gate, _not_finite(gate, types))
            result = replace(result, unexpected_count=infinite, error=error, offending_rows=found)
        elif not rows and (gate.may_be_empty or (gate.empty_relation and not total)):
            # A query is asked all the same: it may find in other relations what should be here.
            result = replace(result, success=gate.kind != QUERY, unexpected_count=0)
        elif not rows and not gate.kind.startswith("expect_table_"):
            result = replace(result, error="没有可检查的行 · there is no row to judge")
        yield result


def _scope(gate: Gate) -> str:
    """SQL condition of the rows that a gate judges: a null is no value to judge, except for null rules."""
    parts = [_condition(column, value) for column, value in gate.where.items()]
    if RULES[gate.kind].skips_null and (named := columns(gate.kwargs)):
        joiner = " or " if "column_list" in gate.kwargs else " and "
        parts.append("(" + joiner.join(f'"{name}" is not null' for name in named) + ")")
    return " and ".join(parts) or "true"


def _not_finite(gate: Gate, types: dict[str, str]) -> str:
    """SQL condition of the judged rows with a value that is infinite or not a number."""
    floats = [f'not isfinite("{name}")' for name in columns(gate.kwargs) if types.get(name) in FLOATS]
    return f"{_scope(gate)} and ({' or '.join(floats)})" if floats else "false"


def _rows(warehouse: Warehouse, gate: Gate, condition: str) -> list[dict[str, Any]]:
    """The first rows of a condition, with the columns that an offending row is shown with."""
    names = [*_shown(warehouse, gate), *columns(gate.kwargs)]
    selected = ", ".join(f'"{name}"' for name in names)
    rows = warehouse.rows(
        f'select {selected} from {SCHEMA}."{gate.relation}" where {condition} limit {SHOWN_ROWS}'
    )
    return [dict(zip(names, map(_plain, row), strict=True)) for row in rows]


def _shown(warehouse: Warehouse, gate: Gate) -> list[str]:
    """Columns to show beside the judged ones: the key, first in every mart, and what tells more."""
    key, *others = warehouse.types[gate.relation]
    return [name for name in [key, *filter(TELLING.__contains__, others)] if name not in columns(gate.kwargs)]


def _condition(column: str, value: Any) -> str:
    if value is None:
        return f'"{column}" is null'
    if isinstance(value, list):
        return f'"{column}" in ({", ".join(map(_literal, value))})'
    return f'"{column}" = {_literal(value)}'


def _literal(value: Any) -> str:
    if isinstance(value, bool | int | float):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def _judged(warehouse: Warehouse, counted: list[GateResult]) -> Iterator[GateResult]:
    """Great Expectations' answers; of several rules only the red ones are asked again, for their rows."""
    if not counted:
        return
    relation = counted[0].gate.relation
    asset = warehouse.source.get_asset(relation)
    batch = asset.get_batch(asset.build_batch_request())
    answers: dict[str, Any] = {}
    if len(counted) > 1:
        # Where that fails, each is asked alone below, and says what is wrong.
        with suppress(Exception):
            answers = _ask(batch, [_with_codes(warehouse, result.gate) for result in counted], "BOOLEAN_ONLY")
    for result in counted:
        gate = result.gate
        if gate.id in answers and answers[gate.id].success:
            yield replace(result, success=True, unexpected_count=0)
            continue
        detail = {
            "result_format": "COMPLETE",
            "partial_unexpected_count": SHOWN_ROWS,
            "unexpected_index_column_names": _shown(warehouse, gate),
        }
        try:  # alone: an error in one rule spoils all that are computed with it
            answer = _ask(batch, [_with_codes(warehouse, gate)], detail)[gate.id]
        except Exception as error:
            yield _not_computed(gate, _short(error))
        else:
            yield _with_rows(result, answer)


def _with_codes(warehouse: Warehouse, gate: Gate) -> Gate:
    """A gate on a code list as the gate on its codes that Great Expectations knows; any other as it is."""
    if gate.kind != IN_CODE_LIST:
        return gate
    codes = warehouse.code_lists[gate.kwargs["code_list"]]
    return replace(gate, kind=IN_SET, kwargs={"column": gate.kwargs["column"], "value_set": codes})


def _ask(batch: Any, gates: list[Gate], detail: str | dict[str, Any]) -> dict[str, Any]:
    """Answers by gate id; a rule that cannot even be made is left out when others are asked with it."""
    made = []
    for gate in gates:
        try:
            made.append(_expectation(gate))
        except Exception:
            if len(gates) == 1:
                raise
    suite = gx.ExpectationSuite(name=gates[0].relation, expectations=made)
    answers = batch.validate(suite, result_format=detail).results
    return {answer.expectation_config.meta["gate"]: answer for answer in answers}


def _expectation(gate: Gate) -> Any:
    kwargs = {key: _plain(value) for key, value in gate.kwargs.items()}
    if gate.kind == QUERY:  # takes no row condition; and so that a query may always name its {batch}
        scope = _scope(gate).replace("{", "{{").replace("}", "}}")
        rows = f"(select * from {{batch}} where {scope})"
        kwargs["unexpected_rows_query"] = kwargs["unexpected_rows_query"].replace("{batch}", rows)
    elif gate.where:
        kwargs["row_condition"] = _row_condition(gate.where)
    return ExpectationConfiguration(type=gate.kind, kwargs=kwargs, meta={"gate": gate.id}).to_domain_obj()


def _row_condition(where: dict[str, Any]) -> Condition:
    parts = []
    for name, value in where.items():
        column = Column(name)
        if value is None:
            parts.append(column.is_null())
        elif isinstance(value, list):
            parts.append(column.is_in([_plain(one) for one in value]))
        else:
            parts.append(column == _plain(value))
    return AndCondition(conditions=parts) if len(parts) > 1 else parts[0]


def _with_rows(result: GateResult, answer: Any) -> GateResult:
    """A counted result with Great Expectations' detailed answer."""
    raised = _raised(answer.exception_info)
    if raised:
        return replace(result, evaluated=False, error=raised)
    found = answer.result
    if result.gate.kind == QUERY:
        rows, count = found["details"]["unexpected_rows"], found["observed_value"]
    else:
        # A rule on several columns together gives their values only.
        rows = found.get("unexpected_index_list") or found.get("partial_unexpected_list") or []
        rows, count = [row for row in rows if isinstance(row, dict)], found.get("unexpected_count")
    return replace(
        result,
        success=bool(answer.success),
        unexpected_count=count,
        observed=None if result.gate.kind == QUERY else _plain(found.get("observed_value")),
        offending_rows=[{key: _plain(value) for key, value in row.items()} for row in rows[:SHOWN_ROWS]],
    )


def _raised(info: dict[str, Any]) -> str | None:
    """The exception of an answer: given plainly, or by the metric that raised it."""
    if info.get("raised_exception") is False:
        return None
    parts = [info, *(part for part in info.values() if isinstance(part, dict))]
    return next((_short(part["exception_message"]) for part in parts if part.get("exception_message")), None)


def _short(error: Any) -> str:
    """What went wrong, without the SQL and help text around it."""
    text = str(getattr(error, "orig", None) or error)
    return " ".join(text.split("[SQL:", maxsplit=1)[0].split())[:500]


def _plain(value: Any) -> Any:
    """A value as JSON can hold it and SQL can compare it."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):  # and its subclass datetime
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | int) or (isinstance(value, float) and isfinite(value)):
        return value
    return str(value)
