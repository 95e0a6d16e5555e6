"""Seeded defects: each operator yields drafts with one mistake that a hand or a tool could make.

An operator is a function from the book to an endless or finite row of (what was done, draft); its first
docstring line is what the report shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from tests.mutate.book import FIGURES, Book, Draft, Row

Found = Iterator[tuple[str, Draft]]
OPERATORS: dict[str, Callable[[Book], Found]] = {}
FACTS = ("observations", "claims", "commitments", "events", "initiatives")
KEYS = {
    "observations": "observation_id",
    "claims": "claim_id",
    "commitments": "commitment_id",
    "events": "event_id",
    "initiatives": "initiative_id",
}


def operator(function: Callable[[Book], Found]) -> Callable[[Book], Found]:
    """Register a defect under its function's name."""
    OPERATORS[function.__name__] = function
    return function


def _cells(book: Book, row: Row, **cells: str) -> tuple[str, Draft]:
    shown = ", ".join(f"{column} {row[column] or '∅'} → {value or '∅'}" for column, value in cells.items())
    return f"{row.place}: {shown}", book.draft().set(row, **cells)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _retold(book: Book, row: Row, column: str, token: str) -> tuple[str, Draft] | None:
    """Token and number both wrong, and in agreement: nothing in the row gives it away."""
    number = book.read(token)
    if token == row["value_text"] or number is None or abs(number) >= Decimal(10) ** 17:
        return None
    return _cells(book, row, value_text=token, **{column: _plain(round(number, 9))})


def _retold_all(book: Book, change: Callable[[str], str], *tables: str) -> Found:
    for row, column, _ in book.figures(*tables):
        if found := _retold(book, row, column, change(row["value_text"])):
            yield found


# --- the number alone, its token as printed


@operator
def number_ten_times(book: Book) -> Found:
    """number off by 10×, token right"""
    for row, column, value in book.figures():
        if value:
            yield _cells(book, row, **{column: _plain(value * 10)})


@operator
def number_a_tenth(book: Book) -> Found:
    """number a tenth, token right"""
    for row, column, value in book.figures():
        if value:
            yield _cells(book, row, **{column: _plain(value / 10)})


@operator
def number_wan_for_yi(book: Book) -> Found:
    """万 and 亿 confused in the number, token right"""
    for row, column, value in book.figures():
        if "亿" in row["value_text"] or "万" in row["value_text"]:
            factor = Decimal("0.0001") if "亿" in row["value_text"] else Decimal(10000)
            yield _cells(book, row, **{column: _plain(value * factor)})


@operator
def number_in_wan(book: Book) -> Found:
    """number in 万 instead of base units"""
    for row, column, value in book.figures():
        if "万" in row["value_text"]:
            yield _cells(book, row, **{column: _plain(value / 10000)})


@operator
def number_transposed(book: Book) -> Found:
    """two digits of the number transposed, token right"""
    for row, column, value in book.figures():
        text = _plain(value)
        if (swapped := _transposed(text)) != text:
            yield _cells(book, row, **{column: swapped})


@operator
def number_point_lost(book: Book) -> Found:
    """decimal point of the number lost"""
    for row, column, value in book.figures():
        if "." in _plain(value):
            yield _cells(book, row, **{column: _plain(value).replace(".", "").lstrip("0")})


@operator
def number_rounded(book: Book) -> Found:
    """number rounded to one digit"""
    for row, column, value in book.figures():
        rounded = _plain(Decimal(f"{value:.0e}"))
        if rounded != _plain(value):
            yield _cells(book, row, **{column: rounded})


@operator
def number_missing(book: Book) -> Found:
    """number left out"""
    for row, column, _ in book.figures():
        yield _cells(book, row, **{column: ""})


@operator
def number_negative(book: Book) -> Found:
    """sign of the number flipped"""
    for row, column, value in book.figures():
        if value:
            yield _cells(book, row, **{column: _plain(-value)})


@operator
def number_full_width(book: Book) -> Found:
    """full-width digits in the number"""
    for row, column, value in book.figures():
        wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in _plain(value))
        yield _cells(book, row, **{column: wide})


