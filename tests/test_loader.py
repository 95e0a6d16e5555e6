"""Loading: one bad row of each kind turns it red, nothing is lost, and the real seeds are clean."""

from __future__ import annotations

import random
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
import yaml

from dagster_project.ingest import cell_rules, table_load
from dagster_project.ingest.loader import LoadReport, load_seeds
from dagster_project.seeds.schema import SchemaError, read_schema
from dagster_project.settings import ROOT
from tests.seed_folder import BULLETIN, FILES, OBSERVATIONS, SeedFolder


@pytest.fixture
def seeds(tmp_path: Path) -> SeedFolder:
    return SeedFolder(tmp_path)


def found(report) -> set[tuple]:
    return {(reject.seed_file, reject.line, reject.column_name) for reject in report.rejects}


# kind: file, what is changed into what; file, line and column of the reject; words of its rule
BAD_CELLS = {
    "unknown code in a list": (OBSERVATIONS, "510100;510600", "510100;510699", (2, "areas"), "not in areas"),
    "empty value in a list": (OBSERVATIONS, "510100;510600", "510100;;510600", (2, "areas"), "empty value"),
    "trailing separator": (OBSERVATIONS, "510100;510600", "510100;510600;", (2, "areas"), "empty value"),
    "repeated value in a list": (OBSERVATIONS, "510100;510600", "510100;510100", (2, "areas"), "repeats"),
    "full-width separator": (OBSERVATIONS, "510100;510600", "510100；510600", (2, "areas"), "look-alike"),
    "unknown parent": ("areas.csv", "德阳,,", "德阳,519999,", (3, "parent_area"), "not in areas"),
    "pattern": (OBSERVATIONS, "\ntrains,", "\nTrains,", (2, "observation_id"), "does not match"),
    "boolean": ("indicators.csv", "TRAINS,true", "TRAINS,yes", (2, "is_headline"), "boolean"),
    "integer": ("indicators.csv", "true,1", "true,1.0", (2, "sort_order"), "whole number"),
    "minimum": ("indicators.csv", "true,1", "true,0", (2, "sort_order"), "less than 1"),
    "maximum": ("indicators.csv", "true,1", "true,100", (2, "sort_order"), "more than 99"),
    "lower bound above its value": (
        OBSERVATIONS,
        "107.45",
        "107.6",
        (2, "lower_bound"),
        "excludes the value",
    ),
    "upper bound below its value": (
        OBSERVATIONS,
        "107.55",
        "107.4",
        (2, "upper_bound"),
        "excludes the value",
    ),
    "token and number differ": (
        OBSERVATIONS,
        "107.5对,107.5",
        "107.5对,107.6",
        (2, "obs_value"),
        "token says 107.5",
    ),
    "token of another magnitude": (
        OBSERVATIONS,
        "超3.8万人,38000",
        "超3.8万人,3.8",
        (4, "obs_value"),
        "says 38000",
    ),
    "token without its number": (
        OBSERVATIONS,
        "107.5对,107.5",
        "107.5对,",
        (2, "obs_value"),
        "token says 107.5",
    ),
    "number without its token": (
        OBSERVATIONS,
        "107.5对,107.5",
        ",107.5",
        (2, "value_text"),
        "without its printed",
    ),
    "range with a number": (
        OBSERVATIONS,
        "107.5对,107.5",
        "100至110对,107.5",
        (2, "obs_value"),
        "leave it blank",
    ),
    "order with a number": (
        OBSERVATIONS,
        "107.5对,107.5",
        "数百对,107.5",
        (2, "obs_value"),
        "leave it blank",
    ),
    "fall with a rise": (
        OBSERVATIONS,
        "107.5对,107.5",
        "下降107.5对,107.5",
        (2, "obs_value"),
        "token says -107.5",
    ),
    "vague word with a number": (
        OBSERVATIONS,
        "107.5对,107.5",
        "若干对,107.5",
        (2, "obs_value"),
        "leave it blank",
    ),
    "token without numeral": (OBSERVATIONS, "107.5对,107.5", "对,107.5", (2, "value_text"), "no numeral"),
    "label as token": (OBSERVATIONS, "107.5对,107.5", "第3对,3", (2, "value_text"), ""),
    "another noun than the unit's": (
        OBSERVATIONS,
        "107.5对",
        "107.5列",
        (2, "value_text"),
        "printed form of unit PAIR",
    ),
    "closed list": ("facts.csv", ",508,P", ",508,Q", (5, "obs_status"), "not in code list OBS_STATUS"),
    "duplicate key": (OBSERVATIONS, "\nclasses,", "\ntrains,", (3, "observation_id"), "duplicate key"),
    "unknown original": (
        "sources.csv",
        "reprint,2021-04-14",
        "reprint,2021-04-13",
        (3, "primary_source_id"),
        "",
    ),
}


