"""Large libraries come without what they import for others; whoever asks for that later gets it."""

import subprocess
import sys

ASKED = """
import sys
import dagster_project.gates.engine, dagster_project.defs.models
assert not {"pyspark", "dbt", "scipy.optimize", "altair.vegalite"} & set(sys.modules)
import altair, dbt.version, scipy.stats
assert altair.Chart and dbt.version.__version__ and scipy.stats.norm.cdf(0) == 0.5
"""


def test_what_a_build_never_uses_is_not_imported(warehouse):  # which has a manifest by then
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
