"""Which relations between figures cannot hold, whatever the figures are within what their words allow.

What a build's rule of relations (dbt: relations_hold) says after minutes, from the seeds alone. Not here: the
rules that need no interval (seeds/schema/relations.yaml).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from dagster_project.figures.bounds import Interval, interval
from dagster_project.figures.tokens import parse_token
from dagster_project.seeds.as_written import Row, Seeds

TABLES = ("relations", "observations", "units", "indicators", "hedge_terms")


def broken_relations(seeds: Seeds) -> Iterator[tuple[Row, str]]:
    """Each relation that cannot hold, and why; of a total that its parts do not make, the first part.

    seeds: with TABLES, of which no row was refused.
    """
    figures = {row["observation_id"]: row for row in seeds.tables["observations"]}
    totals: dict[tuple[str, str], list[Row]] = {}
    for row in seeds.tables["relations"]:
        if row["relation_type"] == "SUBSET":
            part, whole = (_base_interval(seeds, figures[row[side]]) for side in ("subject_id", "object_id"))
            if _below(whole, part):
                yield row, f"部分大于整体 · the part is above its whole: {part} > {whole}"
        elif row["relation_type"] == "PART_OF_TOTAL":
            split = row["relation_id"].rpartition(".")[0] or row["relation_id"]
            totals.setdefault((row["object_id"], split), []).append(row)
    for (total_id, split), rows in totals.items():
        total = _base_interval(seeds, figures[total_id])
        parts = _sum([_base_interval(seeds, figures[row["subject_id"]]) for row in rows])
        if _below(parts, total) or _below(total, parts):
            yield (
                rows[0],
                f"{split} 的 {len(rows)} 个部分之和不等于合计 · the {len(rows)} parts of {split} do not make "
                f"the total: {parts}, total {total}",
            )


def _base_interval(seeds: Seeds, row: Row) -> Interval:
    """What the figure's words allow, in the base unit."""
    own = interval(
        parse_token(row["value_text"], seeds.lexicon), seeds.policy, **seeds.limits("observations", row)
    )
    unit = next(unit for unit in seeds.tables["units"] if unit["unit_measure"] == row["unit_measure"])
    factor = Decimal(unit["factor_num"]) / Decimal(unit["factor_den"])
    lower, upper = (None if end is None else end * factor for end in (own.lower, own.upper))
    return Interval(lower, own.lower_closed, upper, own.upper_closed)


def _sum(parts: list[Interval]) -> Interval:
    """Of the parts together: unbounded with one that is, closed where all are."""
    lowers, uppers = ([getattr(part, end) for part in parts] for end in ("lower", "upper"))
    return Interval(
        None if None in lowers else sum(lowers, Decimal(0)),
        all(part.lower_closed for part in parts),
        None if None in uppers else sum(uppers, Decimal(0)),
        all(part.upper_closed for part in parts),
    )


def _below(left: Interval, right: Interval) -> bool:
    """Whether every value of one is below every value of the other."""
    if left.upper is None or right.lower is None:
        return False
    both = left.upper_closed and right.lower_closed
    return left.upper < right.lower or (left.upper == right.lower and not both)