@pytest.mark.parametrize("kind", BAD_CELLS)
def test_one_bad_cell_turns_it_red(seeds: SeedFolder, kind: str):
    file, old, new, (line, column), words = BAD_CELLS[kind]
    seeds.replace(file, old, new)
    report = seeds.load()
    assert not report.ok
    assert (file, line, column) in found(report)
    assert {reject.line for reject in report.rejects} <= ({2, 3} if kind == "duplicate key" else {line})
    assert any(words in reject.rule for reject in report.rejects)


def test_bounds_equal_to_the_value_and_lists_with_blanks_are_fine(seeds: SeedFolder):
    seeds.replace(OBSERVATIONS, "107.45,107.55", "107.5,107.5")
    seeds.replace(OBSERVATIONS, "510100;510600", "510100 ; 510600")
    report = seeds.load()
    assert report.ok, report.rejects
    assert [note.column_name for note in report.notes] == ["areas"]
    assert seeds.rows("select areas from raw.observations where seed_line = 2") == [("510100;510600",)]


@pytest.mark.parametrize(
    ("noun", "right"),
    [
        ("个", True),
        ("班级", True),
        ("个班级", True),  # a measure word and what it counts
        ("個班級", True),
        ("条", False),
        ("个道路", False),
        ("个班级道路", False),
        ("班级们", False),
        ("个x", False),
    ],
)
def test_a_unit_is_printed_with_its_measure_word_its_noun_or_both(seeds: SeedFolder, noun: str, right: bool):
    seeds.replace("units.csv", "CLASS,个;班", "CLASS,个;班级;(x)")
    seeds.replace(OBSERVATIONS, "近510个", f"近510{noun}")
    report = seeds.load()
    assert report.ok is right, report.rejects
    assert all("not a printed form of unit CLASS" in reject.rule for reject in report.rejects)


def test_two_words_may_count_one_thing(seeds: SeedFolder):
    """Roads are printed as 条 and as 个."""
    seeds.replace("units.csv", "CLASS,个;班", "CLASS,条;个;道路")
    for token in ("近510个", "近510条道路", "近510个道路", "近510道路"):
        before = (seeds.root / OBSERVATIONS).read_text(encoding="utf-8")
        seeds.replace(OBSERVATIONS, "近510个", token)
        assert seeds.load().ok
        seeds.write(OBSERVATIONS, before)


def test_falls_ranges_and_orders_load(seeds: SeedFolder):
    seeds.replace(OBSERVATIONS, "107.5对,107.5,PAIR,107.45,107.55", "下降107.5对,-107.5,PAIR,,")
    seeds.replace(OBSERVATIONS, "近510个,510,CLASS,500,510", "500至510个,,CLASS,500,510")
    seeds.replace(OBSERVATIONS, "超3.8万人,38000", "数百人,")
    report = seeds.load()
    assert report.ok, report.rejects
    assert seeds.rows("select value_text, value_qualifier, v::double, sign from raw.token order by 1") == [
        ("500至510个", "RANGE", 500, 1),
        ("下降107.5对", "EQ", 107.5, -1),
        ("数百人", "ORDER", None, 1),
    ]


