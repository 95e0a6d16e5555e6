"""Great Expectations, as far as gates need it: Spark, statistics and charts are half of its import."""

import os

from dagster_project.imports import lean

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # it would report to its makers from its import on

with lean(absent={"pyspark"}, when_used={"scipy.stats", "altair"}):
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

__all__ = ["ProgressBarsConfig", "gx"]