@operator
def number_grouped(book: Book) -> Found:
    """thousands separators in the number"""
    for row, column, value in book.figures():
        if abs(value) >= 1000:
            yield _cells(book, row, **{column: f"{value.normalize():,f}"})


# --- the token alone, or token and number together


@operator
def token_full_width(book: Book) -> Found:
    """full-width digits in the token"""
    for row, _, _ in book.figures():
        wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isdigit() else c for c in row["value_text"])
        if wide != row["value_text"]:
            yield _cells(book, row, value_text=wide)


@operator
def token_wan_for_yi(book: Book) -> Found:
    """万 and 亿 swapped in the token alone"""
    for row, _, _ in book.figures():
        token = row["value_text"].translate(str.maketrans("万亿萬億", "亿万億萬"))
        if token != row["value_text"]:
            yield _cells(book, row, value_text=token)


@operator
def figure_wan_for_yi(book: Book) -> Found:
    """万 and 亿 swapped in token and number"""
    return _retold_all(book, lambda token: token.translate(str.maketrans("万亿萬億", "亿万億萬")))


@operator
def figure_ten_times(book: Book) -> Found:
    """a zero too many in token and number"""
    return _retold_all(book, lambda token: re.sub(r"([0-9]+)(?![0-9.])", r"\g<1>0", token, count=1))


@operator
def figure_point_lost(book: Book) -> Found:
    """decimal point lost in token and number"""
    return _retold_all(book, lambda token: re.sub(r"([1-9][0-9]*)[.]([0-9])", r"\1\2", token))


@operator
def figure_transposed(book: Book) -> Found:
    """two digits transposed in token and number"""
    return _retold_all(book, _transposed)


@operator
def figure_digit_wrong(book: Book) -> Found:
    """one digit wrong in token and number"""
    return _retold_all(book, lambda token: re.sub("[1-8]", lambda m: str(int(m[0]) + 1), token, count=1))


@operator
def figure_digit_lost(book: Book) -> Found:
    """one digit lost in token and number"""
    return _retold_all(book, lambda token: re.sub("([1-9])[0-9]", r"\1", token, count=1))


@operator
def hedge_dropped(book: Book) -> Found:
    """hedge dropped"""
    for row, _, _ in book.figures():
        token = re.sub("超过|以上|左右|[超近约逾余多达]", "", row["value_text"], count=1)
        if token != row["value_text"] and book.read(token) is not None:
            yield _cells(book, row, value_text=token)


@operator
def hedge_added(book: Book) -> Found:
    """hedge added"""
    for row, _, value in book.figures():
        if book.read(f"超{row['value_text']}") == value:
            yield _cells(book, row, value_text=f"超{row['value_text']}")


@operator
def hedge_turned(book: Book) -> Found:
    """hedge reversed: above for below"""
    turned = {"超过": "不足", "超": "不足", "近": "超", "约": "超", "余": "", "以上": "以下", "逾": "近"}
    for row, _, _ in book.figures():
        for one, other in turned.items():
            if one in row["value_text"] and other:
                yield _cells(book, row, value_text=row["value_text"].replace(one, other, 1))
                break


@operator
def told_more_vaguely(book: Book) -> Found:
    """a figure recorded more vaguely than printed"""
    for row, column, value in book.figures():
        digits = re.search("[0-9]{2,}(?![0-9.])", row["value_text"])
        if digits and value == int(value) and row["value_text"].startswith(digits[0]):
            zeros = len(digits[0]) - 1
            token = f"{digits[0][0]}{'0' * zeros}多{row['value_text'][digits.end() :]}"
            if found := _retold(book, row, column, token):
                yield found


@operator
def noun_changed(book: Book) -> Found:
    """counted noun of the token changed"""
    for row, _, _ in book.figures():
        if row["value_text"][-1] in "个家项名人对次":
            noun = book.pick(list("个家项名对亩"), row["value_text"][-1])
            yield _cells(book, row, value_text=row["value_text"][:-1] + noun)


