"""Reads the declarations in seeds/schema: which tables there are and what each column must be.

Here: the declaration as plain objects, and its own errors. Not here: how a file is read or a value
is judged (ingest/front_door.py, ingest/cell_rules.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # where libyaml is, its loader is ten times as fast
TYPES = {"string", "number", "integer", "date", "boolean"}
BULLETINS = "bulletins"
RESERVED = {"seed_file", "seed_line"}  # columns that the loader adds
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")  # names become SQL identifiers and file names
_FIELD_KEYS = {
    "name",
    "type",
    "title",
    "titleEn",
    "description",
    "constraints",
    "codeList",
    "separator",
    "tokenOf",
    "tokenScale",
    "tokenOrdinal",
    "derived",
    "case",
    "alias",
    "anyValue",
}
_CONSTRAINTS = {"required", "pattern", "minimum", "maximum"}


class SchemaError(ValueError):
    """A declaration that cannot be followed; the message names file and key."""


@dataclass(frozen=True)
class Field:
    """One column. `title_en`: its name as English words; `case`: 'upper' or None; `alias`: another name,
    in a fact record or in a version published earlier; `token_of`: the number column whose printed token it
    holds; `token_scale`: SQL for what the token's number (k) is multiplied by in this row (c);
    `token_ordinal`: SQL for whether it must be an ordinal; `derived`: a number that may be left blank
    although its token states it; `any_value`: holds what any other column may, the code NONE too.
    """

    name: str
    type: str
    title: str = ""
    title_en: str = ""
    description: str = ""
    required: bool = False
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    code_list: str | None = None
    separator: str | None = None
    token_of: str | None = None
    token_scale: str | None = None
    token_ordinal: str = "false"
    derived: bool = False
    case: str | None = None
    alias: str | None = None
    any_value: bool = False


@dataclass(frozen=True)
class ForeignKey:
    """`fields` of this table must occur as `to_fields` of table `to`."""

    fields: tuple[str, ...]
    to: str
    to_fields: tuple[str, ...]


@dataclass(frozen=True)
class RowRule:
    """A rule that needs other rows: `rows` selects those that break it, from `raw.<table> c …` on.

    `column`: the cell that is at fault; `needs`: other tables that it reads; `text`: the rule in words;
    `of`: the tables whose rows it judges, the one that declares it unless said otherwise; `alike`: columns
    in which no two rows of the table may agree, blank being a value like any other; it stands for `rows`.
    """

    column: str
    rows: str
    text: str
    needs: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One seed table; `path` is relative to the seeds folder, `bulletins/*/x.csv` is one file a bulletin.

    `optional`: a bulletin need not have the file. `heads`: names of the lines `# name: value` that may stand
    before the table; only a fact record has them, and its columns are separated by tabs.
    """

    name: str
    title: str
    description: str
    path: str
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    fields: tuple[Field, ...]
    rules: tuple[RowRule, ...] = ()
    optional: bool = False
    heads: tuple[str, ...] = ()

    @property
    def per_bulletin(self) -> bool:
        """Whether each bulletin's folder has a file of it; such tables begin with source_id."""
        return self.path.startswith(f"{BULLETINS}/*/")

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns of the raw table that hold data, in order."""
        return (("source_id",) if self.per_bulletin else ()) + tuple(field.name for field in self.fields)

    @property
    def named(self) -> dict[str, Field]:
        """The declared columns by name."""
        return {field.name: field for field in self.fields}


def read_schema(seeds: Path) -> dict[str, Table]:
    """All tables declared in seeds/schema/*.yaml, by name. Raises SchemaError, or OSError if unreadable."""
    files = sorted((Path(seeds) / "schema").glob("*.yaml"))
    if not files:
        raise SchemaError(f"没有表的声明 · no declarations in {Path(seeds) / 'schema'}")
    tables = {file.stem: _table(file) for file in files}
    for table in tables.values():
        _check_links(table, tables)
    return tables


def _table(file: Path) -> Table:
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=YAML)
        table = Table(
            name=data["name"],
            title=data["title"],
            description=data["description"],
            path=data["path"],
            primary_key=_names(data["primaryKey"]),
            foreign_keys=tuple(
                ForeignKey(_names(k["fields"]), k["reference"]["resource"], _names(k["reference"]["fields"]))
                for k in data.get("foreignKeys", ())
            ),
            fields=tuple(_field(file, item) for item in data["fields"]),
            rules=tuple(
                RowRule(
                    r["column"],
                    r["rows"] if "alike" not in r else _after_one_alike(data["name"], r),
                    r["rule"],
                    _names(r.get("needs", ())),
                    _names(r.get("of", data["name"])),
                    _names(r.get("alike", ())),
                )
                for r in data.get("rules", ())
            ),
            optional=data.get("optional", False),
            heads=_names(data.get("heads", ())),
        )
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise SchemaError(f"{file.name}: {error!r}") from error
    paths = [f"{table.name}.csv", f"{BULLETINS}/*/{table.name}.csv"]
    if table.heads:
        paths = [f"{BULLETINS}/*/{table.name}.tsv"]
    if table.name != file.stem or table.path not in paths or (table.optional and not table.per_bulletin):
        raise SchemaError(f"{file.name}: 表名、路径与文件名须一致 · name, path and file name must agree")
    names = [*table.columns, *RESERVED]
    if len(set(names)) < len(names) or not all(_NAME.fullmatch(str(name)) for name in names):
        raise SchemaError(f"{file.name}: 列名重复或不合规 · column names repeat or are not plain")
    return table


