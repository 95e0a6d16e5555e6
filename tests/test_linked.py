"""A night makes anew what changed and links the rest, and both are what a fresh build would make.

A few bulletins are enough: what is linked is asked file by file, however many there are.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from pathlib import Path

import duckdb
import pytest

from dagster_project.downloads import content, flat_files
from dagster_project.downloads.export import DATA, WORKBOOK, export
from dagster_project.files import AT_REST, linked, sha256
from dagster_project.prepare import MANIFEST
from dagster_project.report import redrawn
from dagster_project.report.site import build_site
from dagster_project.settings import CACHE
from tests.conftest import Place
from tests.few_bulletins import MIANYANG, write_seeds
from tests.mutate.fast import Fast

BULLETINS = (MIANYANG, "2022-05-17_metro_q1_2022")
GDP = "indicators/GDP.html"
OF_A_NIGHT = {WORKBOOK, "datapackage.json", "sdmx/structure.json", "tongcheng.duckdb"}


@pytest.fixture(scope="module")
def few(warehouse: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The warehouse of these bulletins, published."""
    folder = tmp_path_factory.mktemp("few")
    place = Place(folder / "seeds", folder / "build", folder / "public")
    write_seeds(place.seeds, BULLETINS)
    fast = Fast(warehouse.build, place.public, place.seeds, folder)
    fast.remake(place.seeds)
    fast.publish(place.public)
    return place


@pytest.fixture
def changed(few: Place, tmp_path: Path) -> Path:
    """A copy of the published file, for a test to change."""
    return Path(shutil.copyfile(few.file, tmp_path / "tongcheng.duckdb"))


def run(file: Path, statement: str) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute(statement)


def links(folder: Path, published: Path) -> set[str]:
    """The files of a folder that are published ones."""
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {
        path for path in paths if (published / path).exists() and (folder / path).samefile(published / path)
    }


# Downloads


def exported(file: Path, out: Path, published: Path) -> set[str]:
    """Write the downloads, next to what a build without a past makes of the same; returns what is new."""
    made = {entry.path for entry in export(file, out, MANIFEST, published=published)}
    fresh = out.with_name("fresh")
    export(file, fresh, MANIFEST)
    for path in made - {"tongcheng.duckdb"}:
        if (out / path).read_bytes() == (fresh / path).read_bytes():
            continue
        assert path.endswith(".parquet"), path  # names the build that wrote it
        rows = f"select count(*) from (from '{out / path}' except all from '{fresh / path}')"
        assert duckdb.sql(rows).fetchone() == (0,), path
        assert notes(out / path) == notes(fresh / path), path
    return made - links(out, published)


def notes(parquet: Path) -> set[tuple]:
    rows = duckdb.sql(f"select key, value from parquet_kv_metadata('{parquet}')").fetchall()
    return {row for row in rows if row[0] != b"written_by"}


def files_of(mart: str) -> set[str]:
    return {f"parquet/{mart}.parquet", f"csv/{mart}.csv"}


def test_where_nothing_changed_only_what_names_the_build_is_written(few, changed, tmp_path):
    assert exported(changed, tmp_path / "out", few.public) == OF_A_NIGHT


@pytest.mark.parametrize(
    ("statement", "new"),
    [
        ("update marts.fct_event set title_en = title_en || '!' where event_id = "
         "(select min(event_id) from marts.fct_event)", files_of("fct_event")),
        ("delete from marts.fct_event where event_id = (select min(event_id) from marts.fct_event)",
         files_of("fct_event")),
        ("comment on column marts.fct_event.event_id is '另一说明 · other words'", files_of("fct_event")),
        ("update marts.fct_observation set obs_value = obs_value + 1 where observation_id = "
         "(select min(observation_id) from marts.fct_observation)", files_of("fct_observation") | {DATA}),
        ("update marts.build_info set as_of_date = as_of_date + 1, build_id = 'another'; "
         "update marts.integration_progress set days_since_latest = days_since_latest + 1; "
         "update marts.commitment_progress set as_of_date = as_of_date + 1",
         files_of("build_info")),
    ],
    ids=["row", "row less", "description", "figure", "day"],
)  # fmt: skip
def test_what_changed_is_written_and_all_else_linked(few, changed, tmp_path, statement, new):
    run(changed, statement)
    assert exported(changed, tmp_path / "out", few.public) == new | OF_A_NIGHT


