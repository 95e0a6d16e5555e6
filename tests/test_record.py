"""Fact records: what is read from one, what is refused, and that every cell and every row agree."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from dagster_project.figures.lexicon import Lexicon
from dagster_project.figures.parts import parts_of
from dagster_project.ingest.loader import LoadReport, load_seeds
from dagster_project.seeds.files import SeedTree
from dagster_project.seeds.schema import read_schema
from tests.audit_desk import Desk
from tests.conftest import ROOT
from tests.recorded import CITED, FOLDER, PAGE, RECORD, RECORDED, add_recorded

LEXICON = Lexicon.read(ROOT / "seeds" / "hedge_terms.csv")


class Folder:
    """The real catalogues with the two bulletins beside them, of which `load` reads what stands in a folder.

    No fault is in the catalogues: they are loaded once, into the connection, for all.
    """

    def __init__(self, root: Path, connection: duckdb.DuckDBPyConnection):
        self.root, self.connection = root / "seeds", connection
        tables = read_schema(self.root).values()
        self.tables = ["sources", *(table.name for table in tables if table.per_bulletin)]

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        content = path.read_bytes()
        assert old.encode() in content
        path.write_bytes(content.replace(old.encode(), new.encode(), 1))

    def load(self) -> LoadReport:
        return load_seeds(self.connection, self.root, self.tables)

    def rows(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> tuple[Path, duckdb.DuckDBPyConnection]:
    """The folder as it stands before a test spoils a copy, and a connection into which it has been loaded."""
    desk, connection = Desk.empty(tmp_path_factory.mktemp("sound")), duckdb.connect()
    add_recorded(desk.seeds)
    assert load_seeds(connection, desk.seeds).rejects == []
    return desk.folder, connection


@pytest.fixture
def seeds(sound, tmp_path: Path) -> Folder:
    folder, connection = sound
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return Folder(tmp_path, connection)


# --- what is read ---


def test_a_sound_record_is_read_cell_by_cell_with_its_head(seeds: Folder):
    report = seeds.load()
    assert report.rejects == []
    cells = f"from raw.record where source_id = '{RECORDED}'"
    assert seeds.rows(f"select key, label, value_text, as_of, geo, cell_type, seed_line {cells}")[0] == (
        "city-output",
        "地区生产总值",
        "19917.0/2656.6亿元",
        "2021",
        "成都、德阳",
        "actual",
        8,
    )
    heads = f"from raw.record_head where source_id = '{RECORDED}'"
    assert seeds.rows(f"select value, seed_line {heads} and name = 'host_quality'") == [("REPOST", 6)]
    assert seeds.rows(f"select value {heads} and name = 'url'") == [(None,)]
    assert RECORD in {file.file for file in report.files}
    assert SeedTree(seeds.root).strays(read_schema(seeds.root)) == []


def test_a_record_may_say_label_and_leave_out_what_it_does_not_know(seeds: Folder):
    seeds.replace(RECORD, "\tlabel_zh\t", "\tlabel\t")
    seeds.replace(RECORD, "# id: A_2022-05-10_city-output\n", "")
    assert seeds.load().rejects == []


def test_a_mark_in_front_and_windows_newlines_are_normalised_and_told(seeds: Folder):
    path = seeds.root / RECORD
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    report = seeds.load()
    assert report.rejects == []
    assert [note.rule for note in report.notes if note.seed_file == RECORD]


def test_quotes_and_commas_are_text(seeds: Folder):
    seeds.replace(RECORD, "\t成都\tactual\t\n", '\t成都\tactual\t所谓"首批", 未印年份\n')
    assert seeds.load().rejects == []
    assert seeds.rows("select note from raw.record where key = 'growth'") == [('所谓"首批", 未印年份',)]


CELLS = {
    "19/52/105/18个": ["19|19个", "52|52个", "105|105个", "18|18个"],
    "2.5公里, 2.5亿元": ["2.5|2.5公里", "2.5亿|2.5亿元"],
    "1786→2401公里": ["1786|1786公里", "2401|2401公里"],
    "8.3万→25万人次": ["8.3万|8.3万人次", "25万|25万人次"],
    "1296 → 1287.3万人": ["1296万|1296万人", "1287.3万|1287.3万人"],
    "78/80%": ["78%|78%", "80%|80%"],
    "9500亿元以上 / 10000家": ["9500亿元以上|9500亿元以上", "10000|10000家"],
    "6.3%→6.5%以上": ["6.3%|6.3%", "6.5%以上|6.5%以上"],
    "超20万标箱 (+7.2%)": ["超20万|超20万标箱", "7.2%|+7.2%"],
    "30.5微克/立方米 (-11.3%)": ["30.5|30.5微克/立方米", "-11.3%|-11.3%"],
    "20—30个": ["20—30|20—30个"],
    "1,234个": ["1,234|1,234个"],
    "10.1:48.7→11.3:46.9": ["10.1|10.1", "48.7|48.7", "11.3|11.3", "46.9|46.9"],
    "18/约20个": ["18|18个", "约20|约20个"],
    "2024-07-01": ["2024-07-01|2024-07-01"],
    "年内发布": [],
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_compound_cell_falls_into_its_figures(cell: str):
    assert [f"{part.figure}|{part.reach}" for part in parts_of(cell, LEXICON)] == CELLS[cell]


def test_a_minus_before_a_figure_is_a_fall():
    assert [part.sign for part in parts_of("8383万人次 (-24.4%)", LEXICON)] == [1, -1]
    assert [part.sign for part in parts_of("35微克/立方米 (较2015 -31.4%)", LEXICON)] == [1, 1, -1]


# --- what is refused: how it is spoilt; file, line, column, value, part of the rule ---


def _bytes(old: bytes, new: bytes) -> Callable[[Folder], None]:
    def spoil(seeds: Folder) -> None:
        path = seeds.root / RECORD
        content = path.read_bytes()
        assert old in content
        path.write_bytes(content.replace(old, new, 1))

    return spoil


def _text(old: str, new: str, file: str = RECORD) -> Callable[[Folder], None]:
    return lambda seeds: seeds.replace(file, old, new)


OBSERVED, CLAIMED, EXCLUDED = f"{FOLDER}/observations.csv", f"{FOLDER}/claims.csv", f"{FOLDER}/exclusions.csv"
ROW = "opening\t轨道交通开工\t2022年5月\t2022-05\t成都\tevent\t\n"
BAD = {
    "key missing": (_text("guess\t", "\t"), RECORD, 10, "key", None, "required value is missing"),
    "key of other letters": (_text("guess\t", "Guess\t"), RECORD, 10, "key", "Guess", "does not match"),
    "value missing": (
        _text("\t约5000亿元\t", "\t\t"),
        RECORD,
        10,
        "value_text",
        None,
        "required value is missing",
    ),
    "column missing": (_text("\tvalue_text\t", "\t"), RECORD, 7, "value_text", None, "missing column"),
    "column unknown": (_text("\tgeo\t", "\twhere\t"), RECORD, 7, None, "where", "unknown column"),
    "no tabs": (
        _text(
            "key\tlabel_zh\tvalue_text\tas_of\tgeo\tkind\tnote", "key,label_zh,value_text,as_of,geo,kind,note"
        ),
        RECORD,
        7,
        None,
        None,
        "must be separated by tabs",
    ),
    "a cell too many": (_text("event\t\n", "event\t\tx\n"), RECORD, 11, None, None, "8 of 7 fields"),
    "a cell too few": (_text("\t约5000亿元\t2022", "\t约5000亿元"), RECORD, 10, None, None, "6 of 7 fields"),
    "encoding": (_bytes("轨道".encode(), "轨道".encode("gbk")), RECORD, 11, None, None, "not UTF-8"),
    "NUL in a cell": (_bytes(b"2022-05\t", b"2022\0-05\t"), RECORD, 11, "as_of", "2022␀-05", "NUL character"),
    "torn": (_bytes(ROW.encode(), b"\0" * 40), RECORD, 11, None, None, "torn copy"),
    "cut off": (_bytes(b"\tevent\t\n", b""), RECORD, 11, None, None, "cut off"),
    "empty": (lambda s: (s.root / RECORD).write_bytes(b""), RECORD, None, None, None, "empty"),
    "only a head": (
        lambda s: (s.root / RECORD).write_text("# title: x\n"),
        RECORD,
        None,
        None,
        None,
        "no table",
    ),
    "head unknown": (_text("# title:", "# titel:"), RECORD, 2, None, "titel", "unknown head"),
    "head doubled": (_text("# publisher: 某报", "# title: 又一个"), RECORD, 3, None, "title", "occurs twice"),
    "head without value": (
        _text("# title: 三市经济运行", "# title"),
        RECORD,
        2,
        None,
        "# title",
        "# name: value",
    ),
    "head after the table": (
        _text(ROW, "# note: x\n" + ROW),
        RECORD,
        11,
        None,
        "# note: x",
        "before the table",
    ),
    "carrier other than in sources.csv": (
        _text("# host_quality: REPOST", "# host_quality: OFFICIAL"),
        "sources.csv",
        None,
        "host_quality",
        "REPOST",
        "head of its fact record",
    ),
    "value differs": (
        _text("19917.0亿元,1991700000000", "19971.0亿元,1997100000000", OBSERVED),
        OBSERVED,
        2,
        "value_text",
        "19971.0亿元",
        "not what the cell of the fact record says",
    ),
    "hedge left out": (
        _text("19917.0/2656.6亿元", "19917.0/超2656.6亿元"),
        OBSERVED,
        3,
        "value_text",
        "2656.6亿元",
        "not what the cell of the fact record says",
    ),
    "half of a numeral": (
        _text("2656.6亿元,265660000000", "656.6亿元,65660000000", OBSERVED),
        OBSERVED,
        3,
        "value_text",
        "656.6亿元",
        "as a whole part",
    ),
    "unit that the list shares left out": (
        _text("19917.0亿元,1991700000000", "19917.0,19917", OBSERVED),
        OBSERVED,
        2,
        "value_text",
        "19917.0",
        "as a whole part",
    ),
    "direction left out": (
        _text("8.6% (", "-8.6% ("),
        CLAIMED,
        2,
        "value_text",
        "8.6%",
        "not what the cell",
    ),
    "fall read as a rise": (_text("8.6% (", "下降8.6% ("), CLAIMED, 2, "factor", "8.6", "direction"),
    "cell neither recorded nor excluded": (
        _text("record:guess,约5000亿元,ESTIMATE_BY_COLLECTOR,\n", "", EXCLUDED),
        RECORD,
        10,
        "key",
        "guess",
        "neither recorded nor excluded",
    ),
    "excluded and recorded": (
        _text("record:guess,", "record:city-output,2656.6亿元,DUPLICATE,\nrecord:guess,", EXCLUDED),
        EXCLUDED,
        2,
        "token",
        "2656.6亿元",
        "recorded too",
    ),
    "exclusion of what is not there": (
        _text("约5000亿元", "约6000亿元", EXCLUDED),
        EXCLUDED,
        2,
        "token",
        "约6000亿元",
        "not what the cell",
    ),
    "reason outside the list": (
        _text("ESTIMATE_BY_COLLECTOR", "OTHER", EXCLUDED),
        EXCLUDED,
        2,
        "reason",
        "OTHER",
        "not in code list",
    ),
    "no such key": (
        _text("record:city-output,P", "record:town-output,P", OBSERVED),
        OBSERVED,
        3,
        "locator",
        "record:town-output",
        "needs the key of a cell",
    ),
    "a line where there is a record": (
        _text("record:city-output,P", "7,P", OBSERVED),
        OBSERVED,
        3,
        "locator",
        "7",
        "",
    ),
    "no locator where there is a record": (
        _text("record:city-output,P", ",P", OBSERVED),
        OBSERVED,
        3,
        "locator",
        None,
        "needs the key of a cell",
    ),
    "a key where there is neither": (
        _text(",CNY,,A", ",CNY,record:city-output,A", f"{PAGE}/observations.csv"),
        f"{PAGE}/observations.csv",
        2,
        "locator",
        "record:city-output",
        "leave it blank",
    ),
    "words for the date that are not there": (
        _text("2022年5月,", "2022年六月,", f"{FOLDER}/events.csv"),
        f"{FOLDER}/events.csv",
        2,
        "date_text",
        "2022年六月",
        "no such words",
    ),
}


@pytest.mark.parametrize("fault", BAD)
def test_what_is_wrong_is_said_once_at_its_place(seeds: Folder, fault: str):
    spoil, file, line, column, value, rule = BAD[fault]
    spoil(seeds)
    report = seeds.load()
    found = [reject for reject in report.rejects if reject.seed_file == file]
    assert len(found) == 1, report.rejects
    (reject,) = found
    assert (line or reject.line, column) == (reject.line, reject.column_name)
    assert rule in reject.rule
    assert value is None or reject.value == value


def test_a_doubled_key_is_said_of_both_cells_and_nothing_else(seeds: Folder):
    seeds.replace(RECORD, "guess\t", "growth\t")
    report = seeds.load()
    found = [(r.line, r.column_name, r.value) for r in report.rejects if r.seed_file == RECORD]
    assert found == [(n, "source_id, key", f"{RECORDED} | growth") for n in (9, 10)]
    assert all("duplicate key" in r.rule for r in report.rejects if r.seed_file == RECORD)


def test_all_faults_are_said_at_once(seeds: Folder):
    seeds.replace(RECORD, "# title:", "# titel:")
    seeds.replace(RECORD, "guess\t", "\t")
    seeds.replace(f"{FOLDER}/observations.csv", "2656.6亿元,265660000000", "2656.7亿元,265670000000")
    said = {(r.seed_file, r.line, r.column_name) for r in seeds.load().rejects}
    assert {(RECORD, 2, None), (RECORD, 10, "key"), (f"{FOLDER}/observations.csv", 3, "value_text")} <= said


def test_a_row_of_a_document_needs_its_line(seeds: Folder):
    desk = Desk(seeds.root.parent)
    source = desk.document("对开列车12对。\n")
    desk.add("observations", "", "12对", "12", unit_measure="TRAIN_PAIR")
    (reject,) = seeds.load().rejects
    file = f"bulletins/{source}/observations.csv"
    assert (reject.seed_file, reject.line, reject.column_name) == (file, 2, "locator")
    assert "needs the number of its line" in reject.rule


@pytest.mark.parametrize("column", ["document", "document_sha256"])
def test_a_document_comes_with_its_hash_or_not_at_all(seeds: Folder, column: str):
    path = seeds.root / "sources.csv"
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    columns, cells = lines[0].split(","), lines[-1].split('","')
    cells[columns.index(column)] = {"document": "page.txt", "document_sha256": "0" * 64}[column]
    path.write_text("\n".join([*lines[:-1], '","'.join(cells)]) + "\n", encoding="utf-8")
    assert lines[-1].startswith(f'"{CITED}"')
    assert any(r.column_name == "document_sha256" and "or neither" in r.rule for r in seeds.load().rejects)
