"""Reads a workbook's cells straight from its XML, typed as a spreadsheet would take them."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Workbook:
    """Sheets by name: a list of rows, each from a column's place to text, float, bool or datetime."""

    def __init__(self, path: Path):
        self.archive = zipfile.ZipFile(path)
        links = {e.get("Id"): e.get("Target") for e in self._xml("xl/_rels/workbook.xml.rels")}
        sheets = self._xml("xl/workbook.xml").find(f"{_MAIN}sheets")
        self.parts = {sheet.get("name"): f"xl/{links[sheet.get(_LINK)]}" for sheet in sheets}
        styles = self._xml("xl/styles.xml")
        codes = {e.get("numFmtId"): e.get("formatCode") for e in styles.iter(f"{_MAIN}numFmt")}
        self.formats = [codes.get(e.get("numFmtId"), "") for e in styles.find(f"{_MAIN}cellXfs")]

    def _xml(self, part: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.archive.read(part))

    def text(self, sheet: str) -> str:
        """A sheet's XML."""
        return self.archive.read(self.parts[sheet]).decode()

    def rows(self, sheet: str) -> list[dict[int, object]]:
        """Every row, empty cells left out."""
        return [
            {_place(cell.get("r")): self._value(cell) for cell in row if len(cell)}
            for row in self._xml(self.parts[sheet]).iter(f"{_MAIN}row")
        ]

    def _value(self, cell: ElementTree.Element) -> object:
        if cell.get("t") == "inlineStr":
            return "".join(part.text or "" for part in cell.iter(f"{_MAIN}t"))
        number = cell.find(f"{_MAIN}v").text
        if cell.get("t") == "b":
            return number == "1"
        if "yyyy" in self.formats[int(cell.get("s", 0))]:
            return datetime(1899, 12, 30) + timedelta(days=float(number))
        return float(number)


def _place(reference: str) -> int:
    place = 0
    for letter in re.match("[A-Z]+", reference)[0]:
        place = place * 26 + ord(letter) - 64
    return place - 1
