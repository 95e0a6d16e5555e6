"""Evaluates gates inside DuckDB with Great Expectations: one batch and one run per relation.

It is given the expectations as the files have them. Imports it, so only `suites.py` imports this, late. What
passes there without having looked at anything (no row, only nulls, errors) is red here.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine

from dagster_project import sql
from dagster_project.gates.gate import LOADED_SOURCES, QUERY, ROW, SOURCES, Gate, GateResult, Suite
from dagster_project.gates.library import ProgressBarsConfig, gx
from dagster_project.settings import OF_NIGHT, SHOWN_ROWS, Settings

SCHEMA = "marts"
# Besides a row's key, what shows a steward where it comes from.
TELLING = {
    *("source_id", "locator", "value_text", "ref_area", "time_period_end", "version"),
    *("from_observation_id", "to_observation_id", "latest_observation_id"),
    *("earlier_observation_id", "later_observation_id", "earlier_claim_id", "later_claim_id"),
}
UNIQUE_TOGETHER = "expect_compound_columns_to_be_unique"
# Great Expectations fetches after its connection was rolled back, which on DuckDB ends the pending result:
# without transactions there is nothing to roll back.
NO_TRANSACTIONS = {
    "isolation_level": "AUTOCOMMIT",
    "skip_autocommit_rollback": True,
    "pool_reset_on_return": None,
}


@dataclass(frozen=True)
class GateSession:
    """An open file: a connection, Great Expectations' data source over it, and what is in it.

    columns: of each relation, in order; of_night: the relations of which a night made some rows anew, which
    stand in a schema of their own. sources: the ids loaded into this very file; None where it does not
    say, so that no gate is skipped.
    """

    connection: Connection
    source: Any
    columns: dict[str, list[str]]
    of_night: frozenset[str]
    sources: frozenset[str] | None


@contextmanager
def open_session(
    database: Path, relations: list[str], access_mode: str = "read_only"
) -> Iterator[GateSession]:
    """The file with those of the relations that it has; on leaving nothing holds it open."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    context.enable_analytics(False)
    limits = {option: str(value) for option, value in Settings.read().duckdb().items()}
    config = {"access_mode": access_mode, "temp_directory": sql.spill(database), **limits}
    url = URL.create("duckdb", database=str(database), query=config)
    address = url.render_as_string().replace("$", r"\$")  # or it would be read as a variable
    engine = create_engine(url, **NO_TRANSACTIONS)
    try:
        with engine.connect() as connection:
            columns = _columns(connection, relations, SCHEMA)
            of_night = _columns(connection, relations, OF_NIGHT)
            assets = [
                {"type": "table", "name": f"{schema}.{name}", "table_name": name, "schema_name": schema}
                for schema, names in ((SCHEMA, columns), (OF_NIGHT, of_night))
                for name in names
            ]
            with warnings.catch_warnings():
                # The schema may not be named from 2.0 on; DuckDB has no other place to name it.
                warnings.simplefilter("ignore", DeprecationWarning)
                source = context.data_sources.add_sql(  # type: ignore[call-arg]  # its stub lacks two
                    "warehouse", connection_string=address, kwargs=NO_TRANSACTIONS, assets=assets
                )
            try:
                yield GateSession(connection, source, columns, frozenset(of_night), _sources(connection))
            finally:
                source.get_execution_engine().close()
                source.get_engine().dispose()
    finally:
        engine.dispose()


def _columns(connection: Connection, relations: list[str], schema: str) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    for row in connection.exec_driver_sql(
        "select table_name, column_name from duckdb_columns()"
        f" where schema_name = '{schema}' order by table_name, column_index"
    ):
        if row.table_name in relations:
            columns.setdefault(row.table_name, []).append(row.column_name)
    return columns


def _sources(connection: Connection) -> frozenset[str] | None:
    there = f"select 1 from information_schema.tables where table_name = '{SOURCES}'"
    if not connection.exec_driver_sql(there).fetchall():
        return None
    return frozenset(connection.exec_driver_sql(LOADED_SOURCES).scalars())


