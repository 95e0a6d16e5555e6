"""Which Great Expectations rules a gate file may use, and how each is said in words.

A rule that Great Expectations has but this list lacks is added here with its wording, after a trial on
DuckDB (regex and type rules fail there; a query does their work). One rule is our own, for code lists: a gate
names the list, and its codes are those of the warehouse. No limit on any mart belongs here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

QUERY = "unexpected_rows_expectation"
COLUMN_EXISTS = "expect_column_to_exist"
IN_SET = "expect_column_values_to_be_in_set"
IN_CODE_LIST = "expect_column_values_to_be_in_code_list"


@dataclass(frozen=True)
class Rule:
    """One kind of expectation.

    required, optional: names of its kwargs; `mostly` is in none: it would hide bad rows.
    zh, en: wording, filled from the kwargs (`bounds` is made of the limits).
    skips_null: rows that are null are not judged.
    """

    zh: str
    en: str
    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    skips_null: bool = True


def _rule(zh: str, en: str, required: str, optional: str = "", **traits: bool) -> Rule:
    return Rule(zh, en, frozenset(required.split()), frozenset(optional.split()), **traits)


_LIMITS = "min_value max_value strict_min strict_max"
_ALL_ROWS = {"skips_null": False}
RULES = {
    "expect_column_values_to_not_be_null": _rule(
        "{column} 不得为空", "{column} is never null", "column", **_ALL_ROWS
    ),
    "expect_column_values_to_be_null": _rule("{column} 必须为空", "{column} is null", "column", **_ALL_ROWS),
    "expect_column_values_to_be_unique": _rule("{column} 不重复", "{column} is unique", "column"),
    "expect_compound_columns_to_be_unique": _rule(
        "{column_list} 的组合不重复", "{column_list} are unique together", "column_list"
    ),
    IN_SET: _rule("{column} 属于 {value_set}", "{column} is one of {value_set}", "column value_set"),
    IN_CODE_LIST: _rule(
        "{column} 属于代码表 {code_list}", "{column} is on the code list {code_list}", "column code_list"
    ),
    "expect_column_values_to_not_be_in_set": _rule(
        "{column} 不属于 {value_set}", "{column} is none of {value_set}", "column value_set"
    ),
    "expect_column_values_to_be_between": _rule("{column} {bounds}", "{column} {bounds}", "column", _LIMITS),
    "expect_column_value_lengths_to_equal": _rule(
        "{column} 长度为 {value}", "{column} is {value} characters long", "column value"
    ),
    "expect_column_value_lengths_to_be_between": _rule(
        "{column} 长度 {bounds}", "length of {column} {bounds}", "column", _LIMITS
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": _rule(
        "{column_A} 大于 {column_B}(or_equal={or_equal})",
        "{column_A} > {column_B} (or_equal={or_equal})",
        "column_A column_B",
        "or_equal ignore_row_if",
    ),
    "expect_column_pair_values_to_be_equal": _rule(
        "{column_A} 等于 {column_B}", "{column_A} equals {column_B}", "column_A column_B", "ignore_row_if"
    ),
    "expect_column_distinct_values_to_contain_set": _rule(
        "{column} 含有全部 {value_set}",
        "{column} contains all of {value_set}",
        "column value_set",
    ),
    "expect_column_max_to_be_between": _rule(
        "{column} 的最大值 {bounds}", "maximum of {column} {bounds}", "column", _LIMITS
    ),
    "expect_column_min_to_be_between": _rule(
        "{column} 的最小值 {bounds}", "minimum of {column} {bounds}", "column", _LIMITS
    ),
    "expect_column_sum_to_be_between": _rule(
        "{column} 的合计 {bounds}", "sum of {column} {bounds}", "column", _LIMITS
    ),
    COLUMN_EXISTS: _rule("有 {column} 列", "column {column} exists", "column", **_ALL_ROWS),
    "expect_table_row_count_to_equal": _rule("恰有 {value} 行", "exactly {value} rows", "value", **_ALL_ROWS),
    "expect_table_row_count_to_be_between": _rule(
        "行数 {bounds}", "number of rows {bounds}", "", _LIMITS, **_ALL_ROWS
    ),
    QUERY: _rule("{title_zh}", "{title_en}", "unexpected_rows_query", **_ALL_ROWS),
}


def columns(kwargs: dict[str, Any]) -> list[str]:
    """The columns that an expectation judges; a query names its own."""
    named = [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
    return named + list(kwargs.get("column_list", []))


def in_words(kind: str, kwargs: dict[str, Any], where: dict[str, Any]) -> tuple[str, str]:
    """The rule in Chinese and English, with its condition."""
    rule = RULES[kind]
    shown = {
        "or_equal": False,
        **{key: _shown(value) for key, value in kwargs.items()},
        "bounds": _bounds(kwargs),
    }
    zh, en = rule.zh.format(**shown), rule.en.format(**shown)
    if where:
        said = [f"{name} {_condition(value)}" for name, value in where.items()]
        zh, en = f"{zh};限 {'、'.join(said)}", f"{en}; where {' and '.join(said)}"
    return zh, en


def _bounds(kwargs: dict[str, Any]) -> str:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    parts = []
    if low is not None:
        parts.append(f"{'>' if kwargs.get('strict_min') else '≥'} {_shown(low)}")
    if high is not None:
        parts.append(f"{'<' if kwargs.get('strict_max') else '≤'} {_shown(high)}")
    return ", ".join(parts)


def _condition(value: Any) -> str:
    if value is None:
        return "is null"
    return f"in {_shown(value)}" if isinstance(value, list) else f"= {_shown(value)}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return value.isoformat() if isinstance(value, date) else str(value)