@operator
def percent_over_100(book: Book) -> Found:
    """share above 100 %, token and number"""
    for row, column, value in book.figures("claims"):
        if row["claim_type"] == "SHARE" and (
            found := _retold(
                book, row, column, row["value_text"].replace(_plain(value), _plain(value + 100), 1)
            )
        ):
            yield found


@operator
def growth_for_decline(book: Book) -> Found:
    """growth for decline or the reverse, token and number"""
    for row, column, _ in book.figures("claims"):
        if row["claim_type"] == "PCT_CHANGE":
            token = row["value_text"]
            token = token.replace("下降", "") if "下降" in token else f"下降{token}"
            if found := _retold(book, row, column, token):
                yield found


@operator
def bounds_reversed(book: Book) -> Found:
    """bounds typed the wrong way round"""
    for row, _, value in book.figures():
        low, high = _plain(value + 10), _plain(value - 10)
        yield _cells(book, row, lower_bound=low, upper_bound=high)


@operator
def bound_wrong(book: Book) -> Found:
    """a typed bound that the wording does not give"""
    for row, _, value in book.figures():
        yield _cells(book, row, lower_bound=_plain(value * Decimal("0.8") - 1), lower_closed="true")


@operator
def qualifier_wrong(book: Book) -> Found:
    """a typed hedge class that the wording does not give"""
    for row, _, _ in book.figures():
        yield _cells(book, row, value_qualifier="RANGE")


# --- dates


def _year(text: str, years: int) -> str:
    day = date.fromisoformat(text)
    return day.replace(year=day.year + years, day=min(day.day, 28)).isoformat()


@operator
def period_a_year_back(book: Book) -> Found:
    """period of a figure a year too early"""
    for row in book.rows("observations", "claims"):
        cells = {
            column: _year(row[column], -1)
            for column in ("time_period_start", "time_period_end")
            if row[column]
        }
        if cells:
            yield _cells(book, row, **cells)


@operator
def period_a_year_on(book: Book) -> Found:
    """period of a figure a year too late"""
    for row in book.rows("observations", "claims"):
        if row["time_period_end"]:
            yield _cells(book, row, time_period_end=_year(row["time_period_end"], 1))


@operator
def period_reversed(book: Book) -> Found:
    """start of a period after its end"""
    for row in book.rows("observations"):
        yield _cells(book, row, time_period_start=_year(row["time_period_end"], 1))


@operator
def period_start_dropped(book: Book) -> Found:
    """first day of a period dropped"""
    for row in book.rows("observations"):
        if row["time_period_start"]:
            yield _cells(book, row, time_period_start="")


@operator
def year_for_year_to_date(book: Book) -> Found:
    """a year for a part of it, or a part for the year"""
    for row in book.rows("observations"):
        if row["time_period_start"]:
            year, month_day = row["time_period_end"][:4], row["time_period_end"][5:]
            end = f"{year}-11-30" if month_day == "12-31" else f"{year}-12-31"
            yield _cells(book, row, time_period_start=f"{year}-01-01", time_period_end=end)


@operator
def event_a_year_off(book: Book) -> Found:
    """event a year too early"""
    for row in book.rows("events"):
        if row["date_start"] and row["date_end"]:
            yield _cells(
                book, row, date_start=_year(row["date_start"], -1), date_end=_year(row["date_end"], -1)
            )


@operator
def event_reversed(book: Book) -> Found:
    """end of an event before its start"""
    for row in book.rows("events"):
        if row["date_end"]:
            yield _cells(book, row, date_start=row["date_end"], date_end=_year(row["date_end"], -1))


@operator
def event_precision_wrong(book: Book) -> Found:
    """precision of an event's date overstated"""
    for row in book.rows("events"):
        if row["date_precision"] != "DAY":
            yield _cells(
                book, row, date_precision=book.pick(["MONTH", "QUARTER", "YEAR"], row["date_precision"])
            )


@operator
def due_a_year_off(book: Book) -> Found:
    """due date of a promise a year too late"""
    for row in book.rows("commitments"):
        if row["due_date"]:
            yield _cells(book, row, due_date=_year(row["due_date"], 1))


