"""Reads the gates declared in `expectations/`, and has them evaluated.

`expectations/<mart>.yaml` holds for any seeds. `expectations/pinned/<source_id>.yaml` pins facts of one
bulletin: its gates are skipped, and said to be, where that is not loaded, or not published by the as-of day.
Cheap to import: Great Expectations is loaded by `preload` or `evaluate` alone (`engine.py`). No limit on
any mart stands here: each is data, with its reason and date. What a gate and its result are is in `gate.py`;
which kinds of rules there are, and how they are worded, in `rules.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from dagster_project.gates.gate import LOADED_SOURCES, Gate, GateResult, Suite
from dagster_project.gates.rules import QUERY, RULES

MINIMUM_ROWS = "minimum_rows"
SEVERITIES = ("critical", "warning")
_TEXTS = ("id", "title_zh", "title_en", "severity", "reason")
_GATE_KEYS = {*_TEXTS, "expectation", "where"}
PINNED = "pinned"


class GateFileError(ValueError):
    """Gate files that cannot be used; the message lists every problem with file and gate id."""


class GatesNotEvaluated(RuntimeError):
    """The results are not exactly the declared gates: nothing may rely on them."""


def load_suites(folder: Path) -> list[Suite]:
    """Every gate file of a folder, in order of name. Raises GateFileError with all problems at once."""
    problems: list[str] = []
    suites = [_read(path, problems) for path in sorted(folder.glob("*.yaml"))]
    if not suites:
        problems.append(f"没有门禁文件 · no gate file in {folder.name}/")
    gates = {suite.relation: list(suite.gates) for suite in suites}
    for path in sorted((folder / PINNED).glob("*.yaml")):
        _read_pinned(path, gates, problems)
    if problems:
        raise GateFileError("\n".join(problems))
    return [Suite(relation, tuple(found)) for relation, found in gates.items()]


class _Strict(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML in which a repeated key is an error: the first of the two would vanish without a word."""

    def construct_mapping(self, node, deep=False):
        seen = [key.value for key, _ in node.value]
        for name in {name for name in seen if seen.count(name) > 1}:
            raise yaml.constructor.ConstructorError(None, None, f"repeated key {name!r}", node.start_mark)
        return super().construct_mapping(node, deep)


class _Wrong:
    """Notes what is wrong in a file, with file and gate."""

    def __init__(self, path: Path, problems: list[str]):
        self.path, self.problems = path, problems

    def __call__(self, text: str, gate: Any = None) -> None:
        self.problems.append(f"{self.path.name}: {f'{gate}: ' if gate else ''}{text}")


