"""Great Expectations, imported without what no gate needs: half of its import is scipy, charts and Spark.

The first two load when something of them is used, in Python's own way; Spark is not to be found, which the
library provides for.
"""

import os
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from importlib.util import LazyLoader

WHEN_USED = ("scipy.stats", "altair")
os.environ["GX_ANALYTICS_ENABLED"] = "false"  # it would report to its makers from its import on


class _Finder(MetaPathFinder):
    def find_spec(self, fullname, path, target=None):
        if fullname == "pyspark":
            raise ModuleNotFoundError(fullname)
        spec = PathFinder.find_spec(fullname, path) if fullname in WHEN_USED else None
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


sys.meta_path.insert(0, finder := _Finder())
try:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig
finally:
    sys.meta_path.remove(finder)

__all__ = ["ProgressBarsConfig", "gx"]