@operator
def announced_a_year_off(book: Book) -> Found:
    """announcement of a promise a year too early"""
    for row in book.rows("commitments"):
        yield _cells(book, row, date_announced=_year(row["date_announced"], -1))


@operator
def date_not_iso(book: Book) -> Found:
    """date as day/month/year"""
    for row in book.rows("observations"):
        yield _cells(book, row, time_period_end="/".join(reversed(row["time_period_end"].split("-"))))


@operator
def source_a_year_off(book: Book) -> Found:
    """publication day of a source a year off"""
    for row in book.rows("sources"):
        for years in (-1, 1):
            yield _cells(book, row, date_published=_year(row["date_published"], years))


# --- rows


@operator
def row_twice(book: Book) -> Found:
    """a row twice"""
    for row in book.rows(*FACTS):
        yield f"{row.place}: twice", book.draft().add(row.file, **row.cells)


@operator
def row_twice_renamed(book: Book) -> Found:
    """a row twice, under another id"""
    for row in book.rows(*FACTS):
        key = KEYS[row.table]
        yield (
            f"{row.place}: again as {row[key]}-b",
            book.draft().add(row.file, **{**row.cells, key: f"{row[key]}-b"}),
        )


@operator
def row_deleted(book: Book) -> Found:
    """a fact deleted"""
    for row in book.rows(*FACTS):
        yield f"{row.place}: {row[KEYS[row.table]]} gone", book.draft().delete(row)


@operator
def figures_swapped(book: Book) -> Found:
    """figures of two rows swapped, token and number"""
    rows = [row for row, _, _ in book.figures()]
    for one, other in pairwise(rows):
        if one.file == other.file and one["value_text"] != other["value_text"]:
            column = FIGURES[one.table]
            draft = book.draft()
            for row, taken in ((one, other), (other, one)):
                draft.set(row, value_text=taken["value_text"], **{column: taken[column]})
            yield f"{one.place} ↔ #{other.number + 1}: {one['value_text']} ↔ {other['value_text']}", draft


@operator
def names_swapped(book: Book) -> Found:
    """titles of two rows swapped"""
    for table, zh, en in (("events", "title_zh", "title_en"), ("initiatives", "name_zh", "name_en")):
        rows = book.rows(table)
        for one, other in pairwise(rows):
            if one.file == other.file:
                draft = book.draft().set(one, **{zh: other[zh], en: other[en]})
                draft.set(other, **{zh: one[zh], en: one[en]})
                yield f"{one.place} ↔ #{other.number + 1}", draft


@operator
def target_as_observation(book: Book) -> Found:
    """a target recorded as a figure"""
    for row, column, _ in book.figures("commitments"):
        file = row.file.replace("commitments", "observations")
        cells = {
            "observation_id": row["commitment_id"],
            "indicator_id": row["indicator_id"]
            or book.random.choice(book.values("indicators", "indicator_id")),
            "breakdown": "_T",
            "time_period_end": row["date_announced"],
            "as_of_basis": "MEETING",
            "obs_value": row[column],
            "obs_status": "A",
            **{
                name: row[name]
                for name in ("ref_area", "value_text", "unit_measure", "locator", "initiative_id")
            },
        }
        yield (
            f"{row.place}: {row['value_text']} as an observation",
            book.draft().delete(row).add(file, **cells),
        )


@operator
def observation_as_claim_level(book: Book) -> Found:
    """a figure tied to the wrong claim"""
    names = book.values("observations", "observation_id")
    for row in book.rows("claims"):
        yield _cells(book, row, observation_id=book.pick(names, row["observation_id"]))


@operator
def row_in_wrong_bulletin(book: Book) -> Found:
    """a fact filed under another bulletin"""
    for row in book.rows(*FACTS):
        files = [file for file in book.files if file.endswith(f"/{row.table}.csv")]
        other = book.pick(files, row.file)
        yield f"{row.place} → {other}", book.draft().delete(row).add(other, **row.cells)