BAD_PLACES = {
    "missing file": (lambda s: (s.root / "units.csv").unlink(), "units.csv", "missing"),
    "missing bulletin file": (lambda s: (s.root / OBSERVATIONS).unlink(), OBSERVATIONS, "missing"),
    "folder without a source": (
        lambda s: s.write("bulletins/2022-01-01_new/observations.csv", FILES[OBSERVATIONS].splitlines()[0]),
        "bulletins/2022-01-01_new",
        "has no row in sources.csv",
    ),
    "source without a folder": (
        lambda s: s.replace("sources.csv", f"reprint,{BULLETIN}", "reprint,"),
        "bulletins/2021-04-15_reprint",
        "without a folder",
    ),
    "file of no table": (lambda s: s.write("observation.csv", "a\n"), "observation.csv", "any table"),
    "workbook": (lambda s: s.write("facts.xlsx", b"PK"), "facts.xlsx", "any table"),
    "file beside the folders": (lambda s: s.write("bulletins/x.CSV", "a\n"), "bulletins/x.CSV", "any table"),
    "folder name": (lambda s: s.write("bulletins/A'; drop/x.csv", "a\n"), "bulletins/A'; drop", "lower case"),
    "folder as file": (lambda s: _make_folder(s.root / "units.csv"), "units.csv", "plain file"),
    "link out of the folder": (lambda s: _link_out(s, "units.csv"), "units.csv", "inside the seeds"),
}  # fmt: skip


def _make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link_out(seeds: SeedFolder, file: str) -> None:
    path = seeds.root / file
    outside = seeds.root.parent / "outside.csv"
    path.rename(outside)
    path.symlink_to(outside)


@pytest.mark.parametrize("kind", BAD_PLACES)
def test_files_and_folders_must_be_as_declared(seeds: SeedFolder, kind: str):
    spoil, place, words = BAD_PLACES[kind]
    spoil(seeds)
    report = seeds.load()
    assert (place, None, None) in found(report)
    assert {reject.seed_file for reject in report.rejects} == {place}
    assert any(words in reject.rule for reject in report.rejects)


def test_a_missing_parent_does_not_drag_down_its_children(seeds: SeedFolder):
    (seeds.root / "areas.csv").unlink()
    report = seeds.load()
    assert found(report) == {("areas.csv", None, None)}
    assert report.rows["facts"] == 6
    assert any("areas" in note.rule for note in report.notes)


def test_a_rejected_parent_row_does_not_drag_down_its_children(seeds: SeedFolder):
    seeds.replace("areas.csv", "成都,,", ",,")
    report = seeds.load()
    assert found(report) == {("areas.csv", 2, "name_zh")}
    assert (report.rows["areas"], report.rows["facts"]) == (4, 6)


def test_of_rows_alike_where_none_may_be_all_but_the_first_are_refused(seeds: SeedFolder):
    rule = {"column": "observation_id", "alike": ["areas", "value_text", "lower_bound"], "rule": "told twice"}
    declared = (seeds.root / "schema/observations.yaml").read_text(encoding="utf-8")
    seeds.write("schema/observations.yaml", declared + yaml.safe_dump({"rules": [rule]}))
    assert seeds.load().ok
    seeds.replace(
        OBSERVATIONS, "\nclasses,", "\ntrains-2,TRAINS,510100;510600,107.5对,107.5,PAIR,107.4,\nclasses,"
    )
    assert seeds.load().ok
    # Blank is a value like any other.
    twice = "students-2,STUDENTS,X_CDMZ,超3.8万人,38000,PERSON,,\n"
    seeds.write(OBSERVATIONS, (seeds.root / OBSERVATIONS).read_text(encoding="utf-8") + twice)
    (reject,) = seeds.load().rejects
    assert (reject.line, reject.value, reject.rule) == (6, "students-2", "told twice")


def test_a_parent_without_its_key_hides_no_unknown_code(seeds: SeedFolder):
    seeds.replace("areas.csv", "510600,", ",")
    seeds.replace(OBSERVATIONS, "510100;510600", "510100;519999")
    assert (OBSERVATIONS, 2, "areas") in found(seeds.load())


