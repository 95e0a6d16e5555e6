"""The stated figures as SDMX-CSV 2.0. Their structure stands in sdmx_structure.py.

A column of the mart is the concept of the same name in capitals; here is only said which make the key.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from dagster_project import sql
from dagster_project.downloads.flat_files import copy_csv, csv_value
from dagster_project.downloads.marts import Column, Mart, read_marts

MART = "fct_observation"
MOST_ROWS = 100_000  # of the nightly file: it says again, in more bytes, what CSV and Parquet say
AGENCY, VERSION = "TONGCHENG", "2.0.0"
# Several bulletins may state a figure for one series and period, so the figure's own name belongs to the key.
DIMENSIONS = (
    "freq",
    "indicator_id",
    "ref_area",
    "breakdown",
    "unit_measure",
    "stock_flow",
    "period_type",
    "observation_id",
)
MEASURE = "obs_value"
TIME = "TIME_PERIOD"
# A year, half-year, quarter or month by its code, as other sources write it, so that they join; else a day,
# or a range of days as start and length: nothing narrower than what was said.
_YEAR = "strftime(time_period_start, '%Y')"
_TIME_SQL = f"""case freq
    when 'A' then {_YEAR}
    when 'S' then {_YEAR} || '-S' || (1 + (month(time_period_start) - 1) // 6)
    when 'Q' then {_YEAR} || '-Q' || quarter(time_period_start)
    when 'M' then strftime(time_period_start, '%Y-%m')
    else case when time_period_start is null or time_period_start = time_period_end
        then cast(time_period_end as varchar)
        else cast(time_period_start as varchar) || '/P'
            || date_diff('day', time_period_start, time_period_end + 1) || 'D' end
    end"""


def write_sdmx_csv(mart: Mart, connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Every stated figure, one row each; returns the rows written."""
    flow = f"{AGENCY}:{mart.name.upper()}({VERSION})"
    fixed = {"STRUCTURE": "dataflow", "STRUCTURE_ID": flow, "ACTION": "I"}
    columns = [f"{sql.text(value)} as {name}" for name, value in fixed.items()]
    columns += [_concept(mart.column(name)) for name in DIMENSIONS]
    columns += [f"{_TIME_SQL} as {TIME}", _concept(mart.column(MEASURE))]
    columns += [_concept(column) for column in attributes(mart)]
    return copy_csv(connection, columns, mart.in_order, path)


def write_published(database: Path, manifest: Path, path: Path) -> int:
    """The same from a published file, at any time and of any length. manifest: dbt's, for the order."""
    with sql.read(database) as connection:
        mart = next(mart for mart in read_marts(connection, manifest) if mart.name == MART)
        return write_sdmx_csv(mart, connection, path)


def on_demand(mart: Mart) -> str:
    """Where a reader gets the file of a mart that is too long for it to be written each night."""
    zh = f"{mart.rows} 行，超过 {MOST_ROWS} 行者按需写出:tongcheng sdmx FILE"
    return f"{zh} · {mart.rows} rows; beyond {MOST_ROWS} it is written on demand: tongcheng sdmx FILE"


def attributes(mart: Mart) -> list[Column]:
    """All columns that are neither key nor measure."""
    return [column for column in mart.columns if column.name not in {*DIMENSIONS, MEASURE}]


def _concept(column: Column) -> str:
    return f"{csv_value(column)} as {sql.name(column.name.upper())}"
