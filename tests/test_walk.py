"""The page on adding a bulletin is gone through as it stands: its document, its commands, its rows."""

import csv
import re
import shlex
import shutil
from pathlib import Path

from tests.conftest import Place
from tests.readme import ROOT

PAGE, CHINESE = "docs/add-a-bulletin.md", "docs/add-a-bulletin.zh-CN.md"
FOLDER = "bulletins/2023-05-08_example"
_TABLE = re.compile(r"`(?:seeds/)?(\w+)\.csv`(?:(?!\n\n)[^|])*\n\n(\|.+\|\n)\|[-|]+\|\n((?:\|.+\|\n)+)")


def tables(page: str) -> dict[str, list[dict[str, str]]]:
    """Rows that the page tells to type, by table; a table of many columns stands upright, a column a line."""
    tables = {}
    for name, *lines in _TABLE.findall((ROOT / page).read_text(encoding="utf-8")):
        cells = [[c.strip("` ") for c in line.strip("|").split("|")] for line in "".join(lines).splitlines()]
        if cells[0][0] in {"column", "列"}:
            cells = list(zip(*cells[1:], strict=True))
        tables[name] = [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]
    return tables


def type_rows(seeds: Path, name: str, rows: list[dict[str, str]]) -> None:
    """Add rows to a bulletin's table; complete the last row of sources.csv."""
    path = seeds / ("sources.csv" if name == "sources" else f"{FOLDER}/{name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        there, columns = list(reader), reader.fieldnames
    if name == "sources":
        there[-1] |= rows[0]
    else:
        there += rows
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(there)


def test_both_languages_type_the_same_rows():
    assert tables(PAGE) == tables(CHINESE)


def test_a_bulletin_is_added_as_the_page_says(tmp_path, monkeypatch):
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    (document,) = re.findall(r"```text\n(.*?)```", text, re.S)
    new, move, check, audit = (
        shlex.split(line)[1:] for line in re.findall(r"^tongcheng (?!.*--record).+$", text, re.M)
    )
    place = Place(tmp_path / "seeds", tmp_path / "build", tmp_path / "public")
    shutil.copytree(ROOT / "seeds", place.seeds)
    (tmp_path / new[1]).write_text(document, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    code, output = place.tongcheng(*new)
    assert code == 0, output
    assert move == ["move-draft", Path(FOLDER).name]  # instead of which the rows are typed here
    typed = tables(PAGE)
    assert set(typed) == {"sources", "observations", "commitments", "events", "exclusions"}
    for name, rows in typed.items():
        type_rows(place.seeds, name, rows)
    (place.seeds / FOLDER / "draft.csv").unlink()
    code, output = place.tongcheng(*check)
    assert code == 0, output
    _, output = place.tongcheng(*audit)  # the documents of the other bulletins are not at hand
    line = rf"{new[1]} .*覆盖 covered 100 %.*有据 recorded 100 %; 缺 missing 0, 误 wrong 0"
    assert re.search(line, output), output
    cells = sum(len(row) for rows in typed.values() for row in rows)
    assert f"| {cells} " in text, f"the page tells how long {cells} cells take"
