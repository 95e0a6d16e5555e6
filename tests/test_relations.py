"""Identities between figures: the declared ones hold, and one pair that is swapped is found, of each kind."""

from __future__ import annotations

from itertools import groupby, pairwise

import pytest

from dagster_project.ingest.relations import TABLES, broken_relations
from dagster_project.seeds.as_written import Seeds
from tests.conftest import ROOT, Place
from tests.lab import Lab, Row

HOLDS = "models/marts/fct_observation.yml/relations_hold_fct_observation_.sql"
WHOLE, PART, REST = "20200228-shoe-firms-moved", "20200228-shoe-firms-producing", "made-up-rest"


@pytest.fixture(scope="module")
def lab(warehouse: Place, tmp_path_factory) -> Lab:
    return Lab(warehouse, tmp_path_factory.mktemp("rows"))


def failures(lab: Lab, relations: list[Row], **changed: Row) -> set[tuple]:
    """What the build's own test says of these relations, between real figures but for `changed` ones."""
    figures = lab.rows("marts.fct_observation")
    made_up = [row | {"observation_id": REST} for row in figures if row["observation_id"] == PART]
    for row in figures + made_up:
        row |= changed.get(row["observation_id"].replace("-", "_"), {})
    inputs = {"marts.fct_observation": figures + made_up, "staging.stg_relations": relations}
    return {(row["relation_id"], row["failure"]) for row in lab.run(HOLDS, inputs)}


def relation(name: str, kind: str, subject: str, object_: str) -> Row:
    return {"relation_id": name, "relation_type": kind, "subject_id": subject, "object_id": object_}


def test_every_declared_relation_holds(lab: Lab):
    published = {row["observation_id"] for row in lab.rows("marts.fct_observation")}
    declared = [
        row
        for row in lab.rows("staging.stg_relations")
        if published >= {row["subject_id"], row["object_id"]}  # not between figures of later bulletins
    ]
    assert {row["relation_type"] for row in declared} >= {"SUBSET", "GOES_WITH"}
    assert failures(lab, declared) == set()


def test_each_declared_subset_is_found_when_swapped(lab: Lab):
    subsets = [row for row in lab.rows("staging.stg_relations") if row["relation_type"] == "SUBSET"]
    assert {row["relation_id"] for row in subsets} >= {"shoe-firms-producing", "results-converted"}
    swapped = [row | {"subject_id": row["object_id"], "object_id": row["subject_id"]} for row in subsets]
    assert failures(lab, swapped) == {(row["relation_id"], "part above its whole") for row in subsets}


def test_each_declared_pair_is_found_with_the_partner_of_another(lab: Lab):
    """Classes of one bulletin with students of the next, deals with an amount of another line."""
    pairs = [row for row in lab.rows("staging.stg_relations") if row["relation_type"] == "GOES_WITH"]
    lines = {
        row["observation_id"]: (row["source_id"], row["locator"]) for row in lab.rows("marts.fct_observation")
    }
    swapped = []
    for row in pairs:
        other = next(o for o in pairs if lines[o["object_id"]] != lines[row["object_id"]])
        swapped.append(row | {"object_id": other["object_id"]})
    said = "not of one source, line, place and day"
    assert failures(lab, swapped) == {(row["relation_id"], said) for row in pairs}


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        ({"base_lower_bound": 197, "base_upper_bound": 197}, False),
        ({"base_lower_bound": 179, "base_upper_bound": 179}, True),
        ({"base_lower_bound": 190, "base_upper_bound": 200}, False),
        ({"base_lower_bound": 190, "base_upper_bound": 197}, False),
        ({"base_lower_bound": 190, "base_upper_bound": 197, "upper_closed": False}, True),
        ({"base_lower_bound": 198, "base_upper_bound": None, "upper_closed": None}, True),
        ({"base_lower_bound": 196, "base_upper_bound": None, "upper_closed": None}, False),
        ({"base_lower_bound": 197, "base_upper_bound": 197, "base_unit": "PERSON"}, True),
    ],
)
def test_parts_make_their_total(lab: Lab, rest: Row, found: bool):
    parts = [relation(f"moved.{name}", "PART_OF_TOTAL", name, WHOLE) for name in (PART, REST)]
    assert bool(failures(lab, parts, made_up_rest=rest)) == found


def test_a_part_swapped_with_its_total_is_found(lab: Lab):
    """64 and 197 make 261; 261 and 197 do not make 64."""
    parts = [
        relation("moved.1", "PART_OF_TOTAL", WHOLE, PART),
        relation("moved.2", "PART_OF_TOTAL", REST, PART),
    ]
    rest = {"base_lower_bound": 197, "base_upper_bound": 197}
    assert failures(lab, parts, made_up_rest=rest) == {("moved", "parts do not make the total")}


def test_a_relation_of_a_figure_that_is_not_there_is_found(lab: Lab):
    assert failures(lab, [relation("lost", "SUBSET", "no-such-figure", WHOLE)]) == {
        ("lost", "no such observation")
    }


def test_check_foretells_of_relations_what_the_build_says(lab: Lab):
    """The rule stands twice: here it is asked of both about the same pairs and sums of real figures."""
    figures = sorted(
        (row for row in lab.rows("marts.fct_observation") if row["base_unit"]),
        key=lambda row: (row["base_unit"], row["indicator_id"], row["observation_id"]),
    )
    asked = []
    for _, alike in groupby(figures, key=lambda row: row["base_unit"]):
        ids = [row["observation_id"] for row in alike]
        for one, other in pairwise(ids):
            asked += [relation(f"part-{len(asked)}", "SUBSET", one, other)]
            asked += [relation(f"alone-{len(asked)}.1", "PART_OF_TOTAL", one, other)]
            twice = f"twice-{len(asked)}"
            asked += [relation(f"{twice}.{n}", "PART_OF_TOTAL", other, one) for n in (1, 2)]
    seeds = Seeds(ROOT / "seeds", TABLES)
    seeds.tables["relations"] = asked
    foretold = {row["relation_id"].partition(".")[0] for row, _ in broken_relations(seeds)}
    said = {name for name, _ in failures(lab, asked)}
    assert 0 < len(said) < len(asked)
    assert foretold ^ said == set()
