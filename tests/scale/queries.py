"""What analysts ask of a published file, and how long it takes: `python -m tests.scale.queries FILE`."""

from __future__ import annotations

import json
import statistics
import sys
import time

import duckdb

TIMES = 5
# Of the series in the middle, so that neither end of a table is favoured.
SERIES = """
    select series_id, indicator_id, ref_area, any_value(source_id) from marts.fct_observation
    where is_current_vintage group by all order by all
    limit 1 offset (select count(distinct series_id) // 2 from marts.fct_observation where is_current_vintage)
"""
QUERIES = {
    "one series": "from marts.fct_observation where indicator_id = '{indicator}' and ref_area = '{area}'",
    "one indicator": "from marts.fct_observation where indicator_id = '{indicator}' and is_current_vintage",
    "one bulletin": "from marts.fct_observation where source_id = '{source}'",
    "changes of a series": "from marts.series_change where series_id = '{series}'",
    "progress of an area": "from marts.integration_progress where ref_area = '{area}'",
    "progress as of a day": "from marts.integration_progress_as_of(date '2021-12-31')",
    "of one series": "from marts.integration_progress_as_of(date '2021-12-31', "
    "indicator := '{indicator}', area := '{area}')",
    "promises as of a day": "from marts.commitment_progress_as_of(date '2021-12-31')",
}


def ask(file: str, times: int = TIMES) -> dict[str, tuple[int, float, int]]:
    """Rows, the median of milliseconds until the last of them is there, and rows read for it, by question."""
    with duckdb.connect(file, read_only=True) as connection:
        series, indicator, area, source = connection.execute(SERIES).fetchone()
        found = {}
        for name, query in QUERIES.items():
            query = query.format(series=series, indicator=indicator, area=area, source=source)
            spent = []
            for _ in range(times):
                started = time.perf_counter()
                rows = connection.execute(query).to_arrow_table().num_rows
                spent.append(1000 * (time.perf_counter() - started))
            found[name] = (rows, statistics.median(spent), _read(connection, query))
        return found


def _read(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """Rows of the row groups that are looked into: what the order of a table spares."""
    plan = connection.execute(f"explain (analyze, format json) {query}").fetchone()[1]
    steps, read = [json.loads(plan)], 0
    while steps:
        step = steps.pop()
        steps += step.get("children", [])
        read += step.get("operator_rows_scanned", 0)
    return read


def show(found: dict[str, tuple[int, float, int]]) -> None:
    """A line each."""
    for name, (rows, spent, read) in found.items():
        print(f"query: {name:24} {spent:8.1f} ms, {rows} rows of {read} read")


if __name__ == "__main__":
    show(ask(sys.argv[1]))
