"""Reads the gates declared in `expectations/`, and has them evaluated.

Each file is a suite as Great Expectations has it: a name, and expectations with id, type, description,
severity, notes, kwargs and meta. `expectations/<mart>.yaml` holds for any seeds.
`expectations/pinned/<source_id>.yaml` pins facts of one bulletin: its gates name their relation in `meta`,
and are skipped, and said to be, where that bulletin is not loaded, or not published by the as-of day.
Cheap to import: Great Expectations is loaded by `evaluate` alone (`engine.py`), and judges types
and kwargs when it is asked; what is refused here is what it would let pass. No limit on any mart stands here:
each is data, with its reason and date. What a gate and its result are is in `gate.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import yaml

from dagster_project import sql
from dagster_project.gates.gate import (
    BETWEEN_LANGUAGES,
    LOADED_SOURCES,
    QUERY,
    ROW,
    Gate,
    GateResult,
    Suite,
)
from dagster_project.seeds.schema import YAML

SEVERITIES = ("critical", "warning")
TEXTS = ("id", "type", "description", "severity", "notes")
PINNED = "pinned"


class GateFileError(ValueError):
    """Gate files are wrong; the message lists every problem."""


class GatesNotEvaluated(RuntimeError):
    """Not every declared gate has a result, or none is declared: nothing may rely on them."""


def load_suites(folder: Path) -> list[Suite]:
    """Every gate file of a folder, in order of name. Raises GateFileError with all problems at once."""
    suites, problems = read_suites(folder)
    if problems:
        raise GateFileError("\n".join(problems))
    return suites


def read_suites(folder: Path) -> tuple[list[Suite], list[str]]:
    """The sound gates of a folder, in order of name, and what is wrong with all others."""
    problems: list[str] = []
    gates: dict[str, list[Gate]] = {}
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        problems.append(f"没有门禁文件 · no gate files in {folder.name}/")
    for path in [*paths, *sorted((folder / PINNED).glob("*.yaml"))]:
        for gate in _gates(path, path.parent.name == PINNED, problems):
            same = gates.setdefault(gate.relation, [])
            if gate.id in {one.id for one in same}:
                problems.append(f"{path.name}: {gate.id}: 重复的 id · duplicate id")
            same.append(gate)
    return [Suite(relation, tuple(found)) for relation, found in sorted(gates.items())], problems


class _Strict(YAML):
    """YAML in which a repeated key is an error: the first of the two would vanish without a word."""

    def construct_mapping(self, node, deep=False):
        seen = [key.value for key, _ in node.value]
        for name in {name for name in seen if seen.count(name) > 1}:
            raise yaml.constructor.ConstructorError(None, None, f"repeated key {name!r}", node.start_mark)
        return super().construct_mapping(node, deep)


def _gates(path: Path, pinned: bool, problems: list[str]) -> Iterator[Gate]:
    """The sound gates of a file; what is wrong with it and the others is noted."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), _Strict)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        document = {"expectations": [], "name": path.stem}
        problems.append(
            f"{path.name}: 不是可读的 YAML · not readable as YAML: {' '.join(str(error).split())}"
        )
    else:
        document = document if isinstance(document, dict) else {}
        problems += [f"{path.name}: {text}" for text in _faults_of_file(document, path.stem, pinned)]
    empty = (document.get("meta") or {}).get("may_be_empty")
    for number, entry in enumerate(document.get("expectations") or [], 1):
        if faults := list(_faults(entry, pinned)):
            name = entry.get("id", f"#{number}") if isinstance(entry, dict) else f"#{number}"
            problems += [f"{path.name}: {name}: {text}" for text in faults]
        elif pinned:
            meta = entry["meta"]
            yield Gate(meta["relation"], _tidy(entry), pins=(path.stem, *meta.get("also", [])))
        else:
            yield Gate(path.stem, _tidy(entry), empty_relation=empty)


def _tidy(entry: dict[str, Any]) -> dict[str, Any]:
    """The expectation with its texts as single lines, however they were wrapped in the file."""
    return {**entry, **{key: " ".join(entry[key].split()) for key in TEXTS}}