def test_other_code_writes_all_anew(few, changed, tmp_path, monkeypatch):
    monkeypatch.setattr(content, "_code", lambda: "other code")
    export(changed, tmp_path / "out", MANIFEST, published=few.public)
    assert links(tmp_path / "out", few.public) == set()


def test_the_code_of_the_downloads_is_part_of_their_content(monkeypatch):
    content._code.cache_clear()
    before = content._code()
    content._code.cache_clear()
    own = Path(flat_files.__file__)
    monkeypatch.setattr(content, "sha256", lambda path: "other" if path == own else sha256(path))
    assert content._code() != before
    content._code.cache_clear()


@pytest.mark.parametrize(
    "damage", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-1] + b"x")]
)
def test_a_damaged_or_missing_file_is_never_linked(few, changed, tmp_path, damage):
    published, path = tmp_path / "published", "csv/fct_event.csv"
    shutil.copytree(few.public / "current", published)
    (published / path).chmod(0o644)
    damage(published / path)
    export(changed, tmp_path / "out", MANIFEST, published=published)
    assert path not in links(tmp_path / "out", published)
    assert (tmp_path / "out" / path).read_bytes() == (few.public / path).read_bytes()
    assert "csv/fct_claim.csv" in links(tmp_path / "out", published)


def test_without_links_a_file_is_copied(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "dagster_project.files.os.link", lambda *_: (_ for _ in ()).throw(OSError("no links"))
    )
    source, to = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"rows")
    assert linked(source, to, 4, sha256(source))
    assert to.read_bytes() == b"rows"
    assert not to.samefile(source)


LONG_AGO = 10**18  # nanoseconds since 1970


@pytest.fixture
def at_rest(tmp_path: Path) -> Path:
    """A file that nobody has written to for long."""
    (tmp_path / "rest").write_bytes(b"rows")
    os.utime(tmp_path / "rest", ns=(LONG_AGO, LONG_AGO))
    return tmp_path / "rest"


def test_a_file_at_rest_is_read_once_linked_or_not(at_rest, monkeypatch):
    other = at_rest.with_name("other")
    assert linked(at_rest, other, 4, hashlib.sha256(b"rows").hexdigest())
    monkeypatch.setattr("dagster_project.files.hashlib.file_digest", None)  # whoever reads it fails
    assert sha256(other) == sha256(at_rest) == hashlib.sha256(b"rows").hexdigest()


def test_a_file_changed_under_its_old_time_is_hashed_anew(at_rest):
    sha256(at_rest)
    time.sleep(0.05)  # longer than the grain of the clock that marks a change
    at_rest.write_bytes(b"ROWS")
    os.utime(at_rest, ns=(LONG_AGO, LONG_AGO))
    assert sha256(at_rest) == hashlib.sha256(b"ROWS").hexdigest()


def test_a_file_just_written_is_hashed_each_time_however_long_that_takes(tmp_path, monkeypatch):
    path = tmp_path / "new"
    path.write_bytes(b"rows")
    same, clock, digest = path.stat(), [time.time_ns()], hashlib.file_digest

    def slow(*given):
        clock[0] += 10 * AT_REST
        return digest(*given)

    monkeypatch.setattr("dagster_project.files.os.fstat", lambda _: same)  # a clock too coarse to tell
    monkeypatch.setattr("dagster_project.files.time.time_ns", lambda: clock[0])
    monkeypatch.setattr("dagster_project.files.hashlib.file_digest", slow)
    sha256(path)
    path.write_bytes(b"ROWS")
    clock[0] = same.st_mtime_ns
    assert sha256(path) == hashlib.sha256(b"ROWS").hexdigest()


def test_a_damaged_file_leaves_no_link(at_rest):
    other = at_rest.with_name("other")
    assert not linked(at_rest, other, 4, "another hash")
    assert not other.exists()
    assert not linked(at_rest.with_name("gone"), other, 4, "another hash")


def test_exporting_twice_into_one_folder_leaves_the_published_files_alone(few, changed, tmp_path):
    before = sha256(few.public / "csv" / "fct_event.csv")
    export(changed, tmp_path / "out", MANIFEST, published=few.public)
    run(changed, "delete from marts.fct_event")
    export(changed, tmp_path / "out", MANIFEST, published=few.public)
    assert sha256(few.public / "csv" / "fct_event.csv") == before


