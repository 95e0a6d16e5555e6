"""What a cell must be, as SQL: made from the declaration, applied to whole columns.

Two grades, because nearly all rows are plain. `doubts` is cheap and errs on the safe side: a row without
doubt is typed as it stands. A doubtful row gets the full treatment: `clean`, `value`, `problem`, `note`.
Not here: keys, references and tokens, which need other rows (cross_checks.py).
"""

from __future__ import annotations

from collections.abc import Collection

from dagster_project.ingest.characters import (
    BIDI,
    CONTROL,
    DAMAGED,
    EXCEL_ERROR,
    HOUSE,
    INVISIBLE,
    LOOK_ALIKE,
    MANGLED,
    MOJIBAKE,
    ODD_SPACE,
    SPACE,
    STRANGE,
)
from dagster_project.seeds.schema import Field
from dagster_project.sql import number, text

SQL_TYPES = {
    "string": "VARCHAR",
    "number": "DECIMAL(38, 9)",
    "integer": "BIGINT",
    "date": "DATE",
    "boolean": "BOOLEAN",
}
# Frictionless' own defaults; anything else (yes, Y, 是) is a guess.
TRUE, FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
FIRST_DAY, LAST_DAY = "1900-01-01", "2199-12-31"
NULL_TOKENS = (
    "NA", "N/A", "N.A.", "#N/A", "NULL", "NONE", "NIL", "NAN", "<NA>", "\\N", "-", "--", "---",
    "–", "—", "——", "－", ".", "..", "...", "…", "……", "?", "??", "？", "/", "暂无", "不详", "缺失",
)  # fmt: skip

NUMBER = r"-?(0|[1-9][0-9]{0,28})([.][0-9]{1,9})?"
INTEGER = r"-?(0|[1-9][0-9]{0,17})"
SCIENTIFIC = r"-?[0-9]+([.][0-9]+)?[eE][+-]?[0-9]{1,3}"


def _full(x: str, pattern: str) -> str:
    return f"regexp_full_match({x}, {text(pattern)})"


def _has(x: str, pattern: str) -> str:
    return f"regexp_matches({x}, {text(pattern)})"


def _among(values: Collection[str]) -> str:
    return f"({', '.join(text(value) for value in values)})"


def _outside(x: str, values: Collection[str]) -> str:
    # DuckDB turns a long IN list into a join, and a join does not keep the order of rows.
    return f"not list_contains({_list(values)}, {x})" if values else f"{x} is not null"


def _unlisted(field: Field, x: str, codes: Collection[str]) -> str:
    """SQL: whether the text `x`, or a part of it where it holds several values, is none of the codes."""
    if not field.separator or not codes:
        return _outside(x, codes)
    return f"not list_has_all({_list(codes)}, string_split({x}, {text(field.separator)}))"


def _list(values: Collection[str]) -> str:
    return f"[{', '.join(text(value) for value in values)}]"


def printable(x: str) -> str:
    """SQL: a value that is safe to show on a terminal, at most 80 characters."""
    pattern = f"{CONTROL}|\\n|{BIDI}|{INVISIBLE}|{ODD_SPACE}|{DAMAGED}"
    shown = f"regexp_replace(left({x}, 400), {text(pattern)}, '▯', 'g')"
    return f"case when length({shown}) > 80 then left({shown}, 79) || '…' else {shown} end"


def is_code(field: Field, references: Collection[str]) -> bool:
    """Whether a column holds ASCII codes: look-alikes and Excel's manglings are worth naming there."""
    return field.type == "string" and bool(
        field.case or field.pattern or field.code_list or field.name in references
    )


def doubtful_text(columns: Collection[str]) -> str:
    """SQL: whether the texts of a row hold anything that needs a second look; one pattern over all."""
    tokens = "|".join("".join(f"\\x{{{ord(c):X}}}" for c in token) for token in NULL_TOKENS)
    # With newlines between them, beginnings and ends of cells stay recognisable; empty cells are null and
    # left out, so that one newline too many stands at the beginning or end of a cell.
    ends = "(?:^|\\n)[ #\\n]|[ \\n](?:\\n|$)"
    pattern = f"[^{HOUSE}]|{ends}|(?:^|\\n)(?:(?i:{tokens})|{MANGLED})(?:\\n|$)"
    return _has(f"concat_ws(chr(10), {', '.join(columns)})", pattern)