def test_raw_tables_have_declared_types_even_when_empty(seeds: SeedFolder):
    for file, content in FILES.items():
        if file not in ("sources.csv", "hedge_terms.csv"):
            seeds.write(file, content.splitlines()[0] + "\n")
    report = seeds.load()
    assert report.ok, report.rejects
    assert report.rows["observations"] == 0
    columns = seeds.rows("select column_name, column_type from (describe raw.observations)")
    assert columns == [
        ("source_id", "VARCHAR"),
        ("observation_id", "VARCHAR"),
        ("indicator_id", "VARCHAR"),
        ("areas", "VARCHAR"),
        ("value_text", "VARCHAR"),
        ("obs_value", "DECIMAL(38,9)"),
        ("unit_measure", "VARCHAR"),
        ("lower_bound", "DECIMAL(38,9)"),
        ("upper_bound", "DECIMAL(38,9)"),
        ("seed_file", "VARCHAR"),
        ("seed_line", "BIGINT"),
    ]
    assert (
        dict(seeds.rows("select column_name, column_type from (describe raw.facts)"))["period_end"] == "DATE"
    )
    tokens = dict(seeds.rows("select column_name, column_type from (describe raw.token)"))
    assert tokens["v"] == tokens["denominator"] == "DECIMAL(38,9)"
    assert list(tokens)[:4] == ["value_text", "hedge_id", "value_qualifier", "v"]
    assert seeds.rows("select count(*) from raw.token") == [(0,)]


def test_raw_keeps_place_and_source(seeds: SeedFolder):
    seeds.load()
    rows = seeds.rows(
        "select source_id, observation_id, seed_file, seed_line from raw.observations order by 4"
    )
    assert rows[0] == (BULLETIN, "trains", OBSERVATIONS, 2)
    assert rows[2][1:] == ("students", OBSERVATIONS, 4)
    files = seeds.rows(
        "select seed_table, source_id, rows, length(sha256) from raw.seed_files where rows = 3 order by 1"
    )
    assert files == [("indicators", None, 3, 64), ("observations", BULLETIN, 3, 64), ("units", None, 3, 64)]


def test_findings_are_in_the_database_too(seeds: SeedFolder):
    seeds.replace("facts.csv", ",88,", ",x,")
    seeds.replace("facts.csv", "TRAINS,510100,2021", "trains,510100,2021")
    report = seeds.load()
    assert seeds.rows("from raw.rejects") == [
        ("facts", "facts.csv", 2, "obs_value", "x", report.rejects[0].rule)
    ]
    assert seeds.rows("select seed_file, line, column_name, value from raw.notes") == [
        ("facts.csv", 3, "indicator_id", "trains")
    ]
    assert seeds.rows("select count(*) from raw.facts where indicator_id = 'TRAINS'") == [(1,)]


def test_a_part_can_be_loaded_against_the_rest(seeds: SeedFolder):
    first = seeds.load()
    seeds.replace("facts.csv", "TRAINS,510100,2020", "PLANES,510100,2020")
    seeds.replace("areas.csv", "成都,", ",")
    report = seeds.load(["facts"])
    assert report.rows == {"facts": 5}
    assert found(report) == {("facts.csv", 2, "indicator_id")}
    assert report.seed_hash != first.seed_hash
    assert len(seeds.rows("from raw.seed_files")) == len(first.files)
    assert seeds.rows("select seed_table from raw.rejects") == [("facts",)]

    seeds.write("facts.csv", FILES["facts.csv"])
    assert seeds.load(["facts"]).seed_hash == first.seed_hash
    assert seeds.rows("from raw.rejects") == []
    assert found(seeds.load(["areas", "units"])) == {("areas.csv", 2, "name_zh")}


def test_tokens_of_all_tables_stay_when_a_part_is_loaded(seeds: SeedFolder):
    seeds.load()
    before = seeds.rows("select value_text from raw.token order by 1")
    seeds.load(["facts"])
    assert seeds.rows("select value_text from raw.token order by 1") == before
    assert len(before) == 3


def test_a_part_without_its_parents_says_what_was_not_checked(seeds: SeedFolder):
    report = seeds.load(["facts"])
    assert report.ok
    assert {note.rule.split(": ")[1] for note in report.notes} == {
        "facts.indicator_id → indicators",
        "facts.ref_area → areas",
    }


def test_nothing_to_load_is_no_error(seeds: SeedFolder):
    seeds.load()
    report = seeds.load([])
    assert report.ok
    assert report.rows == {}


