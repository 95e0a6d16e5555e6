"""The models on a Spark cluster come to the rows that DuckDB comes to.

In one process, one model after the other, as others run beside it. Longer, with two workers and the unit
tests, and by hand: `make spark-parity`.
"""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import LATER, Place
from tests.mutate.fast import Fast
from tests.scale.synthetic import write_seeds
from tests.spark.parity import UNIT_TESTED, compare, on_spark

pytestmark = pytest.mark.skipif(
    find_spec("pyspark") is None or find_spec("pyhive") is None or shutil.which("java") is None,
    reason="no Spark here: Java, and `make spark-local-environment`",
)


def test_same_rows_from_both_engines(warehouse: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from dagster_project.spark.local import FEW_ROWS, local_cluster

    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
    write_seeds(tmp_path / "seeds", 500)
    fast = Fast(warehouse.build, warehouse.public, warehouse.seeds, tmp_path / "here")
    here = fast.remake(tmp_path / "seeds", as_of=LATER)
    with local_cluster(tmp_path / "cluster", workers=0, more=FEW_ROWS) as cluster:
        for variable, value in cluster.environment().items():
            monkeypatch.setitem(os.environ, variable, value)
        there = tmp_path / "there" / here.name
        on_spark(here, there, tmp_path / "dbt", ["run", "--threads", "1"])
        left = list((cluster.folder / "shared").iterdir())
    lines = list(compare(here, there))
    assert len(lines) > 60
    assert not [line for line in lines if not line.equal]
    assert not [line.table for line in lines if not line.rows and line.table not in UNIT_TESTED]
    assert not left