def doubts(field: Field, x: str, codes: Collection[str] | None, references: Collection[str]) -> list[str]:
    """SQL conditions on the text `x`, any of which sends the row to the full treatment; NULL means none."""
    found = [f"{x} is null"] if field.required else []
    if field.type == "number":
        found.append(f"not {_full(x, NUMBER)}")
    elif field.type == "integer":
        found.append(f"not {_full(x, INTEGER)}")
    elif field.type == "date":
        # Canonical texts alone survive the round trip, and those of one length are in the order of the days.
        found.append(f"try_cast({x} as date)::varchar is distinct from {x}")
        found.append(f"strlen({x}) <> {len(LAST_DAY)} or {x} not between '{FIRST_DAY}' and '{LAST_DAY}'")
    elif field.type == "boolean":
        found.append(_outside(x, TRUE + FALSE))
    else:
        if codes is not None:
            found.append(_unlisted(field, x, codes))
        elif field.case:
            found.append(f"{x} <> upper({x})")
        if field.pattern:
            found.append(f"not {_full(x, field.pattern)}")
        if is_code(field, references) and codes is None:
            found.append(f"strlen({x}) <> length({x})")
        if field.separator:
            found += [_has(x, _bad_list(field.separator)), _repeats(field.separator, x)]
    found += [f"{value(field, x)} {rule}" for rule, _ in _limits(field)]
    return found


def clean(field: Field, x: str) -> str:
    """SQL: the text as it is kept: trimmed, and what else is normalised by a declared rule."""
    trimmed = f"regexp_replace({x}, {text(f'^{SPACE}+|{SPACE}+$')}, '', 'g')"
    if field.type in ("number", "integer"):
        trimmed = f"regexp_replace(replace({trimmed}, '\u2212', '-'), '^[+]([0-9])', '\\1')"
    if field.separator:
        between = f"{SPACE}*{_escaped(field.separator)}{SPACE}*"
        trimmed = f"regexp_replace({trimmed}, {text(between)}, {text(field.separator)}, 'g')"
    if field.case:
        trimmed = f"upper({trimmed})"
    return f"nullif({trimmed}, '')"


def value(field: Field, t: str) -> str:
    """SQL: the typed value of the clean text `t`; NULL where it has none."""
    if field.type == "number":
        return number(t)
    if field.type == "boolean":
        return f"case when {t} in {_among(TRUE)} then true when {t} in {_among(FALSE)} then false end"
    return t if field.type == "string" else f"try_cast({t} as {SQL_TYPES[field.type]})"


def note(field: Field, x: str, t: str) -> str:
    """SQL: what was normalised in an accepted cell, or what looks odd in it; NULL if nothing."""
    notes = []
    if field.type in ("number", "integer"):
        notes.append((f"contains({x}, '\u2212')", "U+2212 读作负号 · U+2212 read as minus"))
        notes.append((_full(t, SCIENTIFIC), "科学计数法已换算 · scientific notation made exact"))
    if field.case:
        notes.append((f"upper({x}) <> {x}", "已转大写 · made upper case"))
    notes.append((f"{x} <> {t}", "已去除多余空格或符号 · blanks or signs trimmed"))
    if field.type == "string":
        notes.append((_has(t, STRANGE), "罕见文字，编码是否有误？ · unusual script: check the encoding"))
    return _case(notes)


def problem(field: Field, t: str, codes: Collection[str] | None, references: Collection[str]) -> str:
    """SQL: the first rule that the clean text `t` breaks, 中文 · English; NULL if none."""
    rules = [(f"{t} is null", "必填项为空 · a required value is missing")] if field.required else []
    if codes is None and field.name not in references:
        # Where a pattern says what a code looks like, NONE may be one.
        may_be_code = field.pattern or field.any_value
        tokens = [token for token in NULL_TOKENS if not (may_be_code and token == "NONE")]
        rules.append((f"upper({t}) in {_among(tokens)}", "缺失须留空 · null token: leave the cell blank"))
    rules.append((_full(t, EXCEL_ERROR), "Excel 错误值 · an Excel error value"))
    rules += _TYPE_PROBLEMS[field.type](field, t)
    if field.type == "string":
        rules += _code_problems(field, t, codes, references)
    rules += [(f"{value(field, t)} {rule}", message) for rule, message in _limits(field)]
    return _case(rules)


def _text_problems(field: Field, t: str) -> list[tuple[str, str]]:
    point = "upper(to_hex(unicode(regexp_extract({0}, {1}))))"

    def named(pattern: str, message: str) -> tuple[str, str]:
        return _has(t, pattern), f"{message} U+§" + point.format(t, text(pattern))

    return [
        (_has(t, MOJIBAKE), "乱码，编码转换有误 · mojibake: text decoded with the wrong encoding"),
        named(CONTROL, "控制字符 · control character"),
        named(BIDI, "双向控制字符 · bidirectional control character"),
        named(INVISIBLE, "不可见字符 · invisible character"),
        (_has(t, DAMAGED), "文字已损坏 · damaged text"),
    ]