def test_an_undeclared_table_is_a_mistake_of_the_caller(seeds: SeedFolder):
    with pytest.raises(ValueError, match="nonsense"):
        seeds.load(["nonsense"])


def test_progress_names_each_table(seeds: SeedFolder):
    told = []
    load_seeds(seeds.connection, seeds.root, on_progress=lambda table, rows: told.append((table, rows)))
    assert told[0] == ("code_lists", 2)
    assert ("observations", 3) in told
    assert len(told) == len(read_schema(seeds.root))


def test_loads_into_a_file(seeds: SeedFolder, tmp_path: Path):
    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        assert load_seeds(connection, seeds.root).ok
    with duckdb.connect(str(tmp_path / "x.duckdb"), read_only=True) as connection:
        names = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
        ).fetchall()
    assert {name for (name,) in names} == {
        *read_schema(seeds.root),
        "token",
        "rejects",
        "notes",
        "seed_files",
    }


@pytest.mark.parametrize("folder", ["it's", "a[b]*", 'q"uote', "x{1,2}?", "种子 seeds", "k=v"])
def test_the_folder_may_have_any_name(tmp_path: Path, folder: str):
    (tmp_path / folder).mkdir()
    seeds = SeedFolder(tmp_path / folder)
    assert seeds.load().ok


def _bulletins(seeds: SeedFolder, count: int) -> list[str]:
    """More bulletins, some with other column orders or newlines; returns their names."""
    header, row, *_ = FILES[OBSERVATIONS].splitlines()
    names = [f"2022-01-{day:02d}_more" for day in range(1, count + 1)]
    for day, name in enumerate(names):
        rows = [row.replace("trains", f"trains_{day}_{n}") for n in range(day)]
        text = "\n".join([header, *rows]) + "\n"
        if day % 3 == 1:
            text = "\n".join(",".join(line.split(",")[::-1]) for line in text.splitlines())
        if day % 3 == 2:
            text = text.replace("\n", "\r\n")
        seeds.write(f"bulletins/{name}/observations.csv", text)
    seeds.write("sources.csv", FILES["sources.csv"] + "".join(f"{name},\n" for name in names))
    return names


def test_many_bulletins_are_told_apart(seeds: SeedFolder):
    names = _bulletins(seeds, 12)
    report = seeds.load()
    assert report.ok, report.rejects
    for day, name in enumerate(names):
        rows = seeds.rows(
            "select observation_id, seed_line from raw.observations "
            f"where source_id = '{name}' order by seed_line"
        )
        assert rows == [(f"trains_{day}_{n}", n + 2) for n in range(day)]


def test_one_broken_bulletin_leaves_the_others(seeds: SeedFolder):
    names = _bulletins(seeds, 6)
    clean = seeds.load().rows["observations"]
    file = f"bulletins/{names[3]}/observations.csv"
    seeds.replace(file, "107.5,PAIR", "107.5,PAIR,")
    report = seeds.load()
    assert found(report) == {(file, 2, None)}
    assert report.rows["observations"] == clean - 1
    seeds.write(file, (seeds.root / file).read_text(encoding="utf-8") + '"')
    assert seeds.load().rows["observations"] == clean - 3


def _in_full(seeds: SeedFolder) -> tuple[LoadReport, dict[str, list[tuple]]]:
    """The report and the rows of a load of its own, of the folder as it stands."""
    with duckdb.connect() as connection:
        report = load_seeds(connection, seeds.root)
        tables = (*report.rows, "seed_files", "token", "rejects", "notes")
        return report, {t: connection.execute(f"from raw.{t} order by all").fetchall() for t in tables}


