"""Vega-Lite specifications of the kinds of charts, drawn by Altair once and kept between builds.

Altair takes longer than all pages together, and what a kind of chart looks like (looks.py) seldom changes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path

from dagster_project.files import kept, sha256
from dagster_project.settings import CACHE

# The page sets `lang` when the reader switches; labels that differ by language are computed from it.
LANGUAGE = {"name": "lang", "value": "zh"}


@cache
def spec(kind: str, **arguments: object) -> dict:
    """The specification that the function `kind` of looks.py makes of its arguments, under its own name."""
    name = f"{kind}-{_short(json.dumps(arguments, sort_keys=True))}"
    return json.loads(kept(_folder() / f"{name}.json", lambda: _drawn(kind, name, arguments)))


def _drawn(kind: str, name: str, arguments: dict) -> bytes:
    from dagster_project.report import looks  # Altair itself takes a third of a second to load

    return json.dumps({**getattr(looks, kind)(**arguments), "usermeta": {"shape": name}}).encode()


@cache
def _folder() -> Path:
    """Where they are kept; those of another Altair or of other looks are removed."""
    code = sha256(Path(__file__).with_name("looks.py"))
    folder = CACHE / f"charts-{_short(code + installed('altair'))}"
    for outdated in set(CACHE.glob("charts-*")) - {folder}:
        shutil.rmtree(outdated, ignore_errors=True)
    return folder


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
