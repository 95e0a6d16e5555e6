"""Rules that need other rows: keys, references, bounds around their value, tokens against their numbers,
and those that a table declares itself.

Works on the raw tables just loaded, rejected rows still in them, so that one bad row is reported once and
does not drag down all that refer to it. Not here: rules about one cell (cell_rules.py).
"""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from dagster_project.ingest.printed import LEXICON, Printed
from dagster_project.ingest.table_load import REJECTS
from dagster_project.ingest.token_checks import PRINTED, UNITS, TokenChecks
from dagster_project.seeds.files import RECORD
from dagster_project.seeds.schema import ForeignKey, RowRule, Table
from dagster_project.sql import name, row, text


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
                elif not rule.alike or not self._all_apart(_raw(table), rule.alike):
                    value, field = f"c.{name(rule.column)}::varchar", table.named.get(rule.column)
                    if field and field.type == "number":
                        value = f"rtrim(rtrim({value}, '0'), '.')"
                    # Closed off: a bare `or` in the rule must not reach beyond it.
                    source = f"(select c.* from {_raw(table)} as c {rule.rows}) as c where true"
                    self._reject(table, rule.column, value, text(rule.text), source)
        there = [
            each.name for each in self.schema.values() if each.name in self.present or each in self.tables
        ]
        unread = self.printed.read_tokens(there)
        if unread is not None:
            for table in self.tables:
                self._tokens(table, all_read=not unread)
        elif LEXICON not in self.present and any(f.token_of for table in self.tables for f in table.fields):
            unchecked.append(f"value_text → {LEXICON}")
        self.printed.drop_unread()
        return unchecked

    def _rules_of(self, table: Table) -> list[RowRule]:
        return [rule for each in self.schema.values() for rule in each.rules if table.name in rule.of]

    def _reject(self, table: Table, column: str, value: str, rule: str, source: str) -> None:
        """Reject rows of `source` (alias c) unless the row, or the cell, has been rejected already."""
        # Nearly always there is none, and to ask is half the work of saying which.
        if not self._any(f"select 1 from {source} limit 1"):
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
        if self._all_apart(raw, table.primary_key, known or "true"):
            return
        twice = f"select {key} from {raw} where {known or 'true'} group by {key} having count(*) > 1"
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

    def _all_apart(self, raw: str, columns: Collection[str], where: str = "true") -> bool:
        """Whether no two rows are alike in these columns: hashes all apart prove it, at half the cost."""
        hashes = f"select hash({', '.join(map(name, columns))}) as h from {raw} where {where}"
        return row(self.connection, f"select count(*) = count(distinct h) from ({hashes})")[0]

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
        same = " and ".join(
            f"o.{name(ours)} = p.{name(their)}" for ours, their in zip(key.fields, key.to_fields, strict=True)
        )
        # The few distinct keys of ours are hashed, and theirs only looked up.
        distinct = f"select distinct {plain} from {_raw(table)} where {known}"
        orphans = f"from ({distinct}) as o anti join ({parent}) as p on {same}"
        shown = ", ".join(f"c.{name(column)}::varchar" for column in key.fields)
        source = f"{_raw(table)} c where ({own}) in ({orphans})"
        self._reject(table, column, f"concat_ws(' | ', {shown})", rule, source)

    def _bounds(self, table: Table) -> None:
        """A bound that excludes its own value; lower above upper."""
        columns = set(table.columns)
        excludes = "'界限把自身数值排除在外 · the bound excludes the value itself'"
        broken = [
            (bound, f"c.{bound} {sign} c.{name(field.token_of)}", excludes)
            for field in table.fields
            if field.token_of
            for bound, sign in (("lower_bound", ">"), ("upper_bound", "<"))
            if bound in columns
        ]
        if {"lower_bound", "upper_bound"} <= columns:
            above = "'下限大于上限 · the lower bound is above the upper'"
            broken.append(("lower_bound", "c.lower_bound > c.upper_bound", above))
        rows = f"{_raw(table)} c where"
        any_of = " or ".join(condition for _, condition, _ in broken)
        if broken and self._any(f"select 1 from {rows} {any_of} limit 1"):  # one look for all
            for bound, condition, rule in broken:
                self._reject(table, bound, f"c.{bound}::varchar", rule, f"{rows} {condition}")

    def _tokens(self, table: Table, all_read: bool) -> None:
        """Tokens that could not be read, or that say something else than their row."""
        forms = self.schema[UNITS].named.get(PRINTED) if UNITS in self.schema else None
        for field in table.fields:
            if not field.token_of:
                continue
            checks = TokenChecks(table, field, forms if UNITS in self.present else None)
            if not all_read or self._any(checks.doubt()):
                for found in checks.rejects():
                    self._reject(table, *found)
            printed, number = f"c.{name(field.name)}", f"c.{name(field.token_of)}"
            rule = "'有数值而无原文写法 · a number without its printed token'"
            source = f"{_raw(table)} c where {printed} is null and {number} is not null"
            self._reject(table, field.name, f"{number}::varchar", rule, source)

    def _any(self, query: str) -> bool:
        return self.connection.execute(query).fetchone() is not None


def _raw(table: Table) -> str:
    return f"raw.{name(table.name)}"