@operator
def cell_lost(book: Book) -> Found:
    """a line with one cell too few"""
    for row in book.rows(*FACTS):
        lines = (book.seeds / row.file).read_bytes().split(b"\n")
        if all(line.count(b'"') % 2 == 0 for line in lines):
            cut = lines[row.number + 1].rpartition(b",")[0]
            content = b"\n".join([*lines[: row.number + 1], cut, *lines[row.number + 2 :]])
            yield f"{row.place}: last cell and its comma gone", book.draft().raw(row.file, content)


@operator
def file_lost(book: Book) -> Found:
    """a file of a bulletin lost"""
    for file, lines in book.files.items():
        if file.startswith("bulletins/") and len(lines) > 1:
            yield f"{file} gone", book.draft().raw(file, None)


# --- codes and references


def _wrong_code(book: Book, table: str, column: str, values: list[str]) -> Found:
    for row in book.rows(table):
        if row[column]:
            yield _cells(book, row, **{column: book.pick(values, row[column])})


@operator
def wrong_area(book: Book) -> Found:
    """another area that exists"""
    return _wrong_code(book, "observations", "ref_area", book.values("areas", "ref_area"))


@operator
def wrong_area_of_promise(book: Book) -> Found:
    """a promise attributed to another area"""
    return _wrong_code(book, "commitments", "ref_area", book.values("areas", "ref_area"))


@operator
def wrong_area_of_event(book: Book) -> Found:
    """an event attributed to another area"""
    return _wrong_code(book, "events", "areas", book.values("areas", "ref_area"))


@operator
def area_lost_zero(book: Book) -> Found:
    """an area code mangled by a spreadsheet"""
    for row in book.rows("observations"):
        if row["ref_area"].isdigit():
            yield _cells(book, row, ref_area=f"{row['ref_area']}.0")


@operator
def wrong_indicator(book: Book) -> Found:
    """another indicator"""
    return _wrong_code(book, "observations", "indicator_id", book.values("indicators", "indicator_id"))


@operator
def wrong_indicator_same_unit(book: Book) -> Found:
    """another indicator of the same unit"""
    units: dict[str, list[str]] = {}
    for row in book.rows("indicators"):
        units.setdefault(row["unit_measure"], []).append(row["indicator_id"])
    for row in book.rows("observations"):
        others = [other for other in units.get(row["unit_measure"], []) if other != row["indicator_id"]]
        if others:
            yield _cells(book, row, indicator_id=book.random.choice(sorted(others)))


@operator
def wrong_unit(book: Book) -> Found:
    """another unit"""
    return _wrong_code(book, "observations", "unit_measure", book.values("units", "unit_measure"))


@operator
def wrong_unit_of_promise(book: Book) -> Found:
    """another unit of a promise"""
    return _wrong_code(book, "commitments", "unit_measure", book.values("units", "unit_measure"))


@operator
def breakdown_changed(book: Book) -> Found:
    """a part for the whole, or the reverse"""
    parts = book.values("observations", "breakdown")
    return _wrong_code(book, "observations", "breakdown", parts)


@operator
def enum_typo(book: Book) -> Found:
    """a letter of a code dropped"""
    columns = {"observations": "as_of_basis", "claims": "claim_type", "commitments": "modality",
               "events": "event_type", "initiatives": "initiative_type"}  # fmt: skip
    for row in book.rows(*columns):
        column = columns[row.table]
        yield _cells(book, row, **{column: row[column][:-1]})


@operator
def enum_other(book: Book) -> Found:
    """another code of the same list"""
    columns = {"observations": "as_of_basis", "claims": "claim_type", "commitments": "modality",
               "events": "status", "initiatives": "initiative_type"}  # fmt: skip
    values = {table: book.values(table, column) for table, column in columns.items()}
    for row in book.rows(*columns):
        column = columns[row.table]
        yield _cells(book, row, **{column: book.pick(values[row.table], row[column])})


@operator
def final_made_provisional(book: Book) -> Found:
    """a final figure made provisional"""
    for row in book.rows("observations"):
        if row["obs_status"] == "A":
            yield _cells(book, row, obs_status="P")


