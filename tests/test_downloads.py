"""What analysts take away holds what the marts hold, in types that their tools understand."""

from __future__ import annotations

import csv
import json
import re
import shutil
from contextlib import closing
from datetime import date, datetime, timedelta
from decimal import Decimal
from unicodedata import east_asian_width

import duckdb
import msgspec
import pytest

from dagster_project.downloads.export import export
from dagster_project.downloads.flat_files import write_csv, write_parquet
from dagster_project.downloads.marts import read_marts
from dagster_project.downloads.workbook import write_workbook
from dagster_project.export_text import FORMULA_STARTS, neutralised
from dagster_project.files import sha256
from dagster_project.prepare import MANIFEST
from dagster_project.publish.versions import versions
from tests.xlsx_cells import Workbook

BUILD = {
    "build_id": "B1",
    "built_at": datetime(2026, 1, 1),
    "as_of_date": date(2026, 1, 1),
    "figures_until": date(2025, 12, 31),
    "git_revision": "x",
}


@pytest.fixture(scope="module")
def con(warehouse):
    with closing(duckdb.connect(str(warehouse.file), read_only=True)) as connection:
        yield connection


@pytest.fixture(scope="module")
def marts(con):
    return read_marts(con, MANIFEST)


@pytest.fixture(scope="module")
def public(warehouse):
    return warehouse.public


@pytest.fixture
def made_up(tmp_path):
    """A file with one mart of awkward cells, its mart, and a folder."""
    (tmp_path / "manifest.json").write_text('{"nodes": {}}')
    connection = duckdb.connect()
    connection.execute(
        "create schema marts; create table marts.awkward "
        "(place bigint, label varchar, number decimal(38, 9), whole decimal(20, 0), "
        "day date, moment timestamp)"
    )
    with closing(connection):
        yield connection, tmp_path


def only_mart(connection, folder):
    (mart,) = read_marts(connection, folder / "manifest.json")
    return mart


def rows_of(connection, mart, columns):
    named = ", ".join(column.quoted for column in columns)
    return connection.execute(f"select {named} from {mart.in_order}").fetchall()


def test_parquet_has_the_types_and_values_of_each_mart(con, marts, public):
    for mart in marts:
        file = f"'{public}/parquet/{mart.name}.parquet'"
        types = con.execute(f"select column_name, column_type from (describe from {file})").fetchall()
        assert types == [(column.name, column.type) for column in mart.lasting], mart.name
        assert con.execute(f"from {file}").fetchall() == rows_of(con, mart, mart.lasting), mart.name


def test_parquet_says_which_build_it_is_of_and_what_its_columns_are(con, marts, public):
    file = f"{public}/parquet/fct_observation.parquet"
    notes = {
        key.decode(): value.decode()
        for key, value in con.execute(f"select key, value from parquet_kv_metadata('{file}')").fetchall()
    }
    # A file that would be the same again is linked from the version before.
    assert notes["written_by"] in {version.build_id for version in versions(public)}
    assert "区间" in json.loads(notes["columns"])["obs_value"]


def read_cell(cell: str, kind: str):
    """A CSV cell as a reader with the column's type understands it."""
    if cell == "":
        return None
    return {
        "text": str,
        "integer": int,
        "number": Decimal,
        "boolean": {"true": True, "false": False}.__getitem__,
        "date": date.fromisoformat,
        "timestamp": lambda text: datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ"),
    }[kind](cell)


def test_csv_read_by_another_reader_has_the_values_of_each_mart(con, marts, public):
    for mart in marts:
        with (public / "csv" / f"{mart.name}.csv").open(encoding="utf-8", newline="") as stream:
            header, *lines = csv.reader(stream)
        assert header == [column.name for column in mart.lasting]
        kinds = [column.kind for column in mart.lasting]
        read = [tuple(map(read_cell, line, kinds)) for line in lines]
        expected = [
            tuple(v.replace(microsecond=0) if isinstance(v, datetime) else neutralised(v) for v in row)
            for row in rows_of(con, mart, mart.lasting)
        ]
        assert read == expected, mart.name