def test_what_has_not_changed_stays_of_an_earlier_load(seeds: SeedFolder, monkeypatch):
    monkeypatch.setattr(table_load, "SMALL", 0)  # every file is large
    names = _bulletins(seeds, 6)
    assert seeds.load().ok
    changed = f"bulletins/{names[3]}/observations.csv"
    seeds.replace(changed, "107.5,PAIR", "107.5,PAIRS")  # no such unit
    seeds.replace("areas.csv", "512000,资阳,,\n", "")  # to which a fact refers whose file is as it was
    gone, moved, to = names[5], names[2], "2022-01-31_moved"
    shutil.rmtree(seeds.root / "bulletins" / gone)
    (seeds.root / "bulletins" / moved).rename(seeds.root / "bulletins" / to)
    seeds.replace("sources.csv", f"{gone},\n", "")
    seeds.replace("sources.csv", moved, to)
    fresh, everything = _in_full(seeds)
    read = []
    admit = table_load.TableLoad._admit

    def watched(load, index, *others):
        read.append(load.files[index].file)
        admit(load, index, *others)

    monkeypatch.setattr(table_load.TableLoad, "_admit", watched)
    again = load_seeds(seeds.connection, seeds.root, over_earlier=True)
    assert {*read} == {
        changed,
        f"bulletins/{to}/observations.csv",
        "areas.csv",
        "sources.csv",
        "code_lists.csv",
    }
    assert (found(again), again.rows, again.seed_hash) == (found(fresh), fresh.rows, fresh.seed_hash)
    assert found(fresh) >= {(changed, 2, "unit_measure"), ("facts.csv", 7, "ref_area")}
    for table, rows in everything.items():
        assert seeds.rows(f"from raw.{table} order by all") == rows, table


@pytest.mark.parametrize("change", ["a closed list", "a file with a note"])
def test_what_may_fare_otherwise_is_read_again(seeds: SeedFolder, monkeypatch, change: str):
    monkeypatch.setattr(table_load, "SMALL", 0)
    if change == "a file with a note":
        seeds.replace("facts.csv", "TRAINS,510100,2020-02-25", "trains,510100,2020-02-25")
    seeds.load()
    if change == "a closed list":
        seeds.replace("code_lists.csv", "OBS_STATUS,P\n", "")
    fresh, everything = _in_full(seeds)
    again = load_seeds(seeds.connection, seeds.root, over_earlier=True)
    assert (again.rejects, again.notes) == (fresh.rejects, fresh.notes)
    assert fresh.rejects or fresh.notes
    assert seeds.rows("from raw.facts order by all") == everything["facts"]


@pytest.mark.parametrize("joins", [False, True])
def test_order_and_lines_hold_in_a_file_read_in_parallel(seeds: SeedFolder, monkeypatch, joins: bool):
    """DuckDB makes a join of a long IN list; then nothing but the loader's own guard keeps the order."""
    if joins:
        monkeypatch.setattr(
            cell_rules, "_outside", lambda x, values: f"{x} not in {cell_rules._among(values)}"
        )
    codes = "".join(f"OBS_STATUS,{'B' * n}\n" for n in range(1, 40))
    seeds.write("code_lists.csv", FILES["code_lists.csv"] + codes)
    count, first, header = 300_000, date(1900, 1, 1), FILES["facts.csv"].splitlines()[0]
    days = [str(first + timedelta(number)) for number in range(100_000)]
    series = ("TRAINS", "CLASSES", "STUDENTS")
    rows = (f"{series[n // 100_000]},510100,{days[n % 100_000]},{n},A,{'文' * 9}" for n in range(count))
    seeds.write("facts.csv", "\n".join([header, *rows]))
    seeds.connection.execute("set threads = 2")
    report = seeds.load()
    assert report.ok, report.rejects[:3]
    in_order = "count(*) filter (where obs_value = seed_line - 2)"
    assert seeds.rows(f"select count(*), {in_order} from raw.facts") == [(count, count)]