@operator
def final_made_estimate(book: Book) -> Found:
    """a final figure made an estimate"""
    for row in book.rows("observations"):
        if row["obs_status"] == "A":
            yield _cells(book, row, obs_status="E")


@operator
def estimate_as_final(book: Book) -> Found:
    """an estimate or a preliminary figure as a final one"""
    for row in book.rows("observations"):
        if row["obs_status"] in ("E", "P"):
            yield _cells(book, row, obs_status="A")


@operator
def note_without_difference(book: Book) -> Found:
    """a remark on comparability that does not say what it differs from"""
    for row in book.rows("observations"):
        if row["differs_from"]:
            yield _cells(book, row, differs_from="")


@operator
def wrong_supersedes(book: Book) -> Found:
    """a promise that replaces another version than it does"""
    names = book.values("commitments", "supersedes")
    for row in book.rows("commitments"):
        if row["supersedes"]:
            versions = {*names, *(f"{r['commitment_id']}@{r['version']}" for r in book.rows("commitments"))}
            yield _cells(book, row, supersedes=book.pick(sorted(versions), row["supersedes"]))


@operator
def other_whole_of_share(book: Book) -> Found:
    """a share of another whole"""
    for row in book.rows("claims"):
        if row["claim_type"] == "SHARE":
            indicator = book.pick(book.values("indicators", "indicator_id"), row["whole_indicator_id"])
            yield _cells(book, row, whole_indicator_id=indicator)


@operator
def orphan_source(book: Book) -> Found:
    """a bulletin whose source is not registered, or registered otherwise"""
    for row in book.rows("sources"):
        yield f"{row.place}: {row['source_id']} not registered", book.draft().delete(row)
        yield _cells(book, row, source_id=f"{row['source_id']}x")


@operator
def orphan_reference(book: Book) -> Found:
    """a reference to an initiative that does not exist"""
    for row in book.rows("observations", "commitments", "events"):
        if row["initiative_id"]:
            yield _cells(book, row, initiative_id=f"{row['initiative_id']}s")


@operator
def wrong_initiative(book: Book) -> Found:
    """a reference to another initiative"""
    names = book.values("initiatives", "initiative_id")
    for row in book.rows("observations", "commitments", "events"):
        if row["initiative_id"]:
            yield _cells(book, row, initiative_id=book.pick(names, row["initiative_id"]))


@operator
def wrong_parent(book: Book) -> Found:
    """an initiative under another parent"""
    return _wrong_code(
        book, "initiatives", "parent_initiative_id", book.values("initiatives", "initiative_id")
    )


@operator
def parent_cycle(book: Book) -> Found:
    """an initiative that contains its own parent"""
    rows = {row["initiative_id"]: row for row in book.rows("initiatives")}
    for row in rows.values():
        if row["parent_initiative_id"]:
            yield _cells(book, rows[row["parent_initiative_id"]], parent_initiative_id=row["initiative_id"])


@operator
def locator_moved(book: Book) -> Found:
    """a locator one line off"""
    for row in book.rows(*FACTS):
        line, _, rest = row["locator"].partition("#")
        yield _cells(book, row, locator=f"{int(line) + 1}{'#' if rest else ''}{rest}")


@operator
def locator_mangled(book: Book) -> Found:
    """a locator that is no place"""
    for row in book.rows(*FACTS):
        yield _cells(book, row, locator=f"L{row['locator']}")


# --- identities


@operator
def part_above_whole(book: Book) -> Found:
    """a subset larger than its whole, token and number"""
    rows = {row["observation_id"]: (row, column) for row, column, _ in book.figures("observations")}
    for relation in book.rows("relations"):
        if relation["relation_type"] == "SUBSET" and relation["subject_id"] in rows:
            row, column = rows[relation["subject_id"]]
            for times in ("0", "00", "000", "0000"):
                token = re.sub(r"([0-9]+)(?![0-9.])", rf"\g<1>{times}", row["value_text"], count=1)
                if found := _retold(book, row, column, token):
                    yield found


