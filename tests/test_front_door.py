"""Every awkward file gets what the project promised for it: accept, normalise, reject the row or the file."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from math import inf
from pathlib import Path

import duckdb
import pytest

from dagster_project.ingest.cell_rules import problem
from dagster_project.ingest.framing import BadQuote, OpenQuote, split
from dagster_project.ingest.front_door import admit, survey
from dagster_project.ingest.loader import LoadReport
from dagster_project.ingest.pool import Pool
from dagster_project.seeds.schema import Field
from tests.seed_folder import FILES, SeedFolder

TEXT = FILES["facts.csv"]
CLEAN = TEXT.encode()
HEADER, *ROWS = TEXT.splitlines()
NAMES = tuple(HEADER.split(","))
COMMENT = NAMES.index("comment")


class Facts:
    """One folder, loaded once; each test then spoils facts.csv and loads that table alone."""

    def __init__(self, folder: SeedFolder):
        self.folder = folder
        report = folder.load()
        assert report.ok, report.rejects
        assert not report.notes
        self.clean = self.values()

    def load(self, content: bytes) -> LoadReport:
        self.folder.write("facts.csv", content)
        return self.folder.load(["facts"])

    def rows(self, sql: str) -> list[tuple]:
        return self.folder.rows(sql)

    def values(self) -> list[tuple]:
        columns = [f"{name}::varchar" for name in NAMES if name != "comment"]
        return self.rows(f"select {', '.join(columns)} from raw.facts order by all")


@pytest.fixture(scope="module")
def facts(tmp_path_factory) -> Facts:
    return Facts(SeedFolder(tmp_path_factory.mktemp("facts")))


@pytest.fixture
def seeds(tmp_path: Path) -> SeedFolder:
    return SeedFolder(tmp_path)


def swap(old: str, new: str) -> bytes:
    """The clean file with one thing changed."""
    assert old in TEXT
    return TEXT.replace(old, new, 1).encode()


def comment(text: str) -> bytes:
    """The clean file with another text in line 2."""
    return swap("首批", text)


def each_row(change) -> bytes:
    return ("\n".join(map(change, TEXT.splitlines())) + "\n").encode()


def _quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell else cell


CRLF = CLEAN.replace(b"\n", b"\r\n")
ACCEPT = {
    "nl_crlf": CRLF,
    "nl_no_final": CLEAN[:-1],
    "nl_crlf_no_final": CRLF[:-2],
    "quote_embedded_nl": comment('"首批\n第二行"'),
    "quote_doubled": comment('"首批""A"""'),
    "quote_stray": comment('首批 24" 屏'),
    "quote_stray_pair": comment('首批"A"屏'),
    "quote_empty": swap("2021-04-14,107.5,A,", '2021-04-14,107.5,A,""'),
    "quote_all": each_row(lambda row: ",".join(f'"{cell}"' for cell in split(row))),
    "header_order": each_row(lambda row: ",".join(_quoted(cell) for cell in reversed(split(row)))),
    "inj_html": comment("<script>alert(1)</script>"),
    "inj_sql": comment("'); drop table raw.facts; --"),
    "inj_formula": comment("=1+1"),
    "empty_but_header": (HEADER + "\n").encode(),
    "empty_but_header_no_newline": HEADER.encode(),
    "text_accents": comment("Café naïve Chéngdū ° · “引” — …"),
    "text_traditional": comment("約３.８萬餘人次（㎡）"),
    "num_large": swap("107.5", "12345678901234567890.123456789"),
}
NORMALISE = {
    "enc_utf8_bom": b"\xef\xbb\xbf" + CLEAN,
    "enc_utf16le_bom": b"\xff\xfe" + TEXT.encode("utf-16-le"),
    "enc_utf16be_bom": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "enc_utf32_bom": TEXT.encode("utf-32"),
    "enc_gbk_looks_utf8": CLEAN.replace("首批".encode(), "一些".encode("gbk")),
    "nl_mixed": CLEAN.replace(b"\n", b"\r\n", 3),
    "nl_cr": CLEAN.replace(b"\n", b"\r"),
    "nl_blank_line": CLEAN.replace(b"\nCLASSES", b"\n\nCLASSES", 1),
    "ctrl_z_eof": CLEAN + b"\x1a",
    "ctrl_z_padding": CLEAN + b"\x1a" * 40,
    "trailing_comma_all": each_row(lambda row: row + ","),
    "trailing_comma_two": each_row(lambda row: row + ",,"),
    "header_case_space": CLEAN.replace(
        HEADER.encode(), b" Indicator_ID ,REF_AREA,period_end,obs_value,obs_status,Comment"
    ),
    "header_zwsp": CLEAN.replace(b"comment", "comm\u200bent".encode()),
    "num_unicode_minus": swap(",88,", ",\u221288,"),
    "num_sci": swap(",88,", ",8.8e1,"),
    "num_plus": swap(",88,", ",+88,"),
    "num_spaces": swap(",88,", ", 88 ,"),
    "code_lower_space": swap("TRAINS,510100,2020", " trains ,510100,2020"),
    "quote_spaces": comment(' "首批" '),
    "text_edge_spaces": comment("\u3000首批\u00a0"),
}
REJECT_FILE = {
    "enc_utf16le_nobom": TEXT.encode("utf-16-le"),
    "enc_utf16be_nobom": TEXT.encode("utf-16-be"),
    "enc_gbk_undeclared": TEXT.encode("gbk"),
    "enc_latin1": CLEAN.replace("首批".encode(), b"caf\xe9"),
    "enc_one_bad_byte": CLEAN.replace(b"27840", b"278\xff40"),
    "enc_overlong": CLEAN.replace("首批".encode(), b"\xc0\x80"),
    "enc_surrogate": CLEAN.replace("首批".encode(), b"\xed\xa0\x80"),
    "enc_utf16_odd": b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1],
    "nul_block_tail": CLEAN + b"\0" * 512,
    "nul_tail_of_one": CLEAN + b"\0",
    "nul_hole": CLEAN.replace(b"27840", b"\0" * 64),
    "trunc_mid_row": CLEAN[:-24],
    "trunc_in_quotes": CLEAN[:-4],
    "delim_semicolon": CLEAN.replace(b",", b";"),
    "delim_tab": CLEAN.replace(b",", b"\t"),
    "delim_pipe": CLEAN.replace(b",", b"|"),
    "quote_unclosed": comment('"首批'),
    "quote_unclosed_last": CLEAN.replace('眉山"'.encode(), "眉山".encode()),
    "header_missing": "\n".join(ROWS).encode(),
    "header_after_title": b"report\n" + CLEAN,
    "header_dup": CLEAN.replace(b"obs_status", b"obs_value", 1),
    "header_extra_col": each_row(lambda row: row + ",x"),
    "header_missing_col": each_row(lambda row: row.split(",", 1)[1]),
    "header_nameless_col": CLEAN.replace(b"obs_status", b"", 1),
    "header_quote": CLEAN.replace(b"comment", b'"comment', 1),
    "cols_5000": each_row(lambda row: row + ",x" * 5000),
    "file_empty": b"",
    "file_blank": b"\n\n",
    "file_only_bom": b"\xef\xbb\xbf",
    "file_excel": b"PK\x03\x04" + bytes(range(256)),
}
# case: file, column and physical line of the reject
REJECT_ROW = {
    "enc_mojibake": (comment("首批".encode().decode("latin-1")), "comment", 2),
    "enc_mojibake_cp1252": (comment("成都".encode().decode("cp1252", "ignore")), "comment", 2),
    "enc_replacement": (comment("首\ufffd批"), "comment", 2),
    "nul_in_field": (comment("首\0批"), "comment", 2),
    "quote_backslash": (comment('"首批 \\"A\\" 项"'), None, 2),
    "quote_backslash_end": (comment('"首批 \\"'), None, None),
    "quote_then_text": (comment('"首批"项'), None, 2),
    "ragged_short": (
        swap("CLASSES,510600,2020-12-31,118,A,结对", "CLASSES,510600,2020-12-31,118,A"),
        None,
        4,
    ),
    "ragged_long": (swap("2021-04-14,107.5,A,", "2021-04-14,107.5,A,x,y"), None, 3),
    "ragged_long_by_empty": (swap("2021-04-14,107.5,A,", "2021-04-14,107.5,A,,"), None, 3),
    "trailing_comma_value": (each_row(lambda row: row + (",x" if row == ROWS[0] else ",")), None, 2),
    "footer_total": (CLEAN + "合计,,,34212.5,,\n".encode(), "ref_area", 8),
    "header_repeated": (swap("CLASSES,510600,2021", HEADER + "\nCLASSES,510600,2021"), None, 5),
    "num_thousands_quoted": (swap("5551", '"5,551"'), "obs_value", 6),
    "num_decimal_comma": (swap("107.5", '"107,5"'), "obs_value", 3),
    "num_space_group": (swap("27840", "27\u00a0840"), "obs_value", 7),
    "num_currency": (swap(",88,", ",￥88,"), "obs_value", 2),
    "num_per_cent": (swap(",88,", ",88%,"), "obs_value", 2),
    "num_nan": (swap(",88,", ",NaN,"), "obs_value", 2),
    "num_inf": (swap(",88,", ",inf,"), "obs_value", 2),
    "num_huge": (swap(",88,", ",1e400,"), "obs_value", 2),
    "num_huge_digits": (swap(",88,", f",{'9' * 40},"), "obs_value", 2),
    "num_sci_inexact": (swap(",88,", ",1.5e-9,"), "obs_value", 2),
    "num_many_decimals": (swap(",88,", ",88.1234567891,"), "obs_value", 2),
    "num_bool": (swap(",88,", ",TRUE,"), "obs_value", 2),
    "num_underscore": (swap("5551", "5_551"), "obs_value", 6),
    "num_hex": (swap(",88,", ",0x58,"), "obs_value", 2),
    "num_leading_zero": (swap(",88,", ",088,"), "obs_value", 2),
    "num_full_width": (swap(",88,", ",８８,"), "obs_value", 2),
    "num_chinese": (swap(",88,", ",八十八,"), "obs_value", 2),
    "num_bare_point": (swap(",88,", ",88.,"), "obs_value", 2),
    "num_err_excel": (swap(",88,", ",#DIV/0!,"), "obs_value", 2),
    "text_err_excel": (comment("#REF!"), "comment", 2),
    "text_hashes": (comment("########"), "comment", 2),
    "null_tokens": (swap(",88,", ",N/A,"), "obs_value", 2),
    "null_tokens_text": (comment("NULL"), "comment", 2),
    "null_tokens_dash": (comment("—"), "comment", 2),
    "null_empty_required": (swap(",88,", ",,"), "obs_value", 2),
    "null_blank_required": (swap(",88,", ",   ,"), "obs_value", 2),
    "code_sci_excel": (swap("512000", "5.12E+05"), "ref_area", 7),
    "code_lost_zero": (swap("512000", "12000"), "ref_area", 7),
    "code_dot_zero": (swap("512000", "512000.0"), "ref_area", 7),
    "code_homoglyph": (swap("TRAINS,510100,2020", "ТRAINS,510100,2020"), "indicator_id", 2),
    "code_full_width": (swap("512000", "５１２０００"), "ref_area", 7),
    "code_unknown": (swap("TRAINS,510100,2020", "PLANES,510100,2020"), "indicator_id", 2),
    "code_not_in_list": (swap(",508,P,", ",508,X,"), "obs_status", 5),
    "date_us": (swap("2020-02-25", "02/25/2020"), "period_end", 2),
    "date_slash": (swap("2020-02-25", "2020/02/25"), "period_end", 2),
    "date_cn": (swap("2020-02-25", "2020年2月25日"), "period_end", 2),
    "date_short": (swap("2020-02-25", "2020-2-25"), "period_end", 2),
    "date_feb30": (swap("2020-02-25", "2020-02-30"), "period_end", 2),
    "date_time": (swap("2020-02-25", "2020-02-25 00:00"), "period_end", 2),
    "date_serial": (swap("2020-02-25", "43886"), "period_end", 2),
    "date_infinity": (swap("2020-02-25", "infinity"), "period_end", 2),
    "date_year": (swap("2020-02-25", "0202-02-25"), "period_end", 2),
    "dup_conflict": (CLEAN + b"TRAINS,510100,2020-02-25,89,A,\n", "indicator_id, ref_area, period_end", 8),
    "dup_after_norm": (CLEAN + b"trains ,510100,2020-02-25,88,A,\n", "indicator_id, ref_area, period_end", 8),
    "field_1mb": (comment("x" * 1024 * 1024), "comment", 2),
    "field_1mb_quoted": (comment('"' + "x\n" * 512 * 1024 + '"'), "comment", 2),
    "inj_ansi": (comment("\x1b[31m红"), "comment", 2),
    "inj_tab": (comment("首\t批"), "comment", 2),
    "inj_bidi": (comment("首\u202e批"), "comment", 2),
    "text_zwsp": (comment("首\u200b批"), "comment", 2),
    "text_line_separator": (comment("首\u2028批"), "comment", 2),
}
NOT_ROW = {"quote_backslash_end"}  # a backslash at the end of a quoted field is data: see below


