"""From a fact record to a bulletin's folder: what is proposed, from where, and what is left to a person."""

import csv
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from dagster_project.cli import main
from dagster_project.ingest.loader import Finding, LoadReport, load_seeds
from dagster_project.seeds.files import DRAFT_FILE
from dagster_project.seeds.new_bulletin import NewBulletinError
from dagster_project.seeds.record_cells import period_of, spans_of
from dagster_project.seeds.record_draft import RecordedBulletin, record_bulletin, run_record_bulletin
from dagster_project.settings import Settings
from tests.audit_desk import Desk

HEAD = """# id: A_2022-05-10_four-cities
# title: 四市简况 (descriptive)
# publisher: 某报 (via a mirror), citing 某局
# url:
# published: 2022-05-10
# host_quality: REPOST
key	label_zh	value_text	as_of	geo	kind	note
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.empty(tmp_path, words=True)


def record(desk: Desk, *cells: str, head: str = HEAD, name: str = "four-cities") -> Path:
    """A record of cells written `key|label|value|as of|place|kind`."""
    rows = ["\t".join([*cell.split("|"), ""]) for cell in cells]
    path = desk.folder / f"{name}.tsv"
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def draft(desk: Desk, *cells: str, **options) -> RecordedBulletin:
    return record_bulletin(record(desk, *cells), desk.seeds, **options)


def rows(made: RecordedBulletin, table: str) -> list[dict[str, str]]:
    path = made.folder / f"{table}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pick(made: RecordedBulletin, table: str, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row.get(column, "") for column in columns) for row in rows(made, table)]


def load(desk: Desk) -> LoadReport:
    with duckdb.connect(":memory:") as connection:
        return load_seeds(connection, desk.seeds)


def confirmed(desk: Desk, made: RecordedBulletin) -> LoadReport:
    """The seeds once the draft is away and the title is typed, as a person would."""
    (made.folder / DRAFT_FILE).unlink()
    register = desk.seeds / "sources.csv"
    sources = [{**row, "title_en": row["title_en"] or "Four cities"} for row in desk.read(register)]
    desk.write("sources", register, sources)
    return load(desk)


def test_each_kind_goes_to_its_table_and_the_rows_pass_the_check(desk):
    made = draft(
        desk,
        "gdp|成都经济总量|4894.99亿元 (+5.2%)|2022-01/2022-03|成都|actual",
        "gdp-share|占全省|36.7%|2022-01/2022-03|成都|actual",
        "gdp-year|经济总量|约2万亿元|2022|成都|estimate",
        "bus|跨市公交|15条|2025|四市|target",
        "bus-plan|跨市公交|13条|2022|四市|plan",
        "rank|跨市公交位次|全省第三|2021|德阳|rank",
        "extent|包括|4市 (1+3)|2022|四市|scope",
        "ride|到成都的票价|6元|2022-05|德阳|anecdote",
        "opened|断头路通车|2022-04-01|2022-04-01|德阳|event",
    )
    assert made.source_id == "2022-05-10_four_cities"
    assert pick(
        made, "observations", "value_text", "obs_value", "indicator_id", "ref_area", "unit_measure",
        "time_period_start", "time_period_end", "obs_status",
    ) == [
        ("4894.99亿元", "489499000000", "GDP", "510100", "CNY", "2022-01-01", "2022-03-31", "A"),
        ("约2万亿元", "2000000000000", "GDP", "510100", "CNY", "2022-01-01", "2022-12-31", "E"),
    ]  # fmt: skip
    assert pick(
        made, "claims", "claim_type", "value_text", "indicator_id", "ref_area", "whole_ref_area",
        "comparison", "base_period_end", "observation_id",
    ) == [
        ("PCT_CHANGE", "5.2%", "GDP", "510100", "", "YOY", "", "20220510-gdp"),
        ("SHARE", "36.7%", "GDP", "510100", "510000", "OTHER", "", "20220510-gdp"),
        ("RANK", "第三", "INTERCITY_BUS_LINES", "510600", "", "OTHER", "", ""),
    ]  # fmt: skip
    assert pick(
        made, "commitments", "commitment_type", "target_value", "due_date", "date_announced", "modality"
    ) == [
        ("TARGET", "15", "2025-12-31", "2022-05-10", "PLAN"),
        ("PLAN_COUNT", "13", "2022-12-31", "2022-05-10", "PLAN"),
    ]
    assert pick(made, "exclusions", "locator", "reason") == [
        ("record:extent", "GROUPING"),
        ("record:ride", "BACKGROUND"),
    ]
    # An event needs an English title, which nobody can derive: what is known of it stands in the draft.
    (event,) = [row for row in rows(made, "draft") if row["goes_to"] == "events"]
    assert (event["state"], event["code"], event["ref_area"]) == ("decide", "OPENED", "510600")
    assert event["remark"] == "缺 · missing: title_en"
    assert not (made.folder / "events.csv").exists()  # no empty files
    report = confirmed(desk, made)
    assert [(reject.value, reject.rule) for reject in report.rejects] == [
        ("opened", "未收录也未排除 · neither recorded nor excluded")
    ]


def test_a_compound_cell_becomes_rows_with_one_locator(desk):
    made = draft(
        desk,
        "output|成都/德阳|4894.99/631.59亿元|2022-01/2022-03|成都、德阳|actual",
        "bus|跨市公交|10条→14条|2020→2021|四市|actual",
        "gdp-years|经济总量|2.1 / 2.2 / 2.3万亿元|2019/2020/2021|四市|actual",
        "gdp-now|经济总量|3000亿元 (其中德阳400亿元, 眉山500亿元)|2021|四市|actual",
    )
    undecided = [row for row in rows(made, "draft") if row["state"] == "decide"]
    assert [(row["value_text"], row["ref_area"]) for row in undecided] == [
        ("4894.99亿元", "510100"),
        ("631.59亿元", "510600"),
    ]
    assert pick(made, "observations", "locator", "value_text", "ref_area", "time_period_end") == [
        ("record:bus", "10条", "X_CDMZ", "2020-12-31"),
        ("record:bus", "14条", "X_CDMZ", "2021-12-31"),
        ("record:gdp-years", "2.1万亿元", "X_CDMZ", "2019-12-31"),
        ("record:gdp-years", "2.2万亿元", "X_CDMZ", "2020-12-31"),
        ("record:gdp-years", "2.3万亿元", "X_CDMZ", "2021-12-31"),
        ("record:gdp-now", "3000亿元", "X_CDMZ", "2021-12-31"),
        ("record:gdp-now", "400亿元", "510600", "2021-12-31"),
        ("record:gdp-now", "500亿元", "511400", "2021-12-31"),
    ]
    assert len({row["observation_id"] for row in rows(made, "observations")}) == 8


def test_changes_written_beside_a_level(desk):
    made = draft(
        desk,
        "rate|城镇化率|70.3% (+0.8个百分点)|2021|四市|actual",
        "gdp|经济总量|2000亿元 (-14.23%)|2021|德阳|actual",
        "gdp-2020|经济总量|1900亿元 (较2019 +13.2%, 占全省4%)|2020|德阳|actual",
        "bus|跨市公交|14条 (+3)|2021|四市|actual",
    )
    assert pick(made, "claims", "claim_type", "value_text", "factor", "comparison", "base_text") == [
        ("PP_CHANGE", "0.8个百分点", "0.8", "YOY", ""),
        ("PCT_CHANGE", "-14.23%", "-14.23", "YOY", ""),
        ("PCT_CHANGE", "13.2%", "13.2", "SINCE_BASE", "较2019"),
        ("SHARE", "4%", "", "OTHER", ""),
    ]
    rate = pick(made, "observations", "value_text", "obs_value", "indicator_id", "unit_measure")[0]
    assert rate == ("70.3%", "70.3", "URBANISATION_RATE", "PERCENT")  # its own unit: no share of anything
    (change,) = [row for row in rows(made, "draft") if row["state"] == "decide"]
    assert (change["value_text"], change["goes_to"]) == ("3", "")
    assert "an absolute change" in change["remark"]
    assert confirmed(desk, made).ok


def test_what_is_not_over_is_told_as_of_the_bulletin(desk):
    made = draft(
        desk,
        "bus|跨市公交|14条|2022-05|四市|actual",
        "gdp|经济总量|800亿元|2022|德阳|actual",
        "gdp-2021|经济总量|2000亿元|2021|德阳|actual",
        "gdp-year|经济总量|约2万亿元|2022|成都|estimate",
    )
    assert pick(made, "observations", "time_period_start", "time_period_end", "as_of_basis", "time_text") == [
        ("", "2022-05-10", "PUBLICATION", ""),
        ("2022-01-01", "2022-05-10", "PUBLICATION", ""),
        ("2021-01-01", "2021-12-31", "STATED", "2021"),
        ("2022-01-01", "2022-12-31", "STATED", "2022"),
    ]


def test_one_figure_of_several_places_is_of_their_grouping(desk):
    members = [
        {"group_area": "X_CDMZ", "member_area": area} for area in ("510100", "510600", "511400", "512000")
    ]
    desk.write("area_members", desk.seeds / "area_members.csv", members)
    made = draft(
        desk,
        "bus|跨市公交|14条|2021|德阳、成都、眉山、资阳|actual",
        "gdp|经济总量|2000亿元|2021|成都、德阳|actual",
    )
    assert pick(made, "draft", "ref_area", "state") == [("X_CDMZ", "confirm"), ("", "decide")]


def test_doubled_keys_are_made_distinct(desk):
    made = draft(
        desk,
        "gdp|经济总量|2000亿元|2021|德阳|actual",
        "gdp|经济总量|1500亿元|2021|眉山|actual",
        "gdp|经济总量|900亿元|-|资阳|actual",
    )
    copied = (made.folder / "record.tsv").read_text(encoding="utf-8")
    assert re.findall("^gdp\\S*", copied, re.MULTILINE) == ["gdp", "gdp-2", "gdp-3"]
    assert pick(made, "observations", "locator", "ref_area") == [
        ("record:gdp", "510600"),
        ("record:gdp-2", "511400"),
    ]
    (undated,) = [row for row in rows(made, "draft") if row["state"] == "decide"]
    assert "missing: time_period_end" in undated["remark"]
    report = confirmed(desk, made)
    assert [reject.value for reject in report.rejects] == ["gdp-3"]  # nor is the dash a fault


def test_it_learns_from_another_bulletin_with_the_same_key(desk):
    cell = "stations-linked|联网车站|{}家|{}|某两地|actual"
    first = draft(desk, cell.format(12, "2021"))
    (proposal,) = rows(first, "draft")
    assert (proposal["state"], proposal["indicator_id"], proposal["ref_area"]) == ("decide", "", "")
    row = {
        "observation_id": "20220510-stations-linked", "indicator_id": "EQUITY_LISTED_FIRMS",
        "ref_area": "X_DMZ", "breakdown": "FIRST_BATCH", "time_period_end": "2021-12-31",
        "as_of_basis": "STATED", "value_text": "12家", "obs_value": "12", "unit_measure": "ENTERPRISE",
        "locator": "record:stations-linked", "obs_status": "A",
    }  # fmt: skip
    desk.write("observations", desk.table("observations", first.source_id), [row])
    assert confirmed(desk, first).ok

    later = HEAD.replace("2022-05-10", "2023-05-10")
    made = record_bulletin(record(desk, cell.format(15, "2022"), head=later), desk.seeds)
    columns = ("indicator_id", "ref_area", "breakdown", "unit_measure", "obs_value", "observation_id")
    assert pick(made, "observations", *columns) == [
        ("EQUITY_LISTED_FIRMS", "X_DMZ", "FIRST_BATCH", "ENTERPRISE", "15", "20230510-stations-linked")
    ]
    (proposal,) = rows(made, "draft")
    assert proposal["state"] == "confirm"
    assert "indicator: 2022-05-10_four_cities record:stations-linked" in proposal["known_from"]
    assert "area: 某两地" in proposal["known_from"]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("commuters|通勤人口|300万人|2021|德阳|actual", "perhaps: POPULATION"),
        ("gdp|经济总量|2000公里|2021|德阳|actual", "missing: indicator_id"),  # the unit forbids it
        ("gdp|经济总量|2000亿元|2021|某地|actual", "missing: ref_area"),
        ("head|组长|某人|2021|德阳|actual", "no figure can be read"),
        ("hours|首末班|6:30 / 22:00|2021|德阳|actual", "no figure can be read"),
        ("road|断头路通车|2023年底前|2023|德阳|target", "missing: title_en"),
        ("bus|跨市公交|15条|future|四市|target", "missing: due_date"),
    ],
)
def test_what_cannot_be_said_whole_is_left_to_a_person(desk, cell, words):
    made = draft(desk, cell)
    (proposal,) = rows(made, "draft")
    assert proposal["state"] == "decide"
    assert words in proposal["remark"]
    assert {path.name for path in made.folder.iterdir()} == {"record.tsv", DRAFT_FILE}


def test_the_draft_blocks_check_until_it_is_away(desk):
    made = draft(desk, "bus|跨市公交|14条|2021|四市|actual", title_en="Four cities")
    assert [reject.seed_file for reject in load(desk).rejects] == [f"bulletins/{made.source_id}/{DRAFT_FILE}"]
    (made.folder / DRAFT_FILE).unlink()
    assert load(desk).ok


def test_the_row_of_sources_says_what_the_head_says(desk):
    made = draft(desk, "bus|跨市公交|14条|2021|四市|actual")
    (source,) = desk.read(desk.seeds / "sources.csv")
    expected = {
        "title_zh": "四市简况", "publisher": "某报", "issuer": "某局", "host_quality": "REPOST",
        "url_main": "",
        "date_published": "2022-05-10", "date_precision": "", "document": "", "script": "HANS",
    }  # fmt: skip
    assert {column: source[column] for column in expected} == expected
    assert made.blank == ("title_en",)


@pytest.mark.parametrize(
    ("published", "day", "precision"),
    [("2022-04", "2022-04-30", "MONTH"), ("2021", "2021-12-31", "YEAR")],
)
def test_a_month_or_a_year_stands_for_its_last_day(desk, published, day, precision):
    head = HEAD.replace("2022-05-10\n# host", f"{published}\n# host")
    made = record_bulletin(record(desk, "bus|跨市公交|14条|2021|四市|actual", head=head), desk.seeds)
    (source,) = desk.read(desk.seeds / "sources.csv")
    assert (source["date_published"], source["date_precision"]) == (day, precision)
    assert made.source_id == f"{day}_four_cities"


def test_a_record_without_a_day_asks_for_one(desk):
    head = HEAD.replace("2022-05-10\n# host", "unknown\n# host")
    path = record(desk, "bus|跨市公交|14条|2021|四市|actual", head=head)
    with pytest.raises(NewBulletinError, match="give --date"):
        record_bulletin(path, desk.seeds)
    made = record_bulletin(path, desk.seeds, published=date(2022, 3, 1))
    (source,) = desk.read(desk.seeds / "sources.csv")
    assert source["date_precision"] == "YEAR"  # a day that was assumed
    assert "date_basis" in made.blank


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("# url:", "# colour: red", "line 4: unknown head"),
        ("\tkind\t", "\tsort\t", "line 7: unknown or missing columns"),
        ("\tactual\t", "\tactual", "line 8: 6 of 7 fields"),
        ("bus\t", "Bus\t", "not a plain key"),
        ("14条", "", "label or value missing"),
        ("bus\t跨市公交\t14条\t2021\t四市\tactual\t\n", "", "no cells"),
    ],
)
def test_a_faulty_record_is_refused_and_nothing_is_written(desk, old, new, words):
    path = record(desk, "bus|跨市公交|14条|2021|四市|actual")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(NewBulletinError, match=words):
        record_bulletin(path, desk.seeds)
    assert not list((desk.seeds / "bulletins").iterdir())
    assert not desk.read(desk.seeds / "sources.csv")


def test_an_existing_folder_is_never_overwritten(desk):
    made = draft(desk, "bus|跨市公交|14条|2021|四市|actual")
    before = (made.folder / "observations.csv").read_bytes()
    with pytest.raises(NewBulletinError, match="will not be overwritten"):
        draft(desk, "bus|跨市公交|99条|2021|四市|actual")
    assert (made.folder / "observations.csv").read_bytes() == before
    with pytest.raises(NewBulletinError, match="only lower case"):
        draft(desk, "bus|跨市公交|99条|2021|四市|actual", slug="../Up")


def test_a_failing_register_leaves_no_folder(desk, monkeypatch):
    def refuse(*_):
        raise OSError("full")

    monkeypatch.setattr("dagster_project.seeds.record_draft.add_source", refuse)
    with pytest.raises(OSError, match="full"):
        draft(desk, "bus|跨市公交|14条|2021|四市|actual")
    assert not list((desk.seeds / "bulletins").iterdir())


@pytest.mark.parametrize(
    ("as_of", "first", "last"),
    [
        ("2022", "2022-01-01", "2022-12-31"),
        ("2022-02", "2022-02-01", "2022-02-28"),
        ("2022-02-03", "2022-02-03", "2022-02-03"),
        ("2022Q2", "2022-04-01", "2022-06-30"),
        ("2022H2", "2022-07-01", "2022-12-31"),
        ("2022-01/2022-05", "2022-01-01", "2022-05-31"),
        ("2018-2020", "2018-01-01", "2020-12-31"),
        ("2024 (预计)", "2024-01-01", "2024-12-31"),
        ("to 2022-07", None, "2022-07-31"),
        ("2022-13", None, None),
        ("unknown", None, None),
        ("2019/2020/2021", None, None),
    ],
)
def test_periods_as_records_write_them(as_of, first, last):
    period = period_of(*spans_of(as_of))
    assert (period.last.isoformat() if period else None) == last
    assert (period.first.isoformat() if period and period.first else None) == first


def test_the_screen_says_where_each_cell_goes(desk, capsys):
    settings = replace(Settings.read(), seeds=desk.seeds, build=desk.build, public=desk.folder / "public")
    path = record(desk, "bus|跨市公交|14条|2021|四市|actual", "head|组长\x1b[m|某人|2021|四市|actual")
    assert run_record_bulletin(settings, path) == 0
    output = capsys.readouterr().out
    assert re.search(
        r"bus 跨市公交.* \| observations \| INTERCITY_BUS_LINES \| X_CDMZ \| 2021-12-31 \| 14条", output
    )
    assert "已知 known from area: 四市" in output
    assert "待定 to decide" in output
    assert "in tables: 1" in output
    assert not re.search("[\x00-\x09\x0b-\x1f]", output)
    assert run_record_bulletin(settings, path) == 1
    assert "will not be overwritten" in capsys.readouterr().err


def test_the_command_takes_a_document_or_a_record(desk):
    path = str(record(desk, "bus|跨市公交|14条|2021|四市|actual"))
    for arguments in ([], [path, "--record", path], ["--record", path, "--lines", "1-2"]):
        done = CliRunner().invoke(main, ["new-bulletin", *arguments])
        assert done.exit_code == 2
        assert "give either a document or --record" in done.output


def test_an_unknown_code_is_told_what_is_near(desk):
    made = draft(desk, "bus|跨市公交|14条|2021|四市|actual", title_en="Four cities")
    (made.folder / DRAFT_FILE).unlink()
    path = made.folder / "observations.csv"
    good = path.read_text(encoding="utf-8")
    connection = duckdb.connect()
    assert load_seeds(connection, desk.seeds).ok  # all else, which stays as it is

    def refused() -> Finding:
        (reject,) = load_seeds(connection, desk.seeds, ["observations"]).rejects
        return reject

    for old, new, words in (
        ("INTERCITY_BUS_LINES", "INTERCITY_BUS_LINE", "did you mean INTERCITY_BUS_LINES"),
        ("X_CDMZ", "X_CDZM", "did you mean X_CDMZ"),
        ("STATED", "STATTED", "did you mean STATED?；可填 · allowed: MEETING, PUBLICATION, STATED"),
        ("STATED", "ON_A_MONDAY", "not in code list AS_OF_BASIS；可填 · allowed: MEETING"),
        (",_T,", ",QQQQQQ,", "allowed: code_lists.csv, BREAKDOWN"),
    ):
        path.write_text(good.replace(old, new), encoding="utf-8")
        assert words in refused().rule
    path.write_text(good.replace("INTERCITY_BUS_LINES", "QQQQQQ"), encoding="utf-8")
    assert refused().rule.endswith("not in indicators.indicator_id")  # nothing is near, nothing is claimed