def _code_problems(
    field: Field, t: str, codes: Collection[str] | None, references: Collection[str]
) -> list[tuple[str, str]]:
    rules = []
    if is_code(field, references):
        rules.append((_has(t, LOOK_ALIKE), "代码中有形近字符 · look-alike character in a code"))
        rules.append((_full(t, MANGLED), "代码被 Excel 改成数字 · a code turned into a number by Excel"))
    if field.separator:
        rules.append(
            (_has(t, "[；]"), f"多值须用 {field.separator} 分隔 · separate values by {field.separator}")
        )
        rules.append((_has(t, _bad_list(field.separator)), "多值中有空值 · an empty value in the list"))
        rules.append((_repeats(field.separator, t), "多值重复 · a value repeats in the list"))
    if field.pattern:
        rules.append((f"not {_full(t, field.pattern)}", f"不合格式 · does not match {field.pattern}"))
    if codes is not None:
        rule = f"不在代码表 {field.code_list} 中 · not in code list {field.code_list}"
        rules.append((_unlisted(field, t, codes), rule))
    return rules


def _number_problems(field: Field, t: str) -> list[tuple[str, str]]:
    decimals = f"length(rtrim(regexp_extract({t}, '[.]([0-9]+)', 1), '0'))"
    exponent = f"try_cast(regexp_extract({t}, '[eE]([+-]?[0-9]+)', 1) as integer)"
    typed = value(field, t)
    return [
        (_full(t, "(?i)true|false"), "数值列出现布尔值 · a boolean in a number column"),
        (_full(t, "(?i)-?(inf|infinity|∞)"), "无穷大不是数值 · infinity is not a value"),
        (
            f"{_full(t, SCIENTIFIC)} and coalesce({typed} is null or {decimals} - {exponent} > 9, true)",
            "超出 DECIMAL(38,9) · outside DECIMAL(38,9)",
        ),
        (_full(t, r"-?(0|[1-9][0-9]*)[.][0-9]{10,}"), "小数多于 9 位 · more than 9 decimals"),
        (_full(t, r"-?(0|[1-9][0-9]*)([.][0-9]+)?") + f" and {typed} is null", "数值过大 · number too large"),
        (_full(t, r"-?0[0-9]+([.][0-9]+)?"), "数字以零开头，是否为代码？ · leading zero: is it a code?"),
        (f"not {_full(t, f'{NUMBER}|{SCIENTIFIC}')}", "不是数值，应如 1234.5 · not a number, write 1234.5"),
    ]


def _integer_problems(field: Field, t: str) -> list[tuple[str, str]]:
    return [(f"not {_full(t, INTEGER)}", "不是整数，应如 12 · not a whole number, write 12")]


def _date_problems(field: Field, t: str) -> list[tuple[str, str]]:
    return [
        (f"not {_full(t, '[0-9]{4}-[0-9]{2}-[0-9]{2}')}", "日期须为 YYYY-MM-DD · date must be YYYY-MM-DD"),
        (f"{t} is not null and {value(field, t)} is null", "不存在的日期 · no such date"),
        (
            f"{value(field, t)} not between date '{FIRST_DAY}' and date '{LAST_DAY}'",
            f"日期超出 {FIRST_DAY[:4]}—{LAST_DAY[:4]} · date outside {FIRST_DAY[:4]} to {LAST_DAY[:4]}",
        ),
    ]


def _boolean_problems(field: Field, t: str) -> list[tuple[str, str]]:
    return [
        (
            f"{t} is not null and {value(field, t)} is null",
            "布尔值须为 true 或 false · a boolean must be true or false",
        )
    ]


_TYPE_PROBLEMS = {
    "string": _text_problems,
    "number": _number_problems,
    "integer": _integer_problems,
    "date": _date_problems,
    "boolean": _boolean_problems,
}


def _limits(field: Field) -> list[tuple[str, str]]:
    """Declared minimum and maximum as a comparison and its message."""
    limits = []
    if field.minimum is not None:
        limits.append((f"< {field.minimum}", f"小于 {field.minimum} · less than {field.minimum}"))
    if field.maximum is not None:
        limits.append((f"> {field.maximum}", f"大于 {field.maximum} · more than {field.maximum}"))
    return limits


def _repeats(separator: str, t: str) -> str:
    parts = f"string_split({t}, {text(separator)})"
    return f"len({parts}) <> len(list_distinct({parts}))"


def _bad_list(separator: str) -> str:
    """Pattern of a list with an empty element or blanks at its separators."""
    mark = _escaped(separator)
    return f"(^|{mark}){SPACE}*({mark}|$)|{SPACE}{mark}|{mark}{SPACE}|；"


def _escaped(separator: str) -> str:
    return "".join(f"\\x{{{ord(character):X}}}" for character in separator)


def _case(rules: list[tuple[str, str]]) -> str:
    """SQL: the message of the first condition that holds; § begins an expression whose value ends it."""

    def message(words: str) -> str:
        fixed, _, expression = words.partition("§")
        return f"{text(fixed)} || lpad({expression}, 4, '0')" if expression else text(fixed)

    branches = " ".join(f"when {condition} then {message(words)}" for condition, words in rules)
    return f"case {branches} end" if branches else "null::varchar"