WORDS = {  # what the reason must name
    "enc_one_bad_byte": "byte",
    "enc_gbk_undeclared": "iconv -f GB18030 -t UTF-8",
    "enc_utf16le_nobom": "UTF-16",
    "nul_block_tail": "torn",
    "trunc_mid_row": "cut off",
    "delim_semicolon": "delimiter",
    "quote_unclosed": "unclosed quote",
    "header_missing": "header missing",
    "header_dup": "duplicate",
    "header_extra_col": "unknown column",
    "header_missing_col": "missing column",
    "cols_5000": "5006 columns",
    "file_empty": "empty",
    "file_excel": "Excel",
    "enc_mojibake": "mojibake",
    "quote_backslash": "backslash",
    "ragged_short": "5 of 6",
    "ragged_long": "7 of 6",
    "ragged_long_by_empty": "7 of 6",
    "header_repeated": "header row again",
    "num_bool": "boolean",
    "num_inf": "infinity",
    "num_huge": "DECIMAL(38,9)",
    "num_err_excel": "Excel error",
    "null_tokens": "null token",
    "code_sci_excel": "Excel",
    "code_dot_zero": "Excel",
    "code_homoglyph": "look-alike",
    "code_unknown": "not in indicators",
    "date_feb30": "no such date",
    "dup_conflict": "duplicate",
    "field_1mb": "64 KiB",
    "inj_ansi": "control character U+001B",
    "inj_bidi": "U+202E",
    "text_zwsp": "U+200B",
}


