"""What stewards see in Dagster: everything loads, nothing is an island, every mart has a blocking check."""

import ast
import json
import re
import shutil
from graphlib import TopologicalSorter
from types import SimpleNamespace

import dagster as dg
import pytest
from filelock import FileLock

from dagster_project.defs import nightly
from dagster_project.prepare import INSTANCE_CONFIG, prepare
from dagster_project.publish import versions
from dagster_project.runs.folders import CARD
from dagster_project.runs.inputs import seeds_digest
from dagster_project.settings import DBT_PROJECT, ROOT, Settings


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    prepare(Settings.read())
    from dagster_project.definitions import defs

    return defs()


@pytest.fixture(scope="module")
def graph(definitions):
    return definitions.resolve_asset_graph()


def keys_of(graph, stage):
    return {key for key in graph.get_all_asset_keys() if key.path[0] == stage}


def test_every_seed_table_is_an_asset(graph):
    seeds = {path.stem for path in (ROOT / "seeds" / "schema").glob("*.yaml")}
    assert seeds <= {key.path[-1] for key in keys_of(graph, "raw")}


def test_lineage_is_unbroken_from_seed_to_published_version(graph):
    published = dg.AssetKey(["published", "tongcheng"])
    upstream = dg.AssetSelection.assets(published).upstream().resolve(graph)
    everything = graph.get_all_asset_keys()
    islands = everything - upstream
    assert not islands, f"not upstream of what is published: {sorted(map(str, islands))}"


def test_nothing_but_seeds_is_without_parents(graph):
    roots = {key for key in graph.get_all_asset_keys() if not graph.get(key).parent_keys}
    assert {key.path[0] for key in roots} == {"raw"}


def test_every_mart_has_a_blocking_check_and_is_a_published_table(graph, definitions):
    marts = {path.stem for path in (DBT_PROJECT / "models" / "marts").rglob("*.sql")}
    assert marts == {key.path[-1] for key in keys_of(graph, "marts")}
    blocking = {
        graph.get_check_spec(check).asset_key.path[-1]
        for check in graph.asset_check_keys
        if graph.get_check_spec(check).blocking
    }
    assert marts <= blocking, f"no blocking check: {sorted(marts - blocking)}"


def test_every_asset_has_description_owner_group_and_kind(graph):
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, key
        assert node.owners, key
        assert node.group_name in {"ingest", "staging", "intermediate", "marts", "publish"}, key
        assert node.kinds, key


def test_every_mart_column_is_described_in_both_languages(graph):
    for key in keys_of(graph, "marts"):
        schema = graph.get(key).metadata["dagster/column_schema"]
        for column in schema.value.columns if hasattr(schema, "value") else schema.columns:
            assert column.description, f"{key}: {column.name}"
            assert re.search("[\u4e00-\u9fff]", column.description), f"{key}: {column.name}"
            assert re.search("[a-z]{2}", column.description), f"{key}: {column.name}"


def test_schedule_and_sensor_run_by_default_at_two_in_shanghai(definitions):
    schedule = definitions.resolve_schedule_def("nightly_schedule")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", "Asia/Shanghai")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert schedule.job_name == "nightly"
    sensor = definitions.resolve_sensor_def("seed_changes")
    assert sensor.default_status == dg.DefaultSensorStatus.RUNNING


def test_alerts_are_on_and_the_published_version_has_a_freshness_policy(definitions, graph):
    for name in ("red_build", "late_nightly"):
        assert definitions.resolve_sensor_def(name).default_status == dg.DefaultSensorStatus.RUNNING
    policy = graph.get(dg.AssetKey(["published", "tongcheng"])).freshness_policy
    assert (policy.deadline_cron, policy.timezone) == ("0 4 * * *", "Asia/Shanghai")


def test_the_published_version_leads_to_its_report_and_its_gates(graph):
    metadata = graph.get(dg.AssetKey(["published", "tongcheng"])).metadata
    links = {metadata[name].value for name in ("report", "gates")}
    assert links == {"/published/site/index.html", "/gates/index.html"}


def test_the_job_runs_all_assets_and_all_checks_in_one_process(definitions, graph):
    job = definitions.resolve_job_def("nightly")
    assert set(job.asset_layer.selected_asset_keys) == set(graph.get_all_asset_keys())
    assert job.executor_def.name == "in_process"


@pytest.fixture
def look(definitions, tmp_path, monkeypatch):
    """A function that lets the sensor on seeds look once more; True where it asked for a build."""
    monkeypatch.setenv("TONGCHENG_SEEDS", str(tmp_path / "seeds"))
    monkeypatch.setenv("TONGCHENG_BUILD", str(tmp_path / "build"))
    (tmp_path / "seeds").mkdir()
    monkeypatch.setattr(nightly, "read_seeds", lambda _: SimpleNamespace(ok=True))
    cursor = [None]

    def once() -> bool:
        context = dg.build_sensor_context(cursor=cursor[0], instance=instance)
        tick = definitions.resolve_sensor_def("seed_changes").evaluate_tick(context)
        cursor[0] = tick.cursor
        # Dagster leaves out a request whose key an earlier run had: back and forth would be built only once.
        assert all(request.run_key is None for request in tick.run_requests)
        return bool(tick.run_requests)

    with dg.DagsterInstance.ephemeral() as instance:
        once.instance = instance
        yield once


def type_seeds(tmp_path, text: str) -> None:
    (tmp_path / "seeds" / "areas.csv").write_text(text)


