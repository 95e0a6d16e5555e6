"""How many rows a gate's query finds: counted among its first ones, which the library asks for as well.

It asks each query twice, and a green one then finds nothing twice. Where the first rows are not all, it still
counts. To import this is enough: the library keeps one provider of a metric, the last.
"""

from __future__ import annotations

from typing import Any

from great_expectations.constants import MAX_RESULT_RECORDS
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.query_metrics.query_row_count.unexpected_rows_query_row_count import (  # noqa: E501
    UnexpectedRowsQueryRowCount,
)
from great_expectations.validator.metric_configuration import MetricConfiguration

ROWS = "unexpected_rows_query.table"


class CountAmongRows(UnexpectedRowsQueryRowCount):
    """The library's metric, of which the query's first rows are a dependency."""

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(
        cls,  # as the library calls it
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict,
        metric_value_kwargs: dict,
        metrics: dict[str, Any],
        runtime_configuration: dict,
    ) -> int:
        if len(rows := metrics[ROWS]) < MAX_RESULT_RECORDS:
            return len(rows)
        return UnexpectedRowsQueryRowCount._sqlalchemy(
            cls,
            execution_engine,
            metric_domain_kwargs,
            metric_value_kwargs,
            metrics,
            runtime_configuration,
        )

    @classmethod
    def _get_evaluation_dependencies(
        cls, metric: MetricConfiguration, *_: Any, **__: Any
    ) -> dict[str, MetricConfiguration]:
        return {ROWS: MetricConfiguration(ROWS, metric.metric_domain_kwargs, metric.metric_value_kwargs)}