PROMISED = {
    "accept": "nl_no_final quote_embedded_nl quote_doubled quote_stray inj_html inj_sql",
    "normalise": """
        enc_utf16le_bom enc_utf16be_bom enc_gbk_looks_utf8 nl_mixed ctrl_z_eof trailing_comma_all header_zwsp
        header_case_space num_unicode_minus num_sci code_lower_space""",
    "reject the row": """
        enc_mojibake nul_in_field quote_backslash ragged_short ragged_long footer_total header_repeated
        num_thousands_quoted num_decimal_comma num_space_group num_currency num_nan num_inf num_huge
        num_bool num_underscore num_err_excel null_tokens null_empty_required code_sci_excel code_lost_zero
        code_dot_zero code_homoglyph code_unknown date_us date_cn date_feb30 dup_conflict dup_after_norm
        field_1mb inj_ansi inj_bidi""",
    "reject the file": """
        enc_utf16le_nobom enc_gbk_undeclared enc_latin1 enc_one_bad_byte nul_block_tail trunc_mid_row
        delim_semicolon delim_tab quote_unclosed header_missing header_dup header_extra_col cols_5000""",
}
CASES = ACCEPT | NORMALISE | REJECT_FILE | {case: content for case, (content, *_) in REJECT_ROW.items()}


