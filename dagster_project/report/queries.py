"""The report's queries, one per mart. Each list is bounded per page; `of` says how many there are in all."""

from collections.abc import Sequence

# Rows of one list of a page, as many as a person reads; all are in the downloads.
PER_PAGE = 60  # on an indicator's page, which has four lists
LONG = 400  # events with a date, and without; what is recorded of one source
LONGER = 600  # initiatives
FEW = 10  # rows of a list: fewer than these are not left out
PROMISES = 880  # those that can be assessed first; two pages list them
IN_ALL = 10_000  # rows of one list on all pages together: where there are many pages, each shows fewer
AT_LEAST = 20  # rows of a list of a page, however many pages there are


def _bounded(
    select: str,
    key: str,
    group: str,
    order: Sequence[str],
    limit: int = PER_PAGE,
    in_all: int = IN_ALL,
) -> str:
    """The first rows of each group, in the given order, with the size of the group as `of`.

    order: SQL expressions, `desc` behind one that falls; what is null comes last, and no two rows are alike.
    limit: the most rows of a group, of which each gets its share where there would be more than `in_all`.
    Of the first reading only the keys of these rows are held, of the second only the rows: at any size both
    fit into memory, and nothing is sorted but what is shown.
    """
    struct = ", ".join(f"'{column.strip()}': {column.strip()}" for column in key.split(","))
    return f"""
with listed as not materialized ({select}),
{_kept("listed", f"{{{struct}}}", group, order, limit, in_all)}
select listed.*, kept.of
from listed
join kept using ({key})
order by {in_order(order)}
"""


def _of_mart(
    mart: str,
    columns: str,
    group: str,
    order: Sequence[str],
    limit: int = PER_PAGE,
    in_all: int = IN_ALL,
    joins: str = "",
) -> str:
    """The same of one mart, as `m`, whose rows are known by their place, which costs less than any key.

    order: of the mart's own columns. joins: what is said beside the rows, each with one row of it. All that
    the order does not ask is read of the rows that are shown, and of no other.
    """
    return f"""
with {_kept(f"marts.{mart} as m", "{'row': rowid}", group, order, limit, in_all)}
select {columns}, kept.of
from kept
join marts.{mart} as m on m.rowid = kept.row {joins}
order by {in_order(order)}
"""


def _kept(rows: str, key: str, group: str, order: Sequence[str], limit: int, in_all: int) -> str:
    """SQL of `kept`: the keys of the rows that come first, with the sizes of their groups."""
    ends = [(each.removesuffix(" desc"), "desc" if each.endswith(" desc") else "asc") for each in order]
    place = ", ".join(f"{value}, '{end} nulls last'" for value, end in ends)
    return f"""groups as materialized (
    select count(*) as of, arg_min({key}, create_sort_key({place}), {limit + FEW}) as first_of_it
    from {rows}
    group by {group}
),
room as (
    select greatest(
        {min(AT_LEAST, limit)}, least({limit}, {limit * in_all} // sum(least(of, {limit})))
    ) as room
    from groups
),
kept as (
    select unnest(first_of_it[:case when of < room + {FEW} then of else room end], max_depth := 2), of
    from groups, room
)"""


def in_order(order: Sequence[str]) -> str:
    """SQL of an order: what is null comes last."""
    return ", ".join(f"{each} nulls last" for each in order)


# Whether a row's series is the one that represents its indicator and area.
IS_REPRESENTATIVE = "series_id in (select series_id from marts.integration_progress where is_representative)"

# What stands first where not all have room, or a page: promises that can be assessed; the top of the tree.
PROMISES_FIRST = (
    "case when status = 'NOT_ASSESSABLE' then 1 else 0 end",
    "not is_current_version",
    "due_date",
    "commitment_id",
    "version",
)
INITIATIVES_FIRST = (
    "depth",
    "n_figures_with_parts + n_events_with_parts + n_commitments_with_parts desc",
    "initiative_id",
)

