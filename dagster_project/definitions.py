"""The entry point that Dagster loads; everything else stands under `defs/`, one file a stage."""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """All assets, checks, jobs, the schedule and the sensor."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
