"""`tongcheng sql` for a person or a program: shows the answer as a table, CSV, JSON or Markdown."""

from __future__ import annotations

import csv
import json
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import chain, count, islice
from typing import TextIO

from rich.table import Table
from rich.text import Text

from dagster_project.export_text import neutralised, printable
from dagster_project.query.shell import Answer, Refused, ask
from dagster_project.settings import DATABASE, Settings
from dagster_project.tables import markdown
from dagster_project.terminal import Screen, nobody_reads

UNBROKEN = 2**16  # characters
GRACE = 5  # seconds between asking a statement to stop and ending the process


def run_sql(settings: Settings, sql: str, limit: int, timeout: float, form: str | None) -> int:
    """Run the statement on the published file and print its answer. Returns the exit code: 0, 1 refused.

    limit: most rows shown, 0 for all; form: a key of FORMATS, None: a table at a terminal, else CSV.
    """
    file = settings.public / DATABASE
    if not file.exists():
        return _fail("尚无已发布版本 · nothing published yet: tongcheng build")
    write = FORMATS[form or ("table" if sys.stdout.isatty() else "csv")]
    cut = threading.Event()
    last_resort = threading.Timer(timeout + GRACE, _end_process, [timeout])
    last_resort.daemon = True
    last_resort.start()
    try:
        with ask(file.resolve(), sql, timeout) as answer:
            write(Answer(answer.columns, _limited(answer.rows, limit, cut)), sys.stdout)
    except Refused as refusal:
        return _fail(str(refusal))
    except BrokenPipeError:  # the reader has seen enough
        nobody_reads()
    finally:
        last_resort.cancel()
    if cut.is_set():
        print(f"只显示前 {limit} 行 · the first {limit} rows only; for all: --limit 0", file=sys.stderr)
    return 0


def _fail(text: str) -> int:
    print(f"✗ {text}", file=sys.stderr)
    return 1


def _end_process(timeout: float) -> None:
    """Some functions ignore the watchdog's interrupt."""
    _fail(f"超过 {timeout:g} 秒，已终止 · terminated after {timeout:g} s")
    os._exit(1)


def _limited(rows: Iterable[tuple], limit: int, cut: threading.Event) -> Iterator[tuple]:
    rows = iter(rows)
    yield from islice(rows, limit or None)
    if limit and next(rows, None) is not None:
        cut.set()


def _plain(cell: object) -> object:
    """Numbers without the zeros that only a column's type adds."""
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}" if cell else "0"
    if isinstance(cell, (list, dict)):
        return json.dumps(cell, ensure_ascii=False, default=_json)
    return str(cell).lower() if isinstance(cell, bool) else cell


def _lines(cell: object) -> str:
    return "" if cell is None else "\n".join(map(printable, str(cell).split("\n")))


def _table(answer: Answer, out: TextIO) -> None:
    table = Table()
    for name in answer.columns:
        table.add_column(Text(printable(name)))
    for row in answer.rows:
        table.add_row(*(Text(_lines(_plain(cell)), overflow="fold") for cell in row))
    # In a pipe each row stays a line, however long: whoever reads it looks for whole ids.
    Screen(file=out, width=None if out.isatty() else UNBROKEN).print(table)


def _csv(answer: Answer, out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(neutralised, answer.columns))
    # Numbers and texts are distinguished before writing: -1 stays, the text -1 does not.
    writer.writerows([_plain(neutralised(cell)) for cell in row] for row in answer.rows)


def _json(cell: object) -> object:
    """A number if JSON can carry it exactly, else its text."""
    if isinstance(cell, Decimal):
        number = int(cell) if cell == int(cell) else float(cell)
        return number if Decimal(str(number)) == cell else str(cell)
    return str(cell)


def _json_lines(answer: Answer, out: TextIO) -> None:
    names: list[str] = []
    for column in answer.columns:  # of two columns with one name, an object would keep the last
        repeated = (f"{column}_{number}" for number in count(1))
        names.append(next(name for name in chain([column], repeated) if name not in names))
    out.write("[")
    for number, row in enumerate(answer.rows):
        record = dict(zip(names, row, strict=True))
        out.write((",\n " if number else "\n ") + json.dumps(record, ensure_ascii=False, default=_json))
    out.write("\n]\n")


def _markdown(answer: Answer, out: TextIO) -> None:
    out.write(markdown(answer.columns, [tuple(map(_plain, row)) for row in answer.rows]) + "\n")


FORMATS: dict[str, Callable[[Answer, TextIO], None]] = {
    "table": _table,
    "csv": _csv,
    "json": _json_lines,
    "markdown": _markdown,
}
