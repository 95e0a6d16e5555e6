"""Great Expectations, as far as gates need it: Spark, statistics and charts are half of its import."""

import logging
import os

from dagster_project.imports import lean

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # it would report to its makers from its import on

with lean(absent={"pyspark"}, when_used={"scipy.stats", "altair"}):
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

# What the library logs, the results hold; beside a progress display it would only disturb.
logging.getLogger("great_expectations").addHandler(logging.NullHandler())
logging.getLogger("great_expectations").propagate = False

import dagster_project.gates.row_count  # noqa: E402, F401  # replaces one of its metrics, which it logs

__all__ = ["ProgressBarsConfig", "gx"]
