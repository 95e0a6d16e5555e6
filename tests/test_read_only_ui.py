"""`tongcheng ui --read-only` starts nothing. No server is started for this: the web application is asked."""

import pytest

from dagster_project.settings import Settings
from dagster_project.ui import server


@pytest.fixture
def permissions(tmp_path, monkeypatch):
    """What the page may do, by its own account: name of the permission -> allowed."""
    settings = Settings(tmp_path / "seeds", tmp_path / "build", tmp_path / "public")
    for folder in (settings.gates, settings.dagster_home):
        folder.mkdir(parents=True)
    monkeypatch.setenv("DAGSTER_HOME", str(settings.dagster_home))

    def ask(read_only: bool) -> dict[str, bool]:
        answers = []

        def served(app, **_):
            from starlette.testclient import TestClient

            client = TestClient(app, base_url="http://127.0.0.1:3000")
            question = {"query": "{ permissions { permission value } }"}
            answers.append(client.post("/graphql", json=question).json()["data"]["permissions"])

        monkeypatch.setattr("uvicorn.run", served)
        server._web(settings, 3000, 1, read_only, ())
        return {each["permission"]: each["value"] for each in answers[0]}

    return ask


@pytest.mark.filterwarnings("ignore:Error loading repository location")  # none is there to be loaded
def test_nothing_can_be_started_in_read_only_mode(permissions):
    assert permissions(read_only=False)["launch_pipeline_execution"] is True
    assert not any(permissions(read_only=True).values())