def _after_one_alike(table: str, rule: dict) -> str:
    """Of rows that agree in the columns named, all but the first by the column at fault."""
    column = rule["column"]
    same = " and ".join(f"o.{each} is not distinct from c.{each}" for each in rule["alike"])
    return f"join raw.{table} as o on {same} where c.{column} > o.{column}"


def _field(file: Path, item: dict) -> Field:
    constraints = item.get("constraints", {})
    unknown = (set(item) - _FIELD_KEYS) | (set(constraints) - _CONSTRAINTS)
    if unknown or item["type"] not in TYPES or item.get("case", "upper") != "upper":
        # A constraint that nobody enforces is worse than none.
        raise SchemaError(f"{file.name}: {item['name']}: 不支持 · not supported: {sorted(unknown) or item}")
    return Field(
        name=item["name"],
        type=item["type"],
        title=item["title"],
        title_en=item.get("titleEn", item["name"].replace("_", " ")),
        description=item["description"],
        required=constraints.get("required", False),
        pattern=constraints.get("pattern"),
        minimum=constraints.get("minimum"),
        maximum=constraints.get("maximum"),
        code_list=item.get("codeList"),
        separator=item.get("separator"),
        token_of=item.get("tokenOf"),
        token_scale=item.get("tokenScale"),
        token_ordinal=item.get("tokenOrdinal", "false"),
        derived=item.get("derived", False),
        case=item.get("case"),
        alias=item.get("alias"),
        any_value=item.get("anyValue", False),
    )


def _check_links(table: Table, tables: dict[str, Table]) -> None:
    """Keys and token columns must name columns that exist."""
    own = set(table.columns)
    for key in table.foreign_keys:
        parent = tables.get(key.to)
        if not parent or not set(key.to_fields) <= set(parent.columns) or not set(key.fields) <= own:
            raise SchemaError(f"{table.name}: 外键无效 · foreign key leads nowhere: {key}")
    for rule in table.rules:
        judged = [tables[name].columns if name in tables else () for name in rule.of]
        named = {rule.column, *rule.alike}
        if not all(named <= set(columns) for columns in judged) or not set(rule.needs) <= set(tables):
            raise SchemaError(f"{table.name}: 规则无效 · rule names no such column or table: {rule.text}")
    tokens = {field.token_of for field in table.fields if field.token_of}
    numbers = {field.name for field in table.fields if field.type == "number"}
    if not set(table.primary_key) <= own or not tokens <= numbers:
        raise SchemaError(f"{table.name}: primaryKey / tokenOf 无效 · names no such column")


def _names(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