def _document(path: Path, wrong: _Wrong, names: str, others: set[str]) -> tuple[dict[str, Any], list[Any]]:
    """A file and its entries; `names`: the key that must be the file's name."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), _Strict)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        wrong(f"不是可读的 YAML · not readable as YAML: {' '.join(str(error).split())}")
        return {}, []
    document = document if isinstance(document, dict) else {}
    for key in sorted(document.keys() - {names, *others, "gates"}, key=str):
        wrong(f"未知的键 · unknown key {key!r}")
    if document.get(names) != path.stem:
        wrong(f"{names} 应与文件名相同 · {names} must be the file's name")
    entries = document.get("gates")
    if not isinstance(entries, list) or not entries:
        wrong("没有门禁 · gates is empty")
        entries = []
    return document, entries


def _read(path: Path, problems: list[str]) -> Suite:
    wrong = _Wrong(path, problems)
    document, entries = _document(path, wrong, "relation", {MINIMUM_ROWS, "may_be_empty"})
    # A relation that may have no row says why, instead of how many it must have.
    least, why_empty = document.get(MINIMUM_ROWS), document.get("may_be_empty")
    said = isinstance(why_empty, str) and bool(why_empty.strip())
    if why_empty is not None and (least is not None or not said):
        wrong(
            "may_be_empty 应写明理由并取代 minimum_rows · may_be_empty must say why, in place of minimum_rows"
        )
    elif document and why_empty is None and (type(least) is not int or least < 1):
        wrong("minimum_rows 应为正整数 · minimum_rows must be a whole number of at least 1")
    gates = [] if why_empty else [_minimum_rows(path.stem, least)]
    for number, entry in enumerate(entries, 1):
        if _sound(entry, number, {"may_be_empty"}, gates, wrong):
            gates.append(replace(_gate(path.stem, entry), empty_relation=why_empty))
    return Suite(path.stem, tuple(gates))


def _read_pinned(path: Path, gates: dict[str, list[Gate]], problems: list[str]) -> None:
    """Add the pins of one bulletin to the gates of their relations."""
    wrong = _Wrong(path, problems)
    _, entries = _document(path, wrong, "source", set())
    for number, entry in enumerate(entries, 1):
        relation = entry.get("relation") if isinstance(entry, dict) else None
        if _sound(entry, number, {"relation", "also"}, gates.get(relation, []), wrong):
            name, also = entry["id"], entry.get("also", [])
            if relation not in gates:
                wrong("relation 没有门禁文件 · relation has no gate file of its own", name)
            elif not isinstance(also, list) or not all(isinstance(source, str) for source in also):
                wrong("also 应为来源列表 · also must be a list of sources", name)
            else:
                gates[relation].append(replace(_gate(relation, entry), pins=(path.stem, *also)))


def _sound(entry: Any, number: int, own: set[str], gates: list[Gate], wrong: _Wrong) -> bool:
    """Whether an entry is a gate and a new one; what is not is noted. own: further keys that it may have."""
    name = (entry.get("id") if isinstance(entry, dict) else None) or f"#{number}"
    found = list(_faults(entry, own))
    if name in {gate.id for gate in gates}:
        found.append("重复的 id · duplicate id")
    for text in found:
        wrong(text, name)
    return not found


def _faults(entry: Any, own: set[str]) -> Iterator[str]:
    """What is wrong with one declared gate."""
    if not isinstance(entry, dict):
        yield "应为键值表 · must be a mapping"
        return
    for key in sorted(entry.keys() - _GATE_KEYS - own, key=str):
        yield f"未知的键 · unknown key {key!r}"
    for key in _TEXTS:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            yield f"缺少 {key} · {key} is missing"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", str(entry.get("id"))):
        yield "id 应为小写字母、数字、下划线 · id must be lower-case letters, digits, underscores"
    if entry.get("severity") not in SEVERITIES:
        yield f"severity 应为其一 · severity must be one of {', '.join(SEVERITIES)}"
    if not re.search(r"\d{4}-\d{2}-\d{2}", str(entry.get("reason"))):
        yield "reason 缺少日期 · reason needs a date (YYYY-MM-DD)"
    if not isinstance(entry.get("where", {}), dict):
        yield "where 应为 列: 值 · where must map columns to values"
    if "may_be_empty" in entry and not isinstance(entry["may_be_empty"], str):
        yield "may_be_empty 应写明理由 · may_be_empty must say why"
    expectation = entry.get("expectation")
    if not isinstance(expectation, dict) or expectation.keys() - {"type", "kwargs"}:
        yield "expectation 应只有 type 与 kwargs · expectation must have type and kwargs only"
        return
    yield from _faults_of_rule(expectation.get("type"), expectation.get("kwargs", {}))


def _faults_of_rule(kind: Any, kwargs: Any) -> Iterator[str]:
    rule = RULES.get(kind)
    if rule is None:
        yield f"未知的规则 · unknown expectation type {kind!r}"
    elif not isinstance(kwargs, dict):
        yield "kwargs 应为键值表 · kwargs must be a mapping"
    else:
        for key in sorted(rule.required - kwargs.keys()):
            yield f"缺少参数 · kwargs lack {key!r}"
        for key in sorted(kwargs.keys() - rule.required - rule.optional, key=str):
            yield f"未知的参数 · unknown kwarg {key!r}"
        if (
            "min_value" in rule.optional
            and kwargs.get("min_value") is None
            and kwargs.get("max_value") is None
        ):
            yield "没有界限 · neither min_value nor max_value is given"
        if kwargs.get("value_set") == []:
            yield "value_set 为空 · value_set is empty"
        if kind == QUERY and "{batch}" not in str(kwargs.get("unexpected_rows_query")):
            yield "查询应取自 {batch} · the query must select from {batch}"


def _gate(relation: str, entry: dict[str, Any]) -> Gate:
    expectation = entry["expectation"]
    texts = {key: " ".join(entry[key].split()) for key in _TEXTS}
    return Gate(
        relation,
        **texts,
        kind=expectation["type"],
        kwargs=expectation.get("kwargs", {}),
        where=entry.get("where", {}),
        may_be_empty=entry.get("may_be_empty"),
    )


def _minimum_rows(relation: str, least: Any) -> Gate:
    """The gate that every file has by its line `minimum_rows`."""
    return Gate(
        relation,
        MINIMUM_ROWS,
        "行数不少于下限",
        "no fewer rows than the least",
        "critical",
        "空表会使其他规则都通过 · on an empty table every other rule would pass (2026-11-21)",
        "expect_table_row_count_to_be_between",
        {"min_value": least},
    )


def preload() -> None:
    """Import Great Expectations (seconds), telemetry off. A caller may do so in a thread, ahead of need."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import dagster_project.gates.engine  # noqa: F401


def ungated(suites: list[Suite], database: Path) -> list[str]:
    """Relations of schema marts that no gate file declares: a file that is gone must not go unnoticed."""
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        there = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
        ).fetchall()
    return [name for (name,) in there if name not in {suite.relation for suite in suites}]


def applying(suites: list[Suite], database: Path) -> list[Gate]:
    """The gates that are rules for the seeds of this file; where it does not say which, all of them."""
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            loaded = {source for (source,) in connection.execute(LOADED_SOURCES).fetchall()}
        except duckdb.CatalogException:
            loaded = None
    return [gate for suite in suites for gate in suite.gates if gate.applies(loaded)]


def evaluate(
    suites: list[Suite], database: Path, on_progress: Callable[[str, int, int], None] | None = None
) -> list[GateResult]:
    """One result per declared gate, in order of declaration, those that are skipped included.

    The file is only read, and free again after.

    on_progress: called with the relation just done, gates done, and gates declared.
    Raises GatesNotEvaluated where the results are not exactly the declared gates.
    """
    preload()
    from dagster_project.gates.engine import evaluate_suite, open_warehouse

    declared = [gate for suite in suites for gate in suite.gates]
    results: list[GateResult] = []
    with open_warehouse(database, [suite.relation for suite in suites]) as warehouse:
        for suite in suites:
            results += evaluate_suite(warehouse, suite)
            if on_progress:
                on_progress(suite.relation, len(results), len(declared))
    if not declared or [result.gate for result in results] != declared:
        raise GatesNotEvaluated(
            f"门禁未全部执行 · {len(declared)} gates declared, {len(results)} have a result"
        )
    return results
