"""Plug-in of dbt-duckdb, named in profiles.yml: dbt opens the file of the build under way, as the build does.

Were the file's path in the profile itself, dbt would parse the whole project anew for every build folder: it
keeps what it has parsed only as long as the profile says the same.
"""

from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from dagster_project import private
from dagster_project.settings import Settings, database_of_build


class Plugin(BasePlugin):
    """Found by dbt-duckdb under this name."""

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        """Called before the file is opened; without the variable it is the profile's, as for a bare dbt."""
        creds.path = database_of_build() or creds.path
        self.file = Path(creds.path)
        config.update(Settings.read().duckdb())

    def configure_connection(self, conn: Any) -> None:
        """Called once the file is open."""
        private.attach(conn, self.file)