def test_a_changed_seed_requests_one_build_once_it_has_settled(look, tmp_path):
    type_seeds(tmp_path, "a")
    assert [look(), look()] == [False, False]
    for text in ("b", "a"):  # back and forth
        type_seeds(tmp_path, text)
        assert [look(), look(), look(), look()] == [False, True, False, False]


def test_no_build_begins_while_somebody_types(look, tmp_path, monkeypatch):
    look()
    for text in "abc":
        type_seeds(tmp_path, text)
        assert not look()
    draft = tmp_path / "seeds" / "bulletins" / "2026-01-01_new" / "draft.csv"
    draft.parent.mkdir(parents=True)
    draft.touch()
    assert [look(), look(), look()] == [False] * 3
    draft.unlink()
    assert [look(), look()] == [False, True]


def test_seeds_that_a_build_would_refuse_start_none(look, tmp_path, monkeypatch):
    look()
    checked = []
    monkeypatch.setattr(nightly, "read_seeds", lambda _: checked.append(1) or SimpleNamespace(ok=False))
    type_seeds(tmp_path, "wrong")
    assert [look(), look(), look()] == [False] * 3
    assert len(checked) == 1
    monkeypatch.setattr(nightly, "read_seeds", lambda _: SimpleNamespace(ok=True))
    type_seeds(tmp_path, "right")
    assert [look(), look()] == [False, True]


@pytest.mark.parametrize("folder", ["next", "work", "red/21000101T000000Z-aa"])
def test_a_change_that_somebody_else_has_built_is_not_built_again(look, tmp_path, folder):
    """By a click or the command line: under way, green or red."""
    look()
    type_seeds(tmp_path, "new")
    built = tmp_path / "build" / folder
    built.mkdir(parents=True)
    card = {"build_id": "21000101T000000Z-aa", "seeds": seeds_digest(tmp_path / "seeds")}
    (built / CARD).write_text(json.dumps(card))
    with FileLock(tmp_path / "build" / "lock"):
        assert [look(), look()] == [False, False]
    type_seeds(tmp_path, "newer")
    assert [look(), look()] == [False, True]


def test_a_slip_that_was_built_red_and_is_put_back_is_built(look, tmp_path):
    """By the command line, between two looks."""
    type_seeds(tmp_path, "right")
    assert not look()
    red = tmp_path / "build" / "red" / "21000101T000000Z-aa"
    red.mkdir(parents=True)
    (red / CARD).write_text(json.dumps({"build_id": red.name, "seeds": "of the slip"}))
    assert [look(), look(), look()] == [True, False, False]


def test_a_queued_build_will_read_the_change(look, tmp_path):
    look()
    type_seeds(tmp_path, "new")
    queued = dg.DagsterRun("nightly", run_id="queued", status=dg.DagsterRunStatus.NOT_STARTED)
    look.instance.add_run(queued)
    assert [look(), look()] == [False, False]
    look.instance.delete_run("queued")
    assert look()


def test_the_journal_of_the_service_is_without_the_events_of_a_run(tmp_path, capfd, monkeypatch):
    shutil.copy(INSTANCE_CONFIG, tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))

    @dg.op
    def speaks(context):
        context.log.info("somebody waits")

    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        job = dg.GraphDefinition("job", node_defs=[speaks]).to_job()
        run_id = job.execute_in_process(instance=instance).run_id
        assert len(instance.all_logs(run_id)) > 5
    (line,) = capfd.readouterr().err.splitlines()
    assert line.endswith("somebody waits")


def test_versions_are_kept_without_dagster():
    """An operator's rollback must not wait for heavy imports, nor fail with them."""
    assert "dagster" not in {module.split(".")[0] for module in vars(versions)}


PAGES = ["architecture.md", "architecture.zh-CN.md"]


def pictures(page: str) -> list[set[tuple[str, str]]]:
    """The arrows of the flow, then those of the folders."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    drawn = re.findall(r"```mermaid\n(.*?)```", text, re.S)
    return [set(re.findall(r"^ +(\w+) --> (\w+)$", picture, re.M)) for picture in drawn]


def imports() -> set[tuple[str, str]]:
    """Which folder of the code uses which other."""
    code = ROOT / "dagster_project"
    used = set()
    for path in code.glob("*/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            if module == "dagster_project":
                used |= {(path.parent.name, alias.name) for alias in node.names}
            elif module and module.startswith("dagster_project."):
                used.add((path.parent.name, module.split(".")[1]))
    return {(user, part) for user, part in used if user != part and (code / part).is_dir()}


@pytest.mark.parametrize("page", PAGES)
def test_the_picture_of_the_folders_is_true_and_has_no_circle(page):
    _, drawn = pictures(page)
    assert drawn == imports()
    TopologicalSorter({user: {b for a, b in drawn if a == user} for user, _ in drawn}).prepare()


@pytest.mark.parametrize("page", PAGES)
def test_the_picture_of_the_flow_is_true(graph, page):
    drawn, _ = pictures(page)
    group = {key: graph.get(key).group_name for key in graph.get_all_asset_keys()}
    real = {(group[parent], group[key]) for key in group for parent in graph.get(key).parent_keys}
    real = {(upper, lower) for upper, lower in real if upper != lower}
    stages = set(group.values())
    assert stages <= {name for arrow in drawn for name in arrow}, "a stage is not in the picture"
    assert {arrow for arrow in drawn if stages.issuperset(arrow)} <= real, "an arrow leads nowhere"

    def leads_to(upper: str, lower: str, passed: frozenset = frozenset()) -> bool:
        below = {end for start, end in drawn if start == upper} - passed
        return lower in below or any(leads_to(name, lower, passed | below) for name in below)

    assert not {arrow for arrow in real if not leads_to(*arrow)}, "an arrow is missing"
