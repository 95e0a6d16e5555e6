"""Rules that need other rows: keys, references, bounds around their value, tokens against their numbers,
and those that a table declares itself.

Works on the raw tables just loaded, rejected rows still in them, so that one bad row is reported once and
does not drag down all that refer to it. Not here: rules about one cell (cell_rules.py).
"""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from dagster_project.ingest.printed import LEXICON, TOKENS, Printed
from dagster_project.ingest.table_load import REJECTS
from dagster_project.seeds.files import RECORD
from dagster_project.seeds.schema import Field, ForeignKey, RowRule, Table
from dagster_project.sql import name, text

UNITS, UNIT, PRINTED = "units", "unit_measure", "printed"
NO_POINT = "('RANGE', 'ORDER', 'VAGUE')"  # qualifiers that state no single number


class CrossChecks:
    """`loaded`: tables to be checked; `present`: raw tables that can be referred to."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        schema: dict[str, Table],
        loaded: Collection[str],
        present: Collection[str],
        printed: Printed,
    ):
        self.connection, self.schema, self.present, self.printed = connection, schema, present, printed
        self.tables = [schema[loaded_name] for loaded_name in loaded]

    def run(self) -> list[str]:
        """Add rejects for all rules of this module. Returns what could not be checked, in words."""
        unchecked = []
        if self.schema.get(RECORD) in self.tables or {RECORD, LEXICON} <= set(self.present):
            self.printed.read_parts()
        for table in self.tables:
            self._duplicates(table)
            for key in table.foreign_keys:
                if key.to in self.present:
                    self._references(table, key)
                else:
                    unchecked.append(f"{table.name}.{', '.join(key.fields)} → {key.to}")
            self._bounds(table)
            for rule in self._rules_of(table):
                if missing := set(rule.needs) - set(self.present):
                    unchecked.append(f"{table.name}.{rule.column} → {', '.join(sorted(missing))}")
                else:
                    value, field = f"c.{name(rule.column)}::varchar", table.named.get(rule.column)
                    if field and field.type == "number":
                        value = f"rtrim(rtrim({value}, '0'), '.')"
                    # Closed off: a bare `or` in the rule must not reach beyond it.
                    source = f"(select c.* from {_raw(table)} as c {rule.rows}) as c where true"
                    self._reject(table, rule.column, value, text(rule.text), source)
        there = [
            each.name for each in self.schema.values() if each.name in self.present or each in self.tables
        ]
        if self.printed.read_tokens(there):
            for table in self.tables:
                self._tokens(table)
        elif LEXICON not in self.present and any(f.token_of for table in self.tables for f in table.fields):
            unchecked.append(f"value_text → {LEXICON}")
        self.connection.execute(f"drop table {TOKENS}")
        return unchecked

    def _rules_of(self, table: Table) -> list[RowRule]:
        return [rule for each in self.schema.values() for rule in each.rules if table.name in rule.of]

    def _reject(self, table: Table, column: str, value: str, rule: str, source: str) -> None:
        """Reject rows of `source` (alias c) unless the row, or the cell, has been rejected already."""
        # Nearly always there is none, and to ask is half the work of saying which.
        if not self.connection.execute(f"select 1 from {source} limit 1").fetchone():
            return
        self.connection.execute(
            f"insert into {REJECTS} "
            f"select {text(table.name)}, c.seed_file, c.seed_line, {text(column)}, {value}, {rule} "
            f"from {source} and not exists (select 1 from {REJECTS} r where r.seed_file = c.seed_file "
            f"and r.line = c.seed_line and (r.column_name is null or r.column_name = {text(column)}))"
        )

    def _duplicates(self, table: Table) -> None:
        """Of a key column that may be blank, blank is a value like any other."""
        key = ", ".join(name(column) for column in table.primary_key)
        optional = {field.name for field in table.fields if not field.required}
        known = " and ".join(
            f"{name(column)} is not null" for column in table.primary_key if column not in optional
        )
        raw = _raw(table)
        twice = f"select {key} from {raw} where {known or 'true'} group by {key} having count(*) > 1"
        if not self.connection.execute(f"select 1 from ({twice}) limit 1").fetchone():
            return
        shown = ", ".join(f"c.{name(column)}::varchar" for column in table.primary_key)
        same = " and ".join(
            f"c.{name(column)} is not distinct from twice.{name(column)}" for column in table.primary_key
        )
        self._reject(
            table,
            ", ".join(table.primary_key),
            f"concat_ws(' | ', {shown})",
            "'主键重复 · duplicate key'",
            f"{raw} c semi join ({twice}) twice on {same} where true",
        )

    def _references(self, table: Table, key: ForeignKey) -> None:
        own = ", ".join(f"c.{name(column)}" for column in key.fields)
        theirs = ", ".join(name(column) for column in key.to_fields)
        rule = text(f"{key.to} 中没有此值 · not in {key.to}.{', '.join(key.to_fields)}")
        parent = f"select {theirs} from raw.{name(key.to)}"
        field = table.named.get(key.fields[0])
        column = ", ".join(key.fields)
        if field and field.separator:
            listed = f"(select *, unnest(string_split({name(field.name)}, {text(field.separator)})) as part "
            # An empty key of theirs is their own fault; within NOT IN it would hide ours.
            source = (
                f"{listed} from {_raw(table)}) c where c.part not in ({parent} where {theirs} is not null)"
            )
            self._reject(table, column, "c.part", rule, source)
            return
        plain = ", ".join(name(column) for column in key.fields)
        known = " and ".join(f"{name(column)} is not null" for column in key.fields)
        orphans = f"select distinct {plain} from {_raw(table)} where {known} except {parent}"
        shown = ", ".join(f"c.{name(column)}::varchar" for column in key.fields)
        source = f"{_raw(table)} c where ({own}) in ({orphans})"
        self._reject(table, column, f"concat_ws(' | ', {shown})", rule, source)

    def _bounds(self, table: Table) -> None:
        """A bound that excludes its own value; lower above upper."""
        columns = set(table.columns)
        rule = "'界限把自身数值排除在外 · the bound excludes the value itself'"
        for field in table.fields:
            if not field.token_of:
                continue
            number = f"c.{name(field.token_of)}"
            for bound, sign in (("lower_bound", ">"), ("upper_bound", "<")):
                if bound in columns:
                    source = f"{_raw(table)} c where c.{bound} {sign} {number}"
                    self._reject(table, bound, f"c.{bound}::varchar", rule, source)
        if {"lower_bound", "upper_bound"} <= columns:
            rule = "'下限大于上限 · the lower bound is above the upper'"
            source = f"{_raw(table)} c where c.lower_bound > c.upper_bound"
            self._reject(table, "lower_bound", "c.lower_bound::varchar", rule, source)

    def _tokens(self, table: Table) -> None:
        for field in table.fields:
            if field.token_of:
                self._token(table, field, field.token_of)

    def _token(self, table: Table, field: Field, number: str) -> None:
        token = field.name
        printed = f"c.{name(token)}"
        joined = f"{_raw(table)} c join {TOKENS} k on k.value_text = {printed}"
        unread = (
            f"{_raw(table)} c left join {TOKENS} k on k.value_text = {printed} where {printed} is not null"
        )
        rule = "coalesce(k.error, '原文写法未能读出 · the token could not be read')"
        source = f"{unread} and (k.error is not null or k.value_text is null)"
        self._reject(table, token, printed, rule, source)

        rule = "'序数只用于位次，位次只用序数 · ordinals are for ranks only, and ranks for ordinals only'"
        source = f"{joined} where k.error is null and (k.form = 'ORDINAL') <> ({field.token_ordinal})"
        self._reject(table, token, printed, rule, source)

        value = _scaled(field.token_scale) if field.token_scale else "k.v"
        point = f"case when k.sign < 0 then -{value} else {value} end"
        stated = f"(case when k.value_qualifier not in {NO_POINT} then {point} end)"
        shown = f"rtrim(rtrim({stated}::varchar, '0'), '.')"
        rule = (
            f"case when {stated} is null then '非单一数值，须留空 · not a single number: leave it blank' "
            f"else '与原文写法不符，原文为 ' || {shown} || ' · the printed token says ' || {shown} end"
        )
        differs = f"c.{name(number)} is distinct from {stated}"
        if table.named[number].derived:
            differs += f" and c.{name(number)} is not null"
        source = f"{joined} where k.error is null and {differs}"
        typed = f"rtrim(rtrim(c.{name(number)}::varchar, '0'), '.')"
        value = f"concat_ws(' ≠ ', {printed}, coalesce({typed}, '∅'))"
        self._reject(table, number, value, rule, source)
        rule = "'有数值而无原文写法 · a number without its printed token'"
        source = f"{_raw(table)} c where {printed} is null and c.{name(number)} is not null"
        self._reject(table, token, f"c.{name(number)}::varchar", rule, source)

        forms_of = self.schema[UNITS].named.get(PRINTED) if UNITS in self.schema else None
        if UNIT in table.named and forms_of and UNITS in self.present:
            # One form, or a measure word and what it counts: of 个;班级 are 个, 班级 and 个班级.
            separator = forms_of.separator or ";"
            forms = f"replace(regexp_escape(u.{PRINTED}), regexp_escape({text(separator)}), '|')"
            source = (
                f"{joined} join raw.{UNITS} u on u.{UNIT} = c.{UNIT} where k.error is null and k.noun <> '' "
                f"and not list_contains(string_split(u.{PRINTED}, {text(separator)}), k.noun) "
                f"and not regexp_full_match(k.noun, '(?:' || {forms} || '){{1,2}}')"
            )
            unit = f"u.{UNIT} || ': ' || u.{PRINTED}"
            rule = f"'与单位的写法不符 · not a printed form of unit ' || {unit}"
            self._reject(table, token, printed, rule, source)


def _raw(table: Table) -> str:
    return f"raw.{name(table.name)}"


def _scaled(scale: str) -> str:
    """The number of token k on its column's scale; of a fraction from its printed sides, to nine places."""
    return (
        f"(case when k.form = 'FRACTION' "
        f"then round(({scale})::double * k.numerator::double / k.denominator::double, 9)::decimal(38, 9) "
        f"when ({scale}) = 1 or k.v >= 1e15 then k.v "
        f"else (k.v::decimal(24, 9) * ({scale})::decimal(5, 2))::decimal(38, 9) end)"
    )