@pytest.mark.parametrize(
    ("case", "promise"), [(case, promise) for promise, cases in PROMISED.items() for case in cases.split()]
)
def test_each_case_gets_what_was_promised(facts: Facts, case: str, promise: str):
    """The whole list in one place; what else each case must show is tested below."""
    report = facts.load(CASES[case])
    if report.ok:
        outcome = "normalise" if report.notes else "accept"
    else:
        outcome = "reject the row" if report.rows["facts"] else "reject the file"
    assert outcome == promise


@pytest.mark.parametrize("case", ACCEPT)
def test_accepts_unchanged(facts: Facts, case: str):
    report = facts.load(ACCEPT[case])
    assert report.ok, report.rejects
    assert not report.notes
    assert report.rows["facts"] == (0 if case.startswith("empty") else 6)


@pytest.mark.parametrize(
    "text",
    [
        "首批\n第二行",
        '首批""A""',
        "<script>alert(1)</script>",
        "'); drop table raw.facts; --",
        "=1+1",
        "Café “引” …",
    ],
)
def test_keeps_text_verbatim(facts: Facts, text: str):
    facts.load(comment(f'"{text}"'))
    assert facts.rows("select comment from raw.facts where seed_line = 2") == [(text.replace('""', '"'),)]


@pytest.mark.parametrize("case", NORMALISE)
def test_loads_the_clean_value_and_says_so(facts: Facts, case: str):
    report = facts.load(NORMALISE[case])
    assert report.ok, report.rejects
    assert [note.seed_file for note in report.notes] == ["facts.csv"] * len(report.notes)
    assert report.notes
    expected = facts.clean
    if case == "num_unicode_minus":
        expected = sorted(
            (*row[:3], "-" + row[3], row[4]) if row[3].startswith("88.") else row for row in facts.clean
        )
    assert facts.values() == expected