def _faults_of_file(document: dict[str, Any], name: str, pinned: bool) -> Iterator[str]:
    for key in sorted(document.keys() - {"name", "meta", "expectations"}, key=str):
        yield f"未知的键 · unknown key {key!r}"
    if document.get("name") != name:
        yield "name 应与文件名相同 · name must be the file's name"
    meta = document.get("meta", {"may_be_empty": "no fault"})
    if pinned and "meta" in document:
        yield "核对须有其行 · a pin needs its row, so the file may have no meta"
    elif not isinstance(meta, dict) or meta.keys() != {"may_be_empty"} or not _text(meta["may_be_empty"]):
        yield "may_be_empty 应写明理由 · may_be_empty must say why"
    if not isinstance(document.get("expectations"), list) or not document["expectations"]:
        yield "没有门禁 · expectations is empty"


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _faults(entry: Any, pinned: bool) -> Iterator[str]:
    """What is wrong with one declared gate."""
    if not isinstance(entry, dict):
        yield "应为键值表 · must be a mapping"
        return
    for key in sorted(entry.keys() - {*TEXTS, "kwargs", "meta"}, key=str):
        yield f"未知的键 · unknown key {key!r}"
    for key in TEXTS:
        if not _text(entry.get(key)):
            yield f"缺少 {key} · {key} is missing"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", str(entry.get("id"))):
        yield "id 应为小写字母、数字、下划线 · id must be lower-case letters, digits, underscores"
    if str(entry.get("description")).count(BETWEEN_LANGUAGES) != 1:
        yield "description 应为中文 · 英文 · description must be Chinese · English"
    if entry.get("severity") not in SEVERITIES:
        yield f"severity 应为其一 · severity must be one of {', '.join(SEVERITIES)}"
    if not re.search(r"\d{4}-\d{2}-\d{2}", str(entry.get("notes"))):
        yield "notes 缺少日期 · notes need a date (YYYY-MM-DD)"
    yield from _faults_of_meta(entry.get("meta", {}), pinned)
    yield from _faults_of_kwargs(entry.get("type"), entry.get("kwargs", {}))


def _faults_of_meta(meta: Any, pinned: bool) -> Iterator[str]:
    known = {"relation", "also"} if pinned else {"may_be_empty", "reach"}
    if not isinstance(meta, dict) or meta.keys() - known:
        yield f"meta 只可有 · meta may only have {', '.join(sorted(known))}"
    elif pinned and not _text(meta.get("relation")):
        yield "缺少 relation · meta lacks relation"
    elif not isinstance(also := meta.get("also", []), list) or not all(map(_text, also)):
        yield "also 应为来源列表 · also must be a list of sources"
    elif not _text(meta.get("may_be_empty", "no fault")):
        yield "may_be_empty 应写明理由 · may_be_empty must say why"
    elif meta.get("reach", ROW) != ROW:
        yield f"reach 只可为 {ROW} · reach may only be {ROW}"


def _faults_of_kwargs(kind: Any, kwargs: Any) -> Iterator[str]:
    """What Great Expectations lets pass without having looked at every row."""
    if not isinstance(kwargs, dict):
        yield "kwargs 应为键值表 · kwargs must be a mapping"
    elif "mostly" in kwargs:
        yield "mostly 会放过坏行 · mostly would hide bad rows"
    elif kwargs.get("value_set") == []:
        yield "value_set 为空 · value_set is empty"
    elif kind == QUERY and "{batch}" not in str(kwargs.get("unexpected_rows_query")):
        yield "查询应取自 {batch} · the query must select from {batch}"


def applying(suites: list[Suite], database: Path) -> list[Gate]:
    """The gates that are rules for the seeds of this file; where it does not say which, all of them."""
    import duckdb

    with sql.read(database) as connection:
        try:
            loaded = {source for (source,) in connection.execute(LOADED_SOURCES).fetchall()}
        except duckdb.CatalogException:
            loaded = None
    return [gate for suite in suites for gate in suite.gates if gate.applies(loaded)]


def evaluate(
    suites: list[Suite],
    database: Path,
    on_progress: Callable[[str, int, int], None] | None = None,
    passed: Collection[tuple[str, str]] = (),
) -> list[GateResult]:
    """One result per declared gate, in order of declaration, those that are skipped included.

    The file is only read, and free again after.

    on_progress: called with the relation just done, gates done, and gates declared; passed: relation and
    id of those that passed on the file that this one goes on from.
    Raises GatesNotEvaluated where the results are not exactly the declared gates.
    """
    from dagster_project.gates.engine import evaluate_suite, open_session

    declared = [gate for suite in suites for gate in suite.gates]
    results: list[GateResult] = []
    with open_session(database, [suite.relation for suite in suites]) as session:
        for suite in suites:
            results += evaluate_suite(session, suite, passed)
            if on_progress:
                on_progress(suite.relation, len(results), len(declared))
    if not declared or [result.gate for result in results] != declared:
        raise GatesNotEvaluated(
            f"门禁未全部执行 · {len(declared)} gates declared, {len(results)} have a result"
        )
    return results