def evaluate_suite(
    session: GateSession, suite: Suite, passed: Collection[tuple[str, str]] = ()
) -> list[GateResult]:
    """One result per gate of a relation, in order.

    passed: relation and id of gates that passed on the file that this one goes on from. Of these, one that
    reaches no further than a row is asked about the rows made anew; where it passes, that is its result.
    Whatever else comes of it, it is asked about all.
    """
    asked = [gate for gate in suite.gates if gate.applies(session.sources)]
    results = {gate.id: GateResult(gate, evaluated=False, skipped=True) for gate in suite.gates}
    if suite.relation in session.columns:
        rest = asked
        if suite.relation in session.of_night:
            few = [gate for gate in asked if gate.reach == ROW and (gate.relation, gate.id) in passed]
            settled = {
                result.gate.id: replace(result, of_night=True)
                for result in _judged(session, suite.relation, few, OF_NIGHT)
                if result.success
            }
            results |= settled
            rest = [gate for gate in asked if gate.id not in settled]
        results |= {result.gate.id: result for result in _judged(session, suite.relation, rest, SCHEMA)}
    else:
        error = f"没有此表 · there is no relation {SCHEMA}.{suite.relation}"
        results |= {gate.id: _not_computed(gate, error) for gate in asked}
    return [results[gate.id] for gate in suite.gates]


def _not_computed(gate: Gate, error: str) -> GateResult:
    return GateResult(gate, evaluated=False, error=error)


def _judged(session: GateSession, relation: str, gates: list[Gate], schema: str) -> Iterator[GateResult]:
    if not gates:
        return
    asset = session.source.get_asset(f"{schema}.{relation}")
    batch = asset.get_batch(asset.build_batch_request())
    key, *others = session.columns[relation]
    shown = [key, *filter(TELLING.__contains__, others)]
    detail = {"partial_unexpected_count": SHOWN_ROWS, "unexpected_index_column_names": shown}
    counted = f'select count(*) from {schema}."{relation}"'
    total: int = session.connection.exec_driver_sql(counted).scalar_one()
    queries = [gate for gate in gates if gate.type == QUERY]
    rest = [gate for gate in gates if gate.type != QUERY]
    # A query shows its rows only where all is asked for; of the others that would be every row of the file.
    for some, extent in ((queries, "COMPLETE"), (rest, "SUMMARY")):
        for gate, answer in _ask(batch, some, {"result_format": extent, **detail}):
            empty = schema == SCHEMA and not total
            result = answer if isinstance(answer, GateResult) else _result(gate, answer, total, empty)
            if result.unexpected_count and gate.type == UNIQUE_TOGETHER:
                result = replace(result, offending_rows=_alike(session, gate, shown))
            yield result


def _alike(session: GateSession, gate: Gate, shown: list[str]) -> list[dict[str, Any]]:
    """Rows that are not unique: Great Expectations knows their values alone, not where they stand."""
    columns = gate.kwargs["column_list"]
    rows = session.connection.exec_driver_sql(
        f'select {", ".join(dict.fromkeys([*shown, *columns]))} from {SCHEMA}."{gate.relation}"'
        f" qualify count(*) over (partition by {', '.join(columns)}) > 1 order by all limit {SHOWN_ROWS}"
    )
    return [{key: _plain(value) for key, value in row._mapping.items()} for row in rows]


def _ask(batch: Any, gates: list[Gate], detail: dict[str, Any]) -> Iterator[tuple[Gate, Any]]:
    """Each gate with Great Expectations' answer, or with a result that says why there is none."""
    if not gates:
        return
    answers, error = {}, "没有结果 · there is no result"
    try:
        suite = gx.ExpectationSuite(gates[0].relation, [gate.expectation for gate in gates])
        answers = {
            one.expectation_config.id: one for one in batch.validate(suite, result_format=detail).results
        }
    except Exception as raised:
        error = _short(raised)
    for gate in gates:
        answer = answers.get(gate.id)
        wrong = error if answer is None else _raised(answer.exception_info)
        if wrong is None:
            yield gate, answer
        elif len(gates) == 1:
            yield gate, _not_computed(gate, wrong)
        else:  # alone, as an error in one spoils others that are computed with it
            yield from _ask(batch, [gate], detail)


def _result(gate: Gate, answer: Any, total: int, empty: bool) -> GateResult:
    """The answer as a result, red where no row was judged; total: rows asked about; empty: there are none."""
    found = answer.result
    judged = total if gate.type == QUERY else found.get("element_count")
    if judged is not None:
        judged -= found.get("missing_count") or 0
    result = GateResult(gate, success=bool(answer.success), element_count=judged, unexpected_count=0)
    if judged == 0 and result.success and not (gate.may_be_empty or (gate.empty_relation and empty)):
        return replace(result, success=False, error="没有可检查的行 · there are no rows to check")
    if gate.type == QUERY:
        # Rows are none of the relation's where it has none: what should be in it may stand in others.
        rows, count = found["details"]["unexpected_rows"], found["observed_value"]
    else:
        rows, count = found.get("partial_unexpected_index_list") or [], found.get("unexpected_count")
        result = replace(result, observed=_plain(found.get("observed_value")))
    return replace(
        result,
        unexpected_count=count,
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
