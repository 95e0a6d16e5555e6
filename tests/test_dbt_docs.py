"""dbt's own page in the report: made anew when it would differ, left out where dbt cannot make it."""

import json

import duckdb
import pytest

from dagster_project.prepare import MANIFEST
from dagster_project.report import dbt_docs, site
from dagster_project.report.dbt_docs import write_dbt_docs

RUN = {"invocation_id": "first", "generated_at": "2026-01-01", "env": {"RUN": "1"}}


class Place:
    """A folder with a manifest of one model, a file, and a dbt whose page is the manifest it was given."""

    def __init__(self, folder, page="<head>"):
        self.folder, self.started = folder, folder / "started"
        self.manifest, self.database = folder / "manifest.json", folder / "tongcheng.duckdb"
        self.to, self.dbt = folder / "site" / "index.html", folder / "dbt"
        self.say("first")
        duckdb.connect(str(self.database)).execute("create table a (b integer)").close()
        self.dbt.write_text(
            "#!/bin/sh\n"
            f"echo started >> {self.started}\n"
            f"(echo '{page}'; cat $DBT_TARGET_PATH/manifest.json) > $DBT_TARGET_PATH/static_index.html\n"
        )
        self.dbt.chmod(0o755)

    def say(self, description, **of_run):
        model = {
            "description": description,
            "created_at": len(of_run),
            "compiled_path": f"{self.folder}/a.sql",
            "depends_on": {"macros": ["macro.dbt.own"]},
        }
        parts = {
            "metadata": {"project_name": "tongcheng", **RUN, **of_run},
            "nodes": {"model.tongcheng.a": model},
            "macros": {"macro.dbt.own": {"package_name": "dbt", "macro_sql": "select"}},
            "sources": {},
            "unit_tests": {},
        }
        self.manifest.write_text(json.dumps(parts), encoding="utf-8")

    def page(self):
        """The page as a reader gets it."""
        write_dbt_docs(self.manifest, self.database, self.to, self.folder / "cache")
        return self.to.read_text(encoding="utf-8")

    def starts(self):
        return len(self.started.read_text().splitlines())


@pytest.fixture
def place(tmp_path, monkeypatch):
    made = Place(tmp_path)
    monkeypatch.setattr(dbt_docs, "dbt_executable", lambda: str(made.dbt))
    return made


def test_dbt_is_started_only_where_the_page_would_differ(place):
    assert "first" in place.page()
    place.say("first", invocation_id="second", env={"RUN": "2"})
    place.page()
    assert place.starts() == 1
    place.say("second")
    assert "second" in place.page()
    assert place.starts() == 2
    duckdb.connect(str(place.database)).execute("alter table a add column c integer").close()
    place.page()
    assert place.starts() == 3
    assert len(list((place.folder / "cache").iterdir())) == 1  # no page is kept that nobody will ask for


def test_the_page_names_no_folder_fetches_nothing_and_ends_no_script(place):
    place.say("</script><b>")
    page = place.page()
    assert str(place.folder) not in page
    assert "macro.dbt" not in page
    assert "default-src 'none'" in page
    assert "</script>" not in page


def test_a_dbt_that_fails_is_told_with_its_own_words_and_leaves_no_page(place):
    place.dbt.write_text("#!/bin/sh\necho no such command\nexit 2\n")
    with pytest.raises(RuntimeError, match="no such command"):
        place.page()
    assert not place.to.parent.exists()


def test_a_page_that_cannot_be_kept_from_fetching_is_refused(tmp_path, monkeypatch):
    place = Place(tmp_path, page="<header>")
    monkeypatch.setattr(dbt_docs, "dbt_executable", lambda: str(place.dbt))
    with pytest.raises(ValueError, match="head"):
        place.page()
    assert not place.to.exists()


def test_the_report_stands_without_the_page_and_says_that_it_is_left_out(warehouse, tmp_path, monkeypatch):
    monkeypatch.setattr(dbt_docs, "dbt_executable", lambda: "false")
    said = []
    to = tmp_path / "site"
    site.build_site(warehouse.file, to, tmp_path / "cache", manifest=MANIFEST, on_warning=said.append)
    assert [text for text in said if "dbt's documentation is left out" in text] == said != []
    quality = (to / "quality.html").read_text(encoding="utf-8")
    assert "dbt/index.html" not in quality
    assert not (to / "dbt").exists()