def test_a_cell_that_a_spreadsheet_would_run_is_text_in_csv_and_workbook(made_up):
    connection, folder = made_up
    labels = [start + "1+1" for start in FORMULA_STARTS] + ["https://a.example", "近60家", 'a"b,\nc', "1-1"]
    for place, label in enumerate(labels):
        connection.execute("insert into marts.awkward values (?, ?, -1.5, -2, null, null)", [place, label])
    mart = only_mart(connection, folder)
    write_csv(mart, mart.in_order, connection, folder / "a.csv")
    with (folder / "a.csv").open(encoding="utf-8", newline="") as stream:
        cells = list(csv.DictReader(stream))
    assert [row["label"] for row in cells] == [neutralised(label) for label in labels]
    assert {(row["number"], row["whole"]) for row in cells} == {("-1.5", "-2")}
    write_parquet(mart, mart.in_order, BUILD, connection, folder / "a.parquet")
    raw = connection.execute(f"select label from '{folder}/a.parquet'").fetchall()
    assert [label for (label,) in raw] == labels
    write_workbook(connection, [mart], folder / "a.xlsx", BUILD)
    book = Workbook(folder / "a.xlsx")
    assert [row[1].replace("_x000D_", "\r") for row in book.rows("awkward")[1:]] == labels
    assert "<f>" not in book.text("awkward")
    assert "hyperlink" not in book.text("awkward")


def test_the_workbook_has_typed_cells_and_no_formula(con, marts, public):
    book = Workbook(public / "tongcheng.xlsx")
    assert list(book.parts) == ["README", "columns", *(mart.name for mart in marts)]
    for mart in marts:
        header, *rows = book.rows(mart.name)
        assert list(header.values()) == [column.name for column in mart.columns]
        expected = [
            {place: as_cell(value) for place, value in enumerate(row) if value is not None}
            for row in rows_of(con, mart, mart.columns)
        ]
        seen = [{place: as_cell(value) for place, value in row.items()} for row in rows]
        assert seen == expected, mart.name
        assert "<f>" not in book.text(mart.name)