@pytest.mark.parametrize("case", REJECT_FILE)
def test_refuses_the_file_with_a_reason(facts: Facts, case: str):
    report = facts.load(REJECT_FILE[case])
    assert {reject.seed_file for reject in report.rejects} == {"facts.csv"}
    assert all(" · " in reject.rule for reject in report.rejects)
    assert any(WORDS.get(case, "") in reject.rule for reject in report.rejects)
    assert report.rows["facts"] == 0
    assert facts.rows("select count(*) from raw.facts") == [(0,)]


@pytest.mark.parametrize("case", sorted(set(REJECT_ROW) - NOT_ROW))
def test_refuses_the_row_and_still_reads_the_others(facts: Facts, case: str):
    content, column, line = REJECT_ROW[case]
    report = facts.load(content)
    found = {(reject.seed_file, reject.line, reject.column_name) for reject in report.rejects}
    assert ("facts.csv", line, column) in found
    lines = {reject.line for reject in report.rejects}
    assert lines == ({2, 8} if case.startswith("dup") else {line})
    read = next(file.rows for file in report.files if file.file == "facts.csv")
    assert report.rows["facts"] + len(lines) == read
    assert any(WORDS.get(case, "") in reject.rule for reject in report.rejects)
    for reject in report.rejects:
        assert len(reject.value or "") <= 80
        assert (reject.value or "").isprintable()
        assert " · " in reject.rule


def test_every_fault_of_every_file_is_reported_at_once(seeds: SeedFolder):
    seeds.write(
        "facts.csv", swap(",88,", ",x,").replace(b"2021-04-14", b"2021-4-14").replace(b"510600", b"510699")
    )
    seeds.write("indicators.csv", "indicator_id,sort_order\n")
    (seeds.root / "units.csv").unlink()
    seeds.replace("areas.csv", "德阳", "")
    found = {(r.seed_file, r.line, r.column_name) for r in seeds.load().rejects}
    assert found == {
        ("facts.csv", 2, "obs_value"),
        ("facts.csv", 3, "period_end"),
        ("facts.csv", 4, "ref_area"),
        ("facts.csv", 5, "ref_area"),
        ("indicators.csv", 1, "is_headline"),
        ("units.csv", None, None),
        ("areas.csv", 3, "name_zh"),
    }


def test_lines_are_physical_after_quoted_newlines_and_blank_lines(facts: Facts):
    text = TEXT.replace("首批", '"首\n\n批"').replace("\nCLASSES,510600,2020", "\n\nCLASSES,510600,2020")
    report = facts.load(text.replace("27840", "x").encode())
    assert [(reject.line, reject.column_name) for reject in report.rejects] == [(10, "obs_value")]
    assert facts.rows("select seed_line from raw.facts order by all") == [(2,), (5,), (7,), (8,), (9,)]
    assert facts.rows("select comment from raw.facts where seed_line = 2") == [("首\n\n批",)]


