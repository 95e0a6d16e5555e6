"""Seeds around documents of our own making, for the tests of the audit and of new bulletins."""

from __future__ import annotations

import csv
import hashlib
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from dagster_project.audit.comparison import DocumentAudit, SourceAudit, audit

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
TABLES = (
    "observations",
    "claims",
    "commitments",
    "events",
    "initiatives",
    "assessments",
    "outcomes",
    "exclusions",
)
# What a row must say that the audit does not ask for.
FILLER = {
    "indicator_id": "TRAIN_PAIRS_DAILY", "ref_area": "X_CDMZ", "breakdown": "_T", "obs_status": "A",
    "as_of_basis": "PUBLICATION", "time_period_end": "2023-05-08", "comparison": "OTHER",
    "commitment_type": "TARGET", "version": "1", "modality": "WILL", "authority": "REPORT",
    "accounting": "AT_DATE", "date_announced": "2023-05-08", "title_zh": "题", "title_en": "title",
    "date_precision": "NONE", "date_basis": "文中写明 · stated",
    "areas": "X_CDMZ", "event_type": "MEETING", "status": "HELD", "name_en": "name",
    "initiative_type": "PLAN",
}  # fmt: skip
SOURCE = {
    "title_zh": "通报", "title_en": "Report", "issuer": "成德眉资两区", "publisher": "两区",
    "doc_type": "FEATURE", "host_quality": "PRESS",
    "date_published": "2023-05-08", "date_basis": "印出 · printed", "as_of_default": "2023-05-08",
    "script": "HANS", "citation": "通报",
}  # fmt: skip


@cache
def columns(table: str) -> list[str]:
    """Names of a table's columns, in order."""
    declared = yaml.safe_load((ROOT / "seeds" / "schema" / f"{table}.yaml").read_text(encoding="utf-8"))
    return [field["name"] for field in declared["fields"]]


@dataclass
class Desk:
    """Seeds and corpus in one folder; `add` types a row, `run` audits."""

    folder: Path

    @classmethod
    def empty(cls, folder: Path, words: bool = False, statements: bool = False) -> Desk:
        """The shared tables of the project, without bulletins and sources.

        words: keep what stands beside figures of each indicator; rows of most tests are of any.
        statements: ask for what accounts for each statement; most tests are of numerals.
        """
        desk = cls(folder)
        shutil.copytree(ROOT / "seeds", desk.seeds, ignore=shutil.ignore_patterns("bulletins"))
        desk.corpus.mkdir()
        (desk.seeds / "bulletins").mkdir()
        for table in ("sources", "relations", "revisions", "breaks"):
            desk.write(table, desk.seeds / f"{table}.csv", [])
        if not statements:
            desk.write("statement_words", desk.seeds / "statement_words.csv", [])
        if not words:
            catalogue = desk.seeds / "indicators.csv"
            rows = [{**row, "printed": ""} for row in desk.read(catalogue)]
            desk.write("indicators", catalogue, rows)
        return desk

    @property
    def seeds(self) -> Path:
        return self.folder / "seeds"

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    @property
    def build(self) -> Path:
        return self.folder / "build"

    def copy_to(self, folder: Path) -> Desk:
        """A second one with the same content."""
        return Desk(shutil.copytree(self.folder, folder, dirs_exist_ok=True))

    def write(self, table: str, path: Path, rows: list[dict]) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(
                file, columns(table), restval="", extrasaction="ignore", lineterminator="\n"
            )
            writer.writeheader()
            writer.writerows(rows)

    def read(self, path: Path) -> list[dict]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def append(self, table: str, path: Path, row: dict) -> None:
        self.write(table, path, [*self.read(path), row])

    def document(self, text: str, source_id: str = "2023-05-08_two_districts", **cells: str) -> str:
        """Put a document into the corpus and register it."""
        name = f"{source_id}.txt"
        (self.corpus / name).write_text(text, encoding="utf-8")
        digest = hashlib.sha256((self.corpus / name).read_bytes()).hexdigest()
        row = {**SOURCE, "source_id": source_id, "document": name, "document_sha256": digest, **cells}
        self.append("sources", self.seeds / "sources.csv", row)
        if not row.get("primary_source_id"):
            (self.seeds / "bulletins" / source_id).mkdir()
            for table in TABLES:
                self.write(table, self.table(table, source_id), [])
        return source_id

    def table(self, table: str, source_id: str = "2023-05-08_two_districts") -> Path:
        return self.seeds / "bulletins" / source_id / f"{table}.csv"

    def add(self, table: str, locator: str | int, token: str, value: str = "", **cells: str) -> None:
        """Type one row: `token` goes to the column of printed text, `value` to the number."""
        path = self.table(table)
        text = {"exclusions": "token", "events": "date_text", "initiatives": "name_zh"}.get(
            table, "value_text"
        )
        number = {"observations": "obs_value", "claims": "factor", "commitments": "target_value"}.get(
            table, ""
        )
        key = columns(table)[0]
        name = {} if table == "exclusions" else {key: f"{table}-{len(self.read(path)) + 1}"}
        row = {**FILLER, **name, "locator": str(locator), text: token, number: value, **cells}
        self.append(table, path, row)

    def relate(self, subject: str, whole: str, kind: str = "SUBSET") -> None:
        """Tie two figures."""
        row = {"relation_id": f"{subject}-{whole}", "relation_type": kind, "reason": "同句 · together"}
        row |= {"subject_id": subject, "object_id": whole}
        self.append("relations", self.seeds / "relations.csv", row)

    def change(self, table: str, token: str, cells: dict[str, str]) -> None:
        """Alter the one row with that printed text."""
        path = self.table(table)
        rows = self.read(path)
        column = "token" if table == "exclusions" else "value_text"
        [row] = [row for row in rows if row[column] == token]
        row.update(cells)
        self.write(table, path, rows)

    def delete(self, table: str, token: str) -> None:
        path = self.table(table)
        column = "token" if table == "exclusions" else "value_text"
        self.write(table, path, [row for row in self.read(path) if row[column] != token])

    def run(self) -> DocumentAudit:
        """Audit; the one document."""
        [document] = audit(self.seeds, self.corpus)
        return document

    def source(self) -> SourceAudit:
        """Audit; the one bulletin."""
        [source] = self.run().sources
        return source