def test_what_is_too_long_says_where_it_is(changed, tmp_path):
    listed = export(changed, tmp_path, MANIFEST, sheet_rows=5, sdmx_rows=5)
    index = json.loads((tmp_path / "downloads" / "index.json").read_text(encoding="utf-8"))
    assert DATA not in {file.path for file in listed}
    assert "tongcheng sdmx FILE" in index["left_out"][DATA]
    assert "in tongcheng.duckdb" in index["left_out"]["parquet, csv: integration_progress.days_since_latest"]
    assert "fct_event in the folders parquet and csv" in index["left_out"][f"{WORKBOOK}: fct_event"]
    readme = (tmp_path / "downloads" / "README.txt").read_text(encoding="utf-8")
    assert all(text in readme for text in index["left_out"].values())


def test_sdmx_on_demand_is_the_nightly_file(warehouse, tmp_path):
    code, output = warehouse.tongcheng("sdmx", str(tmp_path / "figures.csv"))
    assert code == 0, output
    assert (tmp_path / "figures.csv").read_bytes() == (warehouse.public / DATA).read_bytes()


LONG, PLACE, ROWS = "fct_observation", "510700", 64  # a mart, one of its places, and the rows of a file


@pytest.fixture(scope="module")
def in_parts(warehouse: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The downloads of the warehouse, cut as if it were large."""
    export(warehouse.file, out := tmp_path_factory.mktemp("parts"), MANIFEST, part_rows=ROWS)
    return out


@pytest.fixture
def large(warehouse: Place, tmp_path: Path) -> Path:
    """A copy of its file, for a test to change."""
    return Path(shutil.copyfile(warehouse.file, tmp_path / "tongcheng.duckdb"))


def csv_files(folder: Path) -> list[Path]:
    return sorted((folder / "csv" / LONG).iterdir())


def written_csv(folder: Path, published: Path) -> set[str]:
    """The CSV files of the mart that are no published ones."""
    same = links(folder / "csv" / LONG, published / "csv" / LONG)
    return {file.name for file in csv_files(folder)} - same


def places_of(file: Path) -> list[str]:
    found = duckdb.sql(f"select distinct ref_area::varchar from '{file}' order by all").fetchall()
    return [place for (place,) in found]


def file_of(place: str, folder: Path) -> str:
    (name,) = (file.name for file in csv_files(folder) if place in places_of(file))
    return name


def test_the_files_of_a_long_mart_hold_its_rows_once_in_order(warehouse, in_parts):
    files = csv_files(in_parts)
    assert len(files) > 2
    assert [file.stem for file in files] == [places_of(file)[0] for file in files]
    columns = "observation_id, series_id, ref_area::varchar, time_period_end"
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        there = connection.execute(f"select {columns} from marts.{LONG}").fetchall()
    for kind in ("parquet", "csv"):
        found = [
            row
            for file in sorted((in_parts / kind / LONG).iterdir())
            for row in duckdb.sql(f"select {columns} from '{file}'").fetchall()
        ]
        assert found == there
    index = json.loads((in_parts / "downloads" / "index.json").read_text(encoding="utf-8"))
    rows = {entry["path"]: entry["rows"] for entry in index["files"]}
    listed = {file.name: rows[f"csv/{LONG}/{file.name}"] for file in files}
    assert listed == {f.name: duckdb.sql(f"select count(*) from '{f}'").fetchone()[0] for f in files}


def test_a_night_writes_only_the_files_of_the_places_that_it_speaks_of(in_parts, large, tmp_path):
    run(large, f"update marts.{LONG} set comment = 'x' where ref_area = '{PLACE}'")
    export(large, out := tmp_path / "out", MANIFEST, published=in_parts, part_rows=ROWS)
    assert written_csv(out, in_parts) == {file_of(PLACE, out)}
    assert f"parquet/{LONG}/{Path(file_of(PLACE, out)).stem}.parquet" not in links(out, in_parts)
    (count,) = duckdb.sql(f"select count(*) from '{out}/csv/{LONG}/*.csv' where comment = 'x'").fetchone()
    assert count > 0


def test_rows_that_a_night_put_at_the_end_stand_in_order_in_their_file(in_parts, large, tmp_path):
    some = f"marts.{LONG} where ref_area = '{PLACE}'"
    run(large, f"create table kept as from {some}; delete from {some}; insert into marts.{LONG} from kept")
    export(large, out := tmp_path / "out", MANIFEST, part_rows=ROWS)
    now, before = ([file.read_bytes() for file in csv_files(folder)] for folder in (out, in_parts))
    assert now == before


def test_a_new_place_moves_the_limits_of_no_file_further_on(in_parts, large, tmp_path):
    place = f"{PLACE}X"
    run(
        large,
        f"insert into marts.{LONG} select * replace ('{place}' as ref_area, observation_id || '-x' as "
        f"observation_id) from marts.{LONG} where ref_area = '{PLACE}' limit 1",
    )
    export(large, out := tmp_path / "out", MANIFEST, published=in_parts, part_rows=ROWS)
    assert written_csv(out, in_parts) <= {file_of(PLACE, out), file_of(place, out)}


def test_a_data_package_of_parts_is_whole(warehouse, in_parts):
    from frictionless import Package

    resource = Package(str(in_parts / "datapackage.json")).get_resource(LONG)
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        (rows,) = connection.execute(f"select count(*) from marts.{LONG}").fetchone()
    assert len(resource.read_rows()) == rows == resource.rows


# Pages


def drawn(file: Path, to: Path, published: Path) -> set[str]:
    """Have a site, next to one of which no page can be linked; returns what was drawn of what may be."""
    build_site(file, to, CACHE, published=published)
    fresh, without_pages = to.with_name("fresh_site"), to.with_name("without_pages")
    without_pages.mkdir(exist_ok=True)
    build_site(file, fresh, CACHE, published=without_pages)
    assert links(fresh, published) == set()
    for page in to.rglob("*.html"):
        assert page.read_bytes() == (fresh / page.relative_to(to)).read_bytes(), page
    return set(json.loads((to / redrawn.LIST).read_text())) - links(to, published)


@pytest.fixture(scope="module")
def built(few: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the file as it was, made once."""
    build_site(few.file, to := tmp_path_factory.mktemp("built") / "site", CACHE)
    return to


@pytest.fixture
def published(built: Path, tmp_path: Path) -> Path:
    """The same, for a test to damage."""
    return Path(shutil.copytree(built, tmp_path / "published"))


@pytest.mark.parametrize(
    ("statement", "new"),
    [
        ("update marts.build_info set build_id = 'another'", set()),
        ("update marts.build_info set as_of_date = as_of_date + 1; "
         "update marts.integration_progress set days_since_latest = days_since_latest + 1; "
         "update marts.commitment_progress set as_of_date = as_of_date + 1; "
         "update marts.data_freshness set as_of_date = as_of_date + 1", set()),
        ("update marts.dim_indicator set definition_en = 'Other words' where indicator_id = 'GDP'", {GDP}),
        ("update marts.dim_source set title_en = 'Another title' where source_id = "
         "(select min(source_id) from marts.fct_observation where indicator_id = 'GDP')", None),
        ("update marts.data_freshness set n_observations = 0 where indicator_id = 'GDP'", None),
    ],
    ids=["build", "day", "definition", "name elsewhere", "order of indicators"],
)  # fmt: skip
def test_a_page_is_drawn_where_something_it_says_changed(changed, published, tmp_path, statement, new):
    run(changed, statement)
    made = drawn(changed, tmp_path / "site", published)
    assert made == new if new is not None else GDP in made and len(made) < 40


def test_a_code_that_is_called_otherwise_redraws_all(changed, published, tmp_path):
    run(changed, "update marts.dim_code set name_en = name_en || '!'")
    assert links(tmp_path / "site", published) & drawn(changed, tmp_path / "site", published) == set()
    assert not {path for path in links(tmp_path / "site", published) if path.endswith(".html")}


def test_a_damaged_page_is_drawn(changed, published, tmp_path):
    (published / GDP).write_text("damaged")
    assert drawn(changed, tmp_path / "site", published) == {GDP}


def test_other_code_draws_all_pages(changed, published, tmp_path, monkeypatch):
    monkeypatch.setattr(redrawn, "_code", lambda: "other code")
    build_site(changed, tmp_path / "site", CACHE, published=published)
    assert not {path for path in links(tmp_path / "site", published) if path.endswith(".html")}