def as_cell(value):
    """What a spreadsheet makes of a value: one kind of number, days with a time, no microseconds."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        return datetime.fromtimestamp(round(moment.timestamp()))
    return pytest.approx(float(value), rel=1e-14)


def test_every_line_of_the_first_sheet_has_room(public):
    """LibreOffice keeps the heights that it reads, and shows no more of a text than fits."""
    text = Workbook(public / "tongcheng.xlsx").text("README")
    rows = re.findall(r'<row r="(\d+)"([^>]*)>(.*?)</row>', text)
    assert len(rows) > 30
    for number, shape, cells in rows:
        said = re.findall(r'r="([A-D])\d+"[^>]*t="inlineStr"><is><t[^>]*>([^<]*)', cells)
        height = float(re.search(r'ht="([\d.]+)"', shape)[1]) if "ht=" in shape else 15
        for column, words in said:
            width = {"A": 26, "B": 90, "D": 60}.get(column, 188) if len(said) > 1 else 188
            wide = sum(2 if east_asian_width(character) in "WF" else 1 for character in words)
            assert height >= 15 * wide / width, f"row {number}: {words}"


def test_the_workbook_can_be_printed(marts, public):
    """Upright and unscaled, LibreOffice makes several thousand pages of it, most without a header."""
    book = Workbook(public / "tongcheng.xlsx")
    assert all('orientation="landscape"' in book.text(sheet) for sheet in book.parts)
    assert all('fitToPage="1"' in book.text(sheet) for sheet in ("README", "columns"))
    titles = book.archive.read("xl/workbook.xml").decode()
    assert all(f"{mart.name[:31]}'!$A:$A" in titles or f"{mart.name[:31]}!$A:$A" in titles for mart in marts)


def test_the_workbook_explains_itself_in_both_languages(con, marts, public):
    book = Workbook(public / "tongcheng.xlsx")
    cells = [str(cell) for row in book.rows("README") for cell in row.values()]
    build_id, as_of = con.execute("select build_id, as_of_date from marts.build_info").fetchone()
    text = "\n".join(cells)
    assert build_id in text
    assert str(as_of) in text
    assert {"Apache License", "权利"} <= {said for said in ("Apache License", "权利") if said in text}
    assert {mart.name for mart in marts} <= set(cells)
    described = {(row[0], row[1]) for row in book.rows("columns")}
    assert {(mart.name, column.name) for mart in marts for column in mart.columns} <= described


def test_a_mart_too_long_for_a_sheet_says_so_and_points_to_the_parquet(made_up):
    connection, folder = made_up
    connection.execute("insert into marts.awkward (place) from range(4)")
    mart = only_mart(connection, folder)
    write_workbook(connection, [mart], folder / "whole.xlsx", BUILD, sheet_rows=4)
    assert len(Workbook(folder / "whole.xlsx").rows("awkward")) == 1 + 4
    write_workbook(connection, [mart], folder / "short.xlsx", BUILD, sheet_rows=3)
    book = Workbook(folder / "short.xlsx")
    assert len(book.rows("awkward")) == 2
    for said in (book.rows("awkward")[1][0], book.rows("README")[-1][3]):
        assert "4 rows, too many for a sheet: see awkward in the folders parquet and csv" in said


def test_what_a_cell_cannot_hold_is_said(made_up):
    connection, folder = made_up
    connection.execute(
        "insert into marts.awkward values "
        "(1, repeat('长', 40000), 1234567.123456789, 100, '1899-12-31', null), "
        "(2, 'short', 103360000000, 1234567890123456, '1900-01-01', '2026-01-01 02:03:04')"
    )
    mart = only_mart(connection, folder)
    write_workbook(connection, [mart], folder / "a.xlsx", BUILD)
    book = Workbook(folder / "a.xlsx")
    note = book.rows("README")[-1][3]
    assert "2 numbers of more than 15 digits are rounded" in note
    assert "1 texts are too long for a cell and cut" in note
    first, second = book.rows("awkward")[1:]
    assert len(first[1]) == 32767
    assert first[4] == "1899-12-31"
    assert second[4].date() in {date(1900, 1, 1), date(1899, 12, 31)}  # two calendars of spreadsheets
    assert second[5] == datetime(2026, 1, 1, 2, 3, 4)


def test_what_xml_cannot_hold_is_written_as_spreadsheets_write_it(made_up):
    connection, folder = made_up
    labels = ["a & b < c > d", " spaced ", "two\nlines", "_x0041_", "bell\x07"]
    for place, label in enumerate(labels):
        connection.execute("insert into marts.awkward (place, label) values (?, ?)", [place, label])
    write_workbook(connection, [only_mart(connection, folder)], folder / "a.xlsx", BUILD)
    seen = [row[1] for row in Workbook(folder / "a.xlsx").rows("awkward")[1:]]
    assert seen == [*labels[:3], "_x005F_x0041_", "bell_x0007_"]


def test_a_number_of_any_size_is_exact_in_csv(made_up):
    connection, folder = made_up
    numbers = ["0", "-0.5", "100", "999999999.999999999", "1000000000", "-12345678901234567890.000000001"]
    for place, number in enumerate(numbers):
        connection.execute(
            "insert into marts.awkward (place, number) values (?, ?)", [place, Decimal(number)]
        )
    mart = only_mart(connection, folder)
    write_csv(mart, mart.in_order, connection, folder / "a.csv")
    with (folder / "a.csv").open(encoding="utf-8", newline="") as stream:
        assert sorted(row["number"] for row in csv.DictReader(stream)) == sorted(numbers)


@pytest.fixture
def package(public, tmp_path):
    """A copy of the data package that a test may damage."""
    shutil.copy(public / "datapackage.json", tmp_path)
    shutil.copytree(public / "csv", tmp_path / "csv")
    return tmp_path


def test_the_data_package_is_valid(public, marts):
    from frictionless import validate

    report = validate(str(public / "datapackage.json"))
    assert report.valid, report.flatten(["title", "fieldName", "message"])[:5]
    assert [task.name for task in report.tasks] == [mart.name for mart in marts]
    package = json.loads((public / "datapackage.json").read_text(encoding="utf-8"))
    assert package["sources"]
    assert package["licenses"]
    for resource, mart in zip(package["resources"], marts, strict=True):
        assert resource["rows"] == mart.rows
        assert resource["schema"]["primaryKey"], mart.name
        assert all(field["description"] for field in resource["schema"]["fields"])


@pytest.mark.parametrize(
    ("name", "old", "new", "error"),
    [
        ("dim_unit", "TRAIN_PAIR,", "TRAIN_PAIRS,", "hash-count"),
        ("build_info", "Z,", "Y,", "type-error"),
        ("initiative_party", "\n", "\nno-such-initiative,x\n", "foreign-key"),
        ("dim_domain", "\n", "\nTRANSPORT,x,x,1,true\n", "primary-key"),
    ],
)
def test_a_damaged_file_makes_the_data_package_invalid(package, name, old, new, error):
    from frictionless import Package

    file = package / "csv" / f"{name}.csv"
    file.chmod(0o644)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    report = Package(str(package / "datapackage.json")).get_resource(name).validate()
    assert error in {found[0] for found in report.flatten(["type"])}


@pytest.fixture(scope="module")
def structure(public):
    from pysdmx.io.json.sdmxjson2.messages.structure import JsonStructureMessage

    content = (public / "sdmx" / "structure.json").read_bytes()
    return msgspec.json.decode(content, type=JsonStructureMessage).to_model()


def test_sdmx_holds_every_stated_figure(con, public, structure):
    from pysdmx.io import get_datasets
    from pysdmx.util import parse_short_urn

    (dataset,) = get_datasets(public / "sdmx" / "fct_observation.csv")
    flow = structure.get_dataflow(str(parse_short_urn(dataset.structure)))
    (definition,) = structure.get_data_structure_definitions()
    assert flow.structure == definition
    components = definition.components
    assert [measure.id for measure in components.measures] == ["OBS_VALUE"]
    assert {component.id for component in components} == set(dataset.data.columns)
    key = [dimension.id for dimension in components.dimensions]
    assert not dataset.data.duplicated(key).any()
    assert not (dataset.data[key] == "").any().any()
    stated = con.execute("select observation_id, obs_value, value_text from marts.fct_observation").fetchall()
    rows = dataset.data[["OBSERVATION_ID", "OBS_VALUE", "VALUE_TEXT"]].itertuples(index=False)
    assert {(name, Decimal(value) if value else None, text) for name, value, text in rows} == {
        (name, value, neutralised(text)) for name, value, text in stated
    }


def test_sdmx_codes_are_on_the_lists_of_the_structure(public, structure):
    from pysdmx.io import get_datasets

    (dataset,) = get_datasets(public / "sdmx" / "fct_observation.csv")
    (definition,) = structure.get_data_structure_definitions()
    coded = {c.id: {code.id for code in c.enumeration} for c in definition.components if c.enumeration}
    assert {"INDICATOR_ID", "REF_AREA", "UNIT_MEASURE", "OBS_STATUS", "VALUE_QUALIFIER"} <= set(coded)
    assert {"FREQ", "EVIDENCE", "HOST_QUALITY", "VINTAGE_STATUS", "LOWER_BASIS", "UPPER_BASIS"} <= set(coded)
    dimensions = {dimension.id for dimension in definition.components.dimensions}
    assert {"FREQ", "PERIOD_TYPE"} <= dimensions
    assert "EVIDENCE" in {attribute.id for attribute in definition.components.attributes}
    for name, codes in coded.items():
        assert set(dataset.data[name]) - {""} <= codes, name


def strings_and_lists(part):
    """Everything in a JSON document that is text or a list, at any depth."""
    if isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from strings_and_lists(inner)
    if isinstance(part, str | list):
        yield part


def test_sdmx_structure_is_whole_without_the_library_that_wrote_it(con, public):
    """Read as plain JSON: names in both languages, each reference leads somewhere, no list is empty."""
    data = json.loads((public / "sdmx" / "structure.json").read_text(encoding="utf-8"))["data"]
    lists = {
        codelist["id"]: [(code["id"], code["names"]["zh"], code["names"]["en"]) for code in codelist["codes"]]
        for codelist in data["codelists"]
    }
    for name, query in {
        "CL_DIM_INDICATOR": "select indicator_id, name_zh, name_en from marts.dim_indicator order by 1",
        "CL_DIM_SOURCE": "select source_id, title_zh, title_en from marts.dim_source order by 1",
        "CL_EVIDENCE": "select code, name_zh, name_en from marts.dim_code "
        "where code_list = 'EVIDENCE' order by 1",
    }.items():
        assert lists[name] == con.execute(query).fetchall(), name
    (scheme,) = data["conceptSchemes"]
    (structure,) = data["dataStructures"]
    root = "urn:sdmx:org.sdmx.infomodel"
    there = {f"{root}.codelist.Codelist=TONGCHENG:{name}(2.0.0)" for name in lists}
    there |= {f"{root}.datastructure.DataStructure=TONGCHENG:{structure['id']}(2.0.0)"}
    there |= {
        f"{root}.conceptscheme.Concept=TONGCHENG:{scheme['id']}(2.0.0).{concept['id']}"
        for concept in scheme["concepts"]
    }
    parts = list(strings_and_lists(data))
    assert {part for part in parts if str(part).startswith("urn:")} == there
    assert [] not in parts  # the message's schema allows none


def test_a_period_of_the_calendar_has_its_code_in_sdmx_and_any_other_is_a_day_or_a_range(con, public):
    with (public / "sdmx" / "fct_observation.csv").open(encoding="utf-8", newline="") as stream:
        periods = {row["OBSERVATION_ID"]: row["TIME_PERIOD"] for row in csv.DictReader(stream)}
    coded = set()
    for name, freq, start, end in con.execute(
        "select observation_id, freq, time_period_start, time_period_end from marts.fct_observation"
    ).fetchall():
        if freq in "ASQM":
            length = {"A": 12, "S": 6, "Q": 3, "M": 1}[freq]
            nth, rest = divmod(start.month - 1, length)
            assert (start.day, rest) == (1, 0)
            assert (end + timedelta(days=1)).month - 1 == (start.month - 1 + length) % 12
            code = {"A": "", "M": f"-{start.month:02}"}.get(freq, f"-{freq}{nth + 1}")
            assert periods[name] == f"{start.year}{code}"
            coded.add(freq)
        elif start in (None, end):
            assert periods[name] == str(end)
        else:
            first, length = periods[name].split("/")
            assert first == str(start)
            assert length == f"P{(end - start).days + 1}D"
    assert {"A", "S", "Q"} <= coded


def test_manifest_and_index_list_every_file_with_its_hash(public, marts):
    version = next(version for version in versions(public) if version.current)
    assert version.verify() == []
    there = {p.relative_to(version.folder).as_posix() for p in version.folder.rglob("*") if p.is_file()}
    listed = {entry["path"] for entry in version.manifest["files"]}
    assert there == listed | {"manifest.json"}
    index = json.loads((public / "downloads" / "index.json").read_text(encoding="utf-8"))["files"]
    for entry in index:
        path = public / entry["path"]
        assert (entry["bytes"], entry["sha256"]) == (path.stat().st_size, sha256(path))
        assert entry["path"] in (public / "downloads" / "README.txt").read_text(encoding="utf-8")
    rows = {entry["path"]: entry["rows"] for entry in index}
    assert {"tongcheng.duckdb", "tongcheng.xlsx", "datapackage.json", "sdmx/fct_observation.csv"} <= set(rows)
    for mart in marts:
        assert rows[f"csv/{mart.name}.csv"] == rows[f"parquet/{mart.name}.parquet"] == mart.rows


def test_an_export_reports_its_progress(warehouse, tmp_path):
    seen = []
    export(warehouse.file, tmp_path, MANIFEST, lambda *step: seen.append(step))
    places = [done for _, done, _ in seen]
    assert places == sorted(places)
    assert {total for *_, total in seen} == {places[-1] + 1}
    assert any("fct_observation" in text for text, *_ in seen)
