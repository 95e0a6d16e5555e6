"""Rules between a printed token and its row: that it could be read, ordinals, the number, the unit.

Not here: how a token is read (printed.py), how a row is rejected (cross_checks.py).
"""

from __future__ import annotations

from dagster_project.ingest.printed import TOKENS
from dagster_project.seeds.schema import Field, Table
from dagster_project.sql import name, text

UNITS, UNIT, PRINTED = "units", "unit_measure", "printed"
NO_POINT = "('RANGE', 'ORDER', 'VAGUE')"  # qualifiers that state no single number


class TokenChecks:
    """Of one token column `field` of a table; `forms`: the column of units with their printed forms, if any.

    In SQL c is the row, k its token, u its unit.
    """

    def __init__(self, table: Table, field: Field, forms: Field | None):
        self.token, self.number, self.raw = field.name, str(field.token_of), f"raw.{name(table.name)}"
        self.printed, self.typed = f"c.{name(self.token)}", f"c.{name(self.number)}"
        value = _scaled(field.token_scale) if field.token_scale else "k.v"
        point = f"case when k.sign < 0 then -{value} else {value} end"
        self.stated = f"(case when k.value_qualifier not in {NO_POINT} then {point} end)"
        self.differs = f"{self.typed} is distinct from {self.stated}"
        if table.named[self.number].derived:
            self.differs += f" and {self.typed} is not null"
        self.misplaced = f"(k.form = 'ORDINAL') <> ({field.token_ordinal})"
        self.separator = forms.separator or ";" if forms and UNIT in table.named else None

    def doubt(self) -> str:
        """Query of a row if any readable token disagrees with its row: one look for all rules.

        Tokens are many, but their nouns and units few.
        """
        unit = f"c.{UNIT}" if self.separator else "null"
        rows = (
            f"select k.noun, {unit} as unit, bool_or({self.misplaced} or ({self.differs})) as wrong "
            f"from {self.raw} c join {TOKENS} k on k.value_text = {self.printed} group by all"
        )
        if not self.separator:
            return f"select 1 from ({rows}) where wrong limit 1"
        other = f"exists (select 1 from raw.{UNITS} u where u.{UNIT} = k.unit and {self._other_unit()})"
        return f"select 1 from ({rows}) as k where wrong or {other} limit 1"

    def rejects(self) -> list[tuple[str, str, str, str]]:
        """Of each rule the column, the value shown, the words, and the rows (alias c) that break it."""
        joined = f"{self.raw} c join {TOKENS} k on k.value_text = {self.printed}"
        readable = "where k.error is null"
        unread = (
            f"{self.raw} c left join {TOKENS} k on k.value_text = {self.printed} "
            f"where {self.printed} is not null and (k.error is not null or k.value_text is null)"
        )
        shown = f"rtrim(rtrim({self.stated}::varchar, '0'), '.')"
        typed = f"rtrim(rtrim({self.typed}::varchar, '0'), '.')"
        found = [
            (
                self.token,
                self.printed,
                "coalesce(k.error, '原文写法未能读出 · the token could not be read')",
                unread,
            ),
            (
                self.token,
                self.printed,
                "'序数只用于位次，位次只用序数 · ordinals are for ranks only, and ranks for ordinals only'",
                f"{joined} {readable} and {self.misplaced}",
            ),
            (
                self.number,
                f"concat_ws(' ≠ ', {self.printed}, coalesce({typed}, '∅'))",
                f"case when {self.stated} is null "
                "then '非单一数值，须留空 · not a single number: leave it blank' "
                f"else '与原文写法不符，原文为 ' || {shown} || ' · the printed token says ' || {shown} end",
                f"{joined} {readable} and {self.differs}",
            ),
        ]
        if self.separator:
            found.append(
                (
                    self.token,
                    self.printed,
                    f"'与单位的写法不符 · not a printed form of unit ' || u.{UNIT} || ': ' || u.{PRINTED}",
                    f"{joined} join raw.{UNITS} u on u.{UNIT} = c.{UNIT} {readable} and {self._other_unit()}",
                )
            )
        return found

    def _other_unit(self) -> str:
        """One form, or a measure word and what it counts: of 个 and 班级 these two, and 个班级."""
        mark = text(self.separator or "")
        forms = f"replace(regexp_escape(u.{PRINTED}), regexp_escape({mark}), '|')"
        return (
            f"k.noun <> '' and not list_contains(string_split(u.{PRINTED}, {mark}), k.noun) "
            f"and not regexp_full_match(k.noun, '(?:' || {forms} || '){{1,2}}')"
        )


def _scaled(scale: str) -> str:
    """The number of token k on its column's scale; of a fraction from its printed sides, to nine places."""
    return (
        f"(case when k.form = 'FRACTION' "
        f"then round(({scale})::double * k.numerator::double / k.denominator::double, 9)::decimal(38, 9) "
        f"when ({scale}) = 1 or k.v >= 1e15 then k.v "
        f"else (k.v::decimal(24, 9) * ({scale})::decimal(5, 2))::decimal(38, 9) end)"
    )