def test_plain_rows_fare_as_under_the_full_rules(seeds: SeedFolder, monkeypatch):
    """Whatever the cheap test lets pass must be what the full rules would have made of it."""
    pick = random.Random(7)
    cells = {
        "indicator_id": ["TRAINS", "trains", "TRAINS ", "PLANES", "ТRAINS", "", "NA"],
        "ref_area": ["510100", "512000", "X_CDMZ", "51010", "510100.0", "5.1E+05", "５１０１００"],
        "period_end": ["2020-02-29", "2021-02-29", "2021-1-1", "1899-12-31", "2200-01-01", "20000-01-01",
                       "-2020-01-01", "epoch", ""],
        "obs_value": ["1", "-0", "0.5", ".5", "5.", "+5", "−5", "1e3", "1E-3", "007", "1,5", "9" * 29, "1_0",
                      "9" * 30, "0.123456789", "0.1234567891", "123456789012345678", "nan", "t", " 8"],
        "obs_status": ["A", "P", "a", "X", "", " P"],
        "comment": ["文", "", " 文", "None", "-", "#N/A", "#1", "a\u00a0b", "Ã©t", "é", "x\u200by", "№ ㎡",
                    "\n文", "文\n", "文\n文"],
    }  # fmt: skip
    header = ",".join(cells)

    def row(number: int) -> str:
        cells["period_end"][0] = str(date(2000, 1, 1) + timedelta(number))  # a key of its own
        chosen = [pick.choice(values) if pick.random() < 0.1 else values[0] for values in cells.values()]
        return ",".join(f'"{cell}"' for cell in chosen)

    rows = [row(number) for number in range(3000)]
    seeds.write("facts.csv", "\n".join([header, *rows]) + "\n")

    def outcome() -> tuple:
        seeds.load()
        kept = seeds.rows("from raw.facts order by seed_line")
        return kept, seeds.rows("from raw.rejects order by all"), seeds.rows("from raw.notes order by all")

    cheap = outcome()
    monkeypatch.setattr(table_load.TableLoad, "_doubt", lambda *_: "true")
    monkeypatch.setattr(table_load.TableLoad, "_doubtful", lambda self: set(range(len(self.names))))
    assert outcome() == cheap
    assert all(cheap)


def test_a_file_that_spoils_the_pool_spoils_no_other(seeds: SeedFolder, monkeypatch):
    other = "2021-05-01_another"
    seeds.write("sources.csv", FILES["sources.csv"] + f"{other},\n")
    seeds.write(
        f"bulletins/{other}/observations.csv",
        FILES[OBSERVATIONS].splitlines()[0] + "\nnext,TRAINS,510100,1对,1,PAIR,,\n",
    )
    assert seeds.load().ok
    rows = seeds.rows("from raw.observations order by all")
    append, spoilt = table_load.TableLoad._append, set()

    def fail(self, group, *rest) -> bool:
        return not any(len(group) > 1 or self.files[i].file in spoilt for i in group) and append(
            self, group, *rest
        )

    monkeypatch.setattr(table_load.TableLoad, "_append", fail)
    assert seeds.load().ok
    assert seeds.rows("from raw.observations order by all") == rows
    spoilt.add(OBSERVATIONS)
    (reject,) = seeds.load().rejects
    assert (reject.seed_file, reject.line) == (OBSERVATIONS, None)
    assert "cannot be read reliably" in reject.rule
    assert seeds.rows("select observation_id from raw.observations") == [("next",)]


def test_rows_are_accounted_for(seeds: SeedFolder, monkeypatch):
    monkeypatch.setattr(table_load.TableLoad, "run", lambda self: _lose_a_row(self))
    with pytest.raises(RuntimeError, match="rows read"):
        seeds.load()


def _lose_a_row(load: table_load.TableLoad, run=table_load.TableLoad.run) -> int:
    rows = run(load)
    load.connection.execute(f'delete from raw."{load.table.name}" where seed_line = 2')
    return rows


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("type: number", "type: money"),
        ("name: obs_value", 'name: "obs value"'),
        ("required: true", "unique: true"),
        ("resource: areas", "resource: places"),
        ("path: facts.csv", "path: ../facts.csv"),
        ("path: facts.csv", "path: '*.csv'"),
    ],
)
def test_a_declaration_that_cannot_be_followed_is_refused(seeds: SeedFolder, old: str, new: str):
    seeds.replace("schema/facts.yaml", old, new)
    with pytest.raises(SchemaError):
        read_schema(seeds.root)


def test_the_real_seeds_are_clean():
    with duckdb.connect() as connection:
        report = load_seeds(connection, ROOT / "seeds")
        assert report.rejects == []
        assert set(report.rows) == set(read_schema(ROOT / "seeds"))
        for table, rows in report.rows.items():
            assert connection.execute(f'select count(*) from raw."{table}"').fetchone() == (rows,)
