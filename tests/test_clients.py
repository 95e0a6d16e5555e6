"""Every way in that the docs show is gone: the notebook to its chart, the snippets of each client.

Where a client is not on this machine its snippet is skipped, and the reason says so.
"""

import re
import shutil
import subprocess
import sys

import duckdb
import nbformat
import pytest
from nbclient import NotebookClient

from tests.readme import ROOT

NOTEBOOK = ROOT / "docs" / "analyst.ipynb"
PAGES = ("docs/clients.md", "docs/clients.zh-CN.md")
CLIENTS = {"python": [sys.executable, "-c"], "r": ["Rscript", "-e"], "sh": ["sh", "-ec"]}
NEEDS = {"r": "Rscript", "sh": "duckdb"}


def snippets(page: str) -> list[tuple[str, str]]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"```(python|r|sh)\n(.*?)```", text, re.S)


@pytest.mark.parametrize(("kind", "snippet"), snippets(PAGES[0]))
def test_a_snippet_runs_as_it_stands(kind, snippet, warehouse):
    needed = NEEDS.get(kind)
    if needed and not shutil.which(needed):
        pytest.skip(f"{needed} is not on this machine")
    if kind == "r" and subprocess.run(["Rscript", "-e", "library(duckdb)"], capture_output=True).returncode:
        pytest.skip("R lacks the package duckdb")
    folder = warehouse.public.parent
    done = subprocess.run([*CLIENTS[kind], snippet], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "known" in done.stdout or "Daily pairs of intercity trains" in done.stdout


ASKED = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
tables = [name for (name,) in con.sql("show tables").fetchall()]
con.sql("select value_text from dim_area, fct_observation limit 1").fetchall()
for mart in ("observation", "integration_progress", "commitment_progress"):
    told = con.sql(f"from marts.{mart}_as_of(date '2021-06-30')").fetchall()
    assert con.sql(f"from {mart}_as_of(date '2021-06-30')").fetchall() == told
    for asked, near in (("indicator := 'TRAIN_PAIR_DAILY'", "TRAIN_PAIRS"), ("area := '成都'", "510100")):
        try:
            con.sql(f"from marts.{mart}_as_of(date '2021-06-30', {asked})").fetchall()
        except duckdb.Error as error:
            assert near in str(error), error
        else:
            raise AssertionError(asked)
con.close()
con = duckdb.connect()
con.execute(f"attach '{sys.argv[1]}' as other (read_only)")
con.sql("from other.integration_progress_as_of(date '2021-06-30', catalog := 'other')").fetchall()
con.sql("from other.marts.integration_progress_as_of(date '2021-06-30', catalog := 'other')").fetchall()
print(duckdb.__version__, *tables)
"""


def test_the_oldest_client_that_the_readme_names_can_do_all(warehouse):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (oldest,) = re.findall(r"with DuckDB ([\d.]+) or later\.", readme)
    python = ROOT / ".venv-oldest" / "bin" / "python"
    if not python.exists():
        pytest.skip("no environment with it: make oldest-client")
    done = subprocess.run([str(python), "-c", ASKED, str(warehouse.file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    version, *tables = done.stdout.split()
    assert version == oldest
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        marts = "select table_name from duckdb_tables() where schema_name = 'marts' order by 1"
        assert tables == [name for (name,) in connection.execute(marts).fetchall()]


def test_every_page_names_the_same_oldest_client():
    pages = ("README.md", "README.zh-CN.md", *PAGES)
    named = [re.findall(r"DuckDB (\d[\d.]*\d)", (ROOT / page).read_text(encoding="utf-8")) for page in pages]
    assert named == [named[0]] * len(pages)


def test_both_languages_show_the_same_snippets():
    assert snippets(PAGES[0]) == snippets(PAGES[1])
    assert {kind for kind, _ in snippets(PAGES[0])} == set(CLIENTS)


def test_the_notebook_is_committed_without_outputs():
    cells = [cell for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    assert cells
    assert not [cell.id for cell in cells if cell.outputs or cell.execution_count]


def test_the_notebook_runs_from_connecting_to_a_chart(warehouse, tmp_path, monkeypatch):
    monkeypatch.setenv("TONGCHENG_PUBLIC", str(warehouse.public))
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))  # no kernel or start-up file of this user
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    resources = {"metadata": {"path": str(NOTEBOOK.parent)}}
    NotebookClient(notebook, kernel_name="python3", timeout=120, resources=resources).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    charts = [output.data["image/svg+xml"] for output in outputs if "image/svg+xml" in output.get("data", {})]
    change, wording = charts
    assert "107.5对" in change
    assert change.count('aria-roledescription="rule mark"') >= 6, "intervals are drawn as bars"
    assert wording.count('aria-roledescription="bar"') == 20
    (tmp_path / "chart.svg").write_text(change + wording, encoding="utf-8")
