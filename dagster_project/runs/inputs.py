"""Everything that decides a build's content, as one hash: where hash and day match the published version,
another build would publish the same again.

Needs nothing of Dagster: to find that nothing changed must cost next to nothing.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from dagster_project.files import sha256
from dagster_project.publish.versions import Version, VersionError, current_version, held
from dagster_project.runs.folders import last_builds
from dagster_project.settings import DATABASE, DBT_PROJECT, EXPECTATIONS, ROOT, Settings

CODE = (ROOT / "dagster_project", DBT_PROJECT, EXPECTATIONS, ROOT / "requirements.lock")
SEED_FILES = {".csv", ".tsv", ".yaml"}
MADE = {"__pycache__", "target", "logs"}  # written by Python and dbt, never read as code


def digest(settings: Settings) -> str:
    """SHA-256 over code, lock, interpreter, seeds and kept audits, by name and content.

    The day is not in it, as it stands in the manifest for people to read.
    """
    said = [sys.version]
    for number, root in enumerate((*CODE, settings.seeds, settings.audits)):
        said += [f"{number}", *_told(root, _files(root))]
    return _hash(said)


def code_digest(seeds: Path) -> str:
    """SHA-256 over what reads the seeds and computes from them: code, lock, interpreter, declarations."""
    said = [sys.version]
    for number, root in enumerate((*CODE, ROOT / "seeds" / "schema", seeds / "schema")):
        said += [f"{number}", *_told(root, _files(root))]
    return _hash(said)


def seeds_digest(seeds: Path) -> str:
    """SHA-256 over the seed files alone, by name and content: whether two builds began with the same ones."""
    return _hash(_told(seeds, (path for path in _files(seeds) if path.suffix in SEED_FILES)))


def _told(root: Path, files: Iterable[Path]) -> Iterator[str]:
    """Name and content of each file."""
    for path in files:
        yield path.relative_to(root).as_posix()
        yield _content(path)


def _hash(texts: Iterable[str]) -> str:
    whole = hashlib.sha256()
    for text in texts:
        whole.update(f"{text}\0".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def unchanged(settings: Settings) -> Version | None:
    """The published version, if the last run was green, published it, and would publish the same today.

    None where anything differs, is damaged or is held by a rollback, and where documents are available: the
    seeds are to be checked against them each time.
    """
    try:
        return _unchanged(settings)
    except (OSError, VersionError):
        return None


def _unchanged(settings: Settings) -> Version | None:
    builds = last_builds(settings)
    current = current_version(settings.public)
    if not current or held(settings.public) or settings.corpus or not builds.last:
        return None
    manifest = current.manifest
    same = (
        builds.last == builds.green
        and builds.last.build_id == current.build_id
        and manifest["as_of_date"] == str(settings.day())
        and manifest.get("inputs") == digest(settings)
        and (settings.work / DATABASE).exists()
        and not current.verify()
    )
    return current if same else None


def _content(path: Path) -> str:
    """Hash of a file; nothing of what is no file or cannot be read, which is for the loader to refuse."""
    try:
        return sha256(path) if path.is_file() else ""
    except OSError:
        return ""


def _files(root: Path) -> Iterator[Path]:
    """The files at or under a path, in order of their names; what was made from them is left out."""
    if root.is_file():
        yield root
    for folder, names, files in os.walk(root):
        names[:] = sorted(set(names) - MADE)
        yield from (Path(folder, file) for file in sorted(files))