QUERIES = {
    "build": "select * from marts.build_info",
    "codes": "select code_list, code, name_zh, name_en from marts.dim_code",
    "domains": "select * from marts.dim_domain order by is_keyword desc, sort_order",
    # Labels are unique: two districts of one name must not share a row of a chart.
    "areas": """
        select ref_area, label_zh as name_zh, label_en as name_en, name_zh as full_zh, in_city_region
        from marts.dim_area
        order by ref_area""",
    "units": "select unit_measure, name_zh, name_en, dimension from marts.dim_unit",
    "indicators": """
        select i.*, f.n_series, f.n_observations, f.latest_date, f.is_overdue
        from marts.dim_indicator as i join marts.data_freshness as f using (indicator_id)
        order by i.is_headline desc, f.n_observations desc, i.indicator_id""",
    "sources": """
        select s.*, a.status as audit_status, a.tokens, a.covered, a.missing, a.wrong, a.audited_at
        from marts.dim_source as s left join marts.source_audit as a using (document_sha256)
        order by s.date_published desc, s.source_id""",
    "observations": _of_mart(
        "fct_observation",
        f"""
            observation_id, series_id, indicator_id, ref_area, breakdown, period_type, unit_measure,
            time_period_end, date_precision, value_text, obs_value, lower_bound, lower_closed, upper_bound,
            upper_closed, bound_basis, source_id, locator, evidence, host_quality, obs_status,
            comparability_note, vintage_status, n_confirmed_by, {IS_REPRESENTATIVE} as is_representative""",
        "indicator_id",
        (f"{IS_REPRESENTATIVE} desc", "time_period_end desc", "date_published desc", "observation_id"),
    ),
    # Of long lists a row has what the pages say, and little else: each column more is read and hashed, and
    # may have a page drawn anew that says the same. One that is other each day would do so each night.
    "progress": _of_mart(
        "integration_progress",
        """
            series_id, indicator_id, indicator_zh, indicator_en, domain_id, ref_area, breakdown, unit_measure,
            period_type, is_headline, is_representative, n_observations, first_observation_id, first_date,
            first_date_precision, first_value, first_obs_status, latest_observation_id, latest_date,
            latest_date_precision, latest_value, latest_lower_bound, latest_lower_closed, latest_upper_bound,
            latest_upper_closed, latest_obs_status, change, change_low, change_low_closed, change_high,
            change_high_closed, pct_change, pct_change_low, pct_change_low_closed, pct_change_high,
            pct_change_high_closed, trend, stated_trend, is_settled, verdict_needs_policy, reason,
            expected_by, reporting_status, evidence, evidence_mixed""",
        "indicator_id",
        ("is_representative desc", "n_observations desc", "series_id"),
    ),
    "series_changes": _of_mart(
        "series_change",
        f"""
            series_id, indicator_id, ref_area, breakdown, period_type, unit_measure, from_date,
            from_date_precision, from_value, to_date, to_date_precision, to_value, days, change, change_low,
            change_low_closed, change_high, change_high_closed, pct_change, pct_change_low,
            pct_change_low_closed, pct_change_high, pct_change_high_closed, comparability,
            comparability_note, break_reason, reason, evidence, evidence_mixed,
            {IS_REPRESENTATIVE} as is_representative""",
        "indicator_id",
        (f"{IS_REPRESENTATIVE} desc", "to_date desc", "series_id"),
        PER_PAGE // 2,
    ),
    "claims": _bounded(
        """
        select c.claim_id, c.indicator_id, c.ref_area, c.breakdown, c.claim_type, c.value_text,
            c.time_period_start, c.time_period_end, c.implied_base, c.implied_base_low,
            c.implied_base_low_closed, c.implied_base_high, c.implied_base_high_closed, c.verdict,
            c.verdict_stated, c.verdict_needs_policy, c.reason, c.source_id, c.locator, c.evidence,
            c.evidence_mixed, f.date_published
        from marts.claim_check as c join marts.fct_claim as f using (claim_id)""",
        "claim_id",
        "indicator_id",
        ("date_published desc", "claim_id"),
        PER_PAGE // 2,
    ),
    "commitments": _of_mart(
        # Of several versions of a promise the one in force counts.
        "commitment_progress",
        """
            m.* exclude (as_of_date), c.period_start, c.value_qualifier, c.target_value, c.lower_bound,
            c.lower_closed, c.upper_bound, c.upper_closed, c.bound_basis, c.stated_lower_bound,
            c.stated_lower_closed, c.stated_upper_bound, c.stated_upper_closed,
            o.outcome_type as report_outcome_type, o.source_id as report_source_id,
            o.locator as report_locator,
            f.obs_status as actual_status,
            coalesce(e.date_start, o.date_start) as happened_from,
            coalesce(e.date_end, o.date_end) as happened_by,
            coalesce(e.date_precision, 'DAY') as happened_precision,
            of_status, promises_of_status,
            (select count(*) from marts.commitment_progress where is_current_version) as promises""",
        "()",
        PROMISES_FIRST,
        PROMISES,
        joins="""
        join marts.fct_commitment as c using (commitment_id, version)
        join (
            select status, count(*) as of_status,
                count(*) filter (where is_current_version) as promises_of_status
            from marts.commitment_progress group by status) using (status)
        left join marts.fct_observation as f on f.observation_id = m.actual_observation_id
        left join marts.commitment_outcome as o
            on o.commitment_id = m.commitment_id and o.version = m.version and o.basis <> 'BY_INDICATOR'
            and o.report_id = m.judged_by_report_id
        left join marts.fct_event as e on e.event_id = o.event_id""",
    ),
    "scorecard": "select * from marts.domain_scorecard order by area_group, domain_id",
    "events": _of_mart(
        "event_timeline",
        "m.*",
        "date_start is null",
        ("date_start desc", "known_by desc", "event_id"),
        LONG,
    ),
    "initiatives": _bounded(
        """
        select r.*, f.parties, f.areas
        from marts.initiative_register as r join marts.fct_initiative as f using (initiative_id)""",
        "initiative_id",
        "()",
        INITIATIVES_FIRST,
        LONGER,
    ),
    "conflicts": _of_mart(
        "figure_conflict",
        "m.*",
        "()",
        (
            "case conflict_type when 'CONTRADICTION' then 0 when 'IDENTICAL' then 2 else 1 end",
            "later_published desc",
            "series_id",
            "earlier_observation_id",
            "later_observation_id",
        ),
    ),
    "record_cells": _of_mart(
        "record_cell",
        "source_id, locator, record_key, label, value_text",
        "source_id",
        ("source_id", "locator"),
        LONG,
    ),
    # Where each fact stands in its source: the way back from a figure to the line or cell.
    "places": _bounded(
        """
        select source_id, coalesce(locator, '') as locator, fact_type, id, told, name_zh, name_en,
            indicator_id, place
        from (
        select o.source_id, o.locator, 'OBSERVATION' as fact_type, o.observation_id as id,
            o.value_text as told, i.name_zh, i.name_en, o.indicator_id, o.observation_id as place
        from marts.fct_observation as o join marts.dim_indicator as i using (indicator_id)
        union all
        select c.source_id, c.locator, 'CLAIM', c.claim_id, c.value_text, i.name_zh, i.name_en,
            c.indicator_id, c.claim_id
        from marts.fct_claim as c join marts.dim_indicator as i using (indicator_id)
        union all
        select source_id, locator, 'COMMITMENT',
            case when version > 1 then concat(commitment_id, '-v', version) else commitment_id end,
            value_text, title_zh, title_en, indicator_id,
            -- A promise told again has no page of its own; a rule in force is no promise: no place.
            case when modality <> 'IN_FORCE' then split_part(coalesce(restates, commitment_id), '@', 1) end
        from marts.fct_commitment
        union all
        select source_id, locator, 'OUTCOME', outcome_id, value_text, title_zh, title_en, null, commitment_id
        from marts.commitment_outcome where basis = 'TYPED'
        union all
        select source_id, locator, 'EVENT', event_id, date_text, title_zh, title_en, null, event_id
        from marts.fct_event
        union all
        select source_id, locator, 'INITIATIVE', initiative_id, null, name_zh, name_en, null, initiative_id
        from marts.fct_initiative)""",
        "source_id, fact_type, id, locator",
        "source_id",
        ("try_cast(split_part(locator, '#', 1) as integer)", "locator", "fact_type", "id"),
        LONG,
    ),
    # Lists are cut, numbers are not.
    "trends": """
        select trend, evidence, in_city_region, count(*) as series,
            count(*) filter (where verdict_needs_policy) as by_policy
        from marts.integration_progress join marts.dim_area using (ref_area)
        where is_representative group by all order by all""",
    "standing": """
        select status, in_city_region, count(*) as promises
        from marts.commitment_progress join marts.dim_area using (ref_area)
        where is_current_version group by all order by all""",
    "reporting": """
        select reporting_status, count(*) as series
        from marts.integration_progress group by all order by all""",
    "recorded": """
        select source_id, fact_type, count(*) as facts
        from (
        select source_id, 'OBSERVATION' as fact_type from marts.fct_observation
        union all select source_id, 'CLAIM' from marts.fct_claim
        union all select source_id, 'COMMITMENT' from marts.fct_commitment
        union all select source_id, 'EVENT' from marts.fct_event)
        group by all order by all""",
}
