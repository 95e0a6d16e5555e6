"""The models' logic on made-up rows: one row per outcome, as dbt unit tests beside the models."""

import os
import subprocess

from dagster_project.dbt_command import dbt_executable
from dagster_project.settings import DATABASE_VARIABLE, DBT_PROJECT
from tests.conftest import Place

NEW_PARSE = "Unable to do partial parsing"  # as dbt says it


def test_every_outcome_of_the_arithmetic_is_as_the_value_rules_say(own_warehouse: Place):
    command = [dbt_executable(), "test", "--select", "test_type:unit", "--profiles-dir", str(DBT_PROJECT)]
    env = {
        **os.environ,
        DATABASE_VARIABLE: str(own_warehouse.build / "work" / "tongcheng.duckdb"),
        "DBT_TARGET_PATH": str(own_warehouse.build / "dbt"),
        "DBT_LOG_PATH": str(own_warehouse.build / "dbt"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    done = subprocess.run(command, cwd=DBT_PROJECT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "NO-OP=0" in done.stdout
    assert "PASS=0" not in done.stdout
    assert NEW_PARSE not in done.stdout
