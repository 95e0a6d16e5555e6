"""Additions and corrections as curators rightly make them: no layer may refuse any of these."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal

from tests.mutate.book import Book, Draft, Row

REVISIONS = "revisions.csv"
DAY = "2022-06-30"


def legitimate(book: Book, cases: int) -> Iterator[tuple[str, Draft]]:
    """As many cases as asked for, the kinds in turn."""
    kinds = [
        next_value(book, "1.3"),
        new_bulletin(book),
        revised_figure(book),
        new_indicator(book),
        next_value(book, "4"),
        removed_fact(book),
        new_event(book),
        next_value(book, "0.7"),
        revised_place(book),
        better_wording(book),
    ]
    for number in range(cases):
        yield next(kinds[number % len(kinds)])


def _bulletin(book: Book, draft: Draft, day: str, slug: str) -> str:
    """Register a new bulletin with empty files; returns its folder."""
    held = {row.bulletin for row in book.rows("observations")}
    like = next(row for row in book.rows("sources") if row["source_id"] in held)
    source = f"{day}_{slug}"
    digest = hashlib.sha256(source.encode()).hexdigest()
    new = {
        "source_id": source,
        "document": f"{source}.txt",
        "document_sha256": digest,
        "line_range": "",
        "date_published": day,
        "as_of_default": day,
        "title_zh": "新的通报",
        "title_en": "A new bulletin",
    }
    draft.add("sources.csv", **{**like.cells, **new})
    for table in ("observations", "claims", "commitments", "events", "initiatives", "exclusions"):
        draft.begin(f"bulletins/{source}/{table}.csv", f"bulletins/{like['source_id']}/{table}.csv")
    return f"bulletins/{source}"


def _later(book: Book) -> Iterator[tuple[Row, Decimal]]:
    """Plain figures of the latest period of a series, each once; none that must come with another."""
    paired = _related(book)
    rows = [
        (row, value)
        for row, _, value in book.figures("observations")
        if row["value_text"][:1].isdigit() and row["observation_id"] not in paired
    ]
    latest: dict[tuple, tuple[Row, Decimal]] = {}
    for row, value in sorted(rows, key=lambda pair: pair[0]["time_period_end"]):
        latest[row["indicator_id"], row["ref_area"], row["breakdown"], row["unit_measure"]] = row, value
    found = [pair for pair in latest.values() if pair[1] == int(pair[1]) and 4 < pair[1] < 10_000]
    book.random.shuffle(found)
    return iter(found)


def _told_again(book: Book, draft: Draft, row: Row, folder: str, day: str, value: int) -> None:
    noun = row["value_text"].lstrip("0123456789.").lstrip("余多万亿")
    draft.add(
        f"{folder}/observations.csv",
        **{
            **row.cells,
            "observation_id": f"{row['observation_id']}-{value}",
            "time_period_start": "",
            "time_period_end": day,
            "time_text": "",
            "as_of_basis": "PUBLICATION",
            "value_text": f"{value}{noun}",
            "obs_value": str(value),
            "locator": "3",
            "initiative_id": "",
            "comment": "",
        },
    )


def next_value(book: Book, times: str) -> Iterator[tuple[str, Draft]]:
    """A known series goes on in a new bulletin, within reason; what is cumulated does not fall."""
    kinds = {row["indicator_id"]: row["stock_flow"] for row in book.rows("indicators")}
    for number, (row, value) in enumerate(_later(book)):
        if kinds[row["indicator_id"]] == "CUMULATIVE" and Decimal(times) < 1:
            continue
        draft, day = book.draft(), f"2022-06-{number % 4 + 26}"
        new = max(1, int(value * Decimal(times)))
        _told_again(book, draft, row, _bulletin(book, draft, day, f"later_{number}"), day, new)
        yield f"{row['indicator_id']} {value} → {new}", draft


def new_bulletin(book: Book) -> Iterator[tuple[str, Draft]]:
    """A bulletin with figures, a promise, a claim, an event and an initiative of its own."""
    pairs = list(_later(book))
    for number in range(len(pairs) // 3):
        draft, day = book.draft(), f"2022-06-{number % 4 + 26}"
        folder = _bulletin(book, draft, day, f"quarter_{number}")
        for row, value in pairs[number * 3 : number * 3 + 3]:
            _told_again(book, draft, row, folder, day, int(value) + 1)
        name = f"new-programme-{number}"
        draft.add(
            f"{folder}/initiatives.csv", initiative_id=name, name_zh="新的计划", name_en="A new programme",
            initiative_type="PROGRAMME" if "PROGRAMME" in book.values("initiatives", "initiative_type") else
            book.values("initiatives", "initiative_type")[0], areas="X_CDMZ", locator="4",
            domain_id=book.values("initiatives", "domain_id")[0],
        )  # fmt: skip
        promise = next(row for row in book.rows("commitments") if row["commitment_type"] == "MILESTONE")
        draft.add(
            f"{folder}/commitments.csv",
            **{**promise.cells, "commitment_id": f"{name}-done", "initiative_id": name, "date_announced": day,
               "period_start": day, "due_date": "2023-12-31", "locator": "5", "version": "1"},
        )  # fmt: skip
        _event(book, draft, folder, day, name)
        yield f"{folder}: 3 figures, a promise, an event, an initiative", draft


def _event(book: Book, draft: Draft, folder: str, day: str, initiative: str) -> None:
    # Of one whose domain is its initiative's, that would be lost with it.
    like = next(row for row in book.rows("events") if row["date_precision"] == "DAY" and row["domain_id"])
    draft.add(
        f"{folder}/events.csv",
        **{
            **like.cells,
            "event_id": f"event-{initiative}",
            "title_zh": "新的事件",
            "title_en": "A new event",
            "date_start": day,
            "date_end": day,
            "date_text": "",
            "locator": "6",
            "initiative_id": initiative if initiative.startswith("new-") else "",
            "fulfils_commitment_id": "",
        },
    )


def new_event(book: Book) -> Iterator[tuple[str, Draft]]:
    """A bulletin that tells of an event and nothing else."""
    for number in range(20):
        draft, day = book.draft(), f"2022-06-{number % 4 + 26}"
        _event(book, draft, _bulletin(book, draft, day, f"news_{number}"), day, f"news-{number}")
        yield f"an event of {day}", draft


def new_indicator(book: Book) -> Iterator[tuple[str, Draft]]:
    """An indicator nobody has measured before, with its first figure."""
    for number, (row, value) in enumerate(_later(book)):
        draft, day = book.draft(), f"2022-06-{number % 4 + 26}"
        like = next(i for i in book.rows("indicators") if i["indicator_id"] == row["indicator_id"])
        name = f"{like['indicator_id']}_NEW"
        new = {
            "indicator_id": name,
            "name_zh": f"新的{like['name_zh']}",
            "name_en": f"New: {like['name_en']}",
        }
        draft.add("indicators.csv", **{**like.cells, **new, "is_headline": "false"})
        folder = _bulletin(book, draft, day, f"first_{number}")
        told = Row(
            row.file, row.number, {**row.cells, "indicator_id": name, "observation_id": f"new-{number}"}
        )
        _told_again(book, draft, told, folder, day, int(value))
        yield f"{name} with its first figure", draft


def _approve(draft: Draft, row_id: str, column: str, old: str, new: str) -> None:
    draft.add(
        REVISIONS, row_id=row_id, column_name=column, old_value=old, new_value=new,
        reason="误录，经核对改正 · a slip, put right after a look at the document", date_approved=DAY,
    )  # fmt: skip


def revised_figure(book: Book) -> Iterator[tuple[str, Draft]]:
    """A final figure corrected, with its row in revisions.csv."""
    for row, value in _later(book):
        new, draft = str(int(value) + 1), book.draft()
        draft.set(row, value_text=row["value_text"].replace(str(value), new, 1), obs_value=new)
        if draft.contents() and book.read(row["value_text"].replace(str(value), new, 1)) == int(new):
            _approve(draft, row["observation_id"], "obs_value", str(value), new)
            yield f"{row['observation_id']} {value} → {new}, approved", draft


def revised_place(book: Book) -> Iterator[tuple[str, Draft]]:
    """Line and status of an event corrected, with a row for each cell."""
    for row in book.rows("events"):
        if row["locator"].isdigit():
            cells = {"locator": str(int(row["locator"]) + 1), "status": "HELD"}
            draft = book.draft().set(row, **cells)
            for column, value in cells.items():
                if value != row[column]:
                    _approve(draft, row["event_id"], column, row[column], value)
            yield f"{row['event_id']}: line and status, approved", draft


def removed_fact(book: Book) -> Iterator[tuple[str, Draft]]:
    """A fact taken out, with its row in revisions.csv."""
    fulfilled = {row["fulfils_commitment_id"] for row in book.rows("events")}
    for row in book.rows("commitments"):
        if row["commitment_id"] not in fulfilled:
            draft = book.draft().delete(row)
            _approve(draft, f"{row['commitment_id']}@{row['version']}", "*", "", "")
            yield f"{row['commitment_id']} gone, approved", draft


def better_wording(book: Book) -> Iterator[tuple[str, Draft]]:
    """A remark, a definition or a limit improved."""
    for row in book.rows("indicators"):
        changed = {"definition_en": f"{row['definition_en']}, in better words", "max_value": "999999999999"}
        yield f"{row['indicator_id']}: definition and limit", book.draft().set(row, **changed)


def _related(book: Book) -> set[str]:
    return {row[column] for row in book.rows("relations") for column in ("subject_id", "object_id")}