@operator
def identity_dropped(book: Book) -> Found:
    """an identity between figures dropped or reversed"""
    for row in book.rows("relations"):
        yield f"{row.place}: {row['relation_id']} gone", book.draft().delete(row)


# --- the catalogue


@operator
def direction_flipped(book: Book) -> Found:
    """more is better for less is better"""
    for row in book.rows("indicators"):
        if row["direction"] in ("UP", "DOWN"):
            yield _cells(book, row, direction="DOWN" if row["direction"] == "UP" else "UP")


@operator
def indicator_unit_changed(book: Book) -> Found:
    """an indicator's unit changed"""
    return _wrong_code(book, "indicators", "unit_measure", book.values("units", "unit_measure"))


@operator
def unit_factor_wrong(book: Book) -> Found:
    """a conversion factor off by ten"""
    for row in book.rows("units"):
        yield _cells(book, row, factor_num=f"{row['factor_num']}0")


@operator
def unit_type_wrong(book: Book) -> Found:
    """a counted unit called measured or the reverse"""
    for row in book.rows("units"):
        yield _cells(book, row, unit_type="MEASURED" if row["unit_type"] == "COUNTED" else "COUNTED")


@operator
def limits_reversed(book: Book) -> Found:
    """limits of an indicator the wrong way round"""
    for row in book.rows("indicators"):
        if row["min_value"]:
            yield _cells(book, row, max_value=str(Decimal(row["min_value"]) - 1))


# --- texts


LABELS = {"commitments": ("title_zh", "title_en"), "events": ("title_zh", "title_en"),
          "initiatives": ("name_zh", "name_en"), "indicators": ("name_zh", "name_en"),
          "areas": ("name_zh", "name_en"), "units": ("name_zh", "name_en")}  # fmt: skip


@operator
def translation_in_wrong_column(book: Book) -> Found:
    """Chinese and English names in each other's columns"""
    for row in book.rows(*LABELS):
        zh, en = LABELS[row.table]
        yield _cells(book, row, **{zh: row[en], en: row[zh]})


@operator
def translation_missing(book: Book) -> Found:
    """the Chinese name pasted as the English one"""
    for row in book.rows(*LABELS):
        zh, en = LABELS[row.table]
        yield _cells(book, row, **{en: row[zh]})


@operator
def english_as_chinese(book: Book) -> Found:
    """the English name pasted as the Chinese one"""
    for row in book.rows(*LABELS):
        zh, en = LABELS[row.table]
        yield _cells(book, row, **{zh: row[en]})


@operator
def trailing_space(book: Book) -> Found:
    """a trailing space in a code"""
    for row in book.rows("observations"):
        column = book.random.choice(["observation_id", "ref_area", "unit_measure", "value_text"])
        yield _cells(book, row, **{column: f"{row[column]} "})


@operator
def invisible_character(book: Book) -> Found:
    """an invisible character in an id"""
    for row in book.rows(*FACTS):
        key = KEYS[row.table]
        yield _cells(book, row, **{key: f"{row[key][:3]}\u200b{row[key][3:]}"})


@operator
def mojibake(book: Book) -> Found:
    """a name decoded with the wrong encoding"""
    for row in book.rows(*LABELS):
        zh, _ = LABELS[row.table]
        yield _cells(book, row, **{zh: row[zh].encode().decode("latin-1")})


@operator
def look_alike(book: Book) -> Found:
    """a Cyrillic letter in a code"""
    for row in book.rows("observations"):
        if "A" in row["indicator_id"]:
            yield _cells(book, row, indicator_id=row["indicator_id"].replace("A", "\u0410", 1))


@operator
def columns_swapped(book: Book) -> Found:
    """two neighbouring cells swapped"""
    for row in book.rows("observations", "claims", "commitments"):
        yield _cells(book, row, indicator_id=row["ref_area"], ref_area=row["indicator_id"] or row["ref_area"])


def _transposed(text: str) -> str:
    """The first two neighbouring digits that differ, swapped; not so that a zero comes first."""
    return re.sub(r"([1-9])(?!\1)([1-9])", r"\2\1", text, count=1)