def test_a_final_backslash_in_quotes_is_data_unless_it_swallows_rows(facts: Facts):
    assert facts.load(comment('"C:\\"')).ok
    assert [reject.line for reject in facts.load(comment('"他说 \\"'.replace('\\"', '\\""'))).rejects] == [2]


def test_values_keep_every_digit(facts: Facts):
    facts.load(ACCEPT["num_large"])
    values = {row[0] for row in facts.rows("select obs_value from raw.facts")}
    assert Decimal("12345678901234567890.123456789") in values


def test_a_short_and_a_long_row_do_not_make_up_for_each_other(facts: Facts):
    text = TEXT.replace("2021-04-14,107.5,A,", "2021-04-14,107.5,A").replace("508,P,", "508,P,,x")
    report = facts.load(text.encode())
    assert [(reject.line, reject.column_name) for reject in report.rejects] == [(3, None), (5, None)]
    assert report.rows["facts"] == 4


def test_a_plain_file_is_read_where_it_stands(tmp_path: Path):
    file, pool = tmp_path / "facts.csv", Pool(tmp_path / "pool.csv", NAMES)
    cases = {"nl_crlf": True, "header_case_space": True, "enc_utf8_bom": True, "nl_mixed": False}
    with pool:
        for case, plain in cases.items():
            file.write_bytes((ACCEPT | NORMALISE)[case])
            assert admit(file, NAMES, pool).path == (file if plain else pool.path)
        file.write_bytes(CLEAN)
        assert admit(file, NAMES, pool, framed_to=len(CLEAN)).path == pool.path
        assert admit(file, NAMES, pool, framed_to=len(CLEAN) - 1).path == file


@pytest.mark.parametrize("case", CASES)
def test_a_small_file_fares_as_a_large_one(facts: Facts, case: str, monkeypatch):
    def outcome() -> tuple:
        report = facts.load(CASES[case])
        return facts.rows("from raw.facts order by all"), report.rejects, report.notes, report.files

    large = outcome()
    monkeypatch.setattr("dagster_project.ingest.table_load.TableLoad.framed_to", inf)
    assert outcome() == large


def test_survey_counts_across_blocks(tmp_path: Path, monkeypatch):
    file = tmp_path / "facts.csv"
    file.write_bytes(CLEAN)
    opened = partial(file.open, "rb")
    whole = survey(opened)
    monkeypatch.setattr("dagster_project.ingest.front_door.BLOCK", 7)
    assert survey(opened) == whole
    assert (whole.lines, whole.commas, whole.plain) == (7, 35, True)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a,", ["a", ""]),
        (",", ["", ""]),
        ('"a,b",c', ["a,b", "c"]),
        ('"a""b"', ['a"b']),
        ('""', [""]),
        ('a"b"c,d', ['a"b"c', "d"]),
        (' "a" ,b', [" a ", "b"]),
        ('"a\nb",c', ["a\nb", "c"]),
        ('"a,"', ["a,"]),
    ],
)
def test_split(text: str, fields: list[str]):
    assert split(text) == fields


@pytest.mark.parametrize(
    ("text", "error"), [('"a', OpenQuote), ('"a""', OpenQuote), ('"a"b', BadQuote), ('"a" "b"', BadQuote)]
)
def test_split_refuses(text: str, error: type):
    with pytest.raises(error):
        split(text)


@pytest.mark.parametrize(("any_value", "refused"), [(True, ["null"]), (False, ["NONE", "null"])])
def test_only_a_column_for_any_value_takes_the_code_none_for_a_value(any_value: bool, refused: list[str]):
    """As `new_value` of revisions.csv, where a direction may become NONE."""
    field = Field("new_value", "string", any_value=any_value)
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select t from (values ('NONE'), ('null'), ('UP')) as v(t) "
            f"where {problem(field, 't', None, ())} is not null"
        ).fetchall()
    assert sorted(t for (t,) in rows) == refused
